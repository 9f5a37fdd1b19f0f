"""pyarrow behind types: the few things that the corpus asks of it.

Owns: what is built from, and taken out of, Arrow arrays. Must not know: traces, files, Parquet.
pyarrow has no types of its own, so its objects go by the names below; nothing else says `Any`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

# One-dimensional, immutable; a chunked array is several of them, a dictionary array has
# `indices` into `dictionary`.
Array: TypeAlias = Any

Int32s: TypeAlias = npt.NDArray[np.int32]
Int64s: TypeAlias = npt.NDArray[np.int64]
Float64s: TypeAlias = npt.NDArray[np.float64]
Bools: TypeAlias = npt.NDArray[np.bool_]

DICTIONARY_TEXT: Final = pa.dictionary(pa.int32(), pa.string())
TEXT: Final = pa.string()
INT64: Final = pa.int64()
FLOAT64: Final = pa.float64()
BOOL: Final = pa.bool_()


def array_of(values: Sequence[object], arrow_type: object) -> Array:
    """Return an array of `values`, None being null; raises UnicodeError for half characters."""
    return pa.array(values, arrow_type)


def texts_of(values: Sequence[str | None]) -> Array:
    """Return a dictionary array of texts; its dictionary is in order of first occurrence."""
    return pa.array(values, TEXT).dictionary_encode()


def scattered(values: Array, rows: Int64s | Int32s, length: int) -> Array:
    """Return an array of `length` that has `values` at `rows`, null elsewhere."""
    if len(rows) == length:
        return values
    places = np.zeros(length, np.int32)
    places[rows] = np.arange(len(rows), dtype=np.int32)
    is_null = np.ones(length, np.bool_)
    is_null[rows] = False
    return values.take(pa.array(places, mask=is_null))


def valid_rows(values: Array) -> Int64s:
    """Return the indices of what is not null, ascending."""
    if values.null_count == 0:
        return np.arange(len(values), dtype=np.int64)
    found: Int64s = np.flatnonzero(values.is_valid().to_numpy(zero_copy_only=False))
    return found


def valid_values(values: Array) -> Array:
    """Return what is not null, in order."""
    return values if values.null_count == 0 else values.drop_null()


def python_values(values: Array) -> list[Any]:
    """Return Python's values, None for null; equal texts of a dictionary array are one object."""
    if isinstance(values.type, pa.DictionaryType):
        texts = values.dictionary.to_pylist()
        indices = values.indices.to_pylist()
        return [None if index is None else texts[index] for index in indices]
    found: list[Any] = values.to_pylist()
    return found


def one_array(chunks: Array) -> Array:
    """Return a chunked array, or an array, as one array with one dictionary."""
    if isinstance(chunks, pa.ChunkedArray):
        if chunks.num_chunks == 1:
            return chunks.chunk(0)
        return chunks.unify_dictionaries().combine_chunks()
    return chunks


def joined(arrays: Sequence[Array]) -> Array:
    """Return one array after another, of one type, as one array with one dictionary."""
    return one_array(pa.chunked_array(arrays))


def int64s(values: Array) -> Int64s:
    """Return whole numbers, truth values as 0 and 1; null is 0."""
    whole = values.cast(INT64) if values.type == BOOL else values
    found: Int64s = pc.fill_null(whole, 0).to_numpy(zero_copy_only=False).astype(np.int64)
    return found


def float64s(values: Array, default: float) -> Float64s:
    """Return numbers; null is `default`."""
    found: Float64s = pc.fill_null(values, default).to_numpy(zero_copy_only=False)
    return found


def bools(values: Array) -> Bools:
    """Return truth values; null is False."""
    found: Bools = pc.fill_null(values, False).to_numpy(zero_copy_only=False)
    return found


def codes_of(values: Array) -> Int32s:
    """Return the indices of a dictionary array; null is -1."""
    found: Int32s = pc.fill_null(values.indices, -1).to_numpy(zero_copy_only=False)
    return found.astype(np.int32, copy=False)


def array_of_numbers(values: npt.NDArray[Any]) -> Array:
    """Return the numbers or truth values of a numpy array, none of them null."""
    return pa.array(values)


def repeated(values: Array, counts: Int64s) -> Array:
    """Return each value so many times in a row."""
    return values.take(pa.array(np.repeat(np.arange(len(values)), counts)))


def taken(arrays: Sequence[Array], indices: Int64s) -> Array:
    """Return the values at `indices` of arrays that stand one after the other."""
    return joined(arrays).take(pa.array(indices))


def plain_texts(arrays: Sequence[Array]) -> Array:
    """Return numbers, truth values and texts as one string array; `from_texts` reads it exactly."""
    return one_array(pa.chunked_array([array.cast(TEXT) for array in arrays], TEXT))


def from_texts(texts: Array, arrow_type: object) -> Array:
    """Return what `plain_texts` wrote."""
    if arrow_type == DICTIONARY_TEXT:
        return texts.dictionary_encode()
    return texts.cast(arrow_type)


def text_maps(offsets: Int64s, names: Sequence[str], codes: Int64s, texts: Array) -> Array:
    """Return one map<string, string> a row; entry i is `names[codes[i]]` with `texts[i]`."""
    keys = pa.array(names, TEXT).take(pa.array(codes))
    return pa.MapArray.from_arrays(pa.array(offsets.astype(np.int32)), keys, texts)


def map_entries(maps: Array) -> tuple[Int64s, Array, Array]:
    """Return offsets of each row's entries, all keys (a dictionary array), all items."""
    offsets = maps.offsets.to_numpy(zero_copy_only=False).astype(np.int64)
    start, length = int(offsets[0]), int(offsets[-1] - offsets[0])
    keys = maps.keys.slice(start, length).dictionary_encode()
    return offsets - start, keys, maps.items.slice(start, length)


def write_parquet(path: str, columns: Mapping[str, Array], metadata: Mapping[str, str]) -> None:
    """Write one row group, zstd; raises OSError."""
    table = pa.table(dict(columns)).replace_schema_metadata(dict(metadata))
    few = [
        name
        for name, values in columns.items()
        if isinstance(values.type, pa.DictionaryType) and 2 * len(values.dictionary) <= len(values)
    ]
    plain = {"trace_id", "source", "weight", "sample_rate", "start_time_ns"}
    pq.write_table(
        table,
        path,
        compression="zstd",
        use_dictionary=[*few, *(plain & columns.keys())] or False,
        # Times of one trace lie near each other: their differences take a third of the room.
        column_encoding={"span_start_ns": "DELTA_BINARY_PACKED"}
        if "span_start_ns" in columns
        else None,
        row_group_size=max(1, table.num_rows),
        write_statistics=False,
    )


def read_parquet_footer(path: str) -> tuple[Mapping[str, str], Sequence[str]]:
    """Return the texts in the footer and the names of the columns; raises OSError.

    What is no Parquet file raises OSError as well: it says what is damaged.
    """
    try:
        schema = pq.read_schema(path)
    except pa.ArrowException as error:
        raise OSError(str(error)) from error
    metadata = {
        key.decode(errors="replace"): value.decode(errors="replace")
        for key, value in (schema.metadata or {}).items()
    }
    return metadata, schema.names


def read_parquet(path: str, names: Sequence[str], dictionaries: Sequence[str]) -> dict[str, Array]:
    """Read columns, those in `dictionaries` as dictionary arrays; raises OSError."""
    try:
        with pq.ParquetFile(path, read_dictionary=list(dictionaries)) as file:
            table = file.read(columns=list(names), use_threads=True)
    except pa.ArrowException as error:
        raise OSError(str(error)) from error
    return {name: one_array(table.column(name)) for name in table.column_names if name in names}


def count_equal(texts: Array, text: str) -> int:
    """Return how many elements of a dictionary array are `text`."""
    found: int = pc.sum(pc.equal(texts, text)).as_py() or 0
    return found


def distinct(values: Array) -> Array:
    """Return each value once; texts as a string array."""
    if isinstance(values.type, pa.DictionaryType):
        return values.dictionary.take(values.indices.unique())
    return values.unique()


def text_bytes(texts: Array) -> tuple[Int64s, npt.NDArray[np.uint8]]:
    """Return offsets and UTF-8 bytes of a string array without nulls."""
    _, raw_offsets, raw_data = texts.buffers()
    offsets = np.frombuffer(raw_offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    data = np.frombuffer(raw_data or b"", np.uint8)
    return offsets.astype(np.int64), data
