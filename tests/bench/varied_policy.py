"""A policy of many rules of every kind that people write: the same for the same number.

Owns: the rules. Must not know: what is measured with them.
"""

from __future__ import annotations

from random import Random
from typing import Final

from nectarc.toon import Json, encode

_SEED: Final = 20261122


def varied_policy(rules: int) -> str:
    """Return a policy of `rules` rules, the fallback among them, as a TOON document."""
    random = Random(_SEED)
    rows: list[Json] = [
        {
            "name": f"rule-{number}",
            "description": f"What team {number % 17} asked for in ticket {number * 31}",
            "match": _match(random, number),
            "action": _action(random, number),
            "priority": rules - number,
        }
        for number in range(1, rules)
    ]
    rows.append(
        {
            "name": "rest",
            "description": "The rest",
            "match": "true",
            "action": "sample(1/100)",
            "priority": 0,
        }
    )
    declared: list[Json] = [
        {"name": "shop.cart_value", "type": "float", "from": "shop.cart_value"},
        {"name": "customer.tier", "type": "string", "from": "customer.tier"},
    ]
    return encode({"version": 1, "name": "varied", "rules": rows, "fields": declared}) + "\n"


def _match(random: Random, number: int) -> str:
    service, route = f"svc-{random.randrange(60)}", f"/api/v{random.randrange(3)}/{number}"
    status, wait = random.randrange(400, 599), random.randrange(1, 60)
    kinds = (
        f"service == '{service}'",
        f"any(service == '{service}' && duration > {wait * 100}ms)",
        f"http.status in [{status}, {status + 1}]",
        f"root.http.route starts_with '{route}'",
        f"any(http.route == '{route}' && error)",
        f"any(db.system == 'postgresql' && duration >= {wait}s && http.status >= {status})",
        f"span_count > {random.randrange(100, 999)} && root.service == '{service}'",
        f"name contains 'job-{number}' || name == 'task-{number}'",
        f"any(shop.cart_value > {random.randrange(1, 9000) / 4} && customer.tier in ['gold', 'x'])",
        f"any(service.name == '{service}' && !(http.route == '/healthz'))",
        f"has_root && any(exception.type matches '^(Io|Net){number}.*Error$')",
        f"root.http.route == '{route}' && http.status >= {status}",
    )
    return kinds[number % len(kinds)]


def _action(random: Random, number: int) -> str:
    kinds = (
        "keep",
        f"sample(1/{random.randrange(2, 90)})",
        "drop",
        f"sample(1/{random.randrange(2, 90)})",
        f"ema_dynamic(goal_sample_rate: {random.randrange(2, 50)}, fields: [http.route, name])",
        "keep",
        f"windowed_throughput(goal_throughput_per_sec: {number}, fields: [service.name])",
    )
    return kinds[number % len(kinds)]
