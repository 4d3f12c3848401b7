"""What a company has asked of its callers, as the office types it: texts to a field, its place, and what is
wrong with them."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from rules.fault import Fault
from rules.model import FieldKind, NoteField
from rules.notes.note_fields import choices_fit, is_key

LONGEST = {"label": 60, "help": 200}
LONGEST_CHOICE = 80
MOST_CHOICES = 50
MOST = 30
"""Asked at once; more than that nobody asks while a caller waits."""
_ALIKE = frozenset({FieldKind.TEXT, FieldKind.LONG})
_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
NEW = NoteField("", "")

Fields = Sequence[NoteField]


def texts_of(field: NoteField) -> dict[str, str]:
    """By name, in the order of the form; each choice on a line of its own."""
    return {
        "label": field.label,
        "kind": field.kind.value,
        "choices": "\n".join(field.choices),
        "required": "yes" if field.required else "",
        "help": field.help,
    }


def kinds_for(stored: NoteField | None) -> tuple[FieldKind, ...]:
    """What a new field may be (None), or a stored one may become: answers in notes are read by the kind, so
    it stays; a short text and a long one are read alike."""
    if stored is None:
        return tuple(FieldKind)
    return tuple(one for one in FieldKind if one is stored.kind or {one, stored.kind} <= _ALIKE)


def read_field(
    texts: Mapping[str, str], fields: Fields, stored: NoteField | None
) -> NoteField | tuple[Fault, ...]:
    """The field as it is to be, or all faults. `fields`: all of the company, retired ones too; `stored`:
    which of them it is, None for a new one."""
    faults = [*_faults(texts, fields, stored)]
    if faults:
        return tuple(faults)
    label = " ".join(texts["label"].split())
    key = stored.key if stored else key_of(label, {one.key for one in fields})
    kind, required = FieldKind(texts["kind"]), bool(texts["required"])
    retired = stored is not None and stored.retired
    return NoteField(key, label, kind, required, _choices(texts), " ".join(texts["help"].split()), retired)


def _faults(texts: Mapping[str, str], fields: Fields, stored: NoteField | None) -> Iterator[Fault]:
    label = " ".join(texts["label"].split())
    if not label:
        yield Fault("label", "required")
    for name, most in LONGEST.items():
        if (length := len(texts[name].strip())) > most:
            yield Fault(name, "too_long", {"max": str(most), "length": str(length)})
    if not (stored and stored.retired):
        yield from _place_faults(label, fields, stored)
    if texts["kind"] not in {kind.value for kind in kinds_for(stored)}:
        yield Fault("kind", "note_field_kind")
    else:
        yield from _choice_faults(FieldKind(texts["kind"]), _choices(texts))


def _place_faults(label: str, fields: Fields, stored: NoteField | None) -> Iterator[Fault]:
    """Whether it may stand among those that are asked."""
    others = [one for one in asked(fields) if stored is None or one.key != stored.key]
    if any(one.label.casefold() == label.casefold() for one in others):
        yield Fault("label", "note_field_twice", {"name": label})
    if len(others) >= MOST:
        yield Fault("label", "note_field_full", {"max": str(MOST)})


def _choice_faults(kind: FieldKind, choices: tuple[str, ...]) -> Iterator[Fault]:
    if not choices_fit(NoteField("", "", kind, choices=choices)):
        yield Fault("choices", "note_field_no_choices" if kind is FieldKind.CHOICE else "note_field_choices")
    if len(choices) > MOST_CHOICES:
        yield Fault("choices", "note_field_many", {"max": str(MOST_CHOICES)})
    if long := next((one for one in choices if len(one) > LONGEST_CHOICE), ""):
        yield Fault("choices", "note_field_long", {"max": str(LONGEST_CHOICE), "found": f"{long[:20]}…"})
    folded = [one.casefold() for one in choices]
    if same := next((one for at, one in enumerate(choices) if one.casefold() in folded[:at]), ""):
        yield Fault("choices", "note_field_same", {"found": same})


def _choices(texts: Mapping[str, str]) -> tuple[str, ...]:
    lines = (" ".join(line.split()) for line in texts["choices"].splitlines())
    return tuple(line for line in lines if line)


def key_of(label: str, taken: set[str]) -> str:
    """Under which notes keep the answers: made from the first label, and never changed with it."""
    plain = unicodedata.normalize("NFKD", label.casefold().translate(_LETTERS))
    bare = "_".join(re.findall(r"[a-z0-9]+", plain.encode("ascii", "ignore").decode()))[:40].strip("_")
    first = bare if is_key(bare) else f"field_{bare}".rstrip("_")
    more = (f"{first}_{number}" for number in itertools.count(2))
    return next(key for key in itertools.chain([first], more) if key not in taken)


# ---- the whole list


def asked(fields: Fields) -> tuple[NoteField, ...]:
    """Those that are asked, in their order."""
    return tuple(one for one in fields if not one.retired)


def in_order(fields: Fields) -> tuple[NoteField, ...]:
    """Those that are asked first, then those that were."""
    return tuple(sorted(fields, key=lambda one: one.retired))


def with_field(fields: Fields, field: NoteField) -> tuple[NoteField, ...]:
    """With this one in the place of the one of its key; a new one is asked last."""
    if all(one.key != field.key for one in fields):
        return in_order((*fields, field))
    return in_order([field if one.key == field.key else one for one in fields])


def moved(fields: Fields, key: str, *, up: bool) -> tuple[NoteField, ...]:
    """One place up or down among those that are asked; the same where there is no such place."""
    listed = list(asked(fields))
    at = next((place for place, one in enumerate(listed) if one.key == key), None)
    if at is not None:
        listed.insert(max(0, at - 1) if up else at + 1, listed.pop(at))
    return in_order((*listed, *(one for one in fields if one.retired)))


def retired(fields: Fields, key: str) -> tuple[NoteField, ...]:
    """It is asked no more."""
    return in_order([replace(one, retired=True) if one.key == key else one for one in fields])


def brought_back(fields: Fields, key: str) -> tuple[NoteField, ...] | Fault:
    """It is asked again, after all others."""
    field = next((one for one in fields if one.key == key), None)
    if field is None or not field.retired:
        return in_order(fields)
    if fault := next(_place_faults(field.label, fields, field), None):
        return fault
    return in_order((*(one for one in fields if one is not field), replace(field, retired=False)))


def left_of(stored: Fields, wanted: Fields) -> tuple[NoteField, ...]:
    """`wanted`, and as retired ones whatever else was asked once: notes have answers to it."""
    named = {one.key for one in wanted}
    gone = (replace(one, retired=True) for one in stored if one.key not in named)
    return in_order((*wanted, *gone))


def in_words(field: NoteField) -> str:
    """For the access log."""
    return f"{field.label} ({field.kind.value}{', required' if field.required else ''})"
