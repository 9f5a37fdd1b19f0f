"""Sampler keys with so many values that hardly any repeats.

Owns: NEC231 and the names that are known for it. Must not know: how a corpus counts.
Truth: ../shared/reference/refinery-semantics.md, 1.2 (MaxKeys 500), 4.3 to 4.5.
"""

from __future__ import annotations

from typing import Final

from nectarc.ir import nodes as ir
from nectarc.semantics.context import Context
from nectarc.semantics.rule_list import CheckedRule
from nectarc.syntax.ast import FieldName

# Refinery's default MaxKeys: beyond it, new keys are neither counted nor sampled.
KEYS_MAX: Final = 500

_MANY_VALUES: Final = frozenset(
    [
        "trace.span_id",
        "trace.link.trace_id",
        "trace.link.span_id",
        "duration_ms",
        "url.full",
        "http.url",
        "http.target",
        "url.path",
        "url.query",
        "user.id",
        "user.email",
        "user.name",
        "enduser.id",
        "session.id",
        "session.previous_id",
        "db.statement",
        "db.query.text",
        "exception.stacktrace",
        "exception.message",
        "status_message",
        "client.address",
        "client.port",
        "client.socket.port",
        "net.peer.port",
        "net.sock.peer.port",
        "network.peer.port",
        "http.client_ip",
        "http.user_agent",
        "user_agent.original",
        "thread.id",
        "process.pid",
        "process.command_line",
        "container.id",
        "k8s.pod.uid",
        "k8s.pod.name",
        "host.id",
        "service.instance.id",
        "messaging.message.id",
        "messaging.message_id",
        "messaging.message.conversation_id",
        "messaging.kafka.offset",
        "messaging.kafka.message.offset",
        "faas.invocation_id",
        "faas.execution",
        "http.request.header.x-request-id",
        "request.id",
        "request_id",
        "gen_ai.response.id",
    ]
)


def lint_key_cardinality(rules: list[CheckedRule], context: Context) -> None:
    """Warn of fields in sampler keys that are known, or seen, to have very many values."""
    for one in rules:
        if not isinstance(one.action, ir.DynamicSampler) or one.rule.action is None:
            continue
        for argument in one.rule.action.arguments:
            if argument.name == "fields" and isinstance(argument.value, tuple):
                for field in argument.value:
                    if isinstance(field, FieldName):
                        _check_field(field, context)


def _check_field(field: FieldName, context: Context) -> None:
    found = context.fields.find(field.name, is_quoted=field.is_quoted)
    if found is None:
        return
    seen = _seen(found.spellings, context)
    is_known = any(name in _MANY_VALUES for name in found.spellings)
    if seen is not None and seen > KEYS_MAX:
        headline = f"`{field.name}` has {seen} values or more in the corpus"
    elif is_known and seen is None:
        headline = f"`{field.name}` has a value of its own in nearly every trace"
    else:
        return
    context.report(
        "NEC231",
        field.source,
        headline,
        why="a key that hardly repeats is never common, so every trace is kept at rate 1",
        help="use fields that name kinds of traffic, such as `http.route` or `service`",
    )


def _seen(spellings: tuple[str, ...], context: Context) -> int | None:
    schema = context.options.schema
    if schema is None:
        return None
    counts = [schema.cardinality(name) for name in spellings]
    known = [count for count in counts if count is not None]
    return max(known) if known else None
