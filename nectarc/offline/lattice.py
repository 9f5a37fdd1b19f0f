"""The words as the chart reads them: from each position, what may be heard up to which other.

Owns: which words are phrases of the grammar, what a word that nobody knows may be.
Must not know: what phrases mean. Truth: grammar/intent.lark.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from nectarc.offline.forms import METHODS
from nectarc.offline.grammar import PHRASE_WORDS_MAX, Edge, Leaf, Rules
from nectarc.offline.phrases import FUNCTION_WORDS
from nectarc.offline.words import Word

# Words that say nothing about what is wanted, wherever they stand.
FILLERS: Final = frozenset(
    {
        "please", "just", "really", "kindly", "basically", "simply", "thanks", "still",
        "roughly", "also", "ideally", "honestly", "literally", "though",
        "obviously", "naturally", "frankly", "unfortunately", "luckily", "sadly",
        "however", "hmm", "well", "ok", "okay", "again", "anymore", "any more", "pls", "plz", "thx",
    }
)  # fmt: skip
_BEFORE_OK: Final = frozenset(
    {"grpc", "rpc", "status", "code", "is", "=", "with", "returning", "and", "or"}
)


def edges_of(words: Sequence[Word], rules: Rules) -> list[list[Edge]]:
    """Return at each position what may be heard from there."""
    rows: list[list[Edge]] = []
    # "GET 1%, DELETE all": among methods in capitals it is one of them, and no verb.
    is_method = any(one.text in METHODS and one.text != "DELETE" for one in words)
    for start, word in enumerate(words):
        single = _single(word, start, rules)
        if is_method and word.text == "DELETE":
            single = Edge(
                start + 1, {key: one for key, one in single.leaves.items() if key != "DROP"}
            )
        row = [single]
        if word.text[0].isalpha():
            row += _phrases(words, start, rules)
        if _is_filler(words, start) and start + 1 < len(words):
            row.append(Edge(start + 1, {}))
        rows.append(row)
    for start in range(len(rows) - 2, -1, -1):
        if _is_filler(words, start):
            rows[start] += [edge for edge in rows[start + 1] if edge.leaves]
    return rows


def _is_filler(words: Sequence[Word], at: int) -> bool:
    """Whether the word at `at` says nothing; "OK" behind "gRPC" is a status."""
    text = words[at].text
    is_status = text == "OK" and at > 0 and words[at - 1].text.lower() in _BEFORE_OK
    return text.lower() in FILLERS and not is_status


def _single(word: Word, start: int, rules: Rules) -> Edge:
    text = word.text.lower().replace("\u2019", "'")
    names: list[str] = [one for one in word.kinds if one != "WORD"]
    if text == "trace" and word.text != "TRACE" and "METHOD" in names:
        names.remove("METHOD")
    # "GET /a" names the method; "get" alone is a verb, and so is "put".
    is_method = word.text in ("GET", "PUT", "DELETEs") and "METHOD" in word.kinds
    names += () if is_method else rules.says.get(text, ())
    if f'"{text}"' in rules.says:
        names.append(f'"{text}"')
    if "WORD" in word.kinds:
        names.append("ANYWORD")
        if text not in rules.words and text not in FILLERS:
            names.append("WORD")
        elif text not in rules.says and text not in FUNCTION_WORDS:
            names.append("PLAINWORD")
    if "NAMED" in word.kinds and "WORD" not in names:
        names.append("WORD")
    return Edge(
        start + 1,
        {name: Leaf(name, word.text, word.value, word.start, word.end) for name in names},
    )


def _phrases(words: Sequence[Word], start: int, rules: Rules) -> list[Edge]:
    found: list[Edge] = []
    for end in range(start + 2, min(start + PHRASE_WORDS_MAX, len(words)) + 1):
        last = words[end - 1]
        if last.text == "/":
            continue  # "w/o", "b/c"
        if not last.text[0].isalnum() and last.text[0] not in "'\u2019":
            break
        text = _joined(words[start:end]).lower()
        names = rules.says.get(text)
        if names:
            shown = _joined(words[start:end])
            leaves = {
                name: Leaf(name, shown, shown, words[start].start, last.end) for name in names
            }
            found.append(Edge(end, leaves))
    return found


def _joined(words: Sequence[Word]) -> str:
    """Return the words with a space where the text has one: "what's" may be two tokens."""
    text = words[0].text
    for before, word in pairwise(words):
        text += word.text if word.start == before.end else f" {word.text}"
    return text.replace("\u2019", "'")
