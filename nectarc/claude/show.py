"""All that would be sent to Claude, for a person to read first (`--show-prompt`).

Owns: the layout. Must not know: what is sent, and why. Truth: ../shared/design/product.md:
"trace data goes to Claude only as a summary the user can see first". The parts are byte-true.
"""

from __future__ import annotations

from nectarc.claude.redaction import Redactor
from nectarc.claude.requests import Allowed, Request, estimated_tokens

_RULE = "-" * 72


def show_prompt(request: Request, redactor: Redactor, allowed: Allowed, tokens: int = 0) -> str:
    """Return the request as text. tokens: as the API counted them, 0 for an estimate of ours."""
    counted = f"{tokens:,} tokens, as the API counts"
    about = f"about {estimated_tokens(request):,} tokens, estimated from its length"
    lines = [
        "This would be sent to Claude; nothing has been sent.",
        f"model:      {request.model}",
        f"max_tokens: {request.max_tokens:,} (thinking and answer)",
        f"input:      {counted if tokens else about}",
        f"values:     {_values_words(allowed)}",
        f"fields:     {_names_words(redactor)}",
    ]
    for number, block in enumerate(request.system, 1):
        cached = ", cached" if block.is_cached else ""
        lines += _part(f"system {number}{cached}", block.text)
    for number, message in enumerate(request.messages, 1):
        lines += _part(f"message {number}, {message.role}", message.text)
    lines += _part("schema of the answer", request.schema or "none")
    return "\n".join(lines) + "\n"


def _part(title: str, text: str) -> list[str]:
    return [_RULE, f"{title} ({len(text.encode()):,} bytes)", _RULE, text.removesuffix("\n")]


def _values_words(allowed: Allowed) -> str:
    if allowed.all_values:
        return "all as they are (`--allow-values`)"
    redacted = (
        "redacted, but those of standards (methods, status codes...) and those that you typed"
    )
    if allowed.fields:
        names = ", ".join(f"`{name}`" for name in sorted(allowed.fields))
        return f"{redacted}; as they are: {names} (`--allow-field`)"
    return redacted


def _names_words(redactor: Redactor) -> str:
    sent = f"{_count(len(redactor.names), 'name')} sent, conventional or of your own"
    if not redactor.withheld:
        return sent
    return (
        f"{sent}; {_count(redactor.withheld, 'name')} withheld, since they look like values"
        " (`--allow-field NAME` sends one)"
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number:,} {noun}s"
