"""What is said about an action or a `require` cell that cannot be read.

Owns: an explanation for each place of the grammar. Must not know: which actions and parameters
there are (the checker's). Truth: docs/language.md, sections 2 and 4; docs/codes/NEC07x.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from nectarc.codes import finding
from nectarc.diagnostic import Fix
from nectarc.syntax.automaton import BAD, END, Token
from nectarc.syntax.bracket_mistakes import unclosed_bracket
from nectarc.syntax.piece_mistakes import explain_piece
from nectarc.syntax.scene import (
    NO_MEANING,
    VALUES,
    Repair,
    Scene,
    expected_words,
    shown,
)


def explain_action(scene: Scene) -> Repair:
    """Explain why the wrong token of `scene` does not fit into an action."""
    token, before = scene.token, scene.before()
    share = _share_alone(scene) or _percentage(scene)
    if share is not None:
        return share
    explained = explain_piece(scene)
    if explained is not None:
        return explained
    if token.type == END and before.type != END and not scene.wants(END):
        return _cut_off(scene)
    if scene.wants("LPAR", END):
        return _no_parentheses(scene, before)
    if scene.wants("SLASH") and token.text.lower() in {"in", "of", ":", "out"}:
        return _ratio_in_words(scene, before)
    if scene.wants("COLON"):
        return _no_colon(scene, before)
    is_first = token.type == "COMMA" and before.type == "NUMBER" and scene.before(2).type == "LPAR"
    if is_first and scene.before(3).text.endswith(("dynamic", "throughput")):
        return _unnamed_parameter(scene, before)
    return _generic(scene)


def explain_require(scene: Scene) -> Repair:
    """Explain why the wrong token of `scene` does not fit into what an invariant requires."""
    text = scene.reading.text
    hit = re.search(r"(\d+(?:\.\d+)?)\s*%", text)
    share = f"{float(Fraction(hit.group(1)) / 100):.15g}" if hit and len(hit.group(1)) < 16 else ""
    advice = "write keep, not drop, share >= 0.1 or share <= 0.5"
    if share:
        advice = f"write share >= {share}, or share <= {share}"
    if re.search(r"\b(never|no|not)\b.*\bdrop", text, re.IGNORECASE):
        advice = "write not drop"
    return scene.give_up(
        finding(
            "NEC076",
            scene.reading.whole(),
            f"`{text[:60]}` is nothing that an invariant can require",
            label=f"expected {expected_words(scene.accepted)} at {shown(scene.token)}",
            why="an invariant that cannot be read guards nothing",
            help=advice,
        )
    )


_SHARE: Final = re.compile(
    r"(?P<word>keep|sample|drop|rate)?\s*(?:(?P<percent>[0-9]{1,3}(?:\.[0-9]{1,9})?)\s*%"
    r"|(?P<share>0?\.[0-9]{1,12}|1/[0-9]{1,10})|(?P<count>[0-9]{1,10}))",
    re.IGNORECASE,
)


def _share_alone(scene: Scene) -> Repair | None:
    """Explain `1/10`, `10 %`, `keep 10%`: a share where the action must say what is done with it.

    A whole number alone is how Refinery says one in so many.
    """
    reading = scene.reading
    hit = _SHARE.fullmatch(reading.text.strip())
    if hit is None or (hit["word"] or "").lower() == "drop":
        return None
    share = hit["share"] or f"1/{hit['count']}"
    if hit["percent"]:
        share = f"{float(Fraction(hit['percent']) / 100):.15g}"
    better = f"sample({'0' if share.startswith('.') else ''}{share})"
    return scene.give_up(
        finding(
            "NEC070",
            reading.whole(),
            f"`{hit.group()}` is a share, and no action",
            why=NO_MEANING,
            help=f"write {better}",
            fixes=reading.replacement(f"write {better}", 0, len(reading.text), better)
            if not hit["count"]
            else (),
        )
    )


def _unnamed_parameter(scene: Scene, before: Token) -> Repair:
    goal = {
        "dynamic": "sample_rate",
        "ema_dynamic": "goal_sample_rate",
    }.get(scene.before(3).text, "goal_throughput_per_sec")
    return scene.give_up(
        finding(
            "NEC073",
            scene.source(before, before),
            f"`{before.text}` needs the name of its parameter",
            why=NO_MEANING,
            help=f"write {goal}: {before.text}",
        )
    )


def _generic(scene: Scene) -> Repair:
    return scene.give_up(
        finding(
            "NEC070",
            scene.source(),
            f"expected {expected_words(scene.accepted)}, found {shown(scene.token)}",
            why=NO_MEANING,
        )
    )


def _cut_off(scene: Scene) -> Repair:
    tokens = scene.tokens[: scene.index]
    if any(token.type in {"LPAR", "LSQB"} for token in tokens):
        return unclosed_bracket(scene)
    return _generic(scene)


def _percentage(scene: Scene) -> Repair | None:
    token, reading = scene.token, scene.reading
    hit = re.fullmatch(r"([0-9]{1,3}(?:\.[0-9]{1,12})?)%", token.text)
    if token.type != BAD or hit is None:
        return None
    share = f"{float(Fraction(hit.group(1)) / 100):.15g}"
    return scene.go_on(
        finding(
            "NEC072",
            scene.source(),
            f"`{token.text}` is no number: a share is written between 0 and 1",
            help=f"write {share}",
            fixes=reading.replacement(f"write {share}", token.start, token.end, share),
        ),
        Token("NUMBER", share, token.start, token.end),
    )


def _ratio_in_words(scene: Scene, before: Token) -> Repair:
    reading, token, number = scene.reading, scene.token, scene.after()
    if number.text == "of":  # "1 out of 20"
        number = scene.after(2)
    is_known = number.type == "NUMBER"
    better = f"{before.text}/{number.text}" if is_known else "1/20"
    return scene.give_up(
        finding(
            "NEC072",
            scene.source(before, number if is_known else token),
            "one in so many is written `1/n`",
            why=NO_MEANING,
            help=f"write {better}",
            fixes=reading.replacement(f"write {better}", before.start, number.end, better)
            if is_known
            else (),
        )
    )


def _no_parentheses(scene: Scene, before: Token) -> Repair:
    token, reading = scene.token, scene.reading
    value = scene.after() if token.type in {"COLON", "COMPARE"} or token.text == "=" else token
    fixes: tuple[Fix, ...] = ()
    if value.type not in VALUES:
        if before.type == "NAME" and token.type in {"NAME", "KEEP", "DROP", "SHARE"}:
            return _generic(scene)
        return _generic(scene) if token.type != "COLON" else _say_parentheses(scene, before, "")
    rest = reading.text[value.start :].strip()
    better = f"{before.text}({rest})"
    if re.fullmatch(r"[0-9.]+(\s*/\s*[0-9]+)?", rest):
        fixes = reading.replacement(f"write {better}", before.start, len(reading.text), better)
    return _say_parentheses(scene, before, better, fixes)


def _say_parentheses(
    scene: Scene, before: Token, better: str, fixes: tuple[Fix, ...] = ()
) -> Repair:
    return scene.give_up(
        finding(
            "NEC070",
            scene.source(),
            f"what `{before.text}` takes stands in parentheses",
            why=NO_MEANING,
            help=f"write {better or before.text + '(...)'}",
            fixes=fixes,
        )
    )


def _no_colon(scene: Scene, before: Token) -> Repair:
    token, reading = scene.token, scene.reading
    if token.text == "=" or token.type == "COMPARE":
        return scene.go_on(
            finding(
                "NEC073",
                scene.source(),
                f"a parameter and its value have `:` between them, not `{token.text}`",
                help=f"write {before.text}: ...",
                fixes=reading.replacement("write `:`", token.start, token.end, ":"),
            ),
            Token("COLON", ":", token.start, token.end),
        )
    is_value = token.type in VALUES or token.type == "LSQB"
    headline = (
        f"there is no `:` between `{before.text}` and {shown(token)}"
        if is_value
        else f"`{before.text}` needs its value: `{before.text}: ...`"
    )
    return scene.give_up(
        finding(
            "NEC073",
            scene.source(before, token if is_value else before),
            headline,
            why=NO_MEANING,
            help="write parameters as goal_sample_rate: 10, fields: [http.route]",
        )
    )
