"""Policies for tests of whole features: all that there are, and three that use everything.

Owns: `FULL`, `PIPED`, `LISTED`, `all_policies`. Must not know: features.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from nectarc.importing.translate import translate_rules
from nectarc.importing.writing import policy_text
from nectarc.refinery.inputs import read_rules_files
from nectarc.refinery.located import locate
from nectarc.toon import encode
from tests.shared_data import SHARED, read_vectors
from tests.unit.lsp.views_of import SHOP

FULL: Final = """\
version: 1
name: "été \N{HONEYBEE} shop"
budget_per_second: 500
fields[3]{name,type,from}:
  latency,duration_us,latency_us
  tenant,string,app.tenant
  kind,int,"span.kind"
rules[6]{name,description,match,action,priority}:
  "keep, errors",Erreurs é \N{HONEYBEE},http.status >= 500,keep,100
  slow,"slow \N{HONEYBEE}: all","any(duration > 1m30s && service in ['shop','pay'])",keep,90
  tenant,,"tenant == \\"a,b\\" && root.http.route == '/é'","ema_dynamic(goal_sample_rate: 10, \
fields: [http.route, http.status])",80
  lat,,none(latency > 250ms) && span_count > 100,sample(1/20),70
  "hr",no root,!has_root || exists(root.error),drop,60
  rest,,"true",sample(0.01),0
invariants[3]{name,when,require}:
  errors,http.status >= 500,keep
  slow,duration > 5s,not drop
  some,service == 'shop',share >= 0.1
tests[2]:
  - name: t1
    expect: "keep, errors"
    action: keep
    spans[2]{root,http.status,duration_ms}:
      true,503,12
      false,,5
  - name: t2
    expect: hr
    no_root: true
    spans[1]{service.name,app.tenant}:
      shop,"a b"
"""
PIPED: Final = """\
nectar_policy:
  version: 1
  name: p
  fields[1]:
    - name: f
      type: string
      from[2]: a.b,c.d
  rules[2|]{name|match|action|priority}:
    a|any(f == 'x' && duration > 1s)|total_throughput(goal_throughput_per_sec: 9, fields: [f])|5
    b|true|sample(1/7)|0
"""
LISTED: Final = """\
version: 1
rules[2]:
  - name: a
    description: says é
    match: http.status in [500, 503]
    action: keep
    priority: 10
  - name: b
    match: "true"
    action: windowed_throughput(goal_throughput_per_sec: 50, fields: [service])
    priority: 0
"""
WRITTEN: Final = (SHOP, FULL, PIPED, LISTED)


@cache
def all_policies() -> tuple[str, ...]:
    """Return those above, all of the imported histories, all of the vectors; each text once."""
    found = [*WRITTEN]
    for path in sorted((SHARED / "data" / "rules" / "v2").glob("*.yaml")):
        if path.name.startswith(("instantdb", "raas-hnytest")):
            loaded = read_rules_files([(path.name, path.read_bytes())]).loaded
            assert loaded.rules is not None
            assert loaded.tree is not None
            targets = translate_rules(loaded.rules, locate(loaded.rules, loaded.tree))
            found += [policy_text(one, "policy.toon") for one in targets if one.rules]
    for vector in read_vectors("policies.jsonl"):
        found.append(encode({"version": 1, **vector["policy"]}) + "\n")
    return tuple(dict.fromkeys(found))
