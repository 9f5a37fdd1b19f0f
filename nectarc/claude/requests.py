"""One request to Claude as data: what is asked, and everything that is sent for it.

Owns: `Ask`, `Request`, the parameters of the SDK's call, the default model. Must not know: the
network, what the prompt says. Truth: anthropic 2.12, `resources/messages/messages.py`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from nectarc.intent.vocabulary import SafetyWords, Vocabulary
from nectarc.records import part, record
from nectarc.trace import Trace

# Of the models that the SDK lists: current, takes `output_config.format`, "the best combination of
# speed and intelligence" (platform.claude.com, models/sonnet-5-5). The manifest's `model` wins.
DEFAULT_MODEL: Final = "claude-sonnet-5-5"
# Thinking counts towards it; an answer itself takes 1,000 to 3,000 tokens.
MAX_TOKENS: Final = 16_000
# English text and JSON: about so many bytes a token; only for the estimate without a key.
_BYTES_PER_TOKEN: Final = 3.5

Json: TypeAlias = "Mapping[str, Json] | list[Json] | str | int | float | bool | None"
Role: TypeAlias = Literal["user", "assistant"]


@record(kw_only=True)
class Allowed:
    """Which values of the corpus may be sent as they are (`--allow-values`, `--allow-field`)."""

    all_values: bool = False
    fields: frozenset[str] = frozenset()


@record(kw_only=True)
class Ask:
    """What the user wants to know of Claude.

    text:    the intent, as typed.
    answers: (question, answer) in order.
    traces:  of the corpus, to choose exemplars from; () without a corpus.
    policy:  the text of the policy that is refined; "" for a new one.
    before:  the intents that it came from, as the user typed them.
    """

    text: str
    answers: tuple[tuple[str, str], ...] = ()
    vocabulary: Vocabulary = part(default=Vocabulary())
    safety: SafetyWords = part(default=SafetyWords())
    traces: tuple[Trace, ...] = ()
    policy: str = ""
    before: tuple[str, ...] = ()
    allowed: Allowed = part(default=Allowed())
    model: str = DEFAULT_MODEL
    max_tokens: int = MAX_TOKENS

    @property
    def own_words(self) -> str:
        """All that the user typed: the intent, those before it, and the answers."""
        return "\n".join((self.text, *self.before, *(answer for _, answer in self.answers)))


@record
class Block:
    """A part of the system prompt; `is_cached` puts a cache breakpoint behind it."""

    text: str
    is_cached: bool = False


@record
class Message:
    """A turn of the conversation."""

    role: Role
    text: str


@record(kw_only=True)
class Request:
    """All that is sent. schema: of the answer, as canonical JSON; "" for none."""

    model: str
    system: tuple[Block, ...]
    messages: tuple[Message, ...]
    schema: str
    max_tokens: int


def parameters_of(request: Request) -> dict[str, object]:
    """Return the arguments of `client.messages.create` and `.stream`: the body, key by key."""
    return {"max_tokens": request.max_tokens, **counted_parameters_of(request)}


def counted_parameters_of(request: Request) -> dict[str, object]:
    """Return the arguments of `client.messages.count_tokens`."""
    parameters: dict[str, object] = {
        "model": request.model,
        "system": [_block(block) for block in request.system],
        "messages": [{"role": one.role, "content": one.text} for one in request.messages],
    }
    if request.schema:
        schema: object = json.loads(request.schema)
        parameters["output_config"] = {"format": {"type": "json_schema", "schema": schema}}
    return parameters


def request_text(request: Request) -> str:
    """Return the canonical JSON of the body: the same request, the same text."""
    return canonical_json(parameters_of(request))


def estimated_tokens(request: Request) -> int:
    """Return about how many tokens go in; the API's own count needs a key."""
    return round(len(request_text(request).encode()) / _BYTES_PER_TOKEN)


def canonical_json(value: object) -> str:
    """Return JSON without blanks, keys in the order given, all characters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _block(block: Block) -> dict[str, object]:
    plain: dict[str, object] = {"type": "text", "text": block.text}
    return plain | ({"cache_control": {"type": "ephemeral"}} if block.is_cached else {})
