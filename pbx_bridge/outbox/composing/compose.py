"""The words of a notification: subject, text, HTML or SMS, from what was noted and who is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from pbx_bridge.outbox.composing import sentences
from pbx_bridge.outbox.composing.catalogue import Words, render
from pbx_bridge.outbox.composing.sentences import Recipient, RecipientRole, reader_of
from pbx_bridge.web.i18n import Param, writing
from rules.model import CallNote, Channel, Customer, MessageKind, VipCaller
from rules.notes.field_text import answers
from rules.outbox.notification import Notification, own_address
from rules.outbox.sms_text import fit_one_sms, summary
from rules.text.phone_numbers import international
from rules.text.salutation import declined, spoken


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """All that the words need.

    `at`: UTC, when the call arrived; `tried`: (name or number, result code) in order; `outside`: the number
    of who took the call and is no employee.
    """

    note: CallNote
    customer: Customer
    agent: str
    at: datetime
    tried: tuple[tuple[str, str], ...] = ()
    vip: VipCaller | None = None
    outside: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """`subject` and `html` are empty for SMS."""

    text: str
    subject: str = ""
    html: str = ""


def compose(notification: Notification, told: MessageFacts, words: Words) -> Text:
    """The message for this recipient; SMS and subject of a confidential customer tell nothing of the call."""
    if notification.channel is Channel.SMS:
        return Text(_sms(notification, told, words))
    subject = " ".join(sentences.subject(notification, told.note, told.customer, words).split())
    facts = _facts(notification, told, words)
    html = render("message.html.j2", words, mail=facts, subject=subject)
    return Text(render("message.txt.j2", words, mail=facts).strip() + "\n", subject, html)


def _facts(notification: Notification, told: MessageFacts, words: Words) -> dict[str, object]:
    note, local = told.note, _local(told.at, told.customer)
    reader = reader_of(notification, note, told.customer)
    correction = notification.kind is MessageKind.CORRECTION
    withdrawn = reader.role is RecipientRole.WITHDRAWN
    whole = reader.role in {RecipientRole.OPEN, RecipientRole.TAKEN} or (
        reader.role is RecipientRole.TOOK and correction
    )
    when = words("mail.when", **_calendar(local, words))
    wanted = note.wants_callback and reader.role is RecipientRole.OPEN
    until = words("mail.by", **_calendar(note.callback_by, words)) if note.callback_by else ""
    foot = {"when": when, "agent": told.agent, "company": told.customer.name}
    return {
        "correction": correction and not withdrawn,
        "urgent": note.urgent and reader.role is RecipientRole.OPEN,
        "number": "" if withdrawn else international(note.callback_number),
        "link": note.callback_number,
        "label": words("mail.callback" if wanted else "mail.number"),
        "no_number": reader.role is RecipientRole.OPEN and not note.callback_number,
        "by": until if wanted else "",
        "greeting": sentences.greeting(reader, words),
        "said": " ".join(sentences.said(reader, note, told.customer, words, when, until, told.outside)),
        "concern": note.concern if whole else "",
        "rows": _rows(reader, told, words) if whole else [],
        "foot": words("mail.taken" if reader.role is RecipientRole.OPEN else "mail.taken_by", **foot),
    }


def _rows(reader: Recipient, told: MessageFacts, words: Words) -> list[tuple[str, str]]:
    """What else is known, as label and value; empty answers are left out."""
    note, customer = told.note, told.customer
    tried = ", ".join(f"{spoken(name)} ({_result(result, words)})" for name, result in told.tried)
    others = tuple(
        person
        for person in map(customer.employee, dict.fromkeys(note.recipients))
        if person and person not in reader.people and person != reader.taker
    )
    rows = [
        *answers(customer.note_fields, note.fields, writing(words.locale)),
        (words("mail.vip"), told.vip.name if told.vip else ""),
        (words("mail.message_to_caller"), note.message_to_caller),
        (words("mail.tried"), tried),
        (words("mail.others"), sentences.named(others, words)),
    ]
    return [(label, value) for label, value in rows if value]


def _result(code: str, words: Words) -> str:
    key = f"result.{code}"
    return words(key if words.knows(key) else "result.unknown")


# ---- SMS


def _sms(notification: Notification, told: MessageFacts, words: Words) -> str:
    note, local = told.note, _local(told.at, told.customer)
    time, vip = f"{local:%H:%M}", notification.kind is MessageKind.VIP
    if notification.discreet:
        return _discreet_sms(notification, told, words, time)
    wish, short_wish = _wish(note, local, words)
    name, company, concern = declined(note.caller_name, "nom"), note.caller_company, note.concern
    if vip:
        name, company = (told.vip.name, "") if told.vip else (name, company)
        if _hears_otherwise(notification, told):
            concern = wish = short_wish = ""
    urgent = note.urgent and not (vip and not concern)
    lead = ": ".join(words(f"sms.{key}") for key, said in (("urgent", urgent), ("vip", vip)) if said)
    parts = told.customer.tariff.sms_parts
    return summary(
        name,
        company,
        note.callback_number,
        concern,
        time,
        wish,
        lead=lead,
        short_wish=short_wish,
        parts=parts,
    )


def _discreet_sms(notification: Notification, told: MessageFacts, words: Words, time: str) -> str:
    """That there is something to read; and where, for those who have an address of their own."""
    person = told.customer.employee(notification.employee_id)
    alone = "" if person is None or own_address(person) else "_alone"
    vip = notification.kind is MessageKind.VIP
    said = words("sms.vip_confidential" if vip else f"sms.confidential{alone}", time=time)
    return fit_one_sms(f"{words('sms.urgent')}: {said}" if told.note.urgent else said)


def _hears_otherwise(notification: Notification, told: MessageFacts) -> bool:
    """The matter is known to whoever took the call, and in the other SMS of whoever gets one of each call."""
    person = told.customer.employee(notification.employee_id)
    return notification.employee_id == told.note.put_through_to or bool(person and person.sms)


def _wish(note: CallNote, called: datetime, words: Words) -> tuple[str, str]:
    """Whether and until when to call back, as long as there is room, and where there is little."""
    if not note.wants_callback:
        return "", ""
    if note.callback_by is None:
        return words("sms.callback"), words("sms.callback_short")
    by = note.callback_by
    date = words("sms.date", on=by)
    full = "today" if by.date() == called.date() else "later"
    time = f"{by:%H:%M}" if by.minute else words("sms.hour", hour=by.hour)
    when = words(f"sms.{full}", time=time, on=by, date=date)
    short = words("sms.later_short", time=f"{by:%H:%M}", date=date)
    return words("sms.callback_by", when=when), words("sms.callback_by_short", when=short)


# ---- moments


def _local(at: datetime, customer: Customer) -> datetime:
    return at.astimezone(ZoneInfo(customer.zone))


def _calendar(local: datetime, words: Words) -> dict[str, Param]:
    return {"on": local, "date": words("mail.day", on=local), "time": f"{local:%H:%M}"}
