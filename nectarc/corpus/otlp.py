"""An OTLP trace request as both of its encodings carry it.

Owns: the model that the JSON and the protobuf reader fill and the translation to events reads.
Must not know: either encoding, Refinery's field names.
Truth: opentelemetry-proto v1 (trace, common, resource); ../shared/reference/refinery-semantics.md,
section 6, for which parts of a request Refinery looks at.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Final, NamedTuple, TypeAlias

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

    def inside(self, place: str) -> OtlpError:
        """Return the same error as seen from the part around `place`."""
        return OtlpError(f"{place}.{self.place}" if self.place else place, self.problem)


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
    """A key-value list without its empty keys and values, in the order of flattening.

    is_null: Refinery prints it as `null` (its Go map was never made), not as `{}`.
    """

    pairs: tuple[Attribute, ...]
    is_null: bool = False


# None is a value of a kind that Refinery does not know: a field that is there, with null.
OtlpValue: TypeAlias = "str | bool | int | float | Base64 | Array | KeyValues | None"
# Empty keys and values are left out by the readers, as Refinery leaves them out.
Attribute: TypeAlias = tuple[str, OtlpValue]


class Own(Enum):
    """What a scope or a resource says of itself beside its attributes."""

    SCOPE_NAME = auto()
    SCOPE_VERSION = auto()
    SCOPE_SCHEMA_URL = auto()
    RESOURCE_SCHEMA_URL = auto()


# In the order of the request, because the first of equal names counts. No `Own` text is empty.
Part: TypeAlias = "tuple[Own, str] | Attribute"


class SpanEvent(NamedTuple):
    """One event of a span; `time_ns` is 0 where it is missing.

    exception: what the span takes over from it if it is its first event that is not None here.
    """

    time_ns: int
    name: str
    attributes: tuple[Attribute, ...]
    exception: tuple[Attribute, ...] | None


class Link(NamedTuple):
    """One link of a span; the ids are lower-case hex."""

    trace_id: str
    span_id: str
    attributes: tuple[Attribute, ...]


class OtlpSpan(NamedTuple):
    """One span. Ids are lower-case hex ("" = missing), times nanoseconds (0 = missing).

    trace_states: the non-empty ones; more than one only where the request repeats the member.
    kind: Refinery's word (`server`, ..., `unspecified`), since every unknown kind is that.
    has_error: a status said error, even where a repeated one took the code back.
    """

    trace_id: str
    span_id: str
    parent_id: str
    trace_states: tuple[str, ...]
    name: str
    kind: str
    start_ns: int
    end_ns: int
    status_code: int
    status_message: str
    has_error: bool
    attributes: tuple[Attribute, ...]
    events: tuple[SpanEvent, ...]
    links: tuple[Link, ...]


class Scope(NamedTuple):
    """An instrumentation scope and its spans."""

    parts: tuple[Part, ...]
    spans: tuple[OtlpSpan, ...]


class Resource(NamedTuple):
    """A resource and its scopes; `service_name` is "" where it has none that is a string."""

    service_name: str
    parts: tuple[Part, ...]
    scopes: tuple[Scope, ...]


Request: TypeAlias = tuple[Resource, ...]

# A key-value list inside more than this many others is printed, not flattened (section 6.4).
FLATTEN_DEPTH: Final = 5
KIND_WORDS: Final = ("unspecified", "internal", "server", "client", "producer", "consumer")
STATUS_CODES: Final = ("STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR")
STATUS_ERROR: Final = 2
SERVICE_NAME: Final = "service.name"
EXCEPTION: Final = "exception"
EXCEPTION_TEXTS: Final = frozenset({"exception.message", "exception.type", "exception.stacktrace"})
EXCEPTION_FLAG: Final = "exception.escaped"
# Refinery writes the length of an id in hex into one byte; beyond, it cannot read its own event.
_ID_BYTES_MAX: Final = 127


def kind_word(number: int) -> str:
    """Return Refinery's word for the span kind of that number, of which 32 bits count."""
    number &= 0xFFFF_FFFF
    return KIND_WORDS[number] if number < len(KIND_WORDS) else KIND_WORDS[0]


def hex_id(raw: bytes) -> str:
    """Return the lower-case digits of a trace or span id."""
    if len(raw) > _ID_BYTES_MAX:
        raise OtlpError("", f"an id has at most {_ID_BYTES_MAX} bytes")
    return raw.hex()
