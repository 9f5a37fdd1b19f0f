"""A field of text over the spans of a table, as codes: what counting by service or route needs.

Owns: `TextCodes`. Must not know: what is counted.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nectarc.corpus.arrow import codes_of
from nectarc.corpus.span_table import SpanTable


class TextCodes(NamedTuple):
    """codes: (spans,) index in `texts`, -1 where the span has no such text, or "".

    texts: distinct values, in no order.
    """

    codes: npt.NDArray[np.int64]
    texts: list[str]

    def at(self, code: int) -> str:
        """Return the text of a code, "" for none."""
        return self.texts[code] if 0 <= code < len(self.texts) else ""


def text_codes(table: SpanTable, name: str) -> TextCodes:
    """Return the field `name`, which `table` need not have."""
    texts = table.columns[name].texts if name in table.columns else None
    if texts is None:
        return TextCodes(np.full(table.span_count, -1, np.int64), [])
    codes = codes_of(texts).astype(np.int64)
    known: list[str] = texts.dictionary.to_pylist()
    if "" in known:
        codes[codes == known.index("")] = -1
    return TextCodes(codes, known)
