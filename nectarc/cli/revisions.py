"""Files as they were in a git revision.

Owns: running git. Must not know: what the files hold. Nothing is checked out or written.
"""

from __future__ import annotations

import os
import subprocess
from typing import Final

from nectarc.codes import finding
from nectarc.diagnostic import Diagnostic
from nectarc.files import POLICY_BYTES_MAX
from nectarc.source import SourceSpan

_ENVIRONMENT: Final = {"GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}
_SECONDS_MAX: Final = 60


def is_revision(word: str) -> bool:
    """Say whether git knows `word` as a commit in the repository here."""
    if not _is_plain(word):
        return False
    done = _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{word}^{{commit}}")
    return not isinstance(done, str) and done.returncode == 0


def read_revision(revision: str, path: str) -> bytes | Diagnostic:
    """Read the file `path` (from the working folder, else from the repository's) at `revision`."""
    name = f"{revision}:{path}"
    if not _is_plain(revision) or "\0" in path:
        return _unreadable(name, "git has no such revision")
    last = ""
    for spec in (f"{revision}:{_from_here(path)}", name):
        done = _git("cat-file", "blob", spec)
        if isinstance(done, str):
            return _unreadable(name, done)
        if done.returncode == 0:
            if len(done.stdout) > POLICY_BYTES_MAX:
                return _unreadable(name, "it is larger than a policy can be")
            return done.stdout
        last = last or _reason(done.stderr)
    return _unreadable(name, last)


def _from_here(path: str) -> str:
    relative = os.path.relpath(path) if os.path.isabs(path) else os.path.normpath(path)
    shown = relative.replace(os.sep, "/")
    return shown if shown.startswith("../") else f"./{shown}"


def _is_plain(word: str) -> bool:
    return bool(word) and not word.startswith("-") and "\0" not in word and "\n" not in word


def _git(*words: str) -> subprocess.CompletedProcess[bytes] | str:
    """Run git; a str says why that was not possible."""
    try:
        return subprocess.run(  # noqa: S603 - no shell, and words that are no options
            ("git", *words),  # noqa: S607 - the git that the user has
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=_SECONDS_MAX,
            env={**os.environ, **_ENVIRONMENT},
        )
    except FileNotFoundError:
        return "git is not installed here"
    except subprocess.TimeoutExpired:
        return f"git gave no answer in {_SECONDS_MAX} seconds"
    except OSError as error:
        return f"git cannot be run: {error.strerror}"


def _reason(stderr: bytes) -> str:
    lines = stderr.decode("utf-8", errors="replace").strip().splitlines()
    words = lines[-1].removeprefix("fatal: ") if lines else "git says nothing"
    return words[:1].lower() + words[1:]


def _unreadable(name: str, reason: str) -> Diagnostic:
    return finding(
        "NEC484",
        SourceSpan(name, 0, 0),
        f"`{name}` cannot be read: {reason}",
        why="without it there is nothing to compare with",
        help="name a revision and a file in it, e.g. `HEAD~1:policy.toon`; `git log -- policy.toon`"
        " lists revisions",
    )
