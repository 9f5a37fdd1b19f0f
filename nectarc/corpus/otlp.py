"""An OTLP trace request as both of its encodings carry it.

Owns: the model that the JSON and the protobuf reader fill and the translation to events reads.
Must not know: either encoding, Refinery's field names.
Truth: opentelemetry-proto v1 (trace, common, resource); ../shared/reference/refinery-semantics.md,
section 6, for which parts of a request Refinery looks at.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from nectarc.records import record


class OtlpError(Exception):
    """Refinery would refuse this whole request; `place` is the path of the part it stumbles on.

    An exception, not a diagnostic: it never leaves `nectarc.corpus`, whose readers turn it into a
    counted and located bad record.
    """

    def __init__(self, place: str, problem: str) -> None:
        """Remember the path inside the request and what is wrong there."""
        super().__init__(f"{place}: {problem}" if place else problem)
        self.place = place
        self.problem = problem


@record
class Base64:
    """A bytes value, held as the base64 text that Refinery prints for it."""

    text: str


@record
class Array:
    """An array value without its empty elements.

    is_null: Refinery prints it as `null` (its Go slice was never made), not as `[]`.
    """

    values: tuple[OtlpValue, ...]
    is_null: bool = False


@record
class KeyValues:
    """A key-value list without its empty keys and values, in the order of flattening."""

    pairs: tuple[Attribute, ...]


OtlpValue: TypeAlias = "str | bool | int | float | Base64 | Array | KeyValues"
# Empty keys and values are left out by the readers, as Refinery leaves them out.
Attribute: TypeAlias = tuple[str, OtlpValue]


class SpanEvent(NamedTuple):
    """One event of a span; `time_ns` is 0 where it is missing."""

    time_ns: int
    name: str
    attributes: tuple[Attribute, ...]


class Link(NamedTuple):
    """One link of a span; the ids are lower-case hex."""

    trace_id: str
    span_id: str
    attributes: tuple[Attribute, ...]


class OtlpSpan(NamedTuple):
    """One span. Ids are lower-case hex ("" = missing), times nanoseconds (0 = missing).

    kind: Refinery's word (`server`, ..., `unspecified`), since every unknown kind is that.
    """

    trace_id: str
    span_id: str
    parent_id: str
    trace_state: str
    name: str
    kind: str
    start_ns: int
    end_ns: int
    status_code: int
    status_message: str
    attributes: tuple[Attribute, ...]
    events: tuple[SpanEvent, ...]
    links: tuple[Link, ...]


class Scope(NamedTuple):
    """An instrumentation scope and its spans."""

    name: str
    version: str
    schema_url: str
    attributes: tuple[Attribute, ...]
    spans: tuple[OtlpSpan, ...]


class Resource(NamedTuple):
    """A resource and its scopes."""

    schema_url: str
    attributes: tuple[Attribute, ...]
    scopes: tuple[Scope, ...]


Request: TypeAlias = tuple[Resource, ...]

# A key-value list inside more than this many others is printed, not flattened (section 6.4).
FLATTEN_DEPTH = 5
KIND_WORDS = ("unspecified", "internal", "server", "client", "producer", "consumer")
STATUS_ERROR = 2
ERROR_CODES = {"STATUS_CODE_UNSET": 0, "STATUS_CODE_OK": 1, "STATUS_CODE_ERROR": STATUS_ERROR}


def kind_word(number: int) -> str:
    """Return Refinery's word for the span kind of that number."""
    return KIND_WORDS[number] if 0 <= number < len(KIND_WORDS) else KIND_WORDS[0]
