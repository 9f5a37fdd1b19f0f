"""Comments of a rules file: which becomes a description, and that none is lost."""

from __future__ import annotations

from textwrap import dedent

from nectarc.importing.author_comments import Commented, comment_lines, place_comments
from nectarc.importing.records import ImportedRule, ImportedTarget
from nectarc.refinery.inputs import read_rules_files
from nectarc.refinery.located import locate
from nectarc.refinery.rules import RulesConfig
from nectarc.source import SourceText

HEAD = """\
RulesVersion: 2
Samplers:
  __default__:
    RulesBasedSampler:
      Rules:
"""


def placed(text: str, *, left_out: frozenset[int] = frozenset()) -> Commented:
    """Place the comments of `text`, each of its rules imported but those in `left_out`."""
    loaded = read_rules_files([("rules.yaml", text.encode())]).loaded
    assert loaded.rules is not None
    assert loaded.tree is not None
    targets = tuple(
        ImportedTarget(
            target=name,
            sampler=sampler,
            rules=tuple(
                ImportedRule(name=f"r{index}", match="true", action="keep", origin=index)
                for index in range(len(sampler.rules) if isinstance(sampler, RulesConfig) else 1)
                if index not in left_out
            ),
        )
        for name, sampler in loaded.rules.samplers.items()
    )
    return place_comments(
        targets, locate(loaded.rules, loaded.tree), [SourceText.of("rules.yaml", text)]
    )


def rules_of(text: str) -> str:
    return HEAD + "".join(" " * 8 + line for line in dedent(text).splitlines(keepends=True))


def descriptions(commented: Commented) -> list[str]:
    return [rule.description for rule in commented.targets[0].rules]


def test_comments_above_behind_and_inside_a_rule_describe_it() -> None:
    text = rules_of("""\
        # Errors first.
        # Always.
        - Name: a # all of them
          SampleRate: 1
          Conditions:
            # not only HTTP
            - Field: error
              Operator: exists

        # The rest.
        - SampleRate: 10
    """)

    assert descriptions(placed(text)) == [
        "Errors first. Always. all of them not only HTTP",
        "The rest.",
    ]


def test_a_number_sign_inside_a_value_is_no_comment() -> None:
    text = rules_of("""\
        - Name: 'a # b'
          SampleRate: 1
          Conditions:
            - Field: a#b
              Operator: =
              Value: "x # y"
            - Field: c
              Operator: contains
              Value: |
                # one
    """)

    assert descriptions(placed(text)) == [""]


def test_a_rule_that_was_commented_out_stays_a_comment_above_the_next() -> None:
    text = rules_of("""\
        # Health checks.
        # - Name: old
        #   SampleRate: 5
        - SampleRate: 1
    """)

    commented = placed(text)

    assert descriptions(commented) == ["Health checks."]
    assert commented.kept["__default__"].above == {0: ("- Name: old", "  SampleRate: 5")}


def test_long_comments_stay_comments_line_by_line() -> None:
    line = "This says at some length why we do what we do with these traces."
    text = rules_of(f"""\
        # {line}
        # {line}
        - SampleRate: 1
    """)

    commented = placed(text)

    assert descriptions(commented) == [""]
    assert commented.kept["__default__"].above == {0: (line, line)}


def test_comments_of_targets_and_of_the_file_are_told_apart() -> None:
    text = (
        "# Ours.\n"
        "RulesVersion: 2 # always\n"
        "Samplers:\n"
        "  # Everything else.\n"
        "  __default__:\n"
        "    DeterministicSampler:\n"
        "      SampleRate: 10 # one in ten\n"
        "  # Production.\n"
        "  prod:\n"
        "    DeterministicSampler:\n"
        "      SampleRate: 20\n"
        "# The end.\n"
    )

    commented = placed(text)

    assert commented.of_file == ("Ours.", "always", "The end.")
    assert commented.kept["__default__"].top == ("Everything else.", "one in ten")
    assert commented.kept["prod"].top == ("Production.",)


def test_comments_of_a_rule_that_is_left_out_name_it_at_the_top() -> None:
    text = rules_of("""\
        # Nobody knows.
        - Name: odd
          SampleRate: 1
        - SampleRate: 10
    """)

    commented = placed(text, left_out=frozenset({0}))

    assert commented.kept["__default__"].top == ("odd: Nobody knows.",)


def test_comments_of_a_target_that_became_no_policy_go_to_the_file() -> None:
    text = rules_of("# Nobody knows.\n- Name: odd\n  SampleRate: 1\n")

    assert placed(text, left_out=frozenset({0})).of_file == ("Nobody knows.",)


def test_comments_around_the_rules_in_helm_values_are_not_of_the_rules() -> None:
    inner = "".join(f"  {line}" for line in rules_of("# Mine.\n- SampleRate: 1\n").splitlines(True))
    text = f"# The chart's.\nreplicas: 3 # three\nrules:\n{inner}other: 1 # too\n"

    commented = placed(text)

    assert commented.of_file == ()
    assert descriptions(commented) == ["Mine."]


def test_a_second_document_is_not_read() -> None:
    text = rules_of("- SampleRate: 1\n") + "---\n# never read\na: 1\n"

    assert placed(text).of_file == ()


def test_blank_lines_of_comment_do_not_pile_up() -> None:
    assert comment_lines(["", "a", "", " ", "b"]) == ("a", "", "b")
