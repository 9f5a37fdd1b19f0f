"""How large this process is.

Owns: asking the operating system. Must not know: what for.
"""

from __future__ import annotations

import os
import sys
from typing import Final

_STATM: Final = "/proc/self/statm"


def resident_bytes() -> int:
    """Return the memory that this process holds, 0 where nothing says so (Windows).

    On macOS it is the most that it ever held.
    """
    try:
        with open(_STATM, encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, AttributeError):
        pass
    if sys.platform == "darwin":
        import resource  # noqa: PLC0415 - not there on Windows

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return 0
