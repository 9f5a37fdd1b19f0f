"""Reading and writing the files that users name.

Owns: encodings, sizes, atomic replacement, and the diagnostics of a file system that says no.
Must not know: what the files hold. Truth: ../shared/design/product.md, "Conventions".
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from typing import Final

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic
from nectarc.source import SourceSpan, SourceText

STDIN: Final = "-"
STDIN_NAME: Final = "<stdin>"
# A policy of this size would hold a hundred thousand rules; a larger file is another file.
POLICY_BYTES_MAX: Final = 16 * 1024 * 1024
# Codes of input that could not be read and output that could not be written: exit status 2.
UNREADABLE: Final = frozenset(
    {
        "NEC400",
        "NEC401",
        "NEC402",
        "NEC403",
        "NEC407",
        "NEC421",
        "NEC423",
        "NEC426",
        "NEC427",
        "NEC429",
    }
)


def read_text(path: str, *, bytes_max: int = POLICY_BYTES_MAX) -> SourceText | Diagnostic:
    """Read the UTF-8 text at `path` (`-` is standard input); line ends stay as they are.

    A byte order mark is dropped. Reads at most `bytes_max` + 1 bytes, whatever the file's size.
    """
    name = STDIN_NAME if path == STDIN else path
    data = _read_bytes(path, name, bytes_max)
    return data if isinstance(data, Diagnostic) else text_of_bytes(name, data)


def text_of_bytes(name: str, data: bytes) -> SourceText | Diagnostic:
    """Decode the UTF-8 text of an input called `name`; a byte order mark is dropped."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _not_utf8(name, data, error.start)
    return SourceText.of(name, text.removeprefix("\ufeff"))


def read_bytes(path: str, *, bytes_max: int = POLICY_BYTES_MAX) -> bytes | Diagnostic:
    """Read the bytes at `path` (`-` is standard input), for formats that know other encodings."""
    return _read_bytes(path, STDIN_NAME if path == STDIN else path, bytes_max)


def read_lossy(path: str, *, bytes_max: int = POLICY_BYTES_MAX) -> SourceText | None:
    """Read `path` for showing a place in it: bytes that are not UTF-8 become U+FFFD."""
    data = _read_bytes(path, path, bytes_max)
    if isinstance(data, Diagnostic):
        return None
    text = data.decode("utf-8", errors="replace")
    return SourceText.of(path, text.removeprefix("\ufeff"))


def write_atomically(path: str, text: str) -> Diagnostic | None:
    """Write `text` to `path` as UTF-8; the file is at any time the old one or the new one, whole.

    A symbolic link stays and its target is replaced; the mode of an existing file stays. What is
    no regular file (a terminal, /dev/null, a pipe) is written directly.
    """
    data = text.encode("utf-8", errors="surrogatepass")
    target = os.path.realpath(path)
    try:
        mode = os.stat(target).st_mode
    except FileNotFoundError:
        mode = None
    except OSError as error:
        return unwritable(path, error)
    try:
        if mode is None or stat.S_ISREG(mode):
            _replace(target, data, mode)
        else:
            with open(target, "wb") as special:
                special.write(data)
    except OSError as error:
        return unwritable(path, error)
    return None


def unreadable(path: str, error: OSError) -> Diagnostic:
    """Say that the file system refuses to give `path`."""
    return finding(
        "NEC400",
        SourceSpan(path, 0, 0),
        f"`{path}` cannot be read: {_reason(error)}",
        help=_read_help(path, error),
    )


def unwritable(path: str, error: OSError) -> Diagnostic:
    """Say that the file system refuses to take `path`."""
    return finding(
        "NEC403",
        SourceSpan(path, 0, 0),
        f"`{path}` cannot be written: {_reason(error)}",
        why="what stood there before is unchanged: what reads it goes on with the old",
        help=_write_help(path, error),
    )


def _read_bytes(path: str, name: str, bytes_max: int) -> bytes | Diagnostic:
    try:
        if path == STDIN:
            data = sys.stdin.buffer.read(bytes_max + 1)
        else:
            with open(path, "rb") as file:
                data = file.read(bytes_max + 1)
    except OSError as error:
        return unreadable(name, error)
    except ValueError:  # a NUL in the name
        return unreadable(name, OSError("no file has such a name"))
    return data if len(data) <= bytes_max else _too_large(name, bytes_max)


def _too_large(name: str, bytes_max: int) -> Diagnostic:
    limit = f"{bytes_max // (1024 * 1024)} MiB" if bytes_max >= 1024 * 1024 else f"{bytes_max} B"
    return finding(
        "NEC402",
        SourceSpan(name, 0, 0),
        f"`{name}` is larger than {limit}, which no policy is",
        why="nothing of it was read, so no rule of it could be checked",
        help="check that this is the file you meant; recorded traces go through `nectarc ingest`",
    )


def _not_utf8(name: str, data: bytes, offset: int) -> Diagnostic:
    before = data[:offset].decode("utf-8").removeprefix("\ufeff")
    line = before.count("\n") + 1
    return finding(
        "NEC401",
        SourceSpan(name, len(before), len(before) + 1),
        f"`{name}` is not UTF-8 text: byte 0x{data[offset]:02x} in line {line}",
        label=f"byte {offset} of the file",
        why="a value in another encoding would never equal what spans carry, which is UTF-8",
        help=f"save the file as UTF-8, e.g. `iconv -f latin1 -t utf-8 {name}`",
    )


def _replace(target: str, data: bytes, mode: int | None) -> None:
    """Write beside `target`, then rename over it; on any failure only the new file goes."""
    folder, base = os.path.split(target)
    beside = os.path.join(folder, f".{base}.{os.getpid()}.tmp")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(beside, flags, 0o666)  # the umask takes its part
    try:
        with os.fdopen(descriptor, "wb") as file:
            if mode is not None:
                os.chmod(beside, stat.S_IMODE(mode))
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, target)
    except BaseException:  # Ctrl-C as well: no half file stays behind
        with contextlib.suppress(OSError):
            os.unlink(beside)
        raise


def _reason(error: OSError) -> str:
    words = error.strerror or str(error)
    return words[:1].lower() + words[1:]


def _read_help(path: str, error: OSError) -> str:
    if isinstance(error, IsADirectoryError):
        return f"name a file in it, e.g. `{os.path.join(path, 'policy.toon')}`"
    if isinstance(error, PermissionError):
        return "allow your user to read it"
    nearest = _nearest_file(path)
    return f"`{nearest}` is there: is it the one?" if nearest else "check the name and the folder"


def _write_help(path: str, error: OSError) -> str:
    if isinstance(error, FileNotFoundError) and not os.path.isdir(os.path.dirname(path) or "."):
        return f"make the folder first: `mkdir -p {os.path.dirname(path) or '.'}`"
    return "name another place to write to, or make room in this one"


def _nearest_file(path: str) -> str | None:
    from nectarc.spelling import nearest  # noqa: PLC0415 - only on the way out with an error

    folder = os.path.dirname(path)
    try:
        names = os.listdir(folder or ".")
    except OSError:
        return None
    found = nearest(os.path.basename(path), names)
    return None if found is None else os.path.join(folder, found)
