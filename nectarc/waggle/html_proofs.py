"""What is proven, about which traces, under which assumptions; traps of a rules file.

Owns: two sections. Must not know: how anything was proven.
Truth: ../shared/design/product.md, "A verdict says its scope in the same breath".
"""

from __future__ import annotations

from typing import assert_never

from nectarc.prove.verdicts import Verdict
from nectarc.waggle.html_elements import (
    Markup,
    block,
    element,
    folded,
    heading,
    listed,
    paragraph,
    plain,
    text,
)
from nectarc.waggle.html_place import Place, Section
from nectarc.waggle.records import LintCount, Proof, Proofs, TargetReport
from nectarc.waggle.words import assumption_words

_SIGNS = {Verdict.PROVED: "✓", Verdict.HOLDS: "●", Verdict.REFUTED: "✕", Verdict.UNKNOWN: "?"}


def proofs_section(report: TargetReport, place: Place) -> Section | None:
    """Return the checks of a policy, or the traps of a rules file."""
    if report.proofs is not None:
        return _proofs(report.proofs, place)
    if report.lint is not None:
        return _traps(report.lint, place)
    return None


def assumptions_section(report: TargetReport, place: Place) -> Section | None:
    """Return what the Refinery rules take for granted; None where that is nothing."""
    said = [assumption_words(one) for one in report.assumptions]
    if not said and report.proofs is not None:
        said = list(report.proofs.assumptions)
    if not said:
        return None
    return place.section(
        "assumptions",
        "What is taken for granted",
        paragraph(
            plain("The Refinery rules do what the policy says as long as this is so:")
            if report.is_policy
            else plain("The rules are read as if this were so:")
        ),
        listed(map(text, said)),
    )


def _proofs(proofs: Proofs, place: Place) -> Section:
    inside = [paragraph(text(proofs.headline))]
    inside.append(element("ul", *map(_proof, proofs.checks), class_="proofs", role="list"))
    if proofs.not_asked:
        inside.append(heading(place.level + 2, plain("Not asked")))
        inside.append(listed(map(text, proofs.not_asked)))
    return place.section("proofs", "What is proven", *inside)


def _proof(one: Proof) -> Markup:
    verdict = element(
        "span",
        element("span", plain(_SIGNS[one.verdict]), aria_hidden="true"),
        plain(f" {one.verdict.value}"),
        class_=f"verdict {one.verdict.value.lower()}",
    )
    parts = [
        paragraph(verdict, plain(" "), element("span", text(_about(one)), class_="about")),
        paragraph(element("strong", text(f"{_begun(one.claim)}."))),
    ]
    if one.reason:
        parts.append(paragraph(text(_ended(one.reason))))
    if one.settle:
        parts.append(paragraph(text(f"To settle it: {one.settle}"), class_="note"))
    if one.counterexample:
        label = f"A trace that refutes it: {one.name}"
        parts.append(folded(plain(label), block("\n".join(one.counterexample), label)))
    return element("li", element("div", *parts))


def _traps(lint: LintCount, place: Place) -> Section:
    inside: list[Markup] = []
    if lint.refused:
        said = paragraph(text(f"Refinery does not load this file: {lint.refused}."))
        inside.append(element("div", said, class_="callout bad"))
    if lint.traps:
        inside.append(
            paragraph(plain("What these rules do may not be what they were meant to do:"))
        )
        inside.append(listed(map(text, lint.traps)))
        inside.append(paragraph(text(f"`{lint.command}` says where, why, and what to write.")))
    elif not lint.refused:
        inside.append(paragraph(text(f"`{lint.command}` finds no error and no warning.")))
    return place.section("traps", "Traps in these rules", *inside)


def _about(one: Proof) -> str:
    match one.verdict:
        case Verdict.PROVED:
            return f"for {one.about}"
        case Verdict.HOLDS:
            return f"on {one.about}"
        case Verdict.REFUTED:
            return f"by {one.about}"
        case Verdict.UNKNOWN:
            return "not answered"
        case _:
            assert_never(one.verdict)


def _ended(words: str) -> str:
    return words if words.endswith((".", "!", "?")) else f"{words}."


def _begun(words: str) -> str:
    """Return a claim as the beginning of a sentence."""
    return words[:1].upper() + words[1:]
