"""What the writer of an unknown operator means.

Owns: the words of other tools for Refinery's operators. Must not know: where the operator stands.
Truth: ../shared/reference/refinery-semantics.md, 2.3, 8 (T56).
"""

from __future__ import annotations

from typing import Final

from nectarc.spelling import nearest

# Written without spaces, `_`, `-` and quotes.
_MEANT: Final = {
    **dict.fromkeys(("==", "===", "eq", "equal", "equals", "equalto", "is"), "="),
    **dict.fromkeys(
        ("!==", "<>", "=!", "ne", "neq", "notequal", "notequals", "isnot", "doesnotequal"), "!="
    ),
    **dict.fromkeys(("gt", "greaterthan", "above"), ">"),
    **dict.fromkeys(("ge", "gte", "=>", "atleast", "greaterthanorequal"), ">="),
    **dict.fromkeys(("lt", "lessthan", "below"), "<"),
    **dict.fromkeys(("le", "lte", "=<", "atmost", "lessthanorequal"), "<="),
    **dict.fromkeys(
        ("startswith", "startwith", "beginswith", "prefix", "hasprefix"), "starts-with"
    ),
    **dict.fromkeys(("contain", "contains", "includes", "like", "has"), "contains"),
    **dict.fromkeys(
        ("doesnotcontain", "doesntcontain", "notcontains", "notcontain", "excludes"),
        "does-not-contain",
    ),
    **dict.fromkeys(("exist", "exists", "present", "isset", "isnotnull", "notnull"), "exists"),
    **dict.fromkeys(
        ("notexist", "notexists", "doesnotexist", "missing", "absent", "isnull", "isempty"),
        "not-exists",
    ),
    **dict.fromkeys(("oneof", "anyof", "isin", "in"), "in"),
    **dict.fromkeys(("notin", "nin", "noneof", "!in"), "not-in"),
    **dict.fromkeys(("match", "matches", "regex", "regexp", "=~", "~", "~="), "matches"),
    **dict.fromkeys(("hasrootspan", "hasroot", "rootspan", "isroot"), "has-root-span"),
}
_LACKING: Final = {
    **dict.fromkeys(
        ("endswith", "endwith", "suffix", "hassuffix"),
        "write `Operator: matches` and a `Value` that ends with `$`",
    ),
    **dict.fromkeys(
        ("!~", "notmatches", "notmatch", "doesnotmatch", "notregex"),
        "Refinery has no negative `matches`: let a rule above with `matches` take these traces",
    ),
    **dict.fromkeys(
        ("notstartswith", "doesnotstartwith"),
        "Refinery has no negative `starts-with`: let a rule above with it take these traces",
    ),
    "between": "write two conditions, one with `>=` and one with `<=`",
}
_IGNORED: Final = str.maketrans("", "", " _-'\"\t\n")


def operator_meant(written: str, choices: tuple[str, ...]) -> str | None:
    """Return the operator of `choices` that `written` stands for, None where none is near."""
    plain = written.translate(_IGNORED).lower()
    if not plain or plain in _LACKING:
        return None
    return _MEANT.get(plain) or nearest(written.lower(), choices)


def is_certain(written: str) -> bool:
    """Say whether `written` is another tool's word for an operator, and no slip of the fingers."""
    return written.translate(_IGNORED).lower() in _MEANT


def instead_of(written: str) -> str:
    """Say what to write for what Refinery has no operator for, "" where that is not known."""
    return _LACKING.get(written.translate(_IGNORED).lower(), "")
