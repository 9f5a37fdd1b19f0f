"""The icon of the VS Code extension: a cell of a honeycomb with a check mark in it.

Owns: editors/vscode/images/icon.png, which `python3 tools/draw_icon.py` draws again.
"""

from __future__ import annotations

import math
import struct
import zlib
from itertools import pairwise
from pathlib import Path

SIZE = 128
FINE = 4  # samples per pixel and direction
Point = tuple[float, float]
NONE = (0, 0, 0, 0)
DARK, HONEY, LIGHT = (28, 25, 23, 255), (245, 158, 11, 255), (255, 251, 235, 255)
CHECK = ((40.0, 66.0), (57.0, 83.0), (90.0, 46.0))


def in_hexagon(x: float, y: float, radius: float) -> bool:
    """Say whether the point lies in a hexagon that stands on a corner, around the middle."""
    across, up = abs(x - SIZE / 2), abs(y - SIZE / 2)
    flat = radius * math.sqrt(3) / 2
    return across <= flat and up <= radius - across / math.sqrt(3)


def near_check(x: float, y: float, width: float) -> bool:
    """Say whether the point is on the check mark's stroke."""
    return any(distance((x, y), start, end) <= width / 2 for start, end in pairwise(CHECK))


def distance(point: Point, start: Point, end: Point) -> float:
    """Return the distance of a point from a line between two points."""
    (x, y), (ax, ay), (bx, by) = point, start, end
    length = (bx - ax) ** 2 + (by - ay) ** 2
    along = max(0.0, min(1.0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length))
    return math.hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay))


def colour(x: float, y: float) -> tuple[int, int, int, int]:
    """Return the colour of a point."""
    if near_check(x, y, 13):
        return LIGHT if in_hexagon(x, y, 48) else NONE
    if in_hexagon(x, y, 46):
        return HONEY
    return DARK if in_hexagon(x, y, 62) else NONE


def pixel(column: int, row: int) -> bytes:
    """Return the pixel's colour: the middle of its samples."""
    total = [0, 0, 0, 0]
    for down in range(FINE):
        for right in range(FINE):
            *rgb, alpha = colour(column + (right + 0.5) / FINE, row + (down + 0.5) / FINE)
            for at, part in enumerate(rgb):
                total[at] += part * alpha
            total[3] += alpha
    if total[3] == 0:
        return bytes(4)
    return bytes([*(round(part / total[3]) for part in total[:3]), round(total[3] / FINE**2)])


def chunk(kind: bytes, body: bytes) -> bytes:
    """Return a chunk of a PNG file."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


rows = b"".join(
    b"\0" + b"".join(pixel(column, row) for column in range(SIZE)) for row in range(SIZE)
)
header = struct.pack(">IIBBBBB", SIZE, SIZE, 8, 6, 0, 0, 0)
png = (
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", header)
    + chunk(b"IDAT", zlib.compress(rows, 9))
    + chunk(b"IEND", b"")
)
ICON = Path(__file__).parents[1] / "editors" / "vscode" / "images" / "icon.png"
ICON.write_bytes(png)
