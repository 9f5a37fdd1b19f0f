"""Bytes and names of inputs: which text they are, and in which format.

Owns: encodings, extensions, the signs of JSON and TOML. Must not know: what the text says.
Truth: ../shared/reference/refinery-semantics.md, 1.4.
"""

from __future__ import annotations

import re
from typing import Final

from nectarc.files import STDIN_NAME
from nectarc.refinery.loader import FORMATS, read_plain
from nectarc.source import SourceSpan

YAML: Final = "yaml"
JSON: Final = "json"
TOML: Final = "toml"
_TOML_LINE: Final = re.compile(r"^[ \t]*(?:\[[^\]\n]+\]|[\w.]+[ \t]*=)", re.MULTILINE)
_PIPES: Final = "/dev/fd/"


def text_of(data: bytes) -> tuple[str, str]:
    """Decode `data`, as far as it is text, and say in which encoding it is."""
    is_wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    encoding = "utf-16" if is_wide else "utf-8-sig" if data[:3] == b"\xef\xbb\xbf" else "utf-8"
    try:
        return data.decode(encoding), encoding
    except UnicodeDecodeError:
        return data.decode(encoding, "replace"), ""


def extension_of(file: str) -> str:
    """Return what stands behind the last dot of a name, "" without one."""
    name = file.replace("\\", "/").rsplit("/", 1)[-1]
    return name.rpartition(".")[2] if "." in name else ""


def format_of(file: str, text: str) -> str:
    """Return "yaml", "json", "toml", or "" for a name that Refinery reads nothing from."""
    if file != STDIN_NAME and not file.startswith(_PIPES):
        return FORMATS.get(extension_of(file), "")
    sniffed = JSON if text.lstrip().startswith("{") else TOML if _TOML_LINE.search(text) else ""
    if not sniffed:
        return YAML
    tree, _ = read_plain(text, sniffed, SourceSpan(file, 0, 1))
    return YAML if tree is None else sniffed
