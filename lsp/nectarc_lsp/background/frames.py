"""Records between the server and its worker processes: a length, then a pickle.

Owns: the framing. Must not know: what is sent. Both ends are processes of one server, joined by
pipes that nobody else holds: nothing that a user wrote is ever unpickled.
"""

from __future__ import annotations

import pickle
from typing import BinaryIO, Final

_LENGTH_BYTES: Final = 8


def write_frame(pipe: BinaryIO, sent: object) -> None:
    """Write one record. Raises OSError where the other end is gone."""
    data = pickle.dumps(sent, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.write(len(data).to_bytes(_LENGTH_BYTES, "big") + data)
    pipe.flush()


def read_frame(pipe: BinaryIO) -> object:
    """Read one record. Raises EOFError where the other end is gone."""
    head = pipe.read(_LENGTH_BYTES)
    if len(head) < _LENGTH_BYTES:
        raise EOFError("the other end of the pipe is gone")
    length = int.from_bytes(head, "big")
    data = pipe.read(length)
    if len(data) < length:
        raise EOFError("the other end of the pipe is gone")
    received: object = pickle.loads(data)  # noqa: S301 - from our own process, see above
    return received
