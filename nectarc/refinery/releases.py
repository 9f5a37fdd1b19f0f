"""Refinery's releases as far as rules depend on them, as data.

Owns: the table. Must not know: who asks. Truth: ../shared/reference/refinery-semantics.md, 10.

The loader's verdict is that of 3.2.2, and it is the verdict of every release here: what rules may
say was complete with 2.8 (`FIRST_RELEASE`), and no later release takes anything from it or adds to
it. The releases differ in what a loaded file does.
"""

from __future__ import annotations

from typing import Final

from nectarc.records import record


@record(kw_only=True)
class Release:
    """What a release line, at its last patch, does with rules.

    name: as `--refinery` takes it.
    hides_parent_ids:       conditions cannot read `trace.parent_id` and its kin (3.0).
    span_limit:             `Traces.SpanLimit` when it is not set; 0: no limit (before 3.1).
    uses_cluster_size:      `UseClusterSize` is applied (3.1.1).
    shares_by_environment:  dynamic state of rules is separate by environment (3.1.1).
    sorts_key_fields:       samplers whose `FieldList` has another order are one and the same, and a
                            throughput goal holds for all workers together (3.2.2).
    refused_settings:       of the main configuration, `Group` or `Group.Setting`: with one of these
                            the process does not start (3.0).
    """

    name: str
    hides_parent_ids: bool
    span_limit: int
    uses_cluster_size: bool
    shares_by_environment: bool
    sorts_key_fields: bool = False
    refused_settings: tuple[str, ...] = ()


_GONE_IN_3: Final = ("Collection.CacheCapacity", "BufferSizes", "LegacyMetrics")
RELEASES: Final = {
    one.name: one
    for one in (
        Release(
            name="2.9",
            hides_parent_ids=False,
            span_limit=0,
            uses_cluster_size=False,
            shares_by_environment=False,
        ),
        Release(
            name="3.0",
            hides_parent_ids=True,
            span_limit=0,
            uses_cluster_size=False,
            shares_by_environment=False,
            refused_settings=_GONE_IN_3,
        ),
        Release(
            name="3.1",
            hides_parent_ids=True,
            span_limit=32_000,
            uses_cluster_size=True,
            shares_by_environment=True,
            refused_settings=_GONE_IN_3,
        ),
        Release(
            name="3.2",
            hides_parent_ids=True,
            span_limit=32_000,
            uses_cluster_size=True,
            shares_by_environment=True,
            sorts_key_fields=True,
            refused_settings=_GONE_IN_3,
        ),
    )
}
NEWEST: Final = RELEASES["3.2"]
# What rules may say and 2.0 did not know: the release that brought it.
FIRST_RELEASE: Final = {
    "has-root-span": "2.1",
    "UseClusterSize": "2.1",
    "matches": "2.3",
    "Fields": "2.3",
    "?.NUM_DESCENDANTS": "2.3",
    "root. in conditions": "2.4",
    "in": "2.8",
    "not-in": "2.8",
    "root. in FieldList": "2.8",
    "several rules files": "2.8",
}
