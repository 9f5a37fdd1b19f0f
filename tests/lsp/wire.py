"""A client that speaks the protocol itself: for long runs, with little of its own.

It answers every request of the server (settings, registrations, refreshes) and keeps what it says.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

Message = dict[str, Any]
PATIENCE_SECONDS: Final = 60.0
DIAGNOSTICS: Final = "textDocument/publishDiagnostics"
CAPABILITIES: Final[Mapping[str, object]] = {
    "general": {"positionEncodings": ["utf-16"]},
    "textDocument": {
        "publishDiagnostics": {"versionSupport": True, "relatedInformation": True},
        "completion": {"completionItem": {"snippetSupport": True}},
        "hover": {"contentFormat": ["markdown"]},
        "rename": {"prepareSupport": True},
    },
    "workspace": {"configuration": True, "workspaceFolders": True},
}


class Wire:
    """One server process and the connection to it."""

    def __init__(
        self,
        command: Sequence[str],
        folder: Path,
        settings: Mapping[str, object] | None = None,
        *,
        log: int | None = None,
        capabilities: Mapping[str, object] = CAPABILITIES,
    ) -> None:
        """Start the server and say hello. `log`: where its stderr goes, as `Popen` has it."""
        self.served: list[Message] = []
        self._settings = dict(settings or {})
        self.process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log
        )
        self._number = 0
        self._answers: dict[int, Message] = {}
        self._arrived: queue.Queue[Message] = queue.Queue()
        self._lock = threading.Lock()
        threading.Thread(target=self._read, daemon=True).start()
        self.capabilities: Message = self.request(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": folder.as_uri(),
                "workspaceFolders": [{"uri": folder.as_uri(), "name": "here"}],
                "capabilities": capabilities,
            },
        )["capabilities"]
        self.notify("initialized", {})

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Say goodbye; end the process if it does not end itself."""
        with contextlib.suppress(OSError, TimeoutError):
            self.request("shutdown", None)
            self.notify("exit", None)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def notify(self, method: str, params: object) -> None:
        """Send a notification."""
        self._send({"jsonrpc": "2.0", "method": method, "params": params})

    def begin(self, method: str, params: object) -> int:
        """Send a request and return its number."""
        with self._lock:
            self._number += 1
            number = self._number
        self._send({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        return number

    def request(self, method: str, params: object) -> Any:  # noqa: ANN401 - JSON
        """Send a request and wait for its result; raises what the server refuses."""
        return self.answer(self.begin(method, params))

    def answer(self, number: int) -> Any:  # noqa: ANN401 - JSON
        """Wait for the result of a request; notifications that come before it are kept."""
        message = self.wait_for(lambda one: one.get("id") == number and "method" not in one)
        if "error" in message:
            raise RefusedError(message["error"])
        return message.get("result")

    def wait_for_answer(self, number: int) -> Any:  # noqa: ANN401 - JSON
        """Wait for the result of a request; what is refused is an answer, too."""
        try:
            return self.answer(number)
        except RefusedError as refused:
            return str(refused)

    def wait_for(self, is_wanted: Callable[[Message], bool]) -> Message:
        """Return the next message that is wanted, dropping those before it."""
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                message = self._arrived.get(timeout=max(0.01, end - time.monotonic()))
            except queue.Empty:
                raise TimeoutError("the server does not answer") from None
            if is_wanted(message):
                return message

    def drain(self) -> list[Message]:
        """Return what has arrived and nobody waited for."""
        found: list[Message] = []
        with contextlib.suppress(queue.Empty):
            while True:
                found.append(self._arrived.get_nowait())
        return found

    def diagnostics(self, uri: str, version: int) -> Message:
        """Wait for the diagnostics that are pushed about this version, or a later one."""
        return self.wait_for(
            lambda one: (
                one.get("method") == DIAGNOSTICS
                and one["params"]["uri"] == uri
                and (one["params"].get("version") or version) >= version
            )
        )

    def memory_bytes(self) -> int:
        """Return the resident memory of the server process alone (Linux)."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def _send(self, message: Message) -> None:
        body = json.dumps(message).encode()
        assert self.process.stdin is not None
        with self._lock:
            self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
            self.process.stdin.flush()

    def _read(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while True:
            length = 0
            while (line := stream.readline()) not in (b"\r\n", b""):
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            if not length:
                return
            message: Message = json.loads(stream.read(length))
            if "method" in message and "id" in message:
                self._serve(message)
            else:
                self._arrived.put(message)

    def _serve(self, message: Message) -> None:
        self.served.append(message)
        result: object = None
        if message["method"] == "workspace/configuration":
            result = [self._settings for _ in message["params"]["items"]]
        elif message["method"] == "window/showDocument":
            result = {"success": True}
        self._send({"jsonrpc": "2.0", "id": message["id"], "result": result})


class RefusedError(Exception):
    """The server answered with an error."""
