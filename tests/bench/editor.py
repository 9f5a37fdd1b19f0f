"""The language server under the hands of a fast typist: from the key to what is seen.

One script, seeded, for our server on a policy of 200 rules and for pylsp on a Python file of the
same size; milliseconds at the client, the pipes and JSON included.
"""

from __future__ import annotations

import importlib.util
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from tests.bench.varied_policy import varied_policy
from tests.lsp.wire import Message, Wire

_RULES: Final = 200
MANY_STEPS: Final = 5000
FEW_STEPS: Final = 500
_PEER_STEPS: Final = 150
_PAUSES: Final = 40
_DELAY_MS: Final = 300
_LETTERS: Final = "abcdefgh 0123456789.()'=&_"
_SETTLED: Final = frozenset({"proved", "refuted", "unknown", "errors", "none"})
_AIMS: Final = {"diagnostics": 30, "completion": 20, "hover": 20, "verdict": 500}


class Typist:
    """Edits of one document, one after the other; the client's text is the server's."""

    def __init__(self, wire: Wire, path: Path, text: str, language: str, seed: int) -> None:
        """Open the document."""
        self.wire, self.uri, self.lines = wire, path.as_uri(), text.split("\n")
        self.version = 1
        self.draw = random.Random(seed)
        self._undo: list[tuple[int, str]] = []
        document = {"uri": self.uri, "languageId": language, "version": 1, "text": text}
        wire.notify("textDocument/didOpen", {"textDocument": document})
        wire.diagnostics(self.uri, 1)

    def place(self) -> tuple[int, int]:
        """Return a line and a column in a row or statement."""
        line = self.draw.randrange(4, len(self.lines) - 1)
        return line, self.draw.randrange(4, max(5, len(self.lines[line])))

    def edit(self) -> tuple[int, int]:
        """Type a letter, take one away, or undo; return where. Most mistakes are mended soon."""
        if self._undo and self.draw.random() < 0.55:
            line, old = self._undo.pop()
            start, end, new = 0, len(self.lines[line]), old
        else:
            line, start = self.place()
            self._undo.append((line, self.lines[line]))
            is_typing = self.draw.random() < 0.7
            end = start if is_typing else min(start + 1, len(self.lines[line]))
            new = self.draw.choice(_LETTERS) if is_typing else ""
        self.lines[line] = self.lines[line][:start] + new + self.lines[line][end:]
        self.version += 1
        self.wire.notify(
            "textDocument/didChange",
            {
                "textDocument": {"uri": self.uri, "version": self.version},
                "contentChanges": [
                    {
                        "range": {
                            "start": {"line": line, "character": start},
                            "end": {"line": line, "character": end},
                        },
                        "text": new,
                    }
                ],
            },
        )
        return line, start + len(new)

    def ask(self, method: str, place: tuple[int, int]) -> object:
        """Ask for what is at a place."""
        found: object = self.wire.request(
            f"textDocument/{method}",
            {
                "textDocument": {"uri": self.uri},
                "position": {"line": place[0], "character": place[1]},
            },
        )
        return found


class _Measured(NamedTuple):
    milliseconds: dict[str, list[float]]
    megabytes: list[float]


def bench_editor(steps: int = MANY_STEPS) -> None:
    """Measure and print both servers."""
    sys.stdout.write(f"\nlanguage server, {_RULES} rules, {steps:,} seeded edits and requests\n")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        command = [sys.executable, "-m", "nectarc_lsp"]
        settings = {"proofs": {"enabled": False}}
        path = folder / "policy.toon"
        path.write_text(varied_policy(_RULES))
        with Wire(command, folder, settings) as wire:
            ours = _typed(Typist(wire, path, path.read_text(), "toon", 1), steps)
        with Wire(command, folder, {"proofs": {"delay": _DELAY_MS}}) as wire:
            ours.milliseconds["verdict"] = _verdicts(
                Typist(wire, path, path.read_text(), "toon", 2)
            )
        _show("nectarc lsp", ours)
        if importlib.util.find_spec("pylsp") is None:
            sys.stdout.write("  pylsp is not installed: `pip install nectarc[bench]`\n")
            return
        path = folder / "same_size.py"
        path.write_text(_python_of_size(len(varied_policy(_RULES))))
        with Wire([sys.executable, "-m", "pylsp"], folder, log=subprocess.DEVNULL) as wire:
            typist = Typist(wire, path, path.read_text(), "python", 1)
            _show("pylsp", _typed(typist, min(steps, _PEER_STEPS)))


def _typed(typist: Typist, steps: int) -> _Measured:
    spent: dict[str, list[float]] = {"diagnostics": [], "completion": [], "hover": []}
    megabytes: list[float] = []
    for step in range(steps):
        if step and step % max(1, steps // 10) == 0:
            megabytes.append(typist.wire.memory_bytes() / (1 << 20))
        start = time.perf_counter()
        place = typist.edit()
        typist.wire.diagnostics(typist.uri, typist.version)
        _add(spent["diagnostics"], start)
        match step % 3:
            case 0:
                _timed(spent["completion"], partial(typist.ask, "completion", place))
            case 1:
                _timed(spent["hover"], partial(typist.ask, "hover", typist.place()))
    return _Measured(spent, [*megabytes, typist.wire.memory_bytes() / (1 << 20)])


def _verdicts(typist: Typist) -> list[float]:
    """Return how long after the pause a verdict about an edited policy is there."""
    spent: list[float] = []

    def is_settled(message: Message) -> bool:
        told = message.get("params") or {}
        return (
            message.get("method") == "nectarc/proofState"
            and told["version"] == typist.version
            and told["state"] in _SETTLED
        )

    typist.wire.wait_for(is_settled)
    for _ in range(_PAUSES):
        start = time.perf_counter()
        typist.edit()
        typist.wire.wait_for(is_settled)
        spent.append((time.perf_counter() - start) * 1000 - _DELAY_MS)
    return spent


def _timed(into: list[float], job: Callable[[], object]) -> None:
    start = time.perf_counter()
    job()
    _add(into, start)


def _add(into: list[float], start: float) -> None:
    into.append((time.perf_counter() - start) * 1000)


def _show(name: str, measured: _Measured) -> None:
    tenths = " ".join(f"{one:.0f}" for one in measured.megabytes)
    sys.stdout.write(f"  {name}: memory after each tenth, in MB: {tenths}\n")
    for what, values in measured.milliseconds.items():
        if not values:
            continue
        middle, most, worst = (_at(values, share) for share in (0.5, 0.95, 1.0))
        aim = f"   aim p95 {_AIMS[what]}" if name != "pylsp" else ""
        sys.stdout.write(
            f"    {what:<12} p50 {middle:7.1f} ms   p95 {most:7.1f} ms   max {worst:7.1f} ms{aim}\n"
        )


def _at(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _python_of_size(characters: int) -> str:
    return "".join(_functions(characters))


def _functions(characters: int) -> Iterator[str]:
    length = 0
    number = 0
    while length < characters:
        number += 1
        text = (
            f"def rule_{number}(spans: list[dict[str, object]]) -> bool:\n"
            f'    """What team {number} asked for."""\n'
            f'    return any(span.get("http.status") == {number} for span in spans)\n\n\n'
        )
        length += len(text)
        yield text


if __name__ == "__main__":
    bench_editor(int(sys.argv[1]) if len(sys.argv) > 1 else MANY_STEPS)
