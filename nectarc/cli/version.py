"""Versions of nectarc, the language and its target."""

from __future__ import annotations

import argparse
import json
import sys

from nectarc import __version__
from nectarc.cli.arguments import add_common
from nectarc.cli.console import FINE, Console

LANGUAGE = 1
TARGET = "refinery-3"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_common(parser)


def run(_arguments: argparse.Namespace, console: Console) -> int:
    """Print the versions."""
    python = ".".join(map(str, sys.version_info[:3]))
    if console.is_json:
        versions = {
            "nectarc": __version__,
            "language": LANGUAGE,
            "target": TARGET,
            "python": python,
        }
        console.result(json.dumps(versions) + "\n")
    else:
        words = f"policy language {LANGUAGE}, target {TARGET}, python {python}"
        console.result(f"nectarc {__version__} ({words})\n")
    return FINE
