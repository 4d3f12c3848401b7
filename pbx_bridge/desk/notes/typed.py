"""What agents typed, before rules read it: pure, one function a question."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from pbx_bridge.desk import protocol as p
from rules.model import Customer
from rules.notes import note_fields
from rules.notes.callback import wanted
from rules.notes.note_fields import CALLBACK, COMPANY, CONCERN, NAME
from rules.text.phone_numbers import to_e164
from rules.text.typed_text import line, lines

FARTHEST = 1_000_000
"""A revision so far beyond the newest is a mistake, which must not stop all later ones."""

MOST_RECIPIENTS = 200
KEY_LENGTH = 80


def clean(body: p.NoteBody) -> p.NoteBody:
    """The same without what is no letter and no line; so it is shown, kept and sent."""
    return p.NoteBody(
        name=line(body.name),
        company=line(body.company),
        callback=line(body.callback),
        concern=lines(body.concern),
        fields={line(key)[:KEY_LENGTH]: lines(text) for key, text in body.fields.items()},
        recipients=list(dict.fromkeys(line(one)[:KEY_LENGTH] for one in body.recipients))[:MOST_RECIPIENTS],
        urgent=body.urgent,
        callback_by=line(body.callback_by),
        message_to_caller=lines(body.message_to_caller),
        callback_wanted=body.callback_wanted,
    )


def says_the_same(a: p.NoteBody, b: p.NoteBody, region: str = "DE", *, put_through: bool = False) -> bool:
    """Whether one is the other, however its number and its edges are written, and whether the wish for a call
    back is said or only follows. `put_through`: an employee took the call."""
    return _plain(a, region, put_through=put_through) == _plain(b, region, put_through=put_through)


def _plain(body: p.NoteBody, region: str, *, put_through: bool) -> p.NoteBody:
    number, by = to_e164(body.callback, region), bool(body.callback_by.strip())
    return replace(
        body,
        name=body.name.strip(),
        company=body.company.strip(),
        callback=number or body.callback.strip(),
        concern=body.concern.strip(),
        fields={key: text.strip() for key, text in body.fields.items() if text.strip()},
        recipients=sorted(body.recipients),
        callback_by=body.callback_by.strip(),
        message_to_caller=body.message_to_caller.strip(),
        callback_wanted=wanted(
            body.callback_wanted, number=number, by=by, concern=body.concern, put_through=put_through
        ),
    )


def values_of(body: p.NoteBody, customer: Customer | None, labels: Mapping[str, str]) -> dict[str, str]:
    """By field, as the rules want them. What was written into a field that the company has no longer is part
    of the concern, under its label: nobody could take it out of the form. Of a retired field it stays the
    answer, unless that is none."""
    asked = (
        {
            field.key
            for field in customer.note_fields
            if not field.retired or note_fields.fits(field, body.fields.get(field.key, ""), customer.region)
        }
        if customer
        else set()
    )
    gone = {key: text.strip() for key, text in body.fields.items() if key not in asked and text.strip()}
    told = [f"{labels.get(key, key)}: {text}" for key, text in gone.items()]
    concern = "\n".join([body.concern.strip(), *told]).strip()
    own = {key: text for key, text in body.fields.items() if key in asked}
    return own | {NAME: body.name, COMPANY: body.company, CALLBACK: body.callback, CONCERN: concern}


def follows(newest: int, revision: int, base: int | None) -> bool:
    """Whether a draft takes the place of revision `newest`: a later one, typed by somebody who had `newest`
    on the screen. `base`: what they had; None: a desk that does not say so."""
    return newest < revision <= newest + FARTHEST and (base is None or base >= newest)
