# ruff: noqa: INP001 - a program, not a package
"""A small shop, instrumented with the real OpenTelemetry SDK, under a seeded load.

`python examples/shop/shop.py --seed 7 --out traces.jsonl` writes one OTLP JSON request for each
trace. The services run in this process, each with its own tracer provider, and call each other
through W3C trace context. Time is virtual: a slow call costs nothing, and the same seed gives the
same bytes. Needs `pip install nectarc[shop]`.
"""

from __future__ import annotations

import argparse
import base64
import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from google.protobuf.json_format import MessageToDict
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import Link, Span, SpanContext, SpanKind, StatusCode, use_span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

START_NS: Final = 1_772_442_000_000_000_000  # Monday 2026-03-02, 09:00 UTC
SERVER_ERROR: Final = 500
CLIENT_ERROR: Final = 400
PROPAGATOR: Final = TraceContextTextMapPropagator()


class Clock:
    """The shop's time, in nanoseconds since 1970; it moves only when told to."""

    def __init__(self, rng: random.Random) -> None:
        """Start on a Monday morning."""
        self._rng = rng
        self.now_ns = START_NS

    def work(self, mean_ms: float) -> None:
        """Let some work of about `mean_ms` pass."""
        self.now_ns += int(mean_ms * 1e6 * self._rng.uniform(0.5, 1.5))


class SeededIds(IdGenerator):
    """Trace and span ids from the load's own seed."""

    def __init__(self, rng: random.Random) -> None:
        """Draw from `rng`."""
        self._rng = rng

    def generate_span_id(self) -> int:
        """Return a span id that is not 0."""
        return self._rng.randrange(1, 2**64)

    def generate_trace_id(self) -> int:
        """Return a trace id that is not 0."""
        return self._rng.randrange(1, 2**128)


class Collector(SpanProcessor):
    """Holds ended spans and writes them as the collector's file exporter would."""

    def __init__(self) -> None:
        """Start empty."""
        self._spans: list[ReadableSpan] = []
        self.lines: list[str] = []

    def on_end(self, span: ReadableSpan) -> None:
        """Keep a span."""
        self._spans.append(span)

    def flush(self, *, loses_root: bool = False) -> None:
        """Write the spans since the last flush as one request; `loses_root` as networks do."""
        spans = [s for s in self._spans if s.parent is not None or not loses_root]
        self._spans = []
        if spans:
            request = MessageToDict(encode_spans(spans), use_integers_for_enums=True)
            self.lines.append(json.dumps(_otlp_json(request), separators=(",", ":")) + "\n")


def _otlp_json(item: object) -> object:
    """Turn protobuf's JSON into OTLP's: ids in hex; `flags` differ between versions of the SDK."""
    if isinstance(item, list):
        return [_otlp_json(element) for element in item]
    if not isinstance(item, dict):
        return item
    return {
        key: base64.b64decode(value).hex()
        if key in {"traceId", "spanId", "parentSpanId"}
        else _otlp_json(value)
        for key, value in item.items()
        if key != "flags"
    }


@dataclass(frozen=True)
class Names:
    """The attribute names of one version of OpenTelemetry's HTTP conventions."""

    method: str
    status: str
    path: str


NEW_NAMES: Final = Names("http.request.method", "http.response.status_code", "url.path")
OLD_NAMES: Final = Names("http.method", "http.status_code", "http.target")

Handler = Callable[[Span], int]


class Service:
    """One service: a resource, a tracer, and how it serves and calls."""

    def __init__(self, shop: Shop, name: str, version: str, names: Names = NEW_NAMES) -> None:
        """Set up a tracer provider of its own."""
        resource = Resource(
            {
                "service.name": name,
                "service.version": version,
                "deployment.environment.name": "production",
                "host.name": f"{name}-{shop.rng.randrange(16**6):06x}",
                "telemetry.sdk.language": "python",
                "telemetry.sdk.name": "opentelemetry",
                # Not the installed version: the output must not depend on it.
                "telemetry.sdk.version": "1.x",
            }
        )
        provider = TracerProvider(
            sampler=ALWAYS_ON,
            resource=resource,
            id_generator=shop.ids,
            shutdown_on_exit=False,
        )
        provider.add_span_processor(shop.collector)
        self._tracer = provider.get_tracer("opentelemetry.instrumentation.wsgi", "0.50b0")
        self._shop = shop
        self._names = names
        self.name = name

    @contextmanager
    def span(
        self,
        name: str,
        kind: SpanKind = SpanKind.INTERNAL,
        *,
        parent: Context | None = None,
        attributes: dict[str, str | int | float | bool] | None = None,
        links: list[Link] | None = None,
    ) -> Iterator[Span]:
        """Run a span on the shop's clock."""
        clock = self._shop.clock
        span = self._tracer.start_span(
            name, parent, kind, attributes, links or [], start_time=clock.now_ns
        )
        with use_span(span, record_exception=False, set_status_on_exception=False):
            try:
                yield span
            finally:
                span.end(end_time=clock.now_ns)

    def serve(self, carrier: dict[str, str], method: str, route: str, handler: Handler) -> int:
        """Serve one request; the handler returns the HTTP status."""
        parent = PROPAGATOR.extract(carrier, Context())
        with self.span(f"{method} {route}", SpanKind.SERVER, parent=parent) as span:
            path = route.replace("{id}", str(self._shop.rng.randrange(1, 500)))
            span.set_attribute(self._names.method, method)
            span.set_attribute("http.route", route)
            span.set_attribute(self._names.path, path)
            status = handler(span)
            span.set_attribute(self._names.status, status)
            if status >= SERVER_ERROR:
                span.set_status(StatusCode.ERROR)
            return status

    def call(self, callee: Service, method: str, route: str, handler: Handler) -> int:
        """Call another service over HTTP; returns the status."""
        with self.span(method, SpanKind.CLIENT) as span:
            span.set_attribute(self._names.method, method)
            span.set_attribute("server.address", callee.name)
            carrier: dict[str, str] = {}
            PROPAGATOR.inject(carrier)
            self._shop.clock.work(1)
            status = callee.serve(carrier, method, route, handler)
            self._shop.clock.work(1)
            span.set_attribute(self._names.status, status)
            if status >= CLIENT_ERROR:
                span.set_status(StatusCode.ERROR)
            return status

    def query(self, statement: str, mean_ms: float) -> None:
        """Ask the service's database."""
        attributes: dict[str, str | int | float | bool] = {
            "db.system.name": "postgresql",
            "db.query.text": statement,
        }
        with self.span("SELECT shop", SpanKind.CLIENT, attributes=attributes):
            self._shop.clock.work(mean_ms)

    def fail(self, span: Span, kind: str, message: str) -> None:
        """Record an exception on the span, as instrumentation does."""
        error = type(kind, (Exception,), {})(message)
        # The real stack trace would name the folder that this file is in.
        trace = f"Traceback (most recent call last):\n{kind}: {message}\n"
        span.record_exception(
            error,
            attributes={"exception.type": f"shop.{kind}", "exception.stacktrace": trace},
            timestamp=self._shop.clock.now_ns,
        )
        span.set_status(StatusCode.ERROR, message)


@dataclass
class Shop:
    """The services and what happens in them."""

    rng: random.Random
    collector: Collector = field(default_factory=Collector)
    receipts: list[SpanContext] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Open the shop."""
        self.clock = Clock(self.rng)
        self.ids = SeededIds(self.rng)
        self.frontend = Service(self, "frontend", "4.2.0")
        self.checkout = Service(self, "checkout", "2.7.1")
        self.payments = Service(self, "payments", "1.9.3")
        self.inventory = Service(self, "inventory", "0.8.0", OLD_NAMES)  # nobody dares to update it
        self.emailer = Service(self, "emailer", "1.1.0")

    def health_check(self) -> None:
        """Answer a load balancer."""
        services = [self.frontend, self.checkout, self.payments, self.inventory]
        self.rng.choice(services).serve({}, "GET", "/healthz", self._healthy)

    def _healthy(self, _span: Span) -> int:
        self.clock.work(0.4)
        return 200

    def browse(
        self, *, is_missing: bool = False, is_down: bool = False, slow_ms: float = 0
    ) -> None:
        """Look at a product."""

        def stock(span: Span) -> int:
            self.clock.work(2)
            if is_down:
                self.inventory.fail(span, "ConnectionError", "could not connect to the database")
                return 500
            self.inventory.query("SELECT * FROM stock WHERE product = $1", 6 + slow_ms)
            return 404 if is_missing else 200

        def page(span: Span) -> int:
            span.set_attribute("user.tier", self.rng.choice(["free", "free", "plus"]))
            self.clock.work(4)
            status = self.frontend.call(self.inventory, "GET", "/stock/{id}", stock)
            self.clock.work(3)
            return 502 if status >= SERVER_ERROR else status

        self.frontend.serve({}, "GET", "/product/{id}", page)

    def buy(self, *, is_declined: bool = False, outage: int = 0, slow_ms: float = 0) -> None:
        """Check a cart out; `outage` is the status that the payment service fails with."""
        amount = round(self.rng.uniform(5, 400), 2)

        def charge(span: Span) -> int:
            span.set_attribute("shop.amount", amount)
            self.clock.work(5)
            if outage:
                self.payments.fail(span, "UpstreamTimeout", "the card network did not answer")
                return outage
            with self.payments.span("charge card") as card:
                card.set_attribute("shop.card.network", self.rng.choice(["visa", "mastercard"]))
                self.clock.work(60 + slow_ms)
                if is_declined:
                    self.payments.fail(card, "PaymentDeclined", "insufficient funds")
            return 200  # a declined card is an answer, and no failure of the service

        def order(span: Span) -> int:
            span.set_attribute("shop.items", self.rng.randrange(1, 9))
            self.clock.work(6)
            self.checkout.query("SELECT * FROM carts WHERE id = $1", 5)
            status = self.checkout.call(self.payments, "POST", "/charge", charge)
            if status >= SERVER_ERROR:
                return 502
            if not is_declined:
                with self.checkout.span("receipts publish", SpanKind.PRODUCER) as message:
                    message.set_attribute("messaging.system", "nats")
                    message.add_event("message sent", timestamp=self.clock.now_ns)
                    self.receipts.append(message.get_span_context())
                    self.clock.work(1)
            return 200

        def page(span: Span) -> int:
            span.set_attribute("user.tier", self.rng.choice(["free", "plus"]))
            self.clock.work(5)
            status = self.frontend.call(self.checkout, "POST", "/orders", order)
            self.clock.work(4)
            return 500 if status >= SERVER_ERROR else 200

        self.frontend.serve({}, "POST", "/cart/checkout", page)

    def send_receipts(self, *, bounces: bool = False, slow_ms: float = 0) -> None:
        """Run the emailer's job: a trace without any HTTP, linked to the orders it serves."""
        links = [Link(context) for context in self.receipts[-4:]]
        self.receipts.clear()
        with self.emailer.span("send receipts", links=links) as job:
            job.set_attribute("job.name", "send-receipts")
            self.clock.work(8 + slow_ms)
            for number in range(max(1, len(links))):
                with self.emailer.span("smtp send", SpanKind.CLIENT) as mail:
                    mail.set_attribute("server.address", "smtp.example.com")
                    self.clock.work(40)
                    if bounces and number == 0:
                        self.emailer.fail(mail, "SMTPRecipientsRefused", "mailbox unavailable")


def run_load(shop: Shop, traces: int) -> None:
    """Drive the shop with about the mix of a quiet morning."""
    slow_ms = 11_000  # half as much at least, so more than five seconds
    mix: list[tuple[int, Callable[[], None], bool]] = [
        (400, shop.browse, False),
        (190, shop.buy, False),
        (190, shop.health_check, False),
        (70, shop.send_receipts, False),
        (32, lambda: shop.buy(is_declined=True), False),
        (8, lambda: shop.send_receipts(bounces=True), False),
        (8, lambda: shop.browse(is_missing=True), False),
        (14, lambda: shop.browse(is_down=True), False),
        (16, lambda: shop.buy(outage=503), False),
        (14, lambda: shop.browse(slow_ms=slow_ms), False),
        (14, lambda: shop.buy(slow_ms=slow_ms), False),
        (6, lambda: shop.send_receipts(slow_ms=3 * slow_ms), False),
        (20, shop.browse, True),
        (18, shop.buy, True),
    ]
    weights = [weight for weight, _, _ in mix]
    for _ in range(traces):
        _, happen, loses_root = shop.rng.choices(mix, weights)[0]
        happen()
        shop.collector.flush(loses_root=loses_root)
        shop.clock.work(1_900)


def run_outage(shop: Shop, traces: int) -> None:
    """Replay the morning on which no card could be charged."""
    for _ in range(traces):
        shop.buy(outage=shop.rng.choice([500, 503, 504]))
        shop.collector.flush()
        shop.clock.work(700)


def main() -> None:
    """Write the traces of a load, or of the outage."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--traces", type=int, default=300)
    parser.add_argument("--outage", action="store_true", help="the payment outage, not the load")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    shop = Shop(random.Random(options.seed))  # noqa: S311 - a load, not a secret
    (run_outage if options.outage else run_load)(shop, options.traces)
    options.out.write_text("".join(shop.collector.lines), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
