"""Build the parser tables that ship: grammar/*.lark -> nectarc/tables/*.bin and index.json.

Run by `make build` after a grammar changed: `python -m tools.build_tables`. `--check` only says
whether the tables belong to the grammars and to the installed Lark (exit status 1 when they do
not).
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import pickle
import sys
from pathlib import Path
from typing import Any, Final, NamedTuple

import lark

ROOT: Final = Path(__file__).parent.parent
GRAMMARS: Final = ROOT / "grammar"
TABLES: Final = ROOT / "nectarc" / "tables"
INDEX: Final = "index.json"
_SHIFT: Final = 0


class Settings(NamedTuple):
    """How a grammar is to be built; a grammar that is not named in `SETTINGS` has these defaults.

    start:           start rules.
    keep_all_tokens: keep tokens without a name of their own in the tree, too.
    """

    start: tuple[str, ...] = ("start",)
    keep_all_tokens: bool = False


# Read by Lark's Earley parser at run time (nectarc/grammars.py): it has no tables to ship.
AMBIGUOUS: Final = frozenset({"intent"})
SETTINGS: Final[dict[str, Settings]] = {
    "toon": Settings(keep_all_tokens=True),
    "match": Settings(start=("match",)),
    "action": Settings(start=("action", "require")),
}


def build(grammar: str, settings: Settings) -> bytes:
    """Return the saved tables of `grammar`, the same bytes for the same text.

    The basic lexer everywhere: a keyword is one wherever it stands, and toon's tokens come from
    nectarc.toon.lexer.
    """
    parser = lark.Lark(
        grammar,
        parser="lalr",
        lexer="basic",
        start=list(settings.start),
        keep_all_tokens=settings.keep_all_tokens,
    )
    file = io.BytesIO()
    parser.save(file)
    return _canonical(file.getvalue())


def fingerprint(grammar: str) -> dict[str, str]:
    """Return what the tables of `grammar` depend on: its text and Lark's version."""
    digest = hashlib.sha256(grammar.encode()).hexdigest()
    return {"sha256": digest, "lark": lark.__version__}


def grammars() -> dict[str, str]:
    """Read every grammar that has tables; name to text."""
    paths = [path for path in sorted(GRAMMARS.glob("*.lark")) if path.stem not in AMBIGUOUS]
    return {path.stem: path.read_text("utf-8") for path in paths}


def stale() -> tuple[str, ...]:
    """Return the grammars whose tables are missing or older, and the tables without one."""
    texts = grammars()
    index = TABLES / INDEX
    built = json.loads(index.read_text("utf-8")) if index.exists() else {}
    old = {name for name, text in texts.items() if built.get(name) != fingerprint(text)}
    missing = {name for name in texts if not (TABLES / f"{name}.bin").exists()}
    orphans = {path.stem for path in TABLES.glob("*.bin")} - set(texts)
    return tuple(sorted(old | missing | orphans))


def main(arguments: list[str]) -> int:
    """Build all tables, or check them; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only say which tables are stale")
    if parser.parse_args(arguments).check:
        names = stale()
        sys.stdout.write(f"stale parser tables: {', '.join(names)}\n" if names else "")
        return 1 if names else 0
    TABLES.mkdir(exist_ok=True)
    texts = grammars()
    for path in TABLES.glob("*.bin"):
        if path.stem not in texts:
            path.unlink()
    for name, text in texts.items():
        (TABLES / f"{name}.bin").write_bytes(build(text, SETTINGS.get(name, Settings())))
    index = {name: fingerprint(text) for name, text in texts.items()}
    (TABLES / INDEX).write_text(json.dumps(index, indent=2) + "\n", "utf-8")
    return 0


def _canonical(saved: bytes) -> bytes:
    """Write the same tables as the same bytes: Lark numbers states and symbols as sets give them.

    States are numbered anew as they are met from the start states, by the names of symbols; and the
    pickle shares no equal objects, which it would do differently in each run.
    """
    plain: Any = pickle.loads(saved)  # noqa: S301 - made two lines above
    table = plain["data"]["parser"]["parser"]
    names = dict(enumerate(sorted(table["tokens"].values())))
    rows = {
        state: dict(sorted((table["tokens"][symbol], action) for symbol, action in row.items()))
        for state, row in table["states"].items()
    }
    order = dict.fromkeys(state for _, state in sorted(table["start_states"].items()))
    todo = list(order)
    for state in todo:
        shifted = [target for kind, target in rows[state].values() if kind == _SHIFT]
        todo += [target for target in shifted if target not in order]
        order |= dict.fromkeys(shifted)
    numbers = {state: number for number, state in enumerate(order)}
    symbols = {name: number for number, name in names.items()}
    table["tokens"] = names
    table["states"] = {
        numbers[state]: {
            symbols[name]: (kind, numbers[target] if kind == _SHIFT else target)
            for name, (kind, target) in rows[state].items()
        }
        for state in order
    }
    for ends in ("start_states", "end_states"):
        table[ends] = {name: numbers[state] for name, state in sorted(table[ends].items())}
    file = io.BytesIO()
    pickler = pickle.Pickler(file, protocol=4)
    pickler.fast = True
    pickler.dump(plain)
    return file.getvalue()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
