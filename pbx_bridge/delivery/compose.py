"""The words of a notification: subject, text, HTML or SMS, from what was noted and who is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pbx_bridge.delivery.words import Words, render
from rules.model import Channel, MessageKind
from rules.phone_numbers import international
from rules.sms_text import fit_one_sms, summary

if TYPE_CHECKING:
    from datetime import datetime

    from rules.model import CallNote, Customer, VipCaller
    from rules.notification import Notification


@dataclass(frozen=True, slots=True)
class Told:
    """All that the words need.

    `at`: UTC, when the call arrived; `tried`: (employee's name, result code) in order.
    """

    note: CallNote
    customer: Customer
    agent: str
    at: datetime
    tried: tuple[tuple[str, str], ...] = ()
    vip: VipCaller | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """`subject` and `html` are empty for SMS."""

    text: str
    subject: str = ""
    html: str = ""


def compose(notification: Notification, told: Told, words: Words) -> Text:
    """The message for this recipient; SMS and subject of a confidential customer tell nothing of the call."""
    if notification.channel is Channel.SMS:
        return Text(_sms(notification, told, words))
    subject = _subject(notification, told, words)
    name = "short" if _took_it(notification, told) else "note"
    facts = _facts(told, words, correction=notification.kind is MessageKind.CORRECTION)
    html = render(f"{name}.html.j2", words, note=facts, subject=subject)
    return Text(render(f"{name}.txt.j2", words, note=facts).strip() + "\n", subject, html)


def who(note: CallNote) -> str:
    """The caller in one breath: "Hans Müller (Müller GmbH)"."""
    name = note.caller_name or international(note.callback_number)
    if not note.caller_company:
        return name
    return f"{name} ({note.caller_company})" if name else note.caller_company


def _took_it(notification: Notification, told: Told) -> bool:
    """Whether it goes to whoever had the caller on the phone, and needs not be asked to call back."""
    took_call = told.note.put_through_to
    return notification.kind is MessageKind.SHORT or (
        took_call is not None and notification.employee_id == took_call
    )


def _subject(notification: Notification, told: Told, words: Words) -> str:
    correction, short = notification.kind is MessageKind.CORRECTION, _took_it(notification, told)
    if notification.discreet:
        key = "correction" if correction else "short" if short else "note"
        return words(f"subject.confidential_{key}")
    subject = _short_subject(told, words) if short else _note_subject(notification, told, words)
    return words("subject.correction", subject=subject) if correction else subject


def _short_subject(told: Told, words: Words) -> str:
    return words("subject.short", who=_one_line(who(told.note)))


def _note_subject(notification: Notification, told: Told, words: Words) -> str:
    key = "note" if notification.employee_id else "note_company"
    if told.note.wants_callback:
        key += "_callback"
    subject = words(f"subject.{key}", who=_one_line(who(told.note)), company=told.customer.name)
    return words("subject.urgent", subject=subject) if told.note.urgent else subject


def _facts(told: Told, words: Words, *, correction: bool) -> dict[str, object]:
    note, local = told.note, _local(told.at, told.customer)
    return {
        "who": who(note),
        "urgent": note.urgent,
        "callback": international(note.callback_number),
        "callback_link": note.callback_number,
        "wanted": note.wants_callback,
        "callback_by": _moment(note.callback_by, words) if note.callback_by and note.wants_callback else "",
        "concern": note.concern,
        "rows": _rows(told, words),
        "when": words("mail.when", **_calendar(local, words)),
        "agent": told.agent,
        "company": told.customer.name,
        "correction": correction,
    }


def _rows(told: Told, words: Words) -> list[tuple[str, str]]:
    """What was asked, as label and value, in the order of asking; empty answers are left out."""
    note = told.note
    labels = {field.key: field.label for field in told.customer.note_fields}
    tried = ", ".join(f"{name} ({words(f'result.{result}')})" for name, result in told.tried)
    rows = [
        (words("mail.name"), note.caller_name),
        (words("mail.company"), note.caller_company),
        *((labels.get(key, key), value) for key, value in note.fields),
        (words("mail.vip"), told.vip.name if told.vip else ""),
        (words("mail.message_to_caller"), note.message_to_caller),
        (words("mail.tried"), tried),
    ]
    return [(label, value) for label, value in rows if value]


def _sms(notification: Notification, told: Told, words: Words) -> str:
    vip = notification.kind is MessageKind.VIP
    note, local = told.note, _local(told.at, told.customer)
    time = f"{local:%H:%M}"
    if notification.discreet:
        return words("sms.vip_confidential" if vip else "sms.confidential", time=time)
    if vip:
        caller = told.vip.name if told.vip else who(note)
        return fit_one_sms(words("sms.vip", who=caller, number=note.callback_number, time=time))
    wish = ""
    if note.wants_callback:
        by = note.callback_by
        wish = words("sms.callback_by", when=_moment(by, words)) if by else words("sms.callback")
    return summary(note.caller_name, note.caller_company, note.callback_number, note.concern, time, wish)


def _local(at: datetime, customer: Customer) -> datetime:
    return at.astimezone(ZoneInfo(customer.zone))


def _moment(local: datetime, words: Words) -> str:
    return words("mail.moment", **_calendar(local, words))


def _calendar(local: datetime, words: Words) -> dict[str, str]:
    return {
        "weekday": words(f"weekday.{local.weekday()}"),
        "day": f"{local:%d.%m.%Y}",
        "time": f"{local:%H:%M}",
    }


def _one_line(text: str) -> str:
    return " ".join(text.split())
