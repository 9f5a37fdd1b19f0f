"""A server on this machine that speaks the Messages API: JSON and event stream, and its failures.

It answers POST /v1/messages from a script, a reply a request, and remembers what it was sent.
Forms: https://platform.claude.com/docs/en/api/messages and .../streaming, as anthropic 2.12 reads
them.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Final, NamedTuple

MODEL: Final = "claude-of-tests"
_PIECE: Final = 400
_USAGE: Final = {
    "input_tokens": 100,
    "cache_creation_input_tokens": 0,
    "cache_read_input_tokens": 3000,
    "output_tokens": 50,
}


class Reply(NamedTuple):
    """One reply.

    text: what Claude writes. stop: its stop_reason. status: of HTTP; others than 200 are errors.
    message: of an error. headers: besides the usual ones.
    breaks:  "" | "before" (no answer at all) | "midst" (half a stream) | "json" (damaged JSON) |
             "type" (a page of HTML) | "event" (an error in the midst of the stream, of the type
             `kind`) | "packed" (said to be gzip, and is not) | "index" (a piece of no block).
    delay_s: before the answer. usage: instead of the usual counts of tokens.
    """

    text: str = ""
    stop: str = "end_turn"
    status: int = 200
    message: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    breaks: str = ""
    delay_s: float = 0.0
    kind: str = "overloaded_error"
    usage: dict[str, Any] | None = None


class Received(NamedTuple):
    """One request: its path, headers (lower case) and body."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]


class MessagesServer:
    """The server. url: for ANTHROPIC_BASE_URL. requests: what came to /v1/messages, in order."""

    def __init__(self, replies: Sequence[Reply], *, has_count: bool = True) -> None:
        self.requests: list[Received] = []
        self.counted: list[Received] = []
        self._replies = list(replies)
        self._has_count = has_count
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                with suppress(ConnectionError):  # a client that waits no longer
                    outer._answer(self)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    @contextmanager
    def running(self) -> Iterator[MessagesServer]:
        """Serve until the block ends."""
        thread = Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers.get("content-length", "0"))
        body = json.loads(handler.rfile.read(length))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        received = Received(handler.path, headers, body)
        if handler.path.endswith("/v1/messages/count_tokens"):
            self._count(handler, received)
            return
        self.requests.append(received)
        reply = self._replies.pop(0) if self._replies else _error(500, "the script has ended")
        time.sleep(reply.delay_s)
        if reply.breaks == "before":
            handler.close_connection = True
            handler.connection.close()
        elif reply.breaks == "type":
            _send(handler, 200, b"<html>a proxy's page</html>", "text/html")
        elif reply.breaks == "packed":
            packed = (("content-encoding", "gzip"),)
            kind = "text/event-stream" if body.get("stream") else "application/json"
            _send(handler, 200, b"not packed at all", kind, packed)
        elif reply.status != 200:
            _send_json(handler, reply.status, _error_body(reply), reply.headers)
        elif body.get("stream"):
            _send_events(handler, reply)
        elif reply.breaks == "json":
            _send(handler, 200, json.dumps(_message(reply)).encode()[:-20], "application/json")
        elif reply.breaks == "midst":
            data = json.dumps(_message(reply)).encode()
            _begin(handler, 200, "application/json", len(data))
            handler.wfile.write(data[: len(data) // 2])
            handler.close_connection = True
        else:
            _send_json(handler, 200, _message(reply), reply.headers)

    def _count(self, handler: BaseHTTPRequestHandler, received: Received) -> None:
        self.counted.append(received)
        if self._has_count:
            size = len(json.dumps(received.body)) // 4
            _send_json(handler, 200, {"input_tokens": size}, ())
        else:
            _send_json(handler, 404, _error_body(_error(404, "no such path")), ())


def _error(status: int, message: str) -> Reply:
    return Reply(status=status, message=message)


def _message(reply: Reply) -> dict[str, Any]:
    return {
        "id": "msg_test",
        "type": "message",
        "role": "assistant",
        "model": MODEL,
        "content": [{"type": "text", "text": reply.text}] if reply.text else [],
        "stop_reason": reply.stop,
        "stop_sequence": None,
        "usage": _USAGE if reply.usage is None else reply.usage,
    }


def _error_body(reply: Reply) -> dict[str, Any]:
    kinds = {
        400: "invalid_request_error", 401: "authentication_error", 403: "permission_error",
        404: "not_found_error", 413: "request_too_large", 429: "rate_limit_error",
        529: "overloaded_error",
    }  # fmt: skip
    kind = kinds.get(reply.status, "api_error")
    return {"type": "error", "error": {"type": kind, "message": reply.message}}


def _events(reply: Reply) -> Iterator[dict[str, Any]]:
    message = _message(reply)
    yield {"type": "message_start", "message": {**message, "content": [], "stop_reason": None}}
    if reply.text:
        yield {
            "type": "content_block_start",
            "index": 0,
            "content_block": {"type": "text", "text": ""},
        }
        for start in range(0, len(reply.text), _PIECE):
            piece = reply.text[start : start + _PIECE]
            yield {
                "type": "content_block_delta",
                "index": 0,
                "delta": {"type": "text_delta", "text": piece},
            }
        yield {"type": "content_block_stop", "index": 0}
    yield {
        "type": "message_delta",
        "delta": {"stop_reason": reply.stop, "stop_sequence": None},
        "usage": {"output_tokens": 50},
    }
    yield {"type": "message_stop"}


def _send_events(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    handler.send_response(200)
    handler.send_header("content-type", "text/event-stream")
    handler.send_header("connection", "close")
    handler.end_headers()
    handler.close_connection = True
    events = list(_events(reply))
    if reply.breaks in ("midst", "event", "json"):
        events = events[: len(events) // 2]
    elif reply.breaks == "index":
        events = [one for one in events if one["type"] != "content_block_start"]
    for event in events:
        data = f"event: {event['type']}\ndata: {json.dumps(event)}\n\n"
        handler.wfile.write(data.encode())
    if reply.breaks == "event":
        said = {"type": reply.kind, "message": reply.message or "Overloaded"}
        error = {"type": "error", "error": said}
        handler.wfile.write(f"event: error\ndata: {json.dumps(error)}\n\n".encode())
    if reply.breaks == "json":
        handler.wfile.write(b"event: content_block_delta\ndata: {broken\n\n")


def _send_json(
    handler: BaseHTTPRequestHandler,
    status: int,
    body: dict[str, Any],
    headers: Sequence[tuple[str, str]],
) -> None:
    _send(handler, status, json.dumps(body).encode(), "application/json", headers)


def _send(
    handler: BaseHTTPRequestHandler,
    status: int,
    data: bytes,
    kind: str,
    headers: Sequence[tuple[str, str]] = (),
) -> None:
    _begin(handler, status, kind, len(data), headers)
    handler.wfile.write(data)


def _begin(
    handler: BaseHTTPRequestHandler,
    status: int,
    kind: str,
    length: int,
    headers: Sequence[tuple[str, str]] = (),
) -> None:
    handler.send_response(status)
    handler.send_header("content-type", kind)
    handler.send_header("content-length", str(length))
    for name, value in headers:
        handler.send_header(name, value)
    handler.end_headers()
