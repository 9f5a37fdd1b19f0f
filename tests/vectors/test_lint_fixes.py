"""`lint --fix` on recorded files: it settles, loads what loaded, and leaves other lines alone.

Truth: ../shared/vectors/README.md (loader_traps, loader_files, loader_mutations).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nectarc.diagnostic import Fix
from nectarc.lint.fixing import settle
from nectarc.lint.looking import Looked, Wanted, look
from nectarc.refinery.releases import NEWEST
from tests.shared_data import SHARED, read_vectors, requires_shared

pytestmark = requires_shared
WANTED: Final = Wanted(release=NEWEST)


def texts() -> Iterator[tuple[str, str]]:
    """Yield every recorded file as YAML: its name and its text."""
    for number, row in enumerate(read_vectors("loader_traps.jsonl")):
        if row["ext"] == "yaml":
            yield f"trap {number + 1}", row["text"]
    for number, row in enumerate(read_vectors("loader_mutations.jsonl")):
        yield f"mutation {number}", row["text"]
    for path in sorted((SHARED / "data" / "rules" / "v2").rglob("*.yaml")):
        yield path.name, path.read_bytes().decode()


def settled(text: str) -> tuple[Looked, Looked, tuple[Fix, ...]]:
    data = text.encode("utf-8", "surrogatepass")
    before = look([("rules.yaml", data)], WANTED)
    after, applied = settle(before, lambda name, changed: look([(name, changed)], WANTED))
    return before, after, applied


def test_fixes_settle_and_touch_no_other_line() -> None:
    fixed = 0
    for name, text in texts():
        before, after, applied = settled(text)
        if not applied:
            assert after is before
            continue
        fixed += 1
        old, new = (one.inputs[0][1].decode().split("\n") for one in (before, after))
        kept = [line for line in old if line in new]
        # An edit writes within a line, or whole lines: no more lines go than edits were made.
        assert len(old) - len(kept) <= sum(len(fix.edits) for fix in applied), name
        assert [line for line in old if line.lstrip().startswith("#")] == [
            line for line in new if line.lstrip().startswith("#")
        ], name
        assert after.rules.loaded.is_accepted >= before.rules.loaded.is_accepted, name
        again, once_more = settle(after, lambda file, data: look([(file, data)], WANTED))
        assert (again is after, once_more) == (True, ()), name
    assert fixed >= 5


def test_line_ends_of_dos_give_the_same_file() -> None:
    fixed = 0
    for name, text in texts():
        if "\r" in text:
            continue
        _, after, applied = settled(text)
        if not applied:
            continue
        fixed += 1
        _, dos, _ = settled(text.replace("\n", "\r\n"))
        assert dos.inputs[0][1] == after.inputs[0][1].replace(b"\n", b"\r\n"), name
    assert fixed >= 5
