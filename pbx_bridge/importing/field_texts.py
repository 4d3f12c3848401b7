"""Declared fields (rules/fields) in the operator's file: texts as the form sends them, else as stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pbx_bridge.importing.section import Section
from pbx_bridge.importing.values import person_key
from rules.fault import Fault
from rules.fields.declaration import Field, Kind

_REMEDIES: Mapping[str, tuple[str, str]] = {
    "name_missing": ("is missing", 'Write name = "…"'),
    "name_unreadable": ("is no name", 'Write "Erika Beispiel" or "Beispiel, Erika"'),
    "one_line": ("has several lines or tabs", "Write it in one line"),
    "too_long": ("has {length} letters", "Shorten it to {max}"),
    "required": ("is missing", "Write it"),
    "email": ("is no e-mail address", "Write one address only: name@example.org"),
    "email_two": ("{typed} are several e-mail addresses", "Write one of them; others go to cc"),
    "cc": ("holds what is no e-mail address", "Write each like name@example.org"),
    "cc_too_many": ("has more than {max}", "Take the address of a team instead"),
    "mobile_missing": ("is missing, and SMS are wanted", "Write it, or set sms and vip_sms to false"),
    "mobile_not_mobile": ("{typed} is no mobile number", "Write it like +49 171 3920042"),
    "mobile_two": ("{typed} are two numbers", "Write one of them"),
    "mobile_words": ('{typed} has words beside the number: "{found}"', "Write the number only"),
    "mobile_too_long": ("{typed} has {n} digits too many", "Write it like +49 171 3920042"),
    "mobile_too_short": ("{typed} has {n} digits too few", "Write it like +49 171 3920042"),
    "mobile_unreadable": ("{typed} is no telephone number", "Write it like +49 171 3920042"),
    "deputy_self": ("is the employee", "Name somebody else, or nobody"),
    "deputy_unknown": ("is no employee of this customer", "Write the name as it stands there"),
    "extension_missing": ("is missing, and put_through is wanted", 'Write it, or set put_through = "none"'),
    "extension_unreadable": ("{typed} is no telephone number", "Write it like +49 30 23125100"),
    "extension_words": ('{typed} has words beside the number: "{found}"', "Write the number only"),
    "extension_open": ("{typed} ends with a dash", "Write the extension too"),
    "ring_seconds": ("{typed} is out of range", "Write a number from {min} to {max}"),
    "hours_unreadable": ('"{found}" is not clear', 'Write, say, "Mo–Do 8–17; Fr 8–14"'),
    "hours_order": ('"{found}" is no span of a day', 'Write, say, "Mo–Do 8–17; Fr 8–14"'),
    "hours_too_many": ("has too many single times", "Put days together, or leave out breaks"),
    "hours_overlap": ("has two spans of a day that overlap", "Leave one of them out"),
    "needed": ("is missing", "Write it"),
    "too_far": ("is more than ten years away", "Correct the year"),
    "no_such_time": ("{typed} does not exist on that day", "Write {next} or later"),
    "not_after": ("is no span of time", "Write the later one last"),
    "backwards": ("begins and ends in the hour that comes twice", "Write two appointments"),
    "hue": ("{typed} is out of range", "Write a number from {min} to {max}"),
    "greeting_empty": ("is missing", 'Write greeting = "…"'),
    "vip_number": ("{typed} is no number", "Write +49 171 3920042, or a block: +49 30 2312*"),
    "vip_two": ("{typed} are two numbers", "Write an entry for each"),
    "vip_words": ('{typed} has words beside the number: "{found}"', "Write the number only"),
    "vip_open": ("{typed} ends with a dash", "Write the extension too, or a block: {block}"),
    "vip_short": ("{typed} is too short for a block", "Write more of its digits: +49 30 2312*"),
    "state_unknown": ('"{typed}" is not known', "Write it as in ISO 3166-2:DE, such as BE"),
}
"""What is wrong, and the remedy, by the code of a fault: for an operator's eyes, so in English."""
_KINDS: Mapping[str, tuple[str, str]] = {
    "extension": (
        "{typed} may not be dialled ({code})",
        "Write another number, or open the rules of [transfers] in the settings",
    ),
    "greeting": (
        "the placeholder is not right ({code})",
        "Keep one of [Vorname, Nachname], [Vorname], [Nachname] where the agent says the own name",
    ),
}
"""The same for all codes that begin so."""


def texts(section: Section, fields: Iterable[Field], was: Mapping[str, str]) -> dict[str, str]:
    """What the form would send: of what the file does not name, what `was`."""
    return {one.name: _text(section, one, was[one.name]) for one in fields}


def _text(section: Section, one: Field, was: str) -> str:
    if not section.has(one.key):
        return was
    match one.kind:
        case Kind.TICK:
            return "yes" if section.flag(one.key, default=bool(was)) else ""
        case Kind.EMAILS:
            return "\n".join(section.texts(one.key))
        case Kind.NUMBER:  # 0: as the settings say
            return str(section.number(one.key) or "")
        case Kind.PERSON:
            return person_key(section.text(one.key))
        case Kind.CHOICE if one.choices is not None:
            return section.choice(one.key, was, list(one.choices))
    return section.text(one.key)


def names_any(section: Section, fields: Iterable[Field]) -> bool:
    """Whether the file says anything of them."""
    return any(section.has(one.key) for one in fields)


def say(section: Section, fields: Iterable[Field], faults: Iterable[Fault], typed: Mapping[str, str]) -> None:
    """Make a problem of the first fault of each."""
    keys = {one.name: one.key for one in fields}
    first: dict[str, Fault] = {}
    for fault in faults:
        first.setdefault(fault.field, fault)
    for fault in first.values():
        section.problem(keys[fault.field], *_in_words(fault, typed[fault.field]))


def say_of_span(
    section: Section, fields: Iterable[Field], faults: Iterable[Fault], typed: Mapping[str, str]
) -> None:
    """The same of an appointment: the file gives its days and times under two keys."""
    keys = {one.name: one.key for one in fields}
    for fault in faults:
        key = keys.get(fault.field) or ("from" if fault.field.startswith("start") else "until")
        section.problem(key, *_in_words(fault, typed[fault.field]))


def _in_words(fault: Fault, typed: str) -> tuple[str, str]:
    kind, _, code = fault.code.partition("_")
    what, remedy = _REMEDIES.get(fault.code) or _KINDS.get(kind, ("is not right ({code})", "Correct it"))
    gaps = {"typed": typed, "code": code, **fault.params}
    return what.format_map(gaps), remedy.format_map(gaps)
