"""The printer: the author's form stays, the layout becomes canonical."""

from __future__ import annotations

import pytest

from nectarc.diagnostic import InternalError
from nectarc.source import SourceText
from nectarc.toon import print_document, read

SEED = """\
nectar_policy{version,name,budget_per_second,rules}:
  1
  production-sampling
  10000
  rules[3]{name,description,match,action,priority}:
    keep-errors,Retain all HTTP 5xx errors,http.status >= 500,keep,100
    keep-slow,Retain slow requests,duration > 5s,keep,90
    sample-rest,Sample remaining traffic,true,sample(0.01),0
"""


def printed(text: str) -> str:
    return print_document(read(SourceText.of("a.toon", text))[0])


@pytest.mark.parametrize(
    "text",
    [
        SEED,
        "# what\n\nversion: 1\n\n# why\nname: a\n# end\n",
        "r[2|]{a|b{c|d}}:\n  1|x, y|\n  # between\n  2||\n# after\nx: 1\n",
        "k[2:]{a,b}:\n  x: 1,2\n  y: 3,4\n",
        "t[2]:\n  - n: a\n    s[1]{x}:\n      1\n  # second\n  - n: b\n    no_root: true\n",
        "l[3]:\n  -\n  - []\n  - [2]: 1,2\n",
        "a: []\nb:\nc[0]{x}:\n",
        'm: "true"\nn: true\no: 1.50\np: "a:b"\n',
        "[2]: a,b\n",
        "hello\n",
        "",
        "a{b,c}:\n  []\n  c{}:\n",
    ],
)
def test_canonical_text_stays(text: str) -> None:
    assert printed(text) == text


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("r[9]{a}:\n  1\n", "r[1]{a}:\n  1\n"),
        ("a:\n    b: 1\n", "a:\n  b: 1\n"),
        ("\n\na: 1\n\n\n\nb: 2\n\n", "a: 1\n\nb: 2\n"),
        ('a:   "plain"   \nb:"x"\r\n', "a: plain\nb: x\n"),
        ("r[1]{ a , b }:\n  1 , x y \n", "r[1]{a,b}:\n  1,x y\n"),
        ("my key: 1\n", '"my key": 1\n'),
        ("a[0]:\n", "a: []\n"),
        ("a: [x]\n", 'a: "[x]"\n'),
        (
            "r[2]{a}:\n      # deep\n  1\n# shallow\n  2\n",
            "r[2]{a}:\n  # deep\n  1\n  # shallow\n  2\n",
        ),
    ],
)
def test_layout_becomes_canonical(text: str, canonical: str) -> None:
    assert printed(text) == canonical


def test_what_could_not_be_read_is_not_printed() -> None:
    with pytest.raises(InternalError):
        printed("r[1]{a,b}:\n  1\n")
