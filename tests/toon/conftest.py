"""One node process for all comparisons with the reference implementation."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.toon.reference import Reference, reference_is_installed


@pytest.fixture(scope="session")
def reference() -> Iterator[Reference]:
    """Start the reference implementation; skip where it is not installed."""
    if not reference_is_installed():
        pytest.skip("needs node and the packages of tests/toon: run `npm ci` there")
    running = Reference()
    yield running
    running.close()
