"""Why Claude could not be asked, or did not answer, in words with what to do.

Owns: `ClaudeFailure`, the words. Must not know: the SDK. Truth: docs/propose.md, "With Claude".
"""

from __future__ import annotations

import math
from typing import Final

from nectarc.records import record

KEY: Final = "ANTHROPIC_API_KEY"
BASE_URL: Final = "ANTHROPIC_BASE_URL"
_OFFLINE: Final = "`--engine offline` reads the intent without Claude"


@record(kw_only=True)
class ClaudeFailure:
    """kind: short and stable. message: what happened, without its full stop. help: what to do."""

    kind: str
    message: str
    help: str = ""


def no_key() -> ClaudeFailure:
    """Say that there is no key in the environment."""
    return ClaudeFailure(
        kind="no-key",
        message=f"Claude needs a key, and `{KEY}` is not set",
        help=f"set `{KEY}` (https://console.anthropic.com makes one), or {_OFFLINE}.",
    )


def refused_status(
    status: int, said: str, *, model: str, retry_after: float | None = None
) -> ClaudeFailure:
    """Say what an error of the API means; `said`: its own words, without secrets."""
    words = f": {said}" if said else ""
    match status:
        case 401:
            return ClaudeFailure(
                kind="wrong-key",
                message=f"Claude's API does not know the key in `{KEY}` (401){words}",
                help=f"copy the key again, whole; or {_OFFLINE}.",
            )
        case 403:
            return ClaudeFailure(
                kind="forbidden",
                message=f"the key in `{KEY}` may not do this (403){words}",
                help=f"ask who owns the key for access to `{model}`; or {_OFFLINE}.",
            )
        case 404:
            return ClaudeFailure(
                kind="no-model",
                message=f"Claude's API has no model `{model}` (404){words}",
                help="name another with `--model`, or `[propose] model` in nectar.toml; check"
                f" `{BASE_URL}` where it is set.",
            )
        case 413:
            return ClaudeFailure(
                kind="too-large",
                message=f"the request is larger than Claude's API takes (413){words}",
                help="say less in one intent, or use a smaller corpus with `--corpus`.",
            )
        case 429:
            when = f"; it may be asked again in {math.ceil(retry_after)} s" if retry_after else ""
            return ClaudeFailure(
                kind="rate-limit",
                message=f"the key has used up its rate at Claude's API (429){words}{when}",
                help=f"wait, or {_OFFLINE}.",
            )
        case 529:
            return ClaudeFailure(
                kind="overloaded",
                message=f"Claude's API is overloaded (529){words}",
                help=f"try again in some minutes, or {_OFFLINE}.",
            )
        case _ if status >= 500:
            return ClaudeFailure(
                kind="server-error",
                message=f"Claude's API failed ({status}){words}",
                help=f"https://status.anthropic.com says more; or {_OFFLINE}.",
            )
        case _:
            return ClaudeFailure(
                kind="bad-request",
                message=f"Claude's API refuses the request ({status}){words}",
                help=f"`--show-prompt` shows what would be sent; {_OFFLINE}.",
            )


def unreachable(host: str, reason: str) -> ClaudeFailure:
    """Say that there is no connection."""
    return ClaudeFailure(
        kind="no-network",
        message=f"`{host}` cannot be reached: {reason}",
        help=f"check the network, and `{BASE_URL}` and proxies where they are set; or {_OFFLINE}.",
    )


def no_address() -> ClaudeFailure:
    """Say that the address in the environment is none; it may hold a password, so not which."""
    return ClaudeFailure(
        kind="malformed",
        message=f"`{BASE_URL}` is no address of the web",
        help=f"write one like `https://gateway.example`, or leave it out; or {_OFFLINE}.",
    )


def no_way_out(reason: str) -> ClaudeFailure:
    """Say that proxies or certificates in the environment cannot be used; an `@` hides why."""
    words = f": {reason}" if reason and "@" not in reason else ""
    return ClaudeFailure(
        kind="no-network",
        message=f"no connection can be set up{words}",
        help="check `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `SSL_CERT_FILE` and `SSL_CERT_DIR`"
        f" where they are set; or {_OFFLINE}.",
    )


def too_slow(host: str, seconds: float) -> ClaudeFailure:
    """Say that no answer came in time."""
    return ClaudeFailure(
        kind="timeout",
        message=f"`{host}` did not answer within {seconds:g} s",
        help=f"try again, or {_OFFLINE}.",
    )


def broken_off(host: str) -> ClaudeFailure:
    """Say that the answer ended in its midst."""
    return ClaudeFailure(
        kind="dropped",
        message=f"the connection to `{host}` broke in the midst of the answer",
        help=f"try again, or {_OFFLINE}.",
    )


def malformed(host: str, what: str) -> ClaudeFailure:
    """Say that what answers is not the Messages API, or is damaged."""
    return ClaudeFailure(
        kind="malformed",
        message=f"`{host}` answered with something that is not the Messages API: {what}",
        help=f"check `{BASE_URL}` and proxies where they are set; or {_OFFLINE}.",
    )


def cut_off(tokens: int) -> ClaudeFailure:
    """Say that the answer was longer than it may be."""
    return ClaudeFailure(
        kind="max-tokens",
        message=f"Claude's answer was cut off after {tokens:,} tokens",
        help="say less in one intent: half of the rules now, the others with `--refine`.",
    )


def declined() -> ClaudeFailure:
    """Say that Claude itself declined."""
    return ClaudeFailure(
        kind="declined",
        message="Claude declined to answer this intent",
        help=f"say it in other words, or {_OFFLINE}.",
    )
