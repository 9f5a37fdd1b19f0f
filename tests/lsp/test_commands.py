"""Commands of the server, as an editor runs them: VS Code's client presents nothing here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from tests.lsp.conftest import OpenDocument
from tests.lsp.session import SHOP, Opened, patiently

_TESTED = """\
version: 1
name: shop
rules[2]{name,match,action,priority}:
  keep-errors,http.status >= 500,keep,100
  rest,true,sample(1/100),0
tests[2]:
  - name: an error
    expect: keep-errors
    spans[1]{http.status}:
      503
  - name: a wrong one
    expect: keep-errors
    spans[1]{http.status}:
      200
"""
_RULES = """\
RulesVersion: 2
Samplers:
  __default__:
    DeterministicSampler:
      SampleRate: 3
"""
_MANIFEST = '[environments]\n__default__ = "policy.toon"\n[safety]\nerror = "http.status >= 500"\n'


async def run(document: Opened, name: str, *arguments: object) -> Any:  # noqa: ANN401 - JSON
    """Run a command about the document; return its answer as plain JSON."""
    waiting = document.client.workspace_execute_command_async(
        types.ExecuteCommandParams(
            command=f"nectarc.server.{name}", arguments=[document.uri, *arguments]
        )
    )
    return plain(await patiently(waiting))


def plain(answer: object) -> Any:  # noqa: ANN401 - JSON
    """Return pygls' objects as what was sent."""
    if hasattr(answer, "_asdict"):
        return {name: plain(value) for name, value in answer._asdict().items()}
    if isinstance(answer, list | tuple):
        return [plain(one) for one in answer]
    if isinstance(answer, dict):
        return {name: plain(value) for name, value in answer.items()}
    return answer


@pytest.mark.asyncio
async def test_prove_says_each_check_with_its_verdict(open_document: OpenDocument) -> None:
    document = open_document(SHOP)

    answer = await run(document, "prove")

    assert answer["state"] == "proved"
    assert answer["checks"][0] == {
        "name": "fallback",
        "verdict": "PROVED",
        "claim": "every trace is decided by a rule",
        "reason": "",
        "counterexample": None,
    }
    assert "| PROVED | every trace is decided by a rule |" in answer["text"]


@pytest.mark.asyncio
async def test_prove_of_a_policy_with_errors_says_which(open_document: OpenDocument) -> None:
    document = open_document(SHOP.replace(">= 500", ">="))

    answer = await run(document, "prove")

    assert answer["state"] == "errors"
    assert answer["headline"] == "nothing can be proven: the policy has 1 error"
    assert "line 6" in answer["text"]


@pytest.mark.asyncio
async def test_a_refuted_claim_shows_its_trace(open_document: OpenDocument, tmp_path: Path) -> None:
    (tmp_path / "nectar.toml").write_text(_MANIFEST.replace("500", "400"))
    document = open_document(SHOP)

    proof = await run(document, "prove")
    page = await run(document, "showCounterexample", "errors")

    assert proof["state"] == "refuted"
    assert [one["counterexample"] is None for one in proof["checks"]].count(False) == 1
    assert page["title"] == "Counterexample: errors"
    assert "http.status = 4" in page["text"]


@pytest.mark.asyncio
async def test_a_rule_shows_a_trace_that_it_decides(open_document: OpenDocument) -> None:
    document = open_document(SHOP)

    page = await run(document, "showCounterexample", "keep-slow")

    assert page["title"] == "A trace that keep-slow decides"
    assert "duration_ms = 5001" in page["text"]


@pytest.mark.asyncio
async def test_tests_pass_fail_and_say_which_rule_decided(open_document: OpenDocument) -> None:
    document = open_document(_TESTED)

    answer = await run(document, "runTests", None)

    assert [(one["name"], one["outcome"], one["rule"]) for one in answer["tests"]] == [
        ("an error", "passed", "keep-errors"),
        ("a wrong one", "failed", "rest"),
    ]
    assert "`keep-errors` does not match, and `rest` decides" in answer["tests"][1]["message"]
    assert answer["tests"][1]["range"]["start"]["line"] == 10


@pytest.mark.asyncio
async def test_only_the_named_tests_run(open_document: OpenDocument) -> None:
    document = open_document(_TESTED)

    answer = await run(document, "runTests", ["an error"])

    assert [one["name"] for one in answer["tests"]] == ["an error"]


@pytest.mark.asyncio
async def test_a_test_whose_file_is_missing_has_an_error(open_document: OpenDocument) -> None:
    text = _TESTED.replace("    spans[1]{http.status}:\n      503\n", "    file: gone.json\n")
    document = open_document(text)

    answer = await run(document, "runTests", ["an error"])

    assert [one["outcome"] for one in answer["tests"]] == ["errored"]
    assert "gone.json" in answer["tests"][0]["message"]


@pytest.mark.asyncio
async def test_the_tests_of_a_policy_are_listed(open_document: OpenDocument) -> None:
    document = open_document(_TESTED)

    found = plain(
        await patiently(
            document.client.protocol.send_request_async(  # type: ignore[no-untyped-call]  # pygls
                "nectarc/tests", {"textDocument": {"uri": document.uri}}
            )
        )
    )

    assert [(one["name"], one["expect"]) for one in found] == [
        ("an error", "keep-errors"),
        ("a wrong one", "keep-errors"),
    ]


@pytest.mark.asyncio
async def test_the_rules_are_shown_where_those_of_a_rule_begin(
    open_document: OpenDocument,
) -> None:
    document = open_document(SHOP)

    answer = await run(document, "showRules", "keep-slow")

    assert answer["proven"] is True
    assert answer["language"] == "yaml"
    assert answer["text"].split("\n")[answer["line"]].strip() == "- Name: keep-slow"


@pytest.mark.asyncio
async def test_why_there_are_no_rules_is_said(open_document: OpenDocument) -> None:
    unsayable = "any(service == 'db' && duration > 1s) && any(service == 'web')"
    document = open_document(SHOP.replace("duration > 5s", unsayable))

    answer = await run(document, "showRules")

    assert answer["text"] == ""
    assert answer["message"].startswith("There are no Refinery rules: ")


@pytest.mark.asyncio
async def test_compile_writes_rules_and_lock(open_document: OpenDocument, tmp_path: Path) -> None:
    (tmp_path / "nectar.toml").write_text(_MANIFEST)
    (tmp_path / "policy.toon").write_text(SHOP)
    document = open_document(SHOP)

    answer = await run(document, "compile")

    assert answer["written"] == [str(tmp_path / "rules.yaml"), str(tmp_path / "policy.lock")]
    assert answer["diagnostics"] == 0
    assert "PROVED" in answer["text"]
    assert (tmp_path / "rules.yaml").read_text().startswith("RulesVersion: 2\n")


@pytest.mark.asyncio
async def test_compile_says_that_unsaved_text_does_not_count(
    open_document: OpenDocument, tmp_path: Path
) -> None:
    (tmp_path / "policy.toon").write_text(SHOP)
    document = open_document(SHOP.replace("5s", "6s"))

    answer = await run(document, "compile")

    assert "What is not saved of `policy.toon` is not in it." in answer["text"]
    assert "5000" in (tmp_path / "rules.yaml").read_text()


@pytest.mark.asyncio
async def test_compile_of_a_policy_with_errors_writes_nothing(
    open_document: OpenDocument, tmp_path: Path
) -> None:
    broken = SHOP.replace(">= 500", ">=")
    (tmp_path / "policy.toon").write_text(broken)
    document = open_document(broken)

    answer = await run(document, "compile")

    assert answer["written"] == []
    assert answer["diagnostics"] == 1
    assert not (tmp_path / "rules.yaml").exists()


@pytest.mark.asyncio
async def test_the_report_is_about_the_text_in_the_editor(open_document: OpenDocument) -> None:
    document = open_document(SHOP.replace("production-sampling", "another-name"))

    answer = await run(document, "showWaggle")

    assert answer["html"].lstrip().lower().startswith("<!doctype html>")
    assert "another-name" in answer["html"]


@pytest.mark.asyncio
async def test_rules_become_a_project_that_opens(
    open_document: OpenDocument, tmp_path: Path
) -> None:
    (tmp_path / "rules.yaml").write_text(_RULES)
    document = open_document(_RULES, "rules.yaml", "yaml")

    answer = await run(document, "importRules", None)

    folder = tmp_path / "rules-policies"
    assert sorted(Path(one).name for one in answer["files"]) == ["nectar.toml", "policy.toon"]
    assert answer["open"] == (folder / "policy.toon").as_uri()
    assert "proven" in answer["message"]


@pytest.mark.asyncio
async def test_an_import_never_overwrites(open_document: OpenDocument, tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text(_RULES)
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "nectar.toml").write_text("")
    document = open_document(_RULES, "rules.yaml", "yaml")

    answer = await run(document, "importRules", (tmp_path / "there").as_uri())

    assert answer["files"] == []
    assert "never overwrites a file" in answer["message"]
    assert (tmp_path / "there" / "nectar.toml").read_text() == ""


@pytest.mark.asyncio
async def test_what_is_no_policy_is_said(open_document: OpenDocument) -> None:
    document = open_document("users[3]{id}:\n  1\n", "other.toon")

    answer = await run(document, "prove")

    assert answer["headline"] == "this is no policy"
    assert answer["checks"] == []


@pytest.mark.asyncio
async def test_a_client_that_presents_nothing_is_shown_the_outcome(
    open_document: OpenDocument,
) -> None:
    document = open_document(SHOP)

    await run(document, "prove")

    assert any("PROVED for every trace" in one.message for one in document.client.messages)
