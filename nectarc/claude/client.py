"""One request to the Messages API, and its answer: the only module that imports the SDK.

Owns: the SDK's client, retries, waiting, every way in which the API can fail.
Must not know: what is asked. Truth: anthropic 2.12; https://platform.claude.com/docs/en/api.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias, cast
from urllib.parse import urlsplit

from nectarc.claude import failures
from nectarc.claude.failures import BASE_URL, KEY, ClaudeFailure
from nectarc.claude.requests import Request, counted_parameters_of, parameters_of
from nectarc.records import part, record

if TYPE_CHECKING:
    import anthropic
    from anthropic.types import Message

_PUBLIC: Final = "https://api.anthropic.com"
_TRIES_MAX: Final = 3
_WAIT_MAX_S: Final = 60.0
_BACKOFF_S: Final = (1.0, 4.0)
_AGAIN: Final = frozenset({408, 409, 500, 502, 503, 504, 529})
_WORDS_MAX: Final = 300
# What the SDK raises on an answer that is none.
_NO_ANSWER: Final = (
    ValueError, AttributeError, TypeError, KeyError, AssertionError, RuntimeError,
)  # fmt: skip

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

    def __init__(self, client: anthropic.Anthropic, base_url: str, options: ClientOptions) -> None:
        """Use `claude_client`, which knows the environment."""
        self._client = client
        self._options = options
        self._host = urlsplit(base_url).netloc or base_url

    def send(self, request: Request) -> Answered | ClaudeFailure:
        """Send it; wait and try again where that may help."""
        for attempt in range(_TRIES_MAX):
            found = self._once(request)
            if not isinstance(found, _Again):
                return found
            wait = found.after_s if found.after_s is not None else _BACKOFF_S[min(attempt, 1)]
            if attempt == _TRIES_MAX - 1 or wait > _WAIT_MAX_S:
                return found.failure
            self._tell(f"{found.failure.message}; trying again in {wait:g} s")
            self._options.sleep(wait)
        raise AssertionError("the last try returns")

    def count(self, request: Request) -> int | None:
        """Return the API's own count of the tokens that go in, None where it does not tell."""
        import anthropic  # noqa: PLC0415 - the SDK takes half a second to load

        parameters: dict[str, Any] = counted_parameters_of(request)
        try:
            return self._client.messages.count_tokens(**parameters).input_tokens
        except (anthropic.AnthropicError, ValueError, AttributeError, TypeError):
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
            return _Again(failure=failures.unreachable(self._host, _reason(error)))
        except anthropic.APIStatusError as error:
            return self._refused(error, request)
        except httpx2.TimeoutException:
            return _Again(failure=failures.too_slow(self._host, timeout_s))
        except (httpx2.TransportError, EOFError):
            return _Again(failure=failures.broken_off(self._host))
        except anthropic.APIError as error:
            return failures.malformed(self._host, _one_line(str(error)))
        except (
            ValueError,
            AttributeError,
            TypeError,
            KeyError,
            AssertionError,
            RuntimeError,
        ) as error:
            return failures.malformed(self._host, _one_line(str(error)) or type(error).__name__)

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
        if not hasattr(message, "content") or not hasattr(message, "stop_reason"):
            return failures.malformed(self._host, "no message")
        match message.stop_reason:
            case "max_tokens" | "model_context_window_exceeded":
                return failures.cut_off(request.max_tokens)
            case "refusal":
                return failures.declined()
            case None:
                return _Again(failure=failures.broken_off(self._host))
            case _:
                pass
        text = "".join(block.text for block in message.content if block.type == "text")
        usage = message.usage
        cached = usage.cache_read_input_tokens or 0
        fresh = usage.input_tokens + (usage.cache_creation_input_tokens or 0)
        return Answered(
            text=text,
            model=message.model,
            tokens_in=fresh + cached,
            tokens_out=usage.output_tokens,
            cached=cached,
        )

    def _refused(self, error: anthropic.APIStatusError, request: Request) -> ClaudeFailure | _Again:
        status = 529 if _is_overloaded(error) else error.status_code
        after = _retry_after(error.response.headers.get("retry-after"))
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
    if urlsplit(base_url).scheme not in ("http", "https") or not urlsplit(base_url).netloc:
        return failures.malformed(base_url, f"`{BASE_URL}` is no address of the web")
    if not key.isascii() or not key.isprintable():
        return failures.refused_status(401, "it holds characters that no key has", model="")
    import anthropic  # noqa: PLC0415

    client = anthropic.Anthropic(
        api_key=key, base_url=base_url, max_retries=0, timeout=options.timeout_s
    )
    return ClaudeClient(client, base_url, options)


def _is_overloaded(error: anthropic.APIStatusError) -> bool:
    """Whether it is an overload that came in the midst of a stream, with the status of success."""
    return error.status_code < 400 and "overloaded" in str(error.body)


def _said(error: anthropic.APIStatusError) -> str:
    body = error.body
    inner = body.get("error") if isinstance(body, dict) else None
    words = inner.get("message") if isinstance(inner, dict) else None
    return _one_line(words) if isinstance(words, str) else ""


def _retry_after(text: str | None) -> float | None:
    try:
        return max(0.0, float(text)) if text is not None else None
    except ValueError:
        return None


def _reason(error: Exception) -> str:
    cause = error.__cause__
    return _one_line(str(cause) if cause is not None else str(error)) or "no connection"


def _one_line(words: str) -> str:
    line = " ".join("".join(one if one.isprintable() else " " for one in words).split())
    return line if len(line) <= _WORDS_MAX else line[: _WORDS_MAX - 1] + "…"
