"""Zipped bytes -> plain bytes, in a stream, keeping all that came before any damage.

Owns: gzip and zstd, several of them one after another. Must not know: what is inside.
Truth: RFC 1952 (members may follow one another), RFC 8878 (so may frames).
`zstandard` is imported only for a file that needs it.
"""

from __future__ import annotations

import io
import zlib
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

GZIP_MAGIC: Final = b"\x1f\x8b"
ZSTD_MAGIC: Final = b"\x28\xb5\x2f\xfd"
_BLOCK_BYTES: Final = 65_536
_GZIP_WINDOW: Final = 31  # zlib's way to say: the largest window, in a gzip member


class Bytes(Protocol):
    """What is needed of a file."""

    def read(self, size: int = -1, /) -> bytes:
        """Return up to `size` bytes, none at the end."""


class _Unpacker(Protocol):
    """One gzip member or zstd frame."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /) -> bytes: ...


class Unpacked(io.RawIOBase):
    """The plain bytes of a zipped stream; at damage they end, and `damage` says what is wrong."""

    def __init__(self, packed: Bytes, magic: bytes) -> None:
        """Start before the first byte; `magic` is one of the two above."""
        self.damage = ""
        self._packed = packed
        self._magic = magic
        self._unpacker: _Unpacker | None = None
        self._input = b""
        self._output = b""
        self._is_over = False

    def readable(self) -> bool:
        """Say that this is a stream to read from."""
        return True

    def read(self, size: int = -1, /) -> bytes:
        """Return up to `size` bytes, all of them where it is negative."""
        return super().read(size) or b""

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill `buffer` and return how many bytes that took, 0 at the end."""
        while not self._output and not self._is_over:
            self._step()
        target = memoryview(buffer)
        taken = self._output[: len(target)]
        target[: len(taken)] = taken
        self._output = self._output[len(taken) :]
        return len(taken)

    def _step(self) -> None:
        if not self._input:
            self._input = self._packed.read(_BLOCK_BYTES)
        if not self._input:
            self._finish("" if self._unpacker is None else "it ends too early")
            return
        if self._unpacker is None and not self._input.strip(b"\0"):
            self._input = b""  # what tar and tapes fill blocks with
            return
        try:
            if self._unpacker is None:
                self._unpacker = _unpacker(self._magic)
            self._output = self._unpacker.decompress(self._input)
        except Exception as error:  # noqa: BLE001 - zstandard's own type needs its import
            self._finish(str(error))
            return
        self._input = b""
        if self._unpacker.eof:
            self._input = self._unpacker.unused_data
            self._unpacker = None

    def _finish(self, damage: str) -> None:
        self._is_over = True
        self.damage = damage


def _unpacker(magic: bytes) -> _Unpacker:
    if magic == GZIP_MAGIC:
        return zlib.decompressobj(_GZIP_WINDOW)
    from zstandard import ZstdDecompressor  # noqa: PLC0415 - see above

    return ZstdDecompressor().decompressobj()
