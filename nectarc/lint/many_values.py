"""Names of fields that are known, or likely, to have very many values.

Owns: the names, as data. Must not know: who asks.
Truth: OpenTelemetry's semantic conventions; ../shared/reference/refinery-semantics.md, 8 (T45).
"""

from __future__ import annotations

from typing import Final

# A value of its own in nearly every trace, whatever the traffic.
_OWN_VALUE_EACH: Final = frozenset(
    [
        *("trace.trace_id", "trace.span_id", "trace.parent_id", "traceId", "parentId"),
        *("trace_id", "span_id", "parent_id", "traceID", "spanID", "spanId"),
        *("trace.link.trace_id", "trace.link.span_id", "trace.links", "meta.trace_id"),
        *("request.id", "request_id", "requestId", "x-request-id", "x_request_id"),
        *("http.request.id", "http.request_id", "http.request.header.x-request-id"),
        *("aws.request_id", "correlation.id", "correlation_id", "correlationId"),
        *("url.full", "http.url", "url.query", "request.url"),
        *("duration_ms", "timestamp", "Timestamp", "time", "start_time", "end_time"),
        *("messaging.message.id", "messaging.message_id", "messaging.kafka.offset"),
        *("messaging.message.conversation_id", "messaging.kafka.message.offset"),
        *("faas.invocation_id", "faas.execution", "gen_ai.response.id", "uuid", "guid", "nonce"),
    ]
)
# Often thousands of values, but that depends on the service.
_MAY_HAVE_MANY: Final = frozenset(
    [
        *("http.target", "request.path", "http.path", "url.path", "url"),
        *("user.id", "user.email", "user.name", "enduser.id", "session.id"),
        *("user_id", "session_id", "customer_id", "account_id", "order_id"),
        *("db.statement", "db.query.text", "db.query", "exception.message", "error.message"),
        *("exception.stacktrace", "status_message", "message", "body"),
        *("client.address", "client.port", "client.socket.port", "net.peer.ip", "net.peer.port"),
        *("net.sock.peer.port", "network.peer.port", "network.peer.address", "http.client_ip"),
        *("http.user_agent", "user_agent.original", "thread.id", "process.pid"),
        *("process.command_line", "container.id", "k8s.pod.uid", "k8s.pod.name", "host.id"),
        *("service.instance.id", "entropy", "random", "hash"),
    ]
)
_OWN_ENDINGS: Final = (".request_id", ".request.id", ".uuid", ".guid", ".trace_id", ".span_id")
_MANY_ENDINGS: Final = (".id", "_id", ".uid", "_uuid", ".entropy", ".timestamp")


def has_own_value_each(name: str) -> bool:
    """Say whether a field, `root.` before it or not, is known to differ in nearly every trace."""
    bare = name.removeprefix("root.")
    return bare in _OWN_VALUE_EACH or bare.endswith(_OWN_ENDINGS)


def may_have_many(name: str) -> bool:
    """Say whether a field has very many values in many services."""
    bare = name.removeprefix("root.")
    return bare in _MAY_HAVE_MANY or bare.endswith(_MANY_ENDINGS)
