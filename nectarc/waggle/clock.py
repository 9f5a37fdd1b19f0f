"""Times of a corpus as dates: nanoseconds since 1970 to UTC, without a clock.

Owns: the calendar. Must not know: time zones, now.
Truth: Howard Hinnant, "chrono-compatible low-level date algorithms" (civil_from_days).
"""

from __future__ import annotations

from typing import Final

_SECOND_NS: Final = 1_000_000_000
_DAY_S: Final = 86_400


def utc_words(time_ns: int) -> str:
    """Return `2022-08-22 03:51:04`, in UTC; "" for a time that is not known (0)."""
    if time_ns <= 0:
        return ""
    days, seconds = divmod(time_ns // _SECOND_NS, _DAY_S)
    year, month, day = _date(days)
    hour, rest = divmod(seconds, 3600)
    minute, second = divmod(rest, 60)
    return f"{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"


def span_words(start_ns: int, end_ns: int) -> str:
    """Return `2022-08-22 03:51:04 to 04:10:00 UTC`; the date twice where it changes."""
    start, end = utc_words(start_ns), utc_words(end_ns)
    if not start or not end:
        return ""
    if start == end:
        return f"{start} UTC"
    return f"{start} to {end[11:] if start[:10] == end[:10] else end} UTC"


def _date(days: int) -> tuple[int, int, int]:
    """Return year, month, day of a day since 1970-01-01."""
    shifted = days + 719_468
    era, day_of_era = divmod(shifted, 146_097)
    year_of_era = (
        day_of_era - day_of_era // 1_460 + day_of_era // 36_524 - day_of_era // 146_096
    ) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted_month = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * shifted_month + 2) // 5 + 1
    month = shifted_month + 3 if shifted_month < 10 else shifted_month - 9
    return year_of_era + era * 400 + (month <= 2), month, day
