"""What `nectarc explain` is asked for, page by page, for tests of the report in a browser."""

from __future__ import annotations

import csv
import gzip
import json
from itertools import islice
from pathlib import Path
from typing import Any, Final

import pytest

from tests.e2e.process import SHOP
from tests.shared_data import SHARED

NEZHA: Final = SHARED / "data" / "traces" / "nezha"
RULES: Final = SHARED / "data" / "rules" / "v2" / "martinjt_eventhubs.yaml"
# So many of each: all of a corpus is read by `make bench`, and its page looks the same.
ROWS: Final = 12_000
LONG: Final = "x" * 300
HOSTILE: Final = (
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(2)>",
    "עברית مرحبا \u202egnp.exe",
    "🐝🍯 honey `code` & <b>bold</b>",
    LONG,
    "</style></title></svg><h1>",
)
PAGES: Final = (
    "shop",
    "train-ticket",
    "online-boutique",
    "rules-file",
    "no-corpus",
    "hostile",
    "200-rules",
)

COUNTED: Final = ("shop", "train-ticket", "rules-file")


def words_of(name: str, folder: Path) -> list[str]:
    """Return the arguments of `explain` for a page; `folder` is made where it needs one."""
    match name:
        case "shop":
            return [str(SHOP / "policy.toon")]
        case "train-ticket":
            corpus = _nezha("nezha_train-ticket_2023-01-29_spans.csv.gz", folder)
            return [str(SHOP / "policy.toon"), "--corpus", str(corpus)]
        case "online-boutique":
            corpus = _nezha("nezha_online-boutique_2022-08-22_spans.csv.gz", folder)
            return [str(SHOP / "policy.toon"), "--corpus", str(corpus)]
        case "rules-file":
            if not RULES.exists():
                pytest.skip("the shared rules files are not there")
            return [str(RULES), "--corpus", str(SHOP / "corpus")]
        case "no-corpus":
            _project(folder, (SHOP / "policy.toon").read_text(encoding="utf-8"))
            return [str(folder / "policy.toon")]
        case "hostile":
            return _hostile(folder)
        case _:
            _project(folder, _many_rules(200))
            return [str(folder / "policy.toon"), "--corpus", str(SHOP / "corpus")]


def _nezha(name: str, folder: Path) -> Path:
    """Return the first rows of a corpus of Nezha."""
    if not (NEZHA / name).exists():
        pytest.skip("the shared traces of Nezha are not there")
    folder.mkdir(exist_ok=True)
    with gzip.open(NEZHA / name, "rt", newline="") as packed:
        rows = list(islice(csv.reader(packed), ROWS))
    part = folder / name
    with gzip.open(part, "wt", newline="") as file:
        csv.writer(file).writerows(rows)
    return part


def _project(folder: Path, policy: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "corpus").mkdir(exist_ok=True)
    (folder / "policy.toon").write_text(policy, encoding="utf-8")
    (folder / "nectar.toml").write_text(
        '[project]\nname = "shop"\n[environments]\n__default__ = "policy.toon"\n'
        '[corpus]\npath = "corpus"\n[compile]\ntarget = "refinery-3"\n',
        encoding="utf-8",
    )


def _many_rules(count: int) -> str:
    rows = "".join(
        f'    rule-{one},What team {one} asked for,"http.route == \\"/team/{one}/{{id}}\\"",'
        f"sample(1/{2 + one % 9}),{1000 - one}\n"
        for one in range(count - 1)
    )
    return (
        "nectar_policy{version,name,budget_per_second,rules}:\n  1\n  many-rules\n  10000\n"
        f"  rules[{count}]{{name,description,match,action,priority}}:\n{rows}"
        "    rest,All that is left,true,sample(0.01),0\n"
    )


def _hostile(folder: Path) -> list[str]:
    """Return a rules file and traces in which every name and value is out to break the page."""
    folder.mkdir(exist_ok=True)
    rules: list[dict[str, Any]] = [
        {"Name": name, "SampleRate": 2 + number, "Conditions": [
            {"Field": "service.name", "Operator": "=", "Value": name}]}
        for number, name in enumerate(HOSTILE)
    ]  # fmt: skip
    rules.append({"Name": "rest", "Drop": True})
    written = {
        "RulesVersion": 2,
        "Samplers": {
            "__default__": {"RulesBasedSampler": {"Rules": rules}},
            HOSTILE[0]: {"DeterministicSampler": {"SampleRate": 3}},
        },
    }  # fmt: skip
    # YAML wants a direction as an escape, and what is beyond 16 bits as itself.
    text = json.dumps(written, ensure_ascii=False).replace("\u202e", "\\u202e")
    (folder / "rules.yaml").write_text(text, encoding="utf-8")
    spans = [
        {
            "trace.trace_id": f"{number:032x}",
            "trace.span_id": f"{number:016x}",
            "service.name": name,
            "name": f"{name} {number}",
            "http.route": name,
            "duration_ms": 12.5,
            "error": number % 3 == 0,
            "meta.annotation_type": "",
            "timestamp": f"2026-01-01T00:{number:02}:00Z",
        }
        for number, name in enumerate((*HOSTILE, *HOSTILE, "plain"), start=1)
    ]
    lines = "".join(json.dumps({"time": one.pop("timestamp"), "data": one}) + "\n" for one in spans)
    (folder / "events.jsonl").write_text(lines, encoding="utf-8")
    return [str(folder / "rules.yaml"), "--corpus", str(folder / "events.jsonl")]
