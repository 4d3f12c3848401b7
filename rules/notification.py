"""Who is told about a call, how and how much; and when a message that failed is tried again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from rules.model import CallNote, Channel, Customer, Employee, MessageKind, VipCaller


class Told(StrEnum):
    """Why a notification goes out."""

    PUT_THROUGH = "put_through"
    RECIPIENT = "recipient"
    DEFAULT = "default"
    NO_ADDRESS = "no_address"
    SMS_WISH = "sms_wish"
    VIP_SMS_WISH = "vip_sms_wish"


@dataclass(frozen=True, slots=True)
class Notification:
    """One message. `employee_id` None: nobody in particular, at the customer's default address.

    `discreet` (§ 203 StGB): nothing of the note, not even who called, in an SMS or a subject.
    """

    employee_id: str | None
    channel: Channel
    kind: MessageKind
    address: str
    cc: tuple[str, ...]
    reason: Told
    discreet: bool = False


def who_is_told(
    customer: Customer, note: CallNote, vips: tuple[VipCaller, ...] = (), *, replaces: CallNote | None = None
) -> tuple[Notification, ...]:
    """Every message that this note causes; nobody gets the same news twice at one address.

    `note.put_through_to`: who took the call and hears of it in short; all others get the whole note.
    `vips`: what is known of the caller's number (`Caller.vips`); without it `note.vip_id` is looked up.
    `replaces`: the version that was told before. Whoever heard of it, also in short, gets an e-mail if the
    note says something else now; to everybody else it is new.
    """
    known = vips or tuple(vip for vip in customer.vip_callers if vip.id == note.vip_id)
    wanted = (*_mails(customer, note), *_messages(customer, note, known))
    return _once(wanted if replaces is None else tuple(_changed(customer, wanted, note, replaces)))


def _changed(
    customer: Customer, wanted: tuple[Notification, ...], note: CallNote, replaces: CallNote
) -> Iterator[Notification]:
    """A correction for those who know the version before, the first message for those who do not."""
    told = {mail.employee_id for mail in _mails(customer, replaces)}
    changed = _content(note) != _content(replaces)
    for message in wanted:
        if message.employee_id not in told:
            yield message
        elif changed and message.channel is Channel.EMAIL:
            yield replace(message, kind=MessageKind.CORRECTION)


def _content(note: CallNote) -> CallNote:
    """What a reader learns of it: not to whom else it went, nor which version it is."""
    return replace(note, id="", recipients=(), vip_id=None, fields=tuple(sorted(note.fields)))


def _mails(customer: Customer, note: CallNote) -> tuple[Notification, ...]:
    """An e-mail in every case; the whole notes come first, so that they win over the short ones."""
    told = [_mail(customer, person, short=False) for person in _recipients(customer, note)]
    reached = customer.employee(note.put_through_to)
    told += [_mail(customer, reached, short=True)] if reached else []
    told = told or [_default_mail(customer, None, MessageKind.NOTE, Told.DEFAULT)]
    return tuple(mail for mail in told if mail.address)


def _recipients(customer: Customer, note: CallNote) -> tuple[Employee, ...]:
    """Those who get the whole note: the addressed, without the one who had the caller on the phone."""
    found = (customer.employee(employee_id) for employee_id in dict.fromkeys(note.recipients))
    return tuple(person for person in found if person and person.id != note.put_through_to)


def _mail(customer: Customer, person: Employee, *, short: bool) -> Notification:
    kind = MessageKind.SHORT if short else MessageKind.NOTE
    address, *cc = [a.strip() for a in (person.email, *person.cc) if a.strip()] or [""]
    if not address:
        return _default_mail(customer, person.id, kind, Told.NO_ADDRESS)
    reason = Told.PUT_THROUGH if short else Told.RECIPIENT
    return Notification(person.id, Channel.EMAIL, kind, address, tuple(cc), reason, customer.confidential)


def _default_mail(customer: Customer, meant: str | None, kind: MessageKind, reason: Told) -> Notification:
    address = customer.default_email.strip()
    return Notification(meant, Channel.EMAIL, kind, address, (), reason, customer.confidential)


def _messages(customer: Customer, note: CallNote, vips: tuple[VipCaller, ...]) -> Iterator[Notification]:
    """The SMS: a summary of each whole note for those who want it, and one more about a VIP."""
    recipients = _recipients(customer, note)
    reached = customer.employee(note.put_through_to)
    for person in recipients:
        if person.sms and person.mobile:
            yield _sms(customer, person, MessageKind.NOTE, Told.SMS_WISH)
    for person in (*recipients, reached) if reached else recipients:
        known = any(vip.employee_id in (None, person.id) for vip in vips)
        if known and person.vip_sms and person.mobile:
            yield _sms(customer, person, MessageKind.VIP, Told.VIP_SMS_WISH)


def _sms(customer: Customer, person: Employee, kind: MessageKind, reason: Told) -> Notification:
    return Notification(person.id, Channel.SMS, kind, person.mobile, (), reason, customer.confidential)


def _once(wanted: tuple[Notification, ...]) -> tuple[Notification, ...]:
    """Each address once; copies give way to people who are written to themselves."""
    told: set[tuple[str, str]] = set()
    chosen = []
    for message in wanted:
        if _key(message, message.address) not in told:
            told.add(_key(message, message.address))
            chosen.append(message)
    return tuple(replace(message, cc=_new_copies(message, told)) for message in chosen)


def _new_copies(message: Notification, told: set[tuple[str, str]]) -> tuple[str, ...]:
    copies = []
    for address in message.cc:
        if _key(message, address) not in told:
            told.add(_key(message, address))
            copies.append(address)
    return tuple(copies)


def _key(message: Notification, address: str) -> tuple[str, str]:
    """One e-mail for one call is enough; the SMS about a VIP is wanted beside the summary."""
    return ("" if message.channel is Channel.EMAIL else message.kind, address.casefold())


class SendOutcome(StrEnum):
    """What is known after an attempt. `UNCERTAIN`: handed over, but the answer was lost."""

    SENT = "sent"
    TEMPORARY = "temporary"
    PERMANENT = "permanent"
    UNCERTAIN = "uncertain"


_MINUTES = {
    Channel.EMAIL: (1, 2, 5, 10, 20, 40, 80, 160, *[240] * 10),
    Channel.SMS: (1, 2, 5, 10, 20, 40, 80),
}
"""Waiting times after each failed attempt: an e-mail is tried for 45 hours, an SMS, soon stale, for 2½."""


def retry_after(attempt: int, outcome: SendOutcome, channel: Channel) -> timedelta | None:
    """How long to wait after the `attempt`th (1, 2, …) attempt; None when it was sent or is given up.

    An uncertain e-mail is sent again (same Message-ID, marked as a possible duplicate), as a lost note is
    worse; an uncertain SMS never is, as gateways know no such mark and each one costs.
    """
    harmless = outcome is SendOutcome.UNCERTAIN and channel is Channel.EMAIL
    again = harmless or outcome is SendOutcome.TEMPORARY
    waits = _MINUTES[channel]
    return timedelta(minutes=waits[attempt - 1]) if again and attempt <= len(waits) else None
