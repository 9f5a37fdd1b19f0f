"""A real headless browser for tests of pages: what it says, asks for, and shows.

What a page writes to the console and asks for is kept, so that a test can say that it is nothing.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
)
NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
Scheme = Literal["light", "dark"]


class Look(NamedTuple):
    """How a page is looked at: width and height in px, and the colours that the reader prefers."""

    width: int
    height: int
    scheme: Scheme


LOOKS: Final = {
    "light": Look(1200, 900, "light"),
    "dark": Look(1200, 900, "dark"),
    "phone": Look(360, 740, "light"),
}


class Visit:
    """An open page, what it wrote to the console, and what it asked for."""

    def __init__(self, page: Page) -> None:
        """Listen to `page` from now on; no request but for files gets out."""
        self.page = page
        self.console: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda message: self.console.append(message.text))
        page.on("pageerror", lambda error: self.console.append(str(error)))
        page.route("**/*", self._asked)

    def _asked(self, route: Any) -> None:  # noqa: ANN401 - its type has no stable home
        url = str(route.request.url)
        self.requests.append(url)
        if url.startswith("file:"):
            route.continue_()
        else:
            route.abort()

    def show(self, path: Path, look: Look) -> None:
        """Open `path` as `look` says, with motion reduced."""
        self.console.clear()
        self.requests.clear()
        self.page.set_viewport_size({"width": look.width, "height": look.height})
        self.page.emulate_media(color_scheme=look.scheme, reduced_motion="reduce")
        self.page.goto(path.as_uri())

    def open_all(self) -> None:
        """Open whatever is folded away."""
        self.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")

    def overflow(self) -> int:
        """Return by how many px the page is wider than the window; 0 is as it should be."""
        found: int = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return found

    def violations(self) -> list[str]:
        """Return what axe finds, all its rules on, one line for each element."""
        # It ships no types.
        from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # noqa: PLC0415

        found: dict[str, Any] = (
            Axe().run(self.page, options={"resultTypes": ["violations"]}).response
        )
        return [
            f"{one['id']}: {' '.join(map(str, node['target']))}: {node.get('failureSummary', '')}"
            for one in found["violations"]
            for node in one["nodes"]
        ]


def find_chromium() -> str | None:
    """Return a browser to start, None where there is none."""
    for name in NAMES:
        found = shutil.which(name)
        if found is not None:
            return found
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415
    except ImportError:
        return None
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


@contextmanager
def browser() -> Iterator[Browser]:
    """Start a browser; skips, with the reason, where there is none."""
    pytest.importorskip("playwright", reason="playwright is not installed (make setup)")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - skipped without it

    path = find_chromium()
    if path is None:
        pytest.skip("no chromium and no chrome is installed: nothing to show a page in")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield started
        started.close()
