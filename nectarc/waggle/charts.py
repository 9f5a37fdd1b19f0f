"""Vega-Lite charts as inline SVG whose colours the page's style gives.

Owns: the only use of `vl_convert`, what is left of its SVG. Must not know: what is drawn.
Each chart is drawn twice, for a wide page and for a phone, since scaled text cannot be read; the
style shows one of them. Paints are written `var(--name)` in a specification and become classes
`f-name` (fill) and `s-name` (stroke), so that light, dark and print each have their colours.
INVARIANT: no layout may depend on the width of a text, which is another on each machine: then the
bytes would be. Labels of axes are given, not chosen, and nothing is sized to fit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias
from xml.etree.ElementTree import Element, fromstring

from nectarc.diagnostic import InternalError
from nectarc.render.excerpt import cells, displayed
from nectarc.waggle.html_elements import Markup, element, plain

Json: TypeAlias = "str | float | bool | Sequence[Json] | Mapping[str, Json] | None"
Spec: TypeAlias = Mapping[str, Json]

WIDE: Final = 840  # px of the drawing
NARROW: Final = 320
_WIDTHS: Final = (("wide", WIDE), ("narrow", NARROW))
_SVG: Final = "{http://www.w3.org/2000/svg}"
_PAINT: Final = re.compile(r"var\(--([a-z]+)\)")
_LONG: Final = re.compile(r"-?\d+\.\d{2,}(?:e-?\d+)?")
_KEPT: Final = ("d", "x", "y", "x2", "y2", "width", "height", "transform", "text-anchor")
_STYLED: Final = ("font-size", "font-weight", "stroke-width", "stroke-dasharray")
_FAINT: Final = ("opacity", "fill-opacity", "stroke-opacity")
_SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v5.json"


def render_chart(draw: Callable[[int], Spec], key: str, title: str, words: str) -> Markup:
    """Return a chart in both widths. draw: the specification for so many px of width.

    key: begins the ids of title and description. About 50 ms a drawing.
    """
    return Markup(
        "".join(_drawn(draw(px), f"{key}-{kind}", title, words, kind) for kind, px in _WIDTHS)
    )


def spec_of(width: int, height: int, layers: Sequence[Spec], **more: Json) -> Spec:
    """Return a specification of exactly this size, paddings among it in `more`."""
    return {
        "$schema": _SCHEMA,
        "background": None,
        "autosize": "none",
        "padding": 0,
        "width": width,
        "height": height,
        "view": {"stroke": None, "fill": None},
        "layer": list(layers),
        **more,
    }


def paint(name: str) -> str:
    """Return the paint of the style that is called so."""
    return f"var(--{name})"


def clipped(words: str, room: int) -> str:
    """Return what fits into so many cells; names of a kind differ at both ends, so both stay."""
    shown = displayed(words)
    if cells(shown) <= room:
        return shown
    tail = shown[len(shown) - room // 3 :].lstrip()
    while cells(tail) > room // 3:
        tail = tail[1:]
    while cells(shown) > room - 1 - cells(tail):
        shown = shown[:-1]
    return f"{shown.rstrip()}…{tail}"


def _drawn(spec: Spec, key: str, title: str, words: str, kind: str) -> Markup:
    import vl_convert  # noqa: PLC0415 - 40 MB that only the page needs

    root = fromstring(vl_convert.vegalite_to_svg(dict(spec)))  # noqa: S314 - our own drawing
    inside = "".join(_compact(child) for child in root)
    heads = element("title", plain(title), id_=f"{key}-t")
    heads = Markup(heads + element("desc", plain(words), id_=f"{key}-d"))
    width = root.get("width", "0")
    return element(
        "svg",
        heads,
        Markup(inside),
        class_=f"chart {kind}",
        viewBox=root.get("viewBox", ""),
        style=f"--px:{width}",
        role="img",
        aria_labelledby=f"{key}-t {key}-d",
    )


def _compact(node: Element) -> str:
    """Return what can be seen of a node."""
    tag = node.tag.removeprefix(_SVG)
    if node.get("display") == "none" or node.get("opacity") == "0":
        return ""
    inside = "".join(_compact(child) for child in node)
    said = _said(node)
    if tag == "g":
        return f"<g{said}>{inside}</g>" if said and inside else inside
    if tag == "path" and (not node.get("d") or "class=" not in said):
        return ""
    if tag == "text":
        inside = plain(node.text or "")
    hint = node.get("aria-label")
    if hint:
        inside = element("title", plain(hint)) + inside
    return f"<{tag}{said}>{inside}</{tag}>" if inside else f"<{tag}{said}/>"


def _said(node: Element) -> str:
    classes: list[str] = []
    for attribute, letter in (("fill", "f"), ("stroke", "s")):
        value = node.get(attribute)
        if value in (None, "none", "transparent"):
            continue
        found = _PAINT.fullmatch(value)
        if found is None:
            raise InternalError(f"a chart paints with {value}, which no style gives")
        classes.append(f"{letter}-{found[1]}")
    shown = [f' class="{" ".join(classes)}"'] if classes else []
    for attribute in (*_KEPT, *_STYLED, *_FAINT):
        value = node.get(attribute)
        if value is None or value in ("translate(0,0)", "normal"):
            continue
        if attribute in _FAINT and value == "1":
            continue
        if attribute == "text-anchor" and value == "start":
            continue
        # Groups hand nothing down but where they are.
        if node.tag == f"{_SVG}g" and attribute != "transform":
            continue
        shown.append(f' {attribute}="{plain(_rounded(value.removesuffix("px")))}"')
    return "".join(shown)


def _rounded(value: str) -> str:
    return _LONG.sub(lambda found: f"{float(found[0]):.1f}".removesuffix(".0"), value)
