"""Shares and rates: Refinery keeps one in n for a whole n.

Owns: rounding of `sample(p)`. Must not know: rules.
Truth: docs/language.md, section 4.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from nectarc.diagnostic import Edit, Fix
from nectarc.semantics.context import Context
from nectarc.syntax.ast import Ratio

# Rates are Go ints; beyond this nothing is ever kept in a lifetime.
RATE_MAX: Final = 2**31 - 1
_ERROR_MAX: Final = Fraction(15, 100)


def nearest_rate(share: Fraction) -> int:
    """Return the n >= 1 with the least |1/n - share|, the smaller on a tie; 0 < share <= 1."""
    below = share.denominator // share.numerator  # 1/below >= share
    above = below + 1
    return below if Fraction(1, below) - share <= share - Fraction(1, above) else above


def check_share(ratio: Ratio, action: str, context: Context) -> int | None:
    """Return the n of `sample(p)` or `deterministic(p)`; None after an error (said)."""
    share = Fraction(0)
    if ratio.denominator:
        share = ratio.numerator / ratio.denominator
    if not 0 < share <= 1:
        # `SampleRate: 10` is how Refinery itself says one in ten.
        is_count = 1 < share <= RATE_MAX and share.denominator == 1
        context.report(
            "NEC225",
            ratio.source,
            f"`{action}` keeps a share above 0 and at most 1",
            why="the share is the part of the matching traces that is kept",
            help=f"write `{action}(1/{share})` to keep one in {share}"
            if is_count
            else "write `drop` to keep none, `keep` to keep all, or a share such as `1/20`",
            fixes=(Fix(f"write `1/{share}`", (Edit(ratio.source, f"1/{share}"),)),)
            if is_count
            else (),
        )
        return None
    if share.denominator // share.numerator > RATE_MAX:
        context.report(
            "NEC225",
            ratio.source,
            f"one in more than {RATE_MAX} traces is none",
            why="Refinery counts rates in whole numbers of limited size",
            help="write `drop` to keep none",
        )
        return None
    rate = nearest_rate(share)
    if Fraction(1, rate) != share:
        return _rounded(ratio, action, share, rate, context)
    return rate


def _rounded(ratio: Ratio, action: str, share: Fraction, rate: int, context: Context) -> int | None:
    error = abs(Fraction(1, rate) - share) / share
    fix = Fix(f"write `1/{rate}`", (Edit(ratio.source, f"1/{rate}"),))
    percent = f"{float(error) * 100:.3g} %"
    if error > _ERROR_MAX or ratio.is_ratio or action == "deterministic":
        context.report(
            "NEC227",
            ratio.source,
            f"no whole n makes one in n this share: the nearest is `1/{rate}`, {percent} off",
            why="Refinery keeps one in n for a whole n",
            help=f"write `{action}(1/{rate})` if that is what is meant",
            fixes=(fix,),
        )
        return None
    context.report(
        "NEC226",
        ratio.source,
        f"Refinery will keep one in {rate}, which is {percent} off this share",
        why="Refinery keeps one in n for a whole n",
        fixes=(Fix(fix.title, fix.edits, is_safe=True),),
    )
    return rate
