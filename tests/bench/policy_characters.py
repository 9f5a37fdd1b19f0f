"""Policies of 200 rules of different character: the same for the same seed.

Owns: the kinds of matches that teams with different habits write. Must not know: what is measured.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Final

from nectarc.toon import Json, encode

_WORDS: Final = (
    "cart", "order", "user", "stock", "price", "login", "search", "image", "mail", "quote",
    "ship", "rate", "fraud", "audit", "report", "export", "import", "sync", "index", "cache",
)  # fmt: skip


def _services(random: Random, number: int) -> str:
    """Name services, one or a few, with what they do slowly or wrongly."""
    one, two = (f"{random.choice(_WORDS)}-{random.randrange(4)}" for _ in range(2))
    return (
        f"service == '{one}'",
        f"service in ['{one}', '{two}', 'svc-{number}']",
        f"any(service == '{one}' && http.status >= {random.randrange(400, 600)})",
        f"any(service == 'svc-{number}' && duration > {random.randrange(1, 90) * 100}ms)",
        f"root.service == '{two}' && error",
    )[number % 5]


def _routes(random: Random, number: int) -> str:
    """Ask for routes: one, all below a prefix, those of a pattern."""
    word, version = random.choice(_WORDS), random.randrange(5)
    return (
        f"root.http.route == '/api/v{version}/{word}/{number}'",
        f"http.route starts_with '/api/v{version}/{word}'",
        f"root.http.route starts_with '/{word}/{number}'",
        f"any(http.route == '/{word}' && http.method in ['POST', 'PUT'])",
        f"http.route matches '^/api/v[0-9]+/{word}/[a-z]+{number}$'",
        f"any(http.route starts_with '/{word}' && http.status == {random.randrange(400, 600)})",
    )[number % 6]


def _texts(random: Random, number: int) -> str:
    """Look for words in names and user agents: several languages on two fields."""
    word = _WORDS[number % 7]
    agent = ("bot", "curl", "Mozilla", "Android", "okhttp")[number % 5]
    return (
        f"any(name contains '{word}' && duration > {number * 10}ms)",
        f"any(user_agent.original contains '{agent}' && http.status == {400 + number % 200})",
        f"name == 'job-{number}'",
        f"any(name starts_with '{random.choice(_WORDS)}' && http.status >= {400 + number})",
        f"any(name matches '^(get|put)_{_WORDS[number % 4]}' && service == 'svc-{number}')",
        f"name ends_with '-{number}'" if number < 60 else f"name starts_with 'task-{number}-'",
    )[number % 6]


def _numbers(random: Random, number: int) -> str:
    """Draw lines through numbers."""
    low = random.randrange(1, 400)
    return (
        f"duration > {low * 25}ms",
        f"http.status in [{400 + low % 200}, {400 + (low + 7) % 200}]",
        f"any(http.status >= {300 + low % 300} && duration >= {low}ms)",
        f"root.duration >= {low}s",
        f"any(retry.count > {low} && http.status == {500 + number % 60})",
        f"any(cart.value > {low / 4} && cart.value <= {low / 2})",
    )[number % 6]


def _shapes(random: Random, number: int) -> str:
    """Ask for the form of the trace: roots, counts, what no span has."""
    word, count = random.choice(_WORDS), random.randrange(2, 400)
    return (
        f"span_count > {count} && root.service == 'svc-{number}'",
        f"!has_root && service == '{word}'",
        f"root.service == '{word}' && !(root.http.route == '/{word}/{number}') && span_count < 9",
        f"any(is_root && service == 'svc-{number}')",
        f"span_count == {count}",
        f"has_root && any(!is_root && service == '{word}' && http.status >= {400 + number})",
    )[number % 6]


CHARACTERS: Final[Mapping[str, Callable[[Random, int], str]]] = {
    "services": _services,
    "routes": _routes,
    "texts": _texts,
    "numbers": _numbers,
    "shapes": _shapes,
}


def policy_of(character: str, rules: int, seed: int = 0) -> str:
    """Return a policy of `rules` rules, the fallback among them, as a TOON document."""
    random = Random(f"{character} {seed}")
    kind = CHARACTERS[character]
    rows: list[Json] = [
        {
            "name": f"rule-{number}",
            "match": kind(random, number),
            "action": _action(random, number),
            "priority": rules - number,
        }
        for number in range(1, rules)
    ]
    rows.append({"name": "rest", "match": "true", "action": "sample(1/100)", "priority": 0})
    declared: list[Json] = [
        {"name": "retry.count", "type": "int", "from": "retry.count"},
        {"name": "cart.value", "type": "float", "from": "cart.value"},
    ]
    return encode({"version": 1, "name": character, "rules": rows, "fields": declared}) + "\n"


def _action(random: Random, number: int) -> str:
    return ("keep", f"sample(1/{random.randrange(2, 90)})", "drop", "keep")[number % 4]
