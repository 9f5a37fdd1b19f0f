"""Values that tell nothing about anyone: what standards and conventions define.

Owns: the closed vocabularies by field. Must not know: a corpus. Truth: RFC 9110, 9; OpenTelemetry
semantic conventions 1.43 (enumerated attributes); gRPC's status codes; refinery-semantics.md, 6.2.
"""

from __future__ import annotations

from typing import Final

from nectarc.trace import Value


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_METHODS: Final = _words("GET HEAD POST PUT DELETE CONNECT OPTIONS TRACE PATCH QUERY _OTHER")
_KINDS: Final = _words("client server internal producer consumer unspecified unknown")
_DATABASES: Final = _words(
    "postgresql mysql mariadb mssql sqlite redis mongodb cassandra elasticsearch oracle db2"
    " dynamodb aws.dynamodb microsoft.sql_server oracle.db cosmosdb memcached clickhouse"
    " other_sql neo4j opensearch cockroachdb"
)
_QUEUES: Final = _words(
    "kafka rabbitmq activemq aws_sqs aws.sns aws_sns gcp_pubsub pulsar rocketmq jms servicebus"
    " eventhubs eventgrid nats"
)
_RPC: Final = _words("grpc java_rmi dotnet_wcf apache_dubbo connect_rpc jsonrpc")
_ENVIRONMENTS: Final = _words("production staging test development")
_LANGUAGES: Final = _words("cpp dotnet erlang go java nodejs php python ruby rust swift webjs")
_SIGNALS: Final = _words("trace log metric span_event link")
_STATUS_WORDS: Final = _words("OK ERROR UNSET Ok Error Unset ok error unset")

_TEXTS: Final = {
    "http.method": _METHODS,
    "http.request.method": _METHODS,
    "method": _METHODS,
    "span.kind": _KINDS,
    "span_kind": _KINDS,
    "kind": _KINDS,
    "type": _KINDS,
    "db.system": _DATABASES,
    "db.system.name": _DATABASES,
    "messaging.system": _QUEUES,
    "rpc.system": _RPC,
    "rpc.system.name": _RPC,
    "deployment.environment": _ENVIRONMENTS,
    "deployment.environment.name": _ENVIRONMENTS,
    "telemetry.sdk.language": _LANGUAGES,
    "meta.signal_type": _SIGNALS,
    "meta.annotation_type": _SIGNALS,
    "otel.status_code": _STATUS_WORDS,
}
# Fields whose numbers are codes of a standard, with the largest code.
_CODES: Final = {
    "http.status": 599,
    "http.status_code": 599,
    "http.response.status_code": 599,
    "status_code": 2,
    "rpc.grpc.status_code": 16,
    "severity_code": 24,
}


def is_public(field: str, value: Value) -> bool:
    """Say whether `value` is of a closed vocabulary that belongs to `field`; booleans always."""
    if value is None or isinstance(value, bool):
        return True
    if isinstance(value, str):
        return value in _TEXTS.get(field, ()) or (value.isascii() and _is_code(field, value))
    return isinstance(value, (int, float)) and _is_code(field, f"{value:g}")


def is_coded(field: str) -> bool:
    """Say whether the field's numbers are codes."""
    return field in _CODES


def _is_code(field: str, text: str) -> bool:
    largest = _CODES.get(field)
    return largest is not None and text.isdigit() and len(text) <= 3 and int(text) <= largest
