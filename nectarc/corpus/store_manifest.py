"""`corpus.json`: which files of a corpus folder count, and what they hold in all.

Owns: its format, reading it, the one replacement that makes an ingest count, the lock.
Must not know: Parquet. Truth: docs/decisions/0008-corpus-parquet.md.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from nectarc.codes import finding
from nectarc.corpus.schema import MANIFEST_FILE
from nectarc.diagnostic import Diagnostic
from nectarc.files import unreadable, write_atomically
from nectarc.records import part, record
from nectarc.source import SourceSpan

VERSION: Final = 2
_FORMAT: Final = "nectarc corpus"
_OWN_NAME: Final = re.compile(r"[0-9]{4,}-[0-9a-f]{12}\.parquet")
_TEMPORARY: Final = re.compile(r"\.ingest-[0-9a-f]{12}")


@record(kw_only=True)
class PartEntry:
    """One file: spans of the traces whose id falls into `partition`.

    traces:   traces that no earlier file has spans of. weight: what these stand for, and what the
              weights of the others changed by. rates: the same for the rates of the sender alone.
    rate_max: the largest of these rates.
    """

    name: str
    partition: int
    traces: int
    spans: int
    size: int
    weight: float
    rates: float
    rate_max: float


@record(kw_only=True)
class Manifest:
    """What a corpus folder holds.

    generation:  changes with every ingest; `schema.json` names the one that it was counted for.
    partitions:  a power of two; a trace is in partition `partition_of(trace id) % partitions`.
    next_number: of the next new trace, in the order of first arrival.
    parts:       in the order of their making.
    absorbed:    files of traces beside it that are in the corpus already, by name; their sizes.
    """

    generation: str = ""
    partitions: int = 1
    next_number: int = 0
    parts: tuple[PartEntry, ...] = ()
    absorbed: Mapping[str, int] = part(default_factory=dict)

    @property
    def trace_count(self) -> int:
        """Return how many traces there are."""
        return sum(entry.traces for entry in self.parts)

    @property
    def span_count(self) -> int:
        """Return how many spans, span events and links there are."""
        return sum(entry.spans for entry in self.parts)

    @property
    def weight(self) -> float:
        """Return how many traces of the real traffic all of them stand for."""
        return sum(entry.weight for entry in self.parts)

    @property
    def rates(self) -> float:
        """Return how many traces they stood for when they came, before any reservoir."""
        return sum(entry.rates for entry in self.parts)


def read_manifest(folder: str) -> Manifest | Diagnostic | None:
    """Read the manifest of a corpus folder; None where there is none."""
    path = Path(folder, MANIFEST_FILE)
    try:
        record = json.loads(path.read_bytes())
        if record["format"] != _FORMAT or record["version"] != VERSION:
            return _damaged(path, f"says version {record['version']}, which is not {VERSION}")
        return Manifest(
            generation=str(record["generation"]),
            partitions=int(record["partitions"]),
            next_number=int(record["next_number"]),
            parts=tuple(PartEntry(**entry) for entry in record["parts"]),
            absorbed={str(name): int(size) for name, size in record["absorbed"].items()},
        )
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        return unreadable(str(path), error)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return _damaged(path, "is no manifest that nectarc wrote")


def write_manifest(folder: str, manifest: Manifest) -> Diagnostic | None:
    """Replace the manifest: from now on these files count, and no others."""
    record = {
        "format": _FORMAT,
        "version": VERSION,
        "generation": manifest.generation,
        "partitions": manifest.partitions,
        "next_number": manifest.next_number,
        "traces": manifest.trace_count,
        "spans": manifest.span_count,
        "weight": manifest.weight,
        "parts": [
            {
                "name": entry.name,
                "partition": entry.partition,
                "traces": entry.traces,
                "spans": entry.spans,
                "size": entry.size,
                "weight": entry.weight,
                "rates": entry.rates,
                "rate_max": entry.rate_max,
            }
            for entry in manifest.parts
        ],
        "absorbed": dict(manifest.absorbed),
    }
    return write_atomically(str(Path(folder, MANIFEST_FILE)), json.dumps(record, indent=1) + "\n")


def is_corpus(path: str) -> bool:
    """Tell whether a path is a corpus folder."""
    return "\0" not in path and Path(path, MANIFEST_FILE).is_file()


def part_name(partition: int, generation: str) -> str:
    """Return the name of a new part."""
    return f"{partition:04d}-{generation}.parquet"


def temporary_name(generation: str) -> str:
    """Return the name of the folder that an ingest works in."""
    return f".ingest-{generation}"


def leftovers(folder: str, manifest: Manifest) -> tuple[Path, ...]:
    """Return what interrupted ingests left, which does not count."""
    counted = {entry.name for entry in manifest.parts}
    return tuple(
        path
        for path in _listed(folder)
        if (_OWN_NAME.fullmatch(path.name) and path.name not in counted)
        or (_TEMPORARY.fullmatch(path.name) and not _is_held(path))
    )


def strangers(folder: str, manifest: Manifest, suffixes: tuple[str, ...]) -> tuple[Path, ...]:
    """Return files with `suffixes` that lie in the folder and are not in the corpus."""
    return tuple(
        path
        for path in _listed(folder)
        if path.name.endswith(suffixes)
        and path.is_file()
        and not path.name.startswith(".")
        and not _OWN_NAME.fullmatch(path.name)
        and manifest.absorbed.get(path.name) != path.stat().st_size
    )


@contextlib.contextmanager
def locked(folder: str) -> Iterator[bool]:
    """Hold the folder for writing; False where another process holds it. Raises OSError.

    The lock is on the folder itself: it leaves no file, and goes with the process.
    """
    try:
        import fcntl  # noqa: PLC0415 - not on Windows, where the manifest's generation is all
    except ImportError:
        yield True
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:  # the other one, which had made it, gave it up
        yield False
        return
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        except OSError:  # a file system without locks
            pass
        # Somebody may have put another folder in its place; the lock is on the old one then.
        try:
            is_same = identity_of(folder) == _identity(os.fstat(descriptor))
        except FileNotFoundError:
            is_same = False
        yield is_same
    finally:
        os.close(descriptor)


def identity_of(path: str) -> tuple[int, int]:
    """Return what tells one folder from another that took its name; raises OSError."""
    return _identity(Path(path).stat())


def _identity(found: os.stat_result) -> tuple[int, int]:
    return found.st_dev, found.st_ino


class HeldFolder:
    """A new folder that is one process's own: nobody takes it for a leftover while it is open."""

    def __init__(self, path: Path) -> None:
        """Make it; raises OSError, also where the folder around it is gone."""
        path.mkdir()
        self._descriptor: int | None = None
        with contextlib.suppress(ImportError, OSError):
            import fcntl  # noqa: PLC0415 - not on Windows

            self._descriptor = os.open(path, os.O_RDONLY)
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def close(self) -> None:
        """Let go of it; it stays where it is."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _is_held(path: Path) -> bool:
    """Tell whether a process has a temporary folder of an ingest open."""
    try:
        with locked(str(path)) as is_free:
            return not is_free
    except OSError:
        return True


def damaged_part(path: str, problem: str, entry: PartEntry) -> Diagnostic:
    """Say that a file which the manifest names cannot be read."""
    return finding(
        "NEC426",
        SourceSpan(path, 0, 0),
        f"`{path}` cannot be read: {problem}",
        why=f"{entry.traces} traces with {entry.spans} spans are in it; without them, what is "
        "said of this corpus is not about all of it",
        help="bring the file back from a copy; or else move the folder away and ingest again",
    )


def lost_manifest(folder: Path, part: Path) -> Diagnostic:
    """Say that a folder has files of a corpus, but nothing says which of them count."""
    return _damaged(folder / MANIFEST_FILE, f"is missing, though `{part.name}` is there")


def _damaged(path: Path, words: str) -> Diagnostic:
    return finding(
        "NEC426",
        SourceSpan(str(path), 0, 0),
        f"`{path}` {words}",
        why="it names the files of the corpus; without it nobody knows which of them count",
        help="bring the file back from a copy; or else move the folder away and ingest again",
    )


def _listed(folder: str) -> list[Path]:
    try:
        return sorted(Path(folder).iterdir())
    except OSError:
        return []
