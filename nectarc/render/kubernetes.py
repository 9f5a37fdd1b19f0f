"""Rules wrapped for Kubernetes: a ConfigMap, or values of Honeycomb's Refinery chart.

Owns: the wrapping only; the rules inside are the bytes that `compile` emits, indented.
"""

from __future__ import annotations

from typing import Final

CONFIGMAP_NAME: Final = "refinery-rules"


def render_configmap(rules: str) -> str:
    """Return a ConfigMap whose key `rules.yaml` holds `rules`, byte for byte."""
    head = (
        "apiVersion: v1\n"
        "kind: ConfigMap\n"
        "metadata:\n"
        f"  name: {CONFIGMAP_NAME}\n"
        "data:\n"
        "  rules.yaml: |\n"
    )
    return head + _indented(rules, 4)


def render_helm_values(rules: str) -> str:
    """Return values for the chart `honeycomb/refinery`, which has the rules under `rules`."""
    return "rules:\n" + _indented(rules, 2)


def _indented(text: str, width: int) -> str:
    margin = " " * width
    return "\n".join(f"{margin}{line}" if line else "" for line in text.split("\n"))
