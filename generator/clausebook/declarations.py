"""What the trust declares in `trust.yml`, and whether what is filled in fits it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from clausebook.addresses import fault_in_email, fault_in_web
from clausebook.dates import MESSAGE as DATE_MESSAGE
from clausebook.dates import read_date, show_date
from clausebook.english import bare, capital, plural
from clausebook.model import School, Trust
from clausebook.people import Layer, nearest_filling
from clausebook.problems import Problems, nearest
from clausebook.prose import Inlines, Link, Text
from clausebook.shapes import Stricter, ValueDeclaration, ValueType
from clausebook.source import Source, Span

RESERVED = ("contact", "channels", "school", "trust", "group")
"""Names that Clausebook gives a meaning to; terms and values cannot use them."""

GRAMMAR = ("and", "or", "not", "if", "else", "in", "is", "true", "false", "none")
"""Words that mean something else between double braces."""


def term_names(key: str) -> tuple[str, str, str, str]:
    """The names that one term gives: `pupil`, `pupils`, `Pupil`, `Pupils`."""
    return key, plural(key), capital(key), capital(plural(key))


def declared_names(trust: Trust, problems: Problems) -> None:
    """Find declarations in `trust.yml` that give the same name twice."""
    given: dict[str, Span] = {}
    document = trust.document
    for section, keys in (
        ("terms", [(key, form) for key in trust.details.terms for form in term_names(key)]),
        ("values", [(key, key) for key in trust.details.values]),
    ):
        for key, name in keys:
            span = document.key_span(section, key)
            if name in RESERVED or name.lower() in GRAMMAR:
                problems.error(
                    "name-clash",
                    f"'{name}' is a name that Clausebook uses itself"
                    + ("" if name == key else f", and '{key}' gives it as well"),
                    span,
                    "give it another name; taken are " + ", ".join((*RESERVED, *GRAMMAR)),
                )
            elif name in given and given[name] != span:
                problems.error(
                    "name-clash",
                    f"'{key}' gives the name '{name}', which is taken",
                    span,
                    "rename one of the two",
                    ((given[name], "it is given here"),),
                )
            given.setdefault(name, span)


def check_fillings(trust: Trust, layer: Layer, problems: Problems) -> None:
    """Find what a layer fills in that the trust has not declared."""
    declared: dict[str, Mapping[str, object]] = {
        "terms": trust.details.terms,
        "contacts": trust.details.contacts,
        "values": trust.details.values,
    }
    what = {"terms": "term", "contacts": "contact role", "values": "value"}
    for section, known in declared.items():
        for key in getattr(layer.fillings, section):
            if key not in known:
                problems.error(
                    "unknown-value",
                    f"'{key}' is not a {what[section]} that the trust has declared",
                    layer.document.key_span(section, key),
                    nearest(key, known)
                    or f"{what[section]}s: {', '.join(known) or 'none so far'}"
                    + _OWN_ROLES * (section == "contacts"),
                )
    for key in layer.fillings.local_contacts:
        if key in trust.details.contacts:
            problems.error(
                "name-clash",
                f"'{key}' is a role that the trust has declared",
                layer.document.key_span("local_contacts", key),
                "name the person under contacts: instead",
                ((trust.document.key_span("contacts", key), "it is declared here"),),
            )
    for key, raw in layer.fillings.values.items():
        if key in trust.details.values:
            span = layer.document.span("values", key)
            read_value(raw, trust.details.values[key], span, problems)


_OWN_ROLES = "; a role of your own goes under local_contacts:, with a label"


# -- values ------------------------------------------------------------------------


def read_value(
    raw: str, declared: ValueDeclaration, span: Span, problems: Problems
) -> Inlines | None:
    """What was filled in, as shown; None, with a problem, if it is not allowed."""
    readers: Mapping[ValueType, Callable[[], Inlines | str]] = {
        ValueType.TEXT: lambda: (Text(raw),),
        ValueType.CHOICE: lambda: (
            (Text(declared.says.get(raw, raw)),)
            if raw in declared.choices
            else "choose one of: " + ", ".join(declared.choices)
        ),
        ValueType.NUMBER: lambda: _read_number(raw, declared),
        ValueType.DATE: lambda: (
            (Text(show_date(day)),) if (day := read_date(raw)) else DATE_MESSAGE
        ),
        ValueType.EMAIL: lambda: fault_in_email(raw) or (Link(f"mailto:{raw}", (Text(raw),)),),
        ValueType.URL: lambda: fault_in_web(raw) or (Link(raw, (Text(raw),)),),
    }
    shown = readers[declared.type]()
    if isinstance(shown, str):
        if declared.type is ValueType.DATE:
            problems.error("bad-date", f"'{raw}' is not a date", span, shown)
        else:
            message = f"'{raw}' cannot be used for '{declared.label}'"
            problems.error("bad-value", message, span, shown)
        return None
    return shown


def _read_number(raw: str, declared: ValueDeclaration) -> Inlines | str:
    if not re.fullmatch(r"-?[0-9]{1,12}(?:\.[0-9]{1,6})?", raw):
        return "write a number in digits, without its unit"
    number = float(raw)
    low, high = declared.min, declared.max
    if (low is not None and number < low) or (high is not None and number > high):
        if low is not None and high is not None:
            return f"it must be between {low:g} and {high:g}"
        return f"it must be at least {low:g}" if low is not None else f"it must be at most {high:g}"
    text = str(int(number)) if number.is_integer() else str(number)
    if not declared.unit:
        return (Text(text),)
    unit = declared.unit if number == 1 else plural(declared.unit)
    return (Text(f"{text} {unit}"),)


def check_declarations(trust: Trust, problems: Problems) -> None:
    """Find defaults in `trust.yml` that their own declarations do not allow."""
    for key, declared in trust.details.values.items():
        if declared.default is not None:
            span = trust.document.span("values", key, "default")
            read_value(declared.default, declared, span, problems)
        _check_limits(trust, key, declared, problems)
    _check_synonyms(trust, problems)


def _check_synonyms(trust: Trust, problems: Problems) -> None:
    """Find synonyms that no search could use, and those that are there already."""
    document = trust.document
    entries: dict[str, Span] = {}
    for key, words in trust.details.synonyms.items():
        place = document.key_span("synonyms", key)
        _check_word(key, place, entries, problems)
        here = {bare(key): place}
        for at, word in enumerate(words):
            _check_word(word, document.span("synonyms", key, at), here, problems)


def _check_word(word: str, span: Span, known: dict[str, Span], problems: Problems) -> None:
    """Find a word of which the search makes nothing, or the same as of one before it."""
    plain = bare(word)
    if not plain:
        message = f"'{word}' has no letter or digit that anybody could search for"
        problems.error("bad-value", message, span, "write a word, or leave it out")
    elif plain in known:
        problems.error(
            "duplicate-key",
            f"'{word}' is there already; the search sees no capitals and no signs",
            span,
            "leave one of the two out",
            ((known[plain], "it is given here"),),
        )
    known.setdefault(plain, span)


def _check_limits(trust: Trust, key: str, declared: ValueDeclaration, problems: Problems) -> None:
    """Find what a declaration says about a value that a value of its type cannot have."""
    document = trust.document
    for name, type_ in _ONLY_FOR.items():
        given = getattr(declared, name)
        if given and declared.type is not type_:
            problems.error(
                "bad-value",
                f"'{name}' is for values of type {type_}, and '{key}' is of type {declared.type}",
                document.key_span("values", key, name),
                f"write 'type: {type_}', or leave '{name}' out",
            )
    if declared.type is ValueType.CHOICE and not declared.choices:
        problems.error(
            "missing-key",
            f"'{key}' is a choice, and there is nothing to choose from",
            document.key_span("values", key),
            "add 'choices: [one, another]'",
        )
    for choice in declared.says:
        if choice not in declared.choices:
            problems.error(
                "bad-value",
                f"'{choice}' is not one of the choices",
                document.key_span("values", key, "says", choice),
                nearest(choice, declared.choices) or "add it to 'choices:', or leave it out here",
            )
    if declared.stricter and declared.stricter not in _WAYS.get(declared.type, ()):
        ways = " or ".join(_WAYS.get(declared.type, ())) or "nothing: leave 'stricter' out"
        problems.error(
            "bad-value",
            f"a {declared.type} cannot be stricter by being {declared.stricter}",
            document.span("values", key, "stricter"),
            f"for this type write {ways}",
        )
    if declared.min is not None and declared.max is not None and declared.min > declared.max:
        problems.error(
            "bad-value",
            f"no number is at least {declared.min:g} and at most {declared.max:g}",
            document.key_span("values", key, "min"),
            "correct 'min' or 'max'",
        )


_WAYS: Mapping[ValueType, tuple[Stricter, ...]] = {
    ValueType.NUMBER: (Stricter.LOWER, Stricter.HIGHER),
    ValueType.DATE: (Stricter.EARLIER, Stricter.LATER),
    ValueType.CHOICE: (Stricter.EARLIER, Stricter.LATER),
}
"""How values of each type can be stricter than others."""


def check_strictness(trust: Trust, layers: Sequence[Layer], problems: Problems) -> None:
    """Find limits and choices that are less strict than what the layer below says.

    Each layer is held against the nearest one before it that says something, and the
    first against the trust's default.
    """
    for key, declared in trust.details.values.items():
        if declared.stricter is None:
            continue
        bar = declared.default
        place = trust.document.key_span("values", key)
        for layer in layers:
            raw = layer.fillings.values.get(key)
            if raw is None:
                continue
            span = layer.document.span("values", key)
            if bar is not None and _is_laxer(raw, bar, declared):
                problems.error(
                    "less-strict",
                    f"'{raw}' is less strict than '{bar}', and '{declared.label}' may only be "
                    "stricter",
                    span,
                    f"choose '{bar}' or something {declared.stricter}"
                    + (" in its list" if declared.type is ValueType.CHOICE else ""),
                    ((place, "this is what it may not fall below"),),
                )
            bar, place = raw, span


def _is_laxer(raw: str, bar: str, declared: ValueDeclaration) -> bool:
    """Whether a value is less strict than another; what cannot be read is another problem."""
    ours, theirs = _rank(raw, declared), _rank(bar, declared)
    if ours is None or theirs is None:
        return False
    up = declared.stricter in (Stricter.HIGHER, Stricter.LATER)
    return ours < theirs if up else ours > theirs


def _rank(raw: str, declared: ValueDeclaration) -> float | None:
    """Where a value stands among those of its type."""
    if read_value(raw, declared, Source("", "").whole(), Problems()) is None:
        return None
    match declared.type:
        case ValueType.NUMBER:
            return float(raw)
        case ValueType.DATE:
            day = read_date(raw)
            return float(day.toordinal()) if day else None
        case ValueType.CHOICE:
            return float(declared.choices.index(raw))
        case _:
            return None


_ONLY_FOR = {
    "unit": ValueType.NUMBER,
    "min": ValueType.NUMBER,
    "max": ValueType.NUMBER,
    "choices": ValueType.CHOICE,
    "says": ValueType.CHOICE,
}
"""Parts of a declaration that say something about one type only."""


def check_required(
    trust: Trust,
    school: School,
    layers: Sequence[Layer],
    problems: Problems,
) -> None:
    """Find roles and values that the trust requires and nobody has filled in."""
    for key, role in trust.details.contacts.items():
        named = role.default or nearest_filling(layers, "contacts", key)
        if role.required and not named:
            problems.error(
                "missing-value",
                f"{school.details.name} names nobody as '{key}' ({role.label})",
                school.document.key_span("contacts"),
                f"add '{key}: {{name: …}}' under 'contacts:'",
            )
    for key, declared in trust.details.values.items():
        filled = declared.default or nearest_filling(layers, "values", key)
        if declared.required and not filled:
            problems.error(
                "missing-value",
                f"{school.details.name} does not fill in '{key}' ({declared.label})",
                school.document.key_span("values"),
                f"add '{key}: …' under 'values:'",
            )
