"""TOON nodes to the syntax tree of a policy; formatting."""

from nectarc.syntax.parser import parse_match_text
from nectarc.syntax.policy import is_policy_document, parse_policy

__all__ = ["is_policy_document", "parse_match_text", "parse_policy"]
