"""Adding traces to a corpus folder: all of an ingest counts, or nothing.

Owns: `ingest`, what it refuses, its report. Must not know: policies, how parts are laid out.
Truth: ../shared/design/product.md (`ingest`); docs/decisions/0008-corpus-parquet.md.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Sequence
from pathlib import Path

from nectarc.codes import finding
from nectarc.corpus.corpus_store import CorpusStore, part_problems
from nectarc.corpus.formats.csv_map import CsvMap
from nectarc.corpus.garbage import collection_paused
from nectarc.corpus.gathering import Gathering, OnProgress, Reading
from nectarc.corpus.parts import PartError
from nectarc.corpus.schema import MANIFEST_FILE, SCHEMA_FILE, TRACES_FILE, read_schema
from nectarc.corpus.spill import Spill
from nectarc.corpus.store import read_stored_paths
from nectarc.corpus.store_manifest import (
    Manifest,
    leftovers,
    locked,
    lost_manifest,
    read_manifest,
)
from nectarc.corpus.store_writer import Writer
from nectarc.corpus.strata import Drawn, Sample, draw
from nectarc.corpus.trace_files import find_trace_files
from nectarc.diagnostic import Diagnostic
from nectarc.files import unwritable
from nectarc.records import record, replace
from nectarc.source import SourceSpan


@record(kw_only=True)
class IngestReport:
    """What an ingest did.

    read:       what came in. traces, spans: what the store holds now.
    duplicates: spans that were there before or came twice, kept once.
    drawn:      what the reservoir kept, None without `--sample`.
    sampling:   how the corpus was sampled, in words, "" where it is whole.
    is_stored:  the store holds all that was read; False leaves the old one whole, and `problems`
                says why.
    """

    store: str
    read: Reading
    traces: int = 0
    spans: int = 0
    traces_added: int = 0
    spans_added: int = 0
    duplicates: int = 0
    drawn: Drawn | None = None
    sampling: str = ""
    is_stored: bool = False
    problems: tuple[Diagnostic, ...] = ()

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Return every finding of the ingest, hints included."""
        twice = (_duplicates(self.store, self.duplicates),) if self.duplicates else ()
        read = self.read.diagnostics() if self.read.files or not self.problems else ()
        return (*read, *self.problems, *twice)


def ingest(
    paths: Sequence[str],
    store: str | Path,
    *,
    sample: Sample | None = None,
    csv_map: CsvMap | None = None,
    progress: OnProgress | None = None,
) -> IngestReport:
    """Add the traces of `paths` to the corpus folder `store`, made if it is missing.

    The store is at any time the old one or the new one, whole, also after Ctrl-C. A store with
    files that cannot be read is not added to. With nothing new its files stay untouched. Traces
    that lie in the folder as raw exports, or as the store of nectarc 0.1, come in first.
    """
    folder = Path(store)
    try:
        was_there = folder.is_dir()
        folder.mkdir(parents=True, exist_ok=True)
        with collection_paused(), locked(str(folder)) as is_ours:
            if not is_ours:
                return _refused(folder, _busy(folder))
            try:
                return _ingest(
                    Gathering(paths, progress, read_stored_paths, csv_map), folder, sample
                )
            finally:
                # Only if nothing came of it, and only while it is ours: another ingest that waits
                # for it would else work in a folder that is gone, beside one that makes it anew.
                if not was_there:
                    with contextlib.suppress(OSError):
                        folder.rmdir()
    except OSError as error:
        return _refused(folder, unwritable(str(folder), error))


def _ingest(gathering: Gathering, folder: Path, sample: Sample | None) -> IngestReport:
    progress = gathering.progress
    refused = _prepare(folder, progress)
    if refused is not None:
        return refused
    manifest = read_manifest(str(folder))
    held = manifest if isinstance(manifest, Manifest) else Manifest()
    return _add(gathering, folder, held, sample=sample, progress=progress)


def _prepare(folder: Path, progress: OnProgress | None) -> IngestReport | None:
    """Bring the folder into a state that can be added to; a report where that cannot be."""
    manifest = read_manifest(str(folder))
    if manifest is None:
        return _take_over(folder, progress)
    if isinstance(manifest, Diagnostic):
        return _refused(folder, manifest)
    damaged = part_problems(str(folder), manifest)
    if damaged:
        return _refused(folder, *damaged.values(), manifest=manifest)
    for path in leftovers(str(folder), manifest):
        _remove(path)
    return None


def _take_over(folder: Path, progress: OnProgress | None) -> IngestReport | None:
    """Bring in what lies in the folder already; a report where that fails, which ends the ingest.

    A store of nectarc 0.1 is replaced; raw exports stay where they are, and are remembered.
    """
    manifest_lost = [path for path in leftovers(str(folder), Manifest()) if path.is_file()]
    if manifest_lost:
        return _refused(folder, lost_manifest(folder, manifest_lost[0]))
    own = {SCHEMA_FILE, MANIFEST_FILE}
    found = [p for p in find_trace_files([str(folder)]).files if Path(p).name not in own]
    if not found:
        return None
    is_old_store = [Path(path).name for path in found] == [TRACES_FILE] and (
        (folder / SCHEMA_FILE).exists()
    )
    gathering = Gathering(found, progress, read_stored_paths)
    report = _add(gathering, folder, Manifest(), progress=progress, absorbs=found)
    if is_old_store and report.is_stored:
        (folder / TRACES_FILE).unlink(missing_ok=True)
    return None if report.is_stored else report


def _add(  # noqa: PLR0913 - one ingest, all that it is told
    gathering: Gathering,
    folder: Path,
    manifest: Manifest,
    *,
    progress: OnProgress | None,
    sample: Sample | None = None,
    absorbs: Sequence[str] = (),
) -> IngestReport:
    writer = Writer(str(folder), manifest)
    try:
        spill = Spill(folder)
        spans = 0
        number = manifest.next_number
        for arrival, source in gathering:
            spill.add(arrival, source, number)
            spans += len(arrival.spans)
            number += 1
        read = gathering.reading()
        problems = _left_out_of_old_store(read, absorbs)
        if problems:
            return _refused(folder, *problems, read=read, manifest=manifest)
        writer.grow(spans)
        writer.add(spill, progress)
        drawn = None if sample is None else draw(writer, sample)
        if absorbs:
            writer.manifest = replace(
                writer.manifest,
                absorbed={Path(path).name: Path(path).stat().st_size for path in absorbs},
            )
        problem = _commit(writer, folder, manifest)
    except (OSError, PartError) as error:
        reason = error if isinstance(error, OSError) else OSError(str(error))
        read = gathering.reading()
        return _refused(folder, unwritable(str(folder), reason), read=read, manifest=manifest)
    finally:
        writer.close()
    if problem is not None:
        return _refused(folder, problem, read=read, manifest=manifest)
    return _report(folder, read, writer, manifest, drawn)


def _commit(writer: Writer, folder: Path, old: Manifest) -> Diagnostic | None:
    """Let the new parts count, unless another process was faster."""
    now = read_manifest(str(folder))
    generation = now.generation if isinstance(now, Manifest) else ""
    if generation != old.generation:
        return _busy(folder)
    if writer.has_changed:
        return writer.commit()
    if old.parts and read_schema(str(folder)) is None:
        return writer.write_schema(old)
    return None


def _report(
    folder: Path, read: Reading, writer: Writer, old: Manifest, drawn: Drawn | None
) -> IngestReport:
    new = writer.result()
    with CorpusStore.open(str(folder)) as store:
        sampling = store.sampling_words
    return IngestReport(
        store=str(folder),
        read=read,
        traces=new.trace_count,
        spans=new.span_count,
        traces_added=new.trace_count - old.trace_count,
        spans_added=new.span_count - old.span_count,
        duplicates=writer.duplicates,
        drawn=drawn,
        sampling=sampling,
        is_stored=True,
    )


def _refused(
    folder: Path,
    *problems: Diagnostic,
    read: Reading | None = None,
    manifest: Manifest | None = None,
) -> IngestReport:
    held = manifest or Manifest()
    return IngestReport(
        store=str(folder),
        read=read or Reading(),
        traces=held.trace_count,
        spans=held.span_count,
        problems=problems,
    )


def _left_out_of_old_store(read: Reading, absorbs: Sequence[str]) -> tuple[Diagnostic, ...]:
    """Return what of an old store cannot be read: replacing it would lose that."""
    own = {path for path in absorbs if Path(path).name == TRACES_FILE}
    return tuple(
        bad.diagnostic() for bad in read.bad_records if bad.file in own and bad.code == "NEC422"
    )


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _busy(folder: Path) -> Diagnostic:
    return finding(
        "NEC427",
        SourceSpan(str(folder), 0, 0),
        f"another ingest is adding to `{folder}`",
        why="of two at once, the later would drop what the earlier added",
        help="run this one again when the other is done; nothing was changed",
    )


def _duplicates(store: str, count: int) -> Diagnostic:
    return finding(
        "NEC424",
        SourceSpan(store, 0, 0),
        f"{count} {'span' if count == 1 else 'spans'} came twice and stayed once",
        why="counted twice, a trace would weigh twice in volumes and budgets",
    )
