"""The register of diagnostic codes.

Owns: number, title and severity of every code, and `finding`, with which every stage makes its
diagnostics. Numbers are never reused; each code has a page in docs/codes/, a firing case and a near
miss. Must not know: who finds what.
Truth: docs/language.md, section 8.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from nectarc.diagnostic import Diagnostic, Fix, Label, Severity
from nectarc.source import SourceSpan


class Code(NamedTuple):
    """One registered code. `title` is one line, for lists and `explain-code`."""

    code: str
    severity: Severity
    title: str


_E, _W, _H = Severity.ERROR, Severity.WARNING, Severity.HINT

_ALL: Final[tuple[Code, ...]] = (
    # NEC00x-03x: TOON (owner: nectarc/toon)
    Code("NEC001", _E, "tabs in the indentation"),
    Code("NEC002", _E, "indentation other than two spaces a level"),
    Code("NEC003", _E, "nesting beyond 100 levels"),
    Code("NEC004", _E, "a line beyond 1,048,576 characters"),
    Code("NEC005", _E, "a line without a colon"),
    Code("NEC006", _E, "a text without its closing quote"),
    Code("NEC007", _E, "an unknown escape"),
    Code("NEC008", _E, "something after a closing quote"),
    Code("NEC009", _E, "a key written twice"),
    Code("NEC010", _E, "a malformed array header"),
    Code("NEC011", _E, "a malformed field list"),
    Code("NEC012", _E, "a column named twice"),
    Code("NEC013", _E, "a field list with another delimiter than declared"),
    Code("NEC014", _E, "something after a header with fields"),
    Code("NEC015", _E, "a count that is not the declared one"),
    Code("NEC016", _E, "a row with too many or too few cells"),
    Code("NEC017", _E, "a `key: value` line in a table"),
    Code("NEC018", _E, "a line of a list that is no item"),
    Code("NEC019", _E, "a blank line inside an array"),
    Code("NEC020", _E, "a header without a key"),
    Code("NEC021", _E, "something after the end of the document"),
    Code("NEC022", _E, "a row of a keyed table without its key"),
    Code("NEC023", _E, "a `key: value` line in a record"),
    Code("NEC024", _E, "a record with too few values"),
    Code("NEC025", _E, "a record with too many values"),
    Code("NEC026", _E, "a header out of place in a record"),
    Code("NEC027", _E, "a malformed record header"),
    Code("NEC028", _E, "more mistakes than are shown"),
    Code("NEC029", _E, "more values than are read"),
    # NEC04x-09x: policy sections, match and action syntax (owner: nectarc/syntax)
    Code("NEC040", _E, "match with something out of place"),
    Code("NEC041", _E, "test missing beside `&&`, `||`, `!` or between parentheses"),
    Code("NEC042", _E, "`=` in the place of `==`"),
    Code("NEC043", _E, "`and` and `or` in the place of `&&` and `||`"),
    Code("NEC044", _E, "string or name that is never closed"),
    Code("NEC045", _E, "escape that a string cannot have"),
    Code("NEC046", _E, "duration without a known unit"),
    Code("NEC047", _E, "number that cannot be read"),
    Code("NEC048", _E, "unknown operator"),
    Code("NEC049", _E, "comparison without a field"),
    Code("NEC050", _E, "parenthesis or bracket without its partner"),
    Code("NEC051", _E, "empty match"),
    Code("NEC052", _E, "name that needs backticks"),
    Code("NEC053", _E, "typographic quotes"),
    Code("NEC054", _E, "value missing or without quotes"),
    Code("NEC055", _E, "list that cannot be read"),
    Code("NEC056", _E, "parentheses nested too deeply"),
    Code("NEC057", _E, "cell that is too long"),
    Code("NEC058", _E, "`not` in the place of `!`"),
    Code("NEC060", _E, "quantifier without parentheses, or unknown"),
    Code("NEC061", _E, "test in the wrong order"),
    Code("NEC062", _E, "`root` alone"),
    Code("NEC070", _E, "action with something out of place"),
    Code("NEC071", _E, "empty action"),
    Code("NEC072", _E, "share that is not written as a number or 1/n"),
    Code("NEC073", _E, "parameter without `:` and value"),
    Code("NEC076", _E, "requirement that cannot be read"),
    Code("NEC080", _E, "unknown section"),
    Code("NEC081", _E, "unknown column"),
    Code("NEC082", _E, "missing section or column"),
    Code("NEC083", _H, "policy without a version"),
    Code("NEC084", _E, "section or cell of the wrong kind"),
    Code("NEC086", _E, "version that this nectarc does not read"),
    Code("NEC087", _E, "number out of range"),
    Code("NEC088", _E, "policy without rules"),
    Code("NEC090", _E, "empty name"),
    Code("NEC091", _E, "test whose trace is not clear"),
    Code("NEC092", _E, "span of a test that is no row of values"),
    Code("NEC094", _E, "file that is no policy"),
    # NEC10x: names and types (owner: nectarc/semantics)
    Code("NEC101", _E, "unknown type in `fields`"),
    Code("NEC102", _E, "field declared twice"),
    Code("NEC103", _W, "declared name that can only stand in backticks"),
    Code("NEC104", _E, "field that Refinery hides or treats specially"),
    Code("NEC105", _E, "literal does not fit the type of the field"),
    Code("NEC106", _E, "kind of test does not fit the type of the field"),
    Code("NEC107", _E, "list of mixed types"),
    Code("NEC108", _E, "number that float64 cannot hold exactly"),
    Code("NEC109", _E, "fraction against an `int` field"),
    Code("NEC110", _E, "text operator without a text"),
    Code("NEC111", _E, "pattern that RE2 does not read"),
    Code("NEC112", _H, "bare number against a duration field"),
    Code("NEC113", _W, "`status_code` compared with an HTTP status"),
    Code("NEC114", _H, "convention with an old and a new spelling"),
    Code("NEC115", _W, "unknown name close to a known one"),
    Code("NEC116", _H, "name that never occurs in the corpus"),
    Code("NEC117", _W, "traffic disagrees with the type of a field"),
    # NEC20x: quantifiers and logic, lints (owner: nectarc/semantics)
    Code("NEC201", _E, "negative span test without a quantifier"),
    Code("NEC202", _E, "`&&` between span tests without a quantifier"),
    Code("NEC203", _E, "quantifier inside a quantifier"),
    Code("NEC204", _E, "`is_root` outside a quantifier"),
    Code("NEC205", _E, "trace-level operand inside a quantifier"),
    Code("NEC206", _E, "`span_count` compared with something not a whole number"),
    Code("NEC207", _W, "`all` over a field that span events lack"),
    Code("NEC210", _E, "no fallback rule"),
    Code("NEC211", _W, "rule after one that matches every trace"),
    Code("NEC212", _W, "rules of equal priority"),
    Code("NEC213", _E, "name used twice"),
    Code("NEC214", _W, "match that is never true"),
    Code("NEC215", _E, "test expects a rule that does not exist"),
    Code("NEC216", _E, "test expects another action than its rule has"),
    Code("NEC217", _E, "test names no trace or an impossible root"),
    Code("NEC218", _W, "span field of a test that its name does not read"),
    Code("NEC220", _E, "unknown action"),
    Code("NEC221", _E, "unknown parameter of a sampler"),
    Code("NEC222", _E, "missing parameter of a sampler"),
    Code("NEC223", _E, "parameter of the wrong kind"),
    Code("NEC224", _E, "parameter out of range"),
    Code("NEC225", _E, "share that is not above 0 and at most 1"),
    Code("NEC226", _H, "rate rounded to one in n"),
    Code("NEC227", _E, "rate too far from any one in n"),
    Code("NEC228", _E, "`deterministic` beside other rules"),
    Code("NEC229", _E, "parameter given twice"),
    Code("NEC230", _E, "action takes no such argument"),
    Code("NEC231", _W, "sampler key with very many values"),
    Code("NEC232", _H, "samplers that share one budget"),
    Code("NEC233", _E, "samplers that share one budget and differ otherwise"),
    Code("NEC234", _W, "goal that cannot be met"),
    Code("NEC235", _W, "goals above the budget"),
    # NEC30x: lowering and what it writes (owner: nectarc/lowering, nectarc/pipeline)
    Code("NEC300", _E, "rule that no list of Refinery rules can say"),
    Code("NEC301", _W, "many more Refinery rules than policy rules"),
    Code("NEC302", _E, "too many Refinery rules"),
    Code("NEC303", _E, "match with too many alternatives"),
    Code("NEC305", _W, "rule approximated by a superset"),
    Code("NEC307", _E, "span field that no condition reads"),
    Code("NEC308", _E, "rules that could not be proven"),
    # NEC400-419: files, manifest, project (owner: nectarc/files, manifest, project, cli)
    Code("NEC400", _E, "a file cannot be read"),
    Code("NEC401", _E, "a file is not UTF-8 text"),
    Code("NEC402", _E, "a file is larger than a policy can be"),
    Code("NEC403", _E, "an output cannot be written"),
    Code("NEC404", _E, "the manifest is not TOML"),
    Code("NEC405", _E, "the manifest has no such table or key"),
    Code("NEC406", _E, "a setting of the manifest has the wrong kind of value"),
    Code("NEC407", _E, "there is no project here"),
    Code("NEC408", _E, "no policy decides for the target __default__"),
    Code("NEC409", _E, "a file is in the way of a new project"),
    Code("NEC410", _E, "the lock would change"),
    Code("NEC411", _E, "rules that are not what the lock promises"),
    Code("NEC412", _E, "a policy that changed since the lock was written"),
    Code("NEC413", _E, "a file that is no lock"),
    # NEC420-449: reading traces (owner: nectarc/corpus)
    Code("NEC420", _E, "a request that Refinery refuses"),
    Code("NEC421", _E, "a file of traces in a form that is not read"),
    Code("NEC422", _W, "a record that holds no trace"),
    Code("NEC423", _E, "a compressed file that is damaged"),
    Code("NEC424", _H, "spans that came twice"),
    Code("NEC425", _W, "input without a trace"),
    Code("NEC426", _E, "a damaged file of the corpus"),
    Code("NEC427", _E, "another ingest is at work"),
    Code("NEC428", _W, "a file in the corpus folder that is no part of it"),
    Code("NEC429", _E, "a Parquet file of another program"),
    Code("NEC435", _E, "a table whose columns are not known"),
    Code("NEC436", _E, "a map of columns that is none"),
    # NEC450-489: safety (owner: nectarc/prove)
    Code("NEC450", _E, "errors or critical traces that may be lost"),
    Code("NEC451", _E, "a must-keep trace that may be lost"),
    Code("NEC452", _E, "an invariant that does not hold"),
    Code("NEC453", _W, "the budget is exceeded on this traffic"),
    Code("NEC454", _W, "a rule that can never decide a trace"),
    Code("NEC455", _W, "OpenTelemetry errors that the policy does not keep"),
    Code("NEC456", _E, "traffic that is not as the rules assume"),
    Code("NEC457", _W, "rare failures of the corpus that may be lost"),
    Code("NEC458", _W, "a question about all traces without an answer"),
    # NEC480-499: tests of policies, differences (owner: nectarc/testing, nectarc/compare)
    Code("NEC480", _E, "a test that fails"),
    Code("NEC481", _H, "a rule that no test is decided by"),
    Code("NEC482", _H, "a condition that tests saw on one side only"),
    Code("NEC483", _H, "a policy without tests"),
    Code("NEC484", _E, "a side of a comparison that cannot be read"),
    # NEC50x: traps in Refinery rules files (owner: nectarc/refinery)
    Code("NEC500", _E, "a rules file that cannot be read"),
    Code("NEC501", _E, "a key that stands twice"),
    Code("NEC502", _E, "a value of the wrong shape"),
    Code("NEC503", _E, "`RulesVersion` is missing or not 2"),
    Code("NEC504", _E, "no samplers, or no `__default__`"),
    Code("NEC505", _E, "unknown key at the top of a rules file"),
    Code("NEC506", _E, "unknown sampler"),
    Code("NEC507", _E, "unknown setting"),
    Code("NEC508", _E, "a sampler that a rule cannot use"),
    Code("NEC509", _E, "a required setting is missing"),
    Code("NEC510", _E, "a setting without a value"),
    Code("NEC511", _E, "a setting of the wrong type"),
    Code("NEC512", _E, "a list that mixes types"),
    Code("NEC513", _E, "a word that Refinery does not know"),
    Code("NEC514", _E, "a number out of range"),
    Code("NEC515", _E, "`Field` and `Fields` together"),
    Code("NEC516", _E, "a target that ends Refinery's process"),
    # NEC517-519: the main configuration beside the rules (owner: nectarc/refinery/read_main_config)
    Code("NEC517", _E, "a main configuration that cannot be read"),
    Code("NEC518", _H, "a mode of Refinery that passes the rules by"),
    Code("NEC519", _H, "a time in the rules beyond those of the main configuration"),
    # NEC520-539: traps of targets, samplers and whole rules (owner: nectarc/lint/target_traps)
    Code("NEC520", _W, "a rule that drops because it has no `SampleRate`"),
    Code("NEC521", _W, "a `SampleRate` that cannot be meant"),
    Code("NEC522", _H, "traces that match no rule are kept"),
    Code("NEC523", _W, "a setting of a rule that another one overrides"),
    Code("NEC524", _W, "intervals that do not fit each other"),
    Code("NEC525", _W, "samplers of rules that are one and the same"),
    Code("NEC526", _W, "a sampler that is never read"),
    Code("NEC527", _H, "a throughput goal for each environment"),
    Code("NEC528", _H, "a throughput goal that is divided by the cluster's size"),
    Code("NEC529", _H, "a windowed sampler that keeps everything above its number of keys"),
    Code("NEC530", _W, "a key with a value of its own in nearly every trace"),
    Code("NEC531", _H, "a key made of the values of every span"),
    Code("NEC532", _W, "a zero that means something else"),
    Code("NEC533", _H, "a sampler that keeps everything after an idle interval"),
    Code("NEC534", _H, "dynamic samplers that start anew with each edit"),
    Code("NEC535", _H, "a rate that is drawn anew at each decision"),
    Code("NEC536", _H, "a rule without a name of its own"),
    Code("NEC537", _H, "an empty list of conditions, or a scope without any"),
    Code("NEC538", _W, "a name in `FieldList` that no trace has"),
    Code("NEC539", _H, "a `FieldList` that is empty or repeats a name"),
    # NEC540-549: files as such, and what they are wrapped in (owner: nectarc/refinery/inputs)
    Code("NEC540", _E, "a template that is not rendered"),
    Code("NEC541", _W, "a second document in a rules file"),
    Code("NEC542", _E, "a file that holds no rules"),
    Code("NEC543", _E, "rules of Refinery 1"),
    Code("NEC544", _H, "several rules in one file"),
    Code("NEC545", _H, "targets whose names differ in spelling only"),
    Code("NEC546", _W, "a variable in rules, which Refinery does not replace"),
    Code("NEC547", _H, "a target that the Helm chart adds"),
    # NEC590-599: importing (owner: nectarc/importing, nectarc/cli/imported)
    Code("NEC590", _H, "a rule that an import leaves out, since it decides no trace"),
    Code("NEC591", _H, "a rule that an import gives another name"),
    Code("NEC592", _H, "a fallback that an import writes down"),
    Code("NEC593", _H, "what an import reads in another way than it is written"),
    Code("NEC594", _H, "a sampler that runs with the parameters of another"),
    Code("NEC595", _W, "what an import leaves out, or cannot prove"),
    # NEC596: lint as a process (owner: nectarc/cli/refinery_program)
    Code("NEC596", _E, "Refinery itself says otherwise than nectarc"),
    # NEC598-599: rules of Refinery 1.x (owner: nectarc/importing/v1_notes)
    Code("NEC598", _H, "a setting that Refinery 2 reads otherwise than 1.x"),
    Code("NEC599", _W, "a part of Refinery 1.x rules that is left behind"),
    # NEC580-589: what the rules of a target do together (owner: nectarc/lint/semantic)
    Code("NEC580", _W, "a rule that never decides a trace"),
    Code("NEC581", _H, "a rule that changes nothing"),
    Code("NEC582", _W, "a condition that holds of no trace"),
    Code("NEC583", _W, "a condition that holds of every trace"),
    Code("NEC584", _H, "a condition that follows from the others of its rule"),
    Code("NEC585", _W, "two rules that ask for the same traces"),
    Code("NEC586", _H, "errors that are dropped"),
    Code("NEC587", _W, "errors that are dropped against what the rules say"),
)

CODES: Final[dict[str, Code]] = {entry.code: entry for entry in _ALL}


def finding(  # noqa: PLR0913 - the fields of a diagnostic, by keyword
    code: str,
    source: SourceSpan,
    headline: str,
    *,
    label: str = "",
    why: str = "",
    help: str = "",  # noqa: A002 - the word that Diagnostic has
    related: tuple[Label, ...] = (),
    fixes: tuple[Fix, ...] = (),
    severity: Severity | None = None,
) -> Diagnostic:
    """Make a diagnostic with the severity that the register gives to `code`.

    severity: another one, where this finding is less certain than its code.
    What cannot be seen in the headline becomes an escape: it is one line, whatever text it quotes.
    """
    return Diagnostic(
        code=code,
        severity=severity or CODES[code].severity,
        headline=headline if headline.isprintable() else _printable(headline),
        source=source,
        label=label,
        why=why,
        help=help,
        related=related,
        fixes=fixes,
    )


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
