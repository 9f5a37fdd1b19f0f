"""Broken rules files without end: keys, values, indentation, encodings, anchors, tags, wrappers.

Owns: where seeds come from and how they are broken. Must not know: what is done with them.
The same seed and place give the same inputs on every machine that has the same files.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from random import Random
from typing import Final, TypeAlias

from nectarc.render.kubernetes import render_configmap, render_helm_values
from tests.shared_data import ROOT, SHARED, read_vectors

Mutation: TypeAlias = Callable[[Random, str], str]

# What every loader must know: used where ../shared is not there, and often where it is.
GOOD: Final = """RulesVersion: 2
Samplers:
  __default__: &d # what is not named
    RulesBasedSampler:
      CheckNestedFields: true
      Rules:
        # keep what failed
        - Name: "keep é"
          Scope: span
          Conditions:
            - {Field: a.b, Operator: '>=', Value: [1.5, 2e3], Datatype: float}
            - {Fields: [x, '?.NUM_DESCENDANTS'], Operator: !!str in, Value: 017}
        - Name: drop health
          Drop: true
          Conditions:
            - Field: http.route
              Operator: matches
              Value: '^/health'
            - Field: root.user.id
              Operator: not-exists
        - Sampler: {EMADynamicSampler: {GoalSampleRate: 10, FieldList: [root.x], Weight: .5}}
  prod:
    <<: *d
  "stage 2":
    WindowedThroughputSampler:
      GoalThroughputPerSec: 50
      UpdateFrequency: 1s
      LookbackFrequency: 30s
      UseClusterSize: true
      FieldList:
        - http.route
"""
CONFIG: Final = """General:
  ConfigurationVersion: 2
Traces:
  SendDelay: 2s
  TraceTimeout: 60s
  SpanLimit: 1_000
Debugging: {DryRun: true}
IDFields:
  TraceNames: [trace.trace_id]
StressRelief:
  Mode: monitor
  SamplingRate: ${RATE}
"""
_TEXT: Final = r"""
RulesVersion Samplers Rules Conditions Field Fields Operator Value Datatype Scope Name Drop Sampler
SampleRate GoalSampleRate FieldList MaxKeys Weight ClearFrequency UseTraceLength CheckNestedFields
DeterministicSampler DynamicSampler EMADynamicSampler RulesBasedSampler TotalThroughputSampler
EMAThroughputSampler WindowedThroughputSampler GoalThroughputPerSec __default__ prod Production
= != > < >= <= starts-with contains does-not-contain exists not-exists in not-in matches
has-root-span string int float bool trace span true false yes no on off null ~ [] {} [null] [{}]
0 1 2 -1 017 08 0x10 1_000 1.5 1e3 .inf -.Inf .nan 9223372036854775807 9223372036854775808
18446744073709551616 1e400 2024-01-01 12:30 5s 1h30m 0s -5s 3parsecs "" '' "a" '\x' "\x" "\ud800"
root.x root. root ?.NUM_DESCENDANTS ?.x trace.parent_id trace.trace_id meta.refinery.reason
meta.span_count status_code error duration_ms sampleRate http.* a..b (a+)+$ [z-a] (?i)x \pN a{9999}
${NAME} {{ {{.Values.x}} *d &d &e !!int !!str !!binary !!timestamp !mine << <<: ? - : | > |2- >+ %
--- ... # #x @ ` apiVersion kind ConfigMap List data rules.yaml rules items Sampler SamplerConfig
"""
_WORDS: Final = (
    *_TEXT.split(),
    " ", "  ", "\t", "\n", "\r\n", "\r", "\x00", "\x1b", "\x7f", "\x85", "\u2028", "\u00a0", "- ",
    "\ufeff", "\u200b", "\u202e", "\U0001f41d", "\uffff", "\ud800", ": ", "&a [*a]", "---\n", "# ",
    "9" * 5000, "*d, *d", "{<<: *d}", "%YAML 9\n", "...\n",
)  # fmt: skip
_DEEP: Final = ("[", "{", "- ", "? ", "a:\n ", "{a: ", "[[", "!!seq [", "&a [")
_ENCODINGS: Final = ("utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252", "utf-32", "utf-8-sig")
_FENCED: Final = re.compile(r"```yaml\n(.*?)```", re.DOTALL)
_DEEP_MAX: Final = 300
_NAMES: Final = (
    *("error", "duration_ms", "root.http.route", "?.NUM_DESCENDANTS", "trace.parent_id", "a.b"),
    *("meta.span_count", "root.", "'?.x'", "status_code", "sampleRate", "'${NAME}'", "''"),
)
_RATES: Final = ("0", "1", "-1", "10", "017", "9223372036854775807", "1_000")
_TAKEN: Final = {
    "Operator": (
        *("'='", "'!='", "'>'", "'>='", "'<'", "'<='", "starts-with", "contains", "exists", "in"),
        *("does-not-contain", "not-exists", "not-in", "matches", "has-root-span"),
    ),
    "Value": (
        *("true", "yes", "1", "017", "1.5", ".nan", ".inf", "'200'", "''", "'(a+)+$'", "'[z-a'"),
        *("[]", "[1, 2]", "[1.0, 2.5]", "['a', 'b']", "[true]", "[null]", "[{}, {}]", "9e999"),
        *("'^a|b$'", "'(?i)x'", "9007199254740993", "-0.0", "ERROR", "60000", "'1e3'"),
    ),
    "Datatype": ("string", "int", "float", "bool"),
    "Field": _NAMES,
    "Scope": ("trace", "span"),
    "Drop": ("true", "false"),
    "SampleRate": _RATES,
    "GoalSampleRate": _RATES,
    "GoalThroughputPerSec": ("1", "10", "100000"),
    "Weight": ("0", ".5", "1"),
    "UpdateFrequency": ("0s", "1s", "-1s", "1h", "1ns"),
    "LookbackFrequency": ("0s", "1s", "30s"),
    "FieldList": ("[]", "['']", "[a, a]", "[root.x, b]", "[request.id]"),
    "Conditions": ("[]", "[{}]", "[null]", "[{Field: a}]"),
    "Rules": ("[]", "[null]", "[{Name: a}, {Drop: true}, {SampleRate: 2}]"),
    "Sampler": ("{}", "{DynamicSampler: {SampleRate: 2, FieldList: [a]}}"),
}
_SETTING: Final = re.compile(
    rf"\b({'|'.join(_TAKEN)}): *(\[[^\[\]\n]*\]|'[^'\n]*'|[^\s,{{}}\[\]|>&*'][^,{{}}\[\]\n]*)"
)


@cache
def seeds() -> tuple[str, ...]:
    """Return whole rules files: ours, and those of ../shared where it is there."""
    texts = [GOOD]
    paths = sorted((ROOT / "examples").rglob("*.yaml"))
    if (SHARED / "vectors").is_dir():
        paths += sorted((SHARED / "data" / "rules").rglob("*.*"))
        traps = read_vectors("loader_traps.jsonl")
        texts += [record["text"] for record in traps if "text" in record]
    texts += [path.read_text(encoding="utf-8") for path in paths if path.is_file()]
    return tuple(dict.fromkeys(text for text in texts if len(text) < 20_000))


def broken_rules(seed: int, place: int) -> tuple[str, bytes]:
    """Return the name and the bytes of the input at `place`."""
    random = Random(f"{seed}-{place}")
    text = GOOD if random.random() < 0.5 else random.choice(seeds())
    for _ in range(random.choice((0, 1, 2, 4, 8))):
        text = _setting(random, text)
    for _ in range(random.choice((0, 0, 1, 1, 1, 2, 2, 3, 6))):
        text = random.choice(_MUTATIONS)(random, text)
    if random.random() < 0.3:
        text = random.choice(_WRAPPERS)(random, text)
    name = random.choice(("rules.yaml",) * 8 + ("<stdin>", "r.json", "r.toml", "r.YML", "r.txt"))
    return name, _encoded(random, text)


def broken_config(seed: int, place: int) -> str:
    """Return a main configuration, broken as rules are."""
    random = Random(f"config-{seed}-{place}")
    text = CONFIG
    for _ in range(random.choice((1, 1, 2, 3, 6))):
        text = random.choice(_MUTATIONS)(random, text)
    return random.choice((text, text, render_configmap(text), f"config:\n  {text}"))


def _encoded(random: Random, text: str) -> bytes:
    if random.random() < 0.1:
        return text.encode(random.choice(_ENCODINGS), "replace")
    data = text.encode("utf-8", "surrogatepass")
    if random.random() < 0.1 and data:
        at = random.randrange(len(data))
        data = data[:at] + random.randbytes(random.randint(1, 3)) + data[at + 1 :]
    return data


def _lines(random: Random, text: str) -> tuple[list[str], int]:
    lines = text.split("\n")
    return lines, random.randrange(len(lines))


def _key(random: Random, text: str) -> str:
    lines, at = _lines(random, text)
    lines[at] = re.sub(r"[\w$.]+(?=:)", lambda _: random.choice(_WORDS), lines[at], count=1)
    return "\n".join(lines)


def _value(random: Random, text: str) -> str:
    lines, at = _lines(random, text)
    lines[at] = re.sub(r": .*", lambda _: ": " + random.choice(_WORDS), lines[at], count=1)
    return "\n".join(lines)


def _setting(random: Random, text: str) -> str:
    """Write something else that Refinery takes: most of these files load, and mean other things."""
    spots = list(_SETTING.finditer(text))
    if not spots:
        return text
    spot = random.choice(spots)
    word = random.choice(_TAKEN[spot[1]])
    return text[: spot.start(2)] + word + text[spot.end(2) :]


def _indentation(random: Random, text: str) -> str:
    lines, at = _lines(random, text)
    width = random.randint(0, 14)
    margin = "\t" if random.random() < 0.1 else " " * width
    end = min(len(lines), at + random.choice((1, 1, 2, 8)))
    lines[at:end] = [margin + line.lstrip() for line in lines[at:end]]
    return "\n".join(lines)


def _move_lines(random: Random, text: str) -> str:
    lines, at = _lines(random, text)
    taken = lines[at : at + random.randint(1, 4)]
    if random.random() < 0.6:
        del lines[at : at + len(taken)]
    if random.random() < 0.7:
        to = random.randint(0, len(lines))
        lines[to:to] = taken
    return "\n".join(lines)


def _insert(random: Random, text: str) -> str:
    at = random.randint(0, len(text))
    return text[:at] + random.choice(_WORDS) + text[at + random.choice((0, 0, 1, 4)) :]


def _truncate(random: Random, text: str) -> str:
    at = random.randint(0, len(text))
    return text[:at] if random.random() < 0.7 else text[at:]


def _deepen(random: Random, text: str) -> str:
    at = random.randint(0, len(text))
    return text[:at] + random.choice(_DEEP) * random.randint(2, _DEEP_MAX) + text[at:]


def _tag(random: Random, text: str) -> str:
    spots = [match.end() for match in re.finditer(r"(?:: |- )", text)] or [0]
    at = random.choice(spots)
    word = random.choice(
        ("&a ", "*a ", "*d ", "!!int ", "!!null ", "!x ", "!!binary ", "&d ", "| ")
    )
    return text[:at] + word + text[at:]


def _share(random: Random, text: str) -> str:
    """Put aliases of aliases in, as those do who want a small file to become a large one."""
    depth = random.randint(2, 12)
    lines = ["a0: &a0 {x: 1}"]
    lines += [f"a{i}: &a{i} [" + ", ".join([f"*a{i - 1}"] * 9) + "]" for i in range(1, depth)]
    return "\n".join(lines) + "\n" + text


def _line_ends(random: Random, text: str) -> str:
    return text.replace("\n", random.choice(("\r\n", "\r", "\x85", "\n\n", "\u2028")))


def _characters(random: Random, text: str) -> str:
    if not text:
        return text
    at = random.randrange(len(text))
    return text[:at] + chr(random.choice((0, 7, 27, 127, 133, 0x2028, 0xFEFF, 0x1F41D))) + text[at:]


def _as_json(random: Random, text: str) -> str:
    data: object = {"RulesVersion": 2, "Samplers": {"__default__": {"Rules": [text[:40]]}}}
    if random.random() < 0.7:
        sampler = {"RulesBasedSampler": {"Rules": [{"Name": "a", "SampleRate": random.random()}]}}
        data = {"RulesVersion": random.choice((2, 2.0, "2")), "Samplers": {"__default__": sampler}}
    return json.dumps(data, indent=random.choice((None, 1, 2)))


def _configmap(random: Random, text: str) -> str:
    return render_configmap(text).replace("|", random.choice(("|", "|", "|", ">", "|-", "|4")), 1)


def _quoted_configmap(random: Random, text: str) -> str:
    del random
    names = {"rules.yaml": text, "config.yaml": "General: {ConfigurationVersion: 2}\n"}
    return json.dumps({"apiVersion": "v1", "kind": "ConfigMap", "data": names})


def _helm(random: Random, text: str) -> str:
    return random.choice(("", "replicaCount: 3\n", "{{ if .Values.x }}\n")) + render_helm_values(
        text
    )


def _stream(random: Random, text: str) -> str:
    other = random.choice(("kind: Service\n", "a: [\n", "", "# nothing\n", "- 1\n"))
    parts = [other, text, render_configmap(text)]
    random.shuffle(parts)
    return "---\n".join(parts)


def _list_of_kinds(random: Random, text: str) -> str:
    body = "\n".join("  " + line for line in render_configmap(text).split("\n"))
    return random.choice(("apiVersion: v1\nkind: List\n", "")) + "items:\n- " + body.lstrip()


_MUTATIONS: Final[tuple[Mutation, ...]] = (
    *(
        _key,
        _key,
        _value,
        _value,
        _value,
        _indentation,
        _indentation,
        _move_lines,
        _insert,
        _insert,
    ),
    *(_truncate, _deepen, _tag, _tag, _share, _line_ends, _characters),
)
_WRAPPERS: Final[tuple[Mutation, ...]] = (
    *(_as_json, _configmap, _configmap, _quoted_configmap, _helm, _stream, _list_of_kinds),
)
