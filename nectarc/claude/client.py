"""One request to the Messages API, and its answer: the only module that imports the SDK.

Owns: the SDK's client, retries, waiting, every way in which the API can fail.
Must not know: what is asked. Truth: anthropic 2.12; https://platform.claude.com/docs/en/api.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias, cast
from urllib.parse import urlsplit

from nectarc.claude import failures
from nectarc.claude.failures import BASE_URL, KEY, ClaudeFailure
from nectarc.claude.requests import Request, counted_parameters_of, parameters_of
from nectarc.records import part, record, replace

if TYPE_CHECKING:
    import anthropic
    from anthropic.types import Message

_PUBLIC: Final = "https://api.anthropic.com"
_TRIES_MAX: Final = 3
_WAIT_MAX_S: Final = 60.0
_BACKOFF_S: Final = (1.0, 4.0)
_AGAIN: Final = frozenset({408, 409, 500, 502, 503, 504, 529})
_WORDS_MAX: Final = 300
# Counting is a courtesy: an address that is silent about it does not hold up the question.
_COUNT_TIMEOUT_S: Final = 10.0
# What the SDK raises on an answer that is none.
_NO_ANSWER: Final = (
    ValueError, AttributeError, TypeError, LookupError, AssertionError, RuntimeError,
)  # fmt: skip
# An error in the midst of a stream comes with the status of success: its type says what it is.
_STATUS_OF: Final = {
    "invalid_request_error": 400, "authentication_error": 401, "billing_error": 400,
    "permission_error": 403, "not_found_error": 404, "request_too_large": 413,
    "rate_limit_error": 429, "timeout_error": 504, "overloaded_error": 529,
}  # fmt: skip

Progress: TypeAlias = Callable[[str], None]


@record(kw_only=True)
class Answered:
    """An answer. text: what Claude wrote. tokens_in counts cached ones, `cached` of them."""

    text: str
    model: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    cached: int = 0


class Sender(Protocol):
    """Sends requests to Claude, or to what stands for it."""

    def send(self, request: Request) -> Answered | ClaudeFailure:
        """Send it and return the answer."""

    def count(self, request: Request) -> int | None:
        """Return how many tokens go in, by the API's own count; None where it does not tell."""


@record(kw_only=True)
class ClientOptions:
    """How to ask.

    progress:    is told in words what goes on; None streams nothing.
    sleep:       waits so many seconds.
    timeout_s:   for a connection, and between two parts of an answer.
    """

    sleep: Callable[[float], None]
    progress: Progress | None = part(default=None)
    timeout_s: float = 120.0


class ClaudeClient:
    """Sends requests to the Messages API at `ANTHROPIC_BASE_URL`."""

    def __init__(self, client: anthropic.Anthropic, host: str, options: ClientOptions) -> None:
        """Use `claude_client`, which knows the environment."""
        self._client = client
        self._options = options
        self._host = host

    def send(self, request: Request) -> Answered | ClaudeFailure:
        """Send it; wait and try again where that may help."""
        for attempt in range(_TRIES_MAX):
            found = self._once(request)
            if not isinstance(found, _Again):
                return found
            wait = found.after_s if found.after_s is not None else _BACKOFF_S[min(attempt, 1)]
            if wait > _WAIT_MAX_S:
                return found.failure
            if attempt == _TRIES_MAX - 1:
                words = f"{found.failure.message} (asked {_TRIES_MAX} times)"
                return replace(found.failure, message=words)
            self._tell(f"{found.failure.message}; trying again in {wait:g} s")
            self._options.sleep(wait)
        raise AssertionError("the last try returns")

    def count(self, request: Request) -> int | None:
        """Return the API's own count of the tokens that go in, None where it does not tell."""
        import anthropic  # noqa: PLC0415 - the SDK takes half a second to load
        import httpx2  # noqa: PLC0415

        parameters: dict[str, Any] = counted_parameters_of(request)
        timeout_s = min(_COUNT_TIMEOUT_S, self._options.timeout_s)
        try:
            counted = self._client.messages.count_tokens(**parameters, timeout=timeout_s)
            return _whole(counted.input_tokens) or None
        except (anthropic.AnthropicError, httpx2.HTTPError, *_NO_ANSWER):
            return None

    def _once(self, request: Request) -> Answered | ClaudeFailure | _Again:
        import anthropic  # noqa: PLC0415
        import httpx2  # noqa: PLC0415

        timeout_s = self._options.timeout_s
        try:
            return self._answered(self._message(request), request)
        except anthropic.APITimeoutError:
            return _Again(failure=failures.too_slow(self._host, timeout_s))
        except anthropic.APIConnectionError as error:
            if isinstance(error.__cause__, httpx2.DecodingError):
                return failures.malformed(self._host, _reason(error))
            return _Again(failure=failures.unreachable(self._host, _reason(error)))
        except anthropic.APIStatusError as error:
            return self._refused(error, request)
        except httpx2.TimeoutException:
            return _Again(failure=failures.too_slow(self._host, timeout_s))
        except (httpx2.TransportError, EOFError):
            return _Again(failure=failures.broken_off(self._host))
        except (anthropic.APIError, httpx2.HTTPError, ValueError) as error:
            words = self._without_key(_one_line(str(error)))
            return failures.malformed(self._host, words or "no whole message")
        except _NO_ANSWER:
            return failures.malformed(self._host, "no whole message")

    def _message(self, request: Request) -> Message:
        parameters: dict[str, Any] = parameters_of(request)
        if self._options.progress is None:
            return cast("Message", self._client.messages.create(**parameters))
        with self._client.messages.stream(**parameters) as stream:
            length = 0
            for text in stream.text_stream:
                length += len(text)
                self._tell(f"Claude has written {length:,} characters")
            return cast("Message", stream.get_final_message())

    def _answered(self, message: Message, request: Request) -> Answered | ClaudeFailure | _Again:
        is_message = hasattr(message, "content") and hasattr(message, "stop_reason")
        if not is_message or message.content is None:
            return failures.malformed(self._host, "no message")
        match message.stop_reason:
            case "max_tokens" | "model_context_window_exceeded":
                return failures.cut_off(request.max_tokens)
            case "refusal":
                return failures.declined()
            case "tool_use" | "pause_turn":
                # Nothing that is sent offers a tool; what stands before one is no answer.
                return failures.malformed(self._host, f"it stopped for `{message.stop_reason}`")
            case None:
                return _Again(failure=failures.broken_off(self._host))
            case _:
                pass
        text = "".join(block.text for block in message.content if block.type == "text")
        usage = message.usage
        cached = _whole(getattr(usage, "cache_read_input_tokens", 0))
        written = _whole(getattr(usage, "cache_creation_input_tokens", 0))
        return Answered(
            text=text,
            model=message.model if isinstance(message.model, str) else "",
            tokens_in=_whole(getattr(usage, "input_tokens", 0)) + written + cached,
            tokens_out=_whole(getattr(usage, "output_tokens", 0)),
            cached=cached,
        )

    def _refused(self, error: anthropic.APIStatusError, request: Request) -> ClaudeFailure | _Again:
        status = _status_of(error)
        after = _retry_after_s(error.response.headers)
        failure = failures.refused_status(
            status, self._without_key(_said(error)), model=request.model, retry_after=after
        )
        if status == 429:
            return _Again(failure=failure, after_s=after)
        return _Again(failure=failure, after_s=after) if status in _AGAIN else failure

    def _without_key(self, words: str) -> str:
        """Return an error's words without the key: some proxies repeat it."""
        key = self._client.api_key
        return words.replace(key, "(your key)") if key else words

    def _tell(self, words: str) -> None:
        if self._options.progress is not None:
            self._options.progress(words)


@record(kw_only=True)
class _Again:
    """A failure that may pass. after_s: when, where the API says so."""

    failure: ClaudeFailure
    after_s: float | None = None


def claude_client(
    environment: Mapping[str, str], options: ClientOptions
) -> ClaudeClient | ClaudeFailure:
    """Return the client that the environment asks for; a failure without a key."""
    key = environment.get(KEY, "").strip()
    if not key:
        return failures.no_key()
    base_url = environment.get(BASE_URL, "").strip() or _PUBLIC
    if not key.isascii() or not key.isprintable():
        return failures.refused_status(401, "it holds characters that no key has", model="")
    host = _host_of(base_url)
    if host is None:
        return failures.no_address()
    import anthropic  # noqa: PLC0415
    import httpx2  # noqa: PLC0415

    # Made here, not by the SDK: what proxies and certificates in the environment make fail is said.
    try:
        http = anthropic.DefaultHttpxClient(base_url=base_url, timeout=options.timeout_s)
    except (ValueError, OSError, ImportError, httpx2.InvalidURL) as error:
        return failures.no_way_out(_one_line(str(error)))
    client = anthropic.Anthropic(
        api_key=key,
        base_url=base_url,
        max_retries=0,
        timeout=options.timeout_s,
        http_client=http,
    )
    return ClaudeClient(client, host, options)


def _host_of(base_url: str) -> str | None:
    """Return host and port, without the password that may stand before them; None for no URL."""
    try:
        url = urlsplit(base_url)
        host, port = url.hostname, url.port
    except ValueError:
        return None
    if url.scheme not in ("http", "https") or not host or not base_url.isprintable():
        return None
    name = f"[{host}]" if ":" in host else host
    return name if port is None else f"{name}:{port}"


def _status_of(error: anthropic.APIStatusError) -> int:
    """Return the status of HTTP, or the one that an error in the midst of a stream stands for."""
    body = error.body
    inner = body.get("error") if isinstance(body, dict) else None
    kind = inner.get("type") if isinstance(inner, dict) else None
    if error.status_code == 200:
        return _STATUS_OF.get(kind, 500) if isinstance(kind, str) else 500
    return error.status_code


def _said(error: anthropic.APIStatusError) -> str:
    body = error.body
    inner = body.get("error") if isinstance(body, dict) else None
    words = inner.get("message") if isinstance(inner, dict) else None
    return _one_line(words) if isinstance(words, str) else ""


def _retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Return the seconds to wait: said so, or until a date by the server's own clock."""
    text = headers.get("retry-after")
    if text is None:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = _seconds_between(headers.get("date", ""), text)
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def _seconds_between(now: str, then: str) -> float:
    """Return the seconds between two dates of HTTP (RFC 9110, 5.6.7); NaN where one is none."""
    try:
        return (parsedate_to_datetime(then) - parsedate_to_datetime(now)).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return math.nan


def _whole(value: object) -> int:
    """Return a count of tokens; 0 for what is none: an answer is not lost for its bill."""
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _reason(error: Exception) -> str:
    cause = error.__cause__
    return _one_line(str(cause) if cause is not None else str(error)) or "no connection"


def _one_line(words: str) -> str:
    line = " ".join("".join(one if one.isprintable() else " " for one in words).split())
    return line if len(line) <= _WORDS_MAX else line[: _WORDS_MAX - 1] + "…"
