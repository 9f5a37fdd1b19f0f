"""Suggestions for one place of a policy: read by an engine, checked and proven before they count.

Owns: from a wish to texts that may be shown. Must not know: the protocol, when anybody is asked.
Truth: docs/editor-claude.md. Not one trace goes into a request from here; names and values of the
corpus's summary are redacted as `nectarc propose` does it, unless the user shares values.
"""

from __future__ import annotations

import os
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from nectarc.claude.client import ClientOptions, claude_client
from nectarc.claude.failures import KEY, ClaudeFailure
from nectarc.claude.requests import DEFAULT_MODEL, Allowed, Ask
from nectarc.intent.drafts import draft_of
from nectarc.intent.records import Asks, Clause, FieldRow, Intent, Refuses
from nectarc.intent.vocabulary import Vocabulary
from nectarc.propose.engines import policy_name
from nectarc.propose.merging import with_fields
from nectarc.propose.row_checking import RowCheck
from nectarc.propose.row_counts import with_counts
from nectarc.propose.row_writing import Row, invariant_rows, rule_rows
from nectarc.propose.setting import safety_words
from nectarc.propose.single_clauses import Wanted, read_by_claude, read_offline
from nectarc.source import SourceText
from nectarc_lsp.background.suggesting_jobs import Suggested, Suggestion, SuggestJob, Told
from nectarc_lsp.background.suggesting_traffic import Traffic
from nectarc_lsp.features.suggestions_text import inserted
from nectarc_lsp.features.wishes import RULES, Wish

_TIMEOUT_S: Final = 20.0
# After a failure Claude is left in peace for so long: one wrong key is not asked at each key press.
_REST_S: Final = 60.0
_CHECKS_MAX: Final = 4
_ITEMS_MAX: Final = 3
_Read: TypeAlias = tuple[Wanted, ...] | Asks | Refuses


class Inline:
    """The suggestions of one process, with the policies that it has proven."""

    def __init__(self, traffic: Traffic, tell: Callable[[Told], None]) -> None:
        """Start with nothing proven."""
        self._traffic = traffic
        self._tell = tell
        self._checks: OrderedDict[tuple[object, ...], RowCheck] = OrderedDict()
        self._failed_at = -_REST_S
        self._failure: ClaudeFailure | None = None

    def suggested(self, job: SuggestJob) -> Suggested:
        """Return what may be shown, and what was refused and why."""
        vocabulary = self._traffic.vocabulary(job.project)
        check = self._check(job, vocabulary)
        read, engine, failure = self._read(job, vocabulary)
        if not isinstance(read, tuple):
            asked = read.questions[0].words if isinstance(read, Asks) else read.reason
            return Suggested(question=asked, engine=engine, failure=failure)
        items: list[Suggestion] = []
        refused: list[str] = []
        for wanted in read:
            found = self._fitting(job, wanted, check)
            if isinstance(found, Suggestion):
                items += [found] if found.insert not in [one.insert for one in items] else []
            elif found:
                refused.append(found)
        return Suggested(
            items=tuple(items[:_ITEMS_MAX]),
            refused=tuple(dict.fromkeys(refused)),
            engine=engine,
            failure=failure,
        )

    def _check(self, job: SuggestJob, vocabulary: Vocabulary) -> RowCheck:
        manifest = None if job.manifest is None else job.manifest.text
        key = (job.path, job.wish.base, manifest, id(vocabulary))
        found = self._checks.pop(key, None) or RowCheck(
            job.wish.base, job.path, job.project, job.manifest, vocabulary.schema
        )
        self._checks[key] = found
        while len(self._checks) > _CHECKS_MAX:
            self._checks.popitem(last=False)
        return found

    def _read(self, job: SuggestJob, vocabulary: Vocabulary) -> tuple[_Read, str, str]:
        """Return the readings, who read them, and why Claude did not."""
        engine = job.reader.engine
        has_key = bool(os.environ.get(KEY, "").strip())
        failure = ""
        if engine == "claude" or (engine == "auto" and has_key):
            answered = self._by_claude(job, vocabulary)
            if not isinstance(answered, ClaudeFailure):
                return answered, "claude", ""
            failure = answered.message
            if engine == "claude":
                return (), "claude", failure
        safety = safety_words(job.project)
        found: _Read = ()
        for words in job.wish.words:
            read = read_offline(words, vocabulary, safety)
            if isinstance(read, tuple) and read:
                return read, "offline", failure
            found = found or read
        return found, "offline", failure

    def _by_claude(self, job: SuggestJob, vocabulary: Vocabulary) -> _Read | ClaudeFailure:
        if self._failure is not None and time.monotonic() - self._failed_at < _REST_S:
            return self._failure
        self._tell(Told(words="asking Claude", is_remote=True))
        client = claude_client(os.environ, ClientOptions(sleep=time.sleep, timeout_s=_TIMEOUT_S))
        ask = Ask(
            text=job.wish.words[0],
            vocabulary=vocabulary,
            safety=safety_words(job.project),
            policy=job.wish.base,
            allowed=Allowed(all_values=job.reader.share_values),
            model=job.project.propose_model or DEFAULT_MODEL,
        )
        if isinstance(client, ClaudeFailure):
            found: _Read | ClaudeFailure = client
        else:
            found = read_by_claude(ask, client, policy_name(job.project))
        self._tell(Told(words="checking"))
        self._failure = found if isinstance(found, ClaudeFailure) else None
        self._failed_at = time.monotonic()
        return found

    def _fitting(self, job: SuggestJob, wanted: Wanted, check: RowCheck) -> Suggestion | str:
        """Return the first form of the rows that breaks nothing; else why the last one does."""
        fields = _undeclared(wanted.intent, check) if job.wish.section == RULES else ()
        named = ", ".join(f"`{one.name}` ({' or '.join(one.spellings)})" for one in fields)
        declares = f"declares {named}" if fields else ""
        reason = ""
        for rows in self._forms(job.wish, wanted.intent, check):
            insert = inserted(job.wish, rows)
            if insert is None:
                continue
            offset = job.wish.offset
            whole = job.text[:offset] + insert + job.text[offset:]
            is_rules = job.wish.section == RULES
            names = tuple(job.wish.typed.get("name", row["name"]) for row in rows)
            names = names if is_rules else ()
            declared = with_fields(SourceText.of(job.path, with_counts(whole, job.path)), fields)
            if declared is None:
                return f"the rule would read {named}, which `fields` does not declare: add it there"
            judged = check.judged(declared.text, names)
            if not judged.reasons:
                verdict = "; ".join(one for one in (wanted.note, declares, judged.verdict) if one)
                return Suggestion(insert=insert, verdict=verdict, fields=fields)
            reason = "; ".join(judged.reasons)
        return reason

    def _forms(self, wish: Wish, intent: Intent, check: RowCheck) -> Iterator[tuple[Row, ...]]:
        clauses = intent.clauses[:1] if wish.column else intent.clauses
        if wish.section != RULES:
            yield invariant_rows(intent, check.checked)[: 1 if wish.column else None]
            return
        if not clauses:
            return
        rules = draft_of(_of(clauses, intent), "new").rules
        yield from rule_rows(rules, clauses, check.checked, wish.at)


def _of(clauses: tuple[Clause, ...], intent: Intent) -> Intent:
    return Intent(text=intent.text, clauses=clauses)


def _undeclared(intent: Intent, check: RowCheck) -> tuple[FieldRow, ...]:
    """Return the fields that the rows would read and the policy does not declare."""
    written = check.checked.written
    known = {row.name.text for row in written.fields} if written is not None else set()
    return tuple(row for row in intent.fields if row.name not in known)
