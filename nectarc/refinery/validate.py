"""The map pass: Refinery's own validation of a rules file against its catalogue.

Owns: sections 1.2 and 1.6 of the reference as far as they refuse files. Must not know: structs,
decisions. Truth: ../shared/reference/refinery-semantics.md, 1.2.
"""

from __future__ import annotations

from collections.abc import Iterator

from nectarc.diagnostic import Edit, Fix
from nectarc.refinery.durations import parse_duration
from nectarc.refinery.load_error import LoadError, Place, load_error
from nectarc.refinery.metadata import FIELDS, GROUPS, FieldMeta, FieldType
from nectarc.refinery.operators_meant import instead_of, is_certain, operator_meant
from nectarc.refinery.rules import DEFAULT_TARGET
from nectarc.refinery.yaml_nodes import YamlEntry, YamlMapping, YamlNode, YamlScalar, YamlSequence
from nectarc.source import SourceSpan
from nectarc.spelling import nearest

_NO_KEY_TAG = "!!str"


def validate(root: YamlMapping | None, whole: SourceSpan) -> tuple[LoadError, ...]:
    """Return every error of the validator, in file order; none: the map pass accepts.

    root:   the file's top level, None when it is empty or null.
    whole:  where to point for things that are not there.
    """
    errors = tuple(_top_level(root, whole))
    samplers = None if root is None else root.get("Samplers")
    if errors or not isinstance(samplers, YamlMapping):
        return errors
    return tuple(
        error
        for entry in samplers.entries
        if isinstance(entry.value, YamlMapping)
        for error in _groups(entry.value.entries, Place(entry.key.text))
    )


def _top_level(root: YamlMapping | None, whole: SourceSpan) -> Iterator[LoadError]:
    names = set()
    for key, value in root.entries if root is not None else ():
        names.add(key.text)
        if key.text == "RulesVersion":
            yield from _rules_version(value)
        elif key.text == "Samplers":
            yield from _samplers(key, value)
        else:
            yield load_error(
                "unknown-top-level-key",
                f"unknown key `{key.text}` at the top of the rules file",
                key.source,
                help="only `RulesVersion` and `Samplers` stand there",
            )
    if "RulesVersion" not in names:
        yield load_error(
            "no-rules-version", "no `RulesVersion`", whole, help="begin with `RulesVersion: 2`"
        )
    if "Samplers" not in names:
        yield load_error("required", "no `Samplers`", whole, help="put the targets in `Samplers`")


def _rules_version(value: YamlNode) -> Iterator[LoadError]:
    if not _is_int(value):
        yield load_error(
            "not-int",
            "`RulesVersion` is no whole number",
            value.source,
            help="write `RulesVersion: 2`; rules load as YAML only, not as JSON or TOML",
        )
    elif isinstance(value, YamlScalar) and value.value != 2:
        yield load_error(
            "rules-version",
            f"`RulesVersion` is {value.value}, not 2",
            value.source,
            help="write `RulesVersion: 2`",
        )


def _samplers(key: YamlScalar, value: YamlNode) -> Iterator[LoadError]:
    if not _is_string_map(value):
        yield load_error(
            "not-map",
            "`Samplers` is no map of target names",
            value.source,
            help='write `NAME:` and its sampler; quote names such as "123" or "true"',
        )
        return
    assert isinstance(value, YamlMapping)
    for entry in value.entries:
        if not _is_string_map(entry.value):
            yield load_error(
                "not-map",
                f"the sampler of target `{entry.key.text}` is no map",
                entry.value.source,
                help="write the sampler's name under the target, and its settings under that",
            )
    if value.get(DEFAULT_TARGET) is None:
        yield load_error(
            "no-default",
            "`Samplers` has no `__default__`",
            key.source,
            help="add a target `__default__`; it serves every environment that is not named",
        )


def _groups(entries: tuple[YamlEntry, ...], place: Place) -> Iterator[LoadError]:
    """Check a map whose keys are group names: a target, a rule's Sampler, one wrapped element."""
    for key, _ in entries:
        if key.text not in GROUPS:
            yield load_error(
                "unknown-group",
                f"unknown sampler `{key.text}`",
                key.source,
                place=place,
                help=_meant(key.text, tuple(GROUPS)),
            )
    flat = _flatten(entries)
    for name, (key, value) in flat.items():
        meta = FIELDS.get(name)
        if meta is not None:
            yield from _field(name, meta, value, place)
        elif name not in GROUPS:
            group = GROUPS.get(name.partition(".")[0], {})
            yield load_error(
                "unknown-field",
                f"unknown setting `{key.text}`",
                key.source,
                place=place,
                help=_meant(key.text, tuple(group)),
            )
    for key, value in entries:
        yield from _group_wide(key, value, flat, place)


def _flatten(entries: tuple[YamlEntry, ...]) -> dict[str, YamlEntry]:
    """Name each setting "Group.Setting"; what is no map keeps its group's name."""
    flat: dict[str, YamlEntry] = {}
    for entry in entries:
        if _is_string_map(entry.value) and isinstance(entry.value, YamlMapping):
            flat |= {f"{entry.key.text}.{sub.key.text}": sub for sub in entry.value.entries}
        else:
            flat[entry.key.text] = entry
    return flat


def _group_wide(
    key: YamlScalar, value: YamlNode, flat: dict[str, YamlEntry], place: Place
) -> Iterator[LoadError]:
    group = key.text
    for name, meta in GROUPS.get(group, {}).items():
        here = flat.get(f"{group}.{name}")
        if meta.is_required and here is None:
            yield load_error(
                "missing-required-field",
                f"`{group}` has no `{name}`",
                key.source if key.source.end > key.source.start else value.source,
                place=place,
                help=f"add `{name}`, {meta.type.value}",
            )
        other = flat.get(f"{group}.{meta.conflicts_with}") if meta.conflicts_with else None
        if here is not None and other is not None:
            yield load_error(
                "conflict",
                f"`{name}` stands beside `{meta.conflicts_with}`",
                here.key.source,
                place=place,
                help="keep one of the two",
            )


def _field(name: str, meta: FieldMeta, value: YamlNode, place: Place) -> Iterator[LoadError]:
    short = name.partition(".")[2]
    mistake = _type_mistake(meta.type, value)
    if mistake is not None:
        words = (
            f"`{short}` has no value"
            if mistake == "null"
            else f"`{short}` mixes types in one list"
            if mistake == "mixed-list"
            else f"`{short}` is not {meta.type.value}"
        )
        fix = (
            "write all elements alike: `[1.0, 2.5]`, not `[1, 2.5]`"
            if mistake == "mixed-list"
            else "begin each entry with `- `"
            if mistake == "not-list" and isinstance(value, YamlMapping)
            else f"write {meta.type.value}, or leave the key out"
        )
        yield load_error(mistake, words, value.source, place=place, help=fix)
        return
    if isinstance(value, YamlMapping):
        yield from _groups(value.entries, place)
        yield from _children(short, meta, value, place)
    elif isinstance(value, YamlSequence) and meta.type is FieldType.OBJECTS:
        for i, item in enumerate(value.items):
            inner = place._replace(rule=i) if short == "Rules" else place._replace(condition=i)
            yield from _groups((YamlEntry(_wrapper_key(short, item), item),), inner)
    elif isinstance(value, YamlScalar):
        yield from _limits(short, meta, value, place)


def _wrapper_key(name: str, item: YamlNode) -> YamlScalar:
    """Name the group as which the validator checks an element of a list, as its key."""
    start = item.source.start
    return YamlScalar(
        name, name, _NO_KEY_TAG, SourceSpan(item.source.file, start, start), item.line
    )


def _children(name: str, meta: FieldMeta, value: YamlMapping, place: Place) -> Iterator[LoadError]:
    for key, _ in value.entries:
        if key.text not in meta.children:
            yield load_error(
                "unknown-sampler-in-rule",
                f"`{key.text}` cannot stand in a rule's `{name}`",
                key.source,
                place=place,
                help=_instead_of_sampler(key.text, meta.children),
            )


def _instead_of_sampler(name: str, children: tuple[str, ...]) -> str:
    if name == "DeterministicSampler":
        return "write `SampleRate: N` on the rule itself, and no `Sampler`"
    if name == "RulesBasedSampler":
        return (
            "write its rules into the target's own list, above this one, each with the conditions"
            " of this rule as well"
        )
    return "a rule takes one of " + ", ".join(f"`{child}`" for child in children)


def _limits(name: str, meta: FieldMeta, value: YamlScalar, place: Place) -> Iterator[LoadError]:
    if meta.choices and value.value not in meta.choices:
        yield _unknown_word(name, meta.choices, value, place)
    if not isinstance(value.value, int | float):
        return
    if meta.minimum is not None and value.value < meta.minimum:
        yield load_error(
            "below-minimum",
            f"`{name}` is below {meta.minimum}",
            value.source,
            place=place,
            help=f"write at least {meta.minimum}",
        )
    if meta.maximum is not None and value.value > meta.maximum:
        yield load_error(
            "above-maximum",
            f"`{name}` is above {meta.maximum}",
            value.source,
            place=place,
            help=f"write at most {meta.maximum}",
        )


def _unknown_word(
    name: str, choices: tuple[str, ...], value: YamlScalar, place: Place
) -> LoadError:
    listed = f"write one of {', '.join(f'`{choice}`' for choice in choices)}"
    written = str(value.value)
    headline, label, advice = f"`{name}` cannot be `{written}`", "", listed
    fixes: tuple[Fix, ...] = ()
    if name == "Operator" and not written:
        headline = "`Operator` is empty"
        if value.tag in choices:
            # The tag without a value, and no longer text that was read out of a quoted one.
            headline += f": without quotes YAML takes `{value.tag}` for a tag"
            label, advice = "a tag, and no text", f"write `Operator: '{value.tag}'`"
            if value.source.end - value.source.start == len(value.tag):
                edit = Edit(value.source, f"'{value.tag}'")
                fixes = (Fix(f"quote `{value.tag}`", (edit,), is_safe=True),)
        else:
            advice = (
                "quote operators, e.g. `Operator: '>'`: without quotes YAML takes `>` for the begin"
                " of a text, and `!=` for a tag"
            )
    elif name == "Operator":
        meant = operator_meant(written, choices)
        advice = instead_of(written) or listed
        if meant is not None:
            advice = f"did you mean `{meant}`?"
            fixes = _spelt(meant, written, value)
    else:
        meant = nearest(written, choices)
        advice = f"did you mean `{meant}`? {listed}" if meant else listed
    return load_error(
        "not-one-of", headline, value.source, place=place, label=label, help=advice, fixes=fixes
    )


def _spelt(meant: str, written: str, value: YamlScalar) -> tuple[Fix, ...]:
    """Offer to write `meant`; Refinery refuses the file, so there is no meaning to keep."""
    place = value.source
    width = place.end - place.start
    if width == len(written):
        edit = Edit(place, meant if meant[0].isalpha() else f"'{meant}'")
    elif width == len(written) + 2:  # its quotes stay
        edit = Edit(SourceSpan(place.file, place.start + 1, place.end - 1), meant)
    else:
        return ()  # escapes, or no place of its own
    return (Fix(f"write `{meant}`", (edit,), is_safe=is_certain(written)),)


def _type_mistake(expected: FieldType, value: YamlNode) -> str | None:
    """Return the kind of error that `value` makes as a field of type `expected`."""
    if isinstance(value, YamlScalar) and value.value is None:
        return "null"
    scalar = value.value if isinstance(value, YamlScalar) else None
    match expected:
        case FieldType.INT:
            return None if _is_int(value) else "not-int"
        case FieldType.BOOL:
            return None if isinstance(scalar, bool) else "not-bool"
        case FieldType.FLOAT:
            return None if _is_int(value) or isinstance(scalar, float) else "not-float"
        case FieldType.STRING:
            return None if isinstance(scalar, str) else "not-string"
        case FieldType.DURATION:
            is_good = isinstance(scalar, str) and parse_duration(scalar) is not None
            return None if is_good else "not-duration"
        case FieldType.STRINGS:
            is_good = isinstance(value, YamlSequence) and all(
                isinstance(item, YamlScalar) and isinstance(item.value, str) for item in value.items
            )
            return None if is_good else "not-string-list"
        case FieldType.VALUE:
            return _value_mistake(value)
        case FieldType.OBJECT:
            return None if _is_string_map(value) else "not-map"
        case FieldType.OBJECTS:
            return None if isinstance(value, YamlSequence) else "not-list"


def _value_mistake(value: YamlNode) -> str | None:
    if isinstance(value, YamlSequence):
        return "mixed-list" if len({_go_type(item) for item in value.items}) > 1 else None
    is_good = isinstance(value, YamlScalar) and isinstance(value.value, bool | int | float | str)
    return None if is_good else "not-scalar-or-list"


def _go_type(value: YamlNode) -> str:
    if isinstance(value, YamlScalar):
        return type(value.value).__name__
    if isinstance(value, YamlMapping):
        return "map[string]" if value.is_string_keyed else "map[any]"
    return "list"


def _is_int(value: YamlNode) -> bool:
    if not isinstance(value, YamlScalar):
        return False
    return isinstance(value.value, int) and not isinstance(value.value, bool)


def _is_string_map(value: YamlNode) -> bool:
    return isinstance(value, YamlMapping) and value.is_string_keyed


def _meant(name: str, names: tuple[str, ...]) -> str:
    found = nearest(name, names)
    return f"did you mean `{found}`?" if found else "remove it"
