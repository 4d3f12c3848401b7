"""Which sentence whom is told: who was asked for, who took the call, whether to call back.

The words themselves stand in locale/; tests/unit/outbox/test_sentences.py reads every case aloud.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from pbx_bridge.outbox.composing.catalogue import Words
from rules.model import CallNote, Customer, Employee, MessageKind
from rules.outbox.notification import Notification, Told, is_open, own_address
from rules.text.phone_numbers import international
from rules.text.salutation import salutation, spoken


class RecipientRole(StrEnum):
    """What a message is about for whoever reads it."""

    OPEN = "note"  # somebody has to do something, or to know the whole matter
    TOOK = "short"  # had the caller on the phone
    TAKEN = "taken"  # somebody else took the call
    WITHDRAWN = "withdrawn"  # was told before, and it is for somebody else


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who reads a message. `people`: for whom it is; `owners`: whose address it comes to; `shared`: to more
    than one of them."""

    role: RecipientRole
    people: tuple[Employee, ...]
    owners: tuple[Employee, ...]
    shared: bool
    taker: Employee | None
    asked: Employee | None

    @property
    def own(self) -> bool:
        """It is for whoever reads it, and for nobody else."""
        return bool(self.people) and not self.shared and self.people == self.owners


def reader_of(notification: Notification, note: CallNote, customer: Customer) -> Recipient:
    """The facts of this message, from note and company."""
    found = tuple(filter(None, (customer.employee(person) for person in notification.people)))
    taker, role = customer.employee(note.put_through_to), _role(notification, note)
    people = tuple(person for person in found if person != taker or role is RecipientRole.TOOK)
    at = notification.address.casefold()
    owners = tuple(person for person in found if own_address(person).casefold() == at)
    if not owners and len(found) == 1 and notification.reason is not Told.NO_ADDRESS:
        owners = found
    return Recipient(role, people, owners, len(found) > 1, taker, _asked(note, customer, people))


def _role(notification: Notification, note: CallNote) -> RecipientRole:
    if notification.reason is Told.WITHDRAWN:
        return RecipientRole.WITHDRAWN
    took_it = set(notification.people) == {note.put_through_to}
    if note.put_through_to is None:
        return RecipientRole.TOOK if notification.kind is MessageKind.SHORT else RecipientRole.OPEN
    return RecipientRole.TOOK if took_it else RecipientRole.OPEN if is_open(note) else RecipientRole.TAKEN


def _asked(note: CallNote, customer: Customer, people: tuple[Employee, ...]) -> Employee | None:
    """Whom the caller wanted, if that is none of those who read this. Without a put-through on record whoever
    the agent named was asked for."""
    wanted = note.asked_for
    if wanted is None and note.put_through_to is not None:
        wanted = next((one for one in note.recipients if one != note.put_through_to), None)
    person = customer.employee(wanted)
    return person if person not in people else None


def who(note: CallNote, words: Words) -> str:
    """The caller in one breath: "Hans Müller (Müller GmbH)"; else the number, else that nobody knows."""
    name = " ".join(note.caller_name.split())
    company = " ".join(note.caller_company.split())
    if name or company:
        return f"{name} ({company})" if name and company else name or company
    return international(note.callback_number) or words("mail.somebody")


def named(people: tuple[Employee, ...], words: Words) -> str:
    """ "Erika Beispiel", "Erika Beispiel und Jens Meier"."""
    names = [spoken(person.name) for person in people]
    return words("mail.and", first=", ".join(names[:-1]), last=names[-1]) if names[1:] else "".join(names)


# ---- subject


def subject(notification: Notification, note: CallNote, customer: Customer, words: Words) -> str:
    """All that a busy person needs; of a confidential customer's call nothing but that there is one."""
    reader = reader_of(notification, note, customer)
    correction = notification.kind is MessageKind.CORRECTION
    base = _discreet(reader, customer, words, correction) if notification.discreet else ""
    said = base or _plain(reader, note, customer, words)
    if reader.role is RecipientRole.OPEN and note.urgent:
        said = words("subject.urgent", subject=said)
    return words("subject.correction", subject=said) if correction and not base else said


def _plain(reader: Recipient, note: CallNote, customer: Customer, words: Words) -> str:
    caller = who(note, words)
    if reader.role is RecipientRole.WITHDRAWN:
        now = named(_now(note, customer), words)
        return words("subject.withdrawn" if now else "subject.withdrawn_company", who=caller, names=now)
    if reader.role is RecipientRole.TAKEN:
        return _taken(reader, caller, words)
    scope = _scope(reader)
    said = words(f"subject.{reader.role}{scope}", who=caller, names=named(reader.people, words),
                 company=customer.name)  # fmt: skip
    if reader.role is RecipientRole.TOOK and reader.asked:
        said = words("subject.for", subject=said, asked=spoken(reader.asked.name))
    if _is_asked_to_call(reader, note):
        said = words("subject.callback", subject=said)
    return said


def _taken(reader: Recipient, caller: str, words: Words) -> str:
    meant = (reader.asked,) if reader.asked else reader.people
    own = reader.own and not reader.asked
    taker = spoken(reader.taker.name) if reader.taker else ""
    key = f"subject.taken{'' if own else '_named'}{'' if taker else '_gone'}"
    return words(key, who=caller, names=named(meant, words), taker=taker)


def _discreet(reader: Recipient, customer: Customer, words: Words, correction: bool) -> str:
    kind = (
        "withdrawn" if reader.role is RecipientRole.WITHDRAWN else "correction" if correction else reader.role
    )
    scope = "" if kind == "withdrawn" else _scope(reader)
    return words(
        f"subject.confidential_{kind}{scope}", names=named(reader.people, words), company=customer.name
    )


def _scope(reader: Recipient) -> str:
    """For you, for somebody by name, or for the company."""
    return "" if reader.own else "_named" if reader.people else "_company"


def _is_asked_to_call(reader: Recipient, note: CallNote) -> bool:
    """Whoever took the call is asked only when nobody else could be."""
    if not note.wants_callback:
        return False
    return reader.role is RecipientRole.OPEN or (
        reader.role is RecipientRole.TOOK and not reader.asked and not _others(note)
    )


def _others(note: CallNote) -> bool:
    return any(person != note.put_through_to for person in (*note.recipients, note.asked_for) if person)


def _now(note: CallNote, customer: Customer) -> tuple[Employee, ...]:
    """With whom a note is now."""
    return tuple(filter(None, (customer.employee(person) for person in dict.fromkeys(note.recipients))))


# ---- text


def greeting(reader: Recipient, words: Words) -> str:
    """ "Guten Tag Frau Beispiel,"; each of two who share an address is greeted."""
    names = [words("mail.greeting_name", name=salutation(person.name)) for person in reader.owners]
    return (
        words("mail.greeting", names=", ".join([*names[:1], *map(_small, names[1:])]))
        if names
        else words("mail.hello")
    )


def _small(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def said(
    reader: Recipient, note: CallNote, customer: Customer, words: Words, when: str, by: str, outside: str = ""
) -> Iterator[str]:
    """The sentences below the greeting, in order. `when`: the call came; `by`: until when to call, or "";
    `outside`: the number of who took the call and is no employee, or ""."""
    caller, names = who(note, words), named(reader.people, words)
    taker = spoken(reader.taker.name) if reader.taker else ""
    call = words("said.call" if note.caller_name or note.caller_company or note.callback_number
                 else "said.call_unknown", who=caller)  # fmt: skip
    facts = {"who": caller, "names": names, "taker": taker, "call": call, "when": when}
    if reader.role is RecipientRole.WITHDRAWN:
        now = named(_now(note, customer), words)
        yield words("said.withdrawn" if now else "said.withdrawn_company", **facts | {"names": now})
        return
    yield _opening(reader, note, words, facts)
    if reader.role is RecipientRole.OPEN and taker:
        yield words("said.put_through", taker=taker)
    if reader.role is RecipientRole.OPEN and outside:
        yield words("said.put_through_number", number=outside)
    if reader.role is not RecipientRole.TAKEN and reader.asked:
        key = "said.for" if reader.role is RecipientRole.TOOK else "said.asked"
        yield words(key, asked=spoken(reader.asked.name))
    yield from _wish(reader, note, words, by)
    strangers = tuple(person for person in reader.people if person not in reader.owners)
    if strangers:
        yield words("said.pass_on", names=named(strangers, words))


def _opening(reader: Recipient, note: CallNote, words: Words, facts: dict[str, str]) -> str:
    if reader.role is RecipientRole.OPEN:
        return words(f"said.note{_scope(reader)}", **facts)
    if reader.role is RecipientRole.TAKEN:
        meant = (reader.asked,) if reader.asked else reader.people
        own = reader.own and not reader.asked
        key = f"said.taken{'' if own else '_named'}{'' if reader.taker else '_gone'}"
        return words(key, **facts | {"names": named(meant, words)})
    known = "" if note.caller_name or note.caller_company else "_call"
    return words(f"said.short{known}{_scope(reader)}", **facts)


def _wish(reader: Recipient, note: CallNote, words: Words, by: str) -> Iterator[str]:
    if _is_asked_to_call(reader, note):
        scope = (
            "" if reader.role is RecipientRole.TOOK or set(reader.people) <= set(reader.owners) else "_named"
        )
        yield words(f"said.callback_by{scope}", by=by) if by else words(f"said.callback{scope}")
    elif reader.role is RecipientRole.OPEN and note.callback_number:
        yield words("said.no_callback")
