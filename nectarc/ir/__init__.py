"""The decision list that a policy means, its text form and its passes."""

from nectarc.ir.nodes import Policy

__all__ = ["Policy"]
