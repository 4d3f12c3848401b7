"""Who is told about a call, how and how much; and when a message that failed is tried again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from rules.model import CallNote, Channel, Customer, Employee, MessageKind, VipCaller


class Told(StrEnum):
    """Why a notification goes out. `TAKEN`: somebody else took the call; `WITHDRAWN`: it was not for them."""

    PUT_THROUGH = "put_through"
    RECIPIENT = "recipient"
    TAKEN = "taken"
    DEFAULT = "default"
    NO_ADDRESS = "no_address"
    SMS_WISH = "sms_wish"
    VIP_SMS_WISH = "vip_sms_wish"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Notification:
    """One message. `employee_id` None: nobody in particular, at the customer's default address.

    `discreet` (§ 203 StGB): nothing of the note, not even who called, in an SMS or a subject. `also`: for
    whom else it is, who share the address.
    """

    employee_id: str | None
    channel: Channel
    kind: MessageKind
    address: str
    cc: tuple[str, ...]
    reason: Told
    discreet: bool = False
    also: tuple[str, ...] = ()

    @property
    def people(self) -> tuple[str | None, ...]:
        """All for whom it is; None for the company itself."""
        return (self.employee_id, *self.also)


def who_is_told(
    customer: Customer, note: CallNote, vips: tuple[VipCaller, ...] = (), *, replaces: CallNote | None = None
) -> tuple[Notification, ...]:
    """Every message that this note causes; nobody gets the same news twice at one address.

    `note.put_through_to`: who took the call and hears of it in short. Whoever was asked for, or named by the
    agent, hears in short that it was taken, unless the note still wants somebody to call back: then, as
    where nobody took it, they get the whole note. `vips`: what is known of the caller's number
    (`Caller.vips`); without it `note.vip_id` is looked up. `replaces`: the version that was told before.
    Whoever heard of it, also in short, gets an e-mail if the note says something else now, and so does
    whoever it is no longer for; to everybody else it is new.
    """
    known = vips or tuple(vip for vip in customer.vip_callers if vip.id == note.vip_id)
    wanted = _once((*_mails(customer, note), *_messages(customer, note, known)))
    if replaces is None:
        return wanted
    before = replace(replaces, asked_for=note.asked_for)
    return tuple(
        _changed(wanted, _once(_mails(customer, before)), changed=_content(note) != _content(before))
    )


def unreached(customer: Customer, note: CallNote) -> tuple[Employee, ...]:
    """Those for whom the note is and whom nothing reaches: no address of their own, and the company none."""
    if customer.default_email.strip():
        return ()
    people = (*_addressed(customer, note), *filter(None, (customer.employee(note.put_through_to),)))
    return tuple(person for person in people if not _own_addresses(person))


def _changed(
    wanted: Iterable[Notification], before: Iterable[Notification], *, changed: bool
) -> Iterator[Notification]:
    """A correction for those who know the version before, the first message for those who do not."""
    told = {person: message for message in before for person in message.people}
    reached = {message.address.casefold() for message in told.values()}
    addresses: set[str] = set()
    for message in wanted:
        known = [person in told for person in message.people]
        addresses |= {address.casefold() for address in (message.address, *message.cc)}
        if not any(known) and message.address.casefold() not in reached:
            yield message
        elif message.channel is Channel.EMAIL and (changed or not all(known)):
            yield replace(message, kind=MessageKind.CORRECTION)
    still = {person for message in wanted for person in message.people}
    for person, message in told.items():
        if person not in still and message.address.casefold() not in addresses:
            addresses.add(message.address.casefold())
            yield replace(message, kind=MessageKind.CORRECTION, reason=Told.WITHDRAWN)


def _content(note: CallNote) -> CallNote:
    """What a reader learns of it: not to whom else it went, nor which version it is."""
    fields, wanted = tuple(sorted(note.fields)), note.wants_callback
    return replace(note, id="", recipients=(), vip_id=None, fields=fields, callback_wanted=wanted)


def is_open(note: CallNote) -> bool:
    """Whether somebody still has to do something: nobody took the call, or it has to be answered."""
    return note.put_through_to is None or note.wants_callback


def _mails(customer: Customer, note: CallNote) -> tuple[Notification, ...]:
    """An e-mail in every case; the whole notes come first, so that they win over the short ones."""
    whole, reached = is_open(note), customer.employee(note.put_through_to)
    kind, reason = (MessageKind.NOTE, Told.RECIPIENT) if whole else (MessageKind.SHORT, Told.TAKEN)
    told = [_mail(customer, person, kind, reason) for person in _addressed(customer, note)]
    told += [_mail(customer, reached, MessageKind.SHORT, Told.PUT_THROUGH)] if reached else []
    told = told or [_default_mail(customer, None, MessageKind.NOTE, Told.DEFAULT)]
    return tuple(mail for mail in told if mail.address)


def _addressed(customer: Customer, note: CallNote) -> tuple[Employee, ...]:
    """Those for whom the note is, without the one who had the caller on the phone."""
    asked = (note.asked_for,) if note.put_through_to is not None else ()
    wanted = dict.fromkeys((*note.recipients, *asked))
    found = (customer.employee(employee_id) for employee_id in wanted)
    return tuple(person for person in found if person and person.id != note.put_through_to)


def _own_addresses(person: Employee) -> tuple[str, ...]:
    return tuple(address.strip() for address in (person.email, *person.cc) if address.strip())


def own_address(person: Employee) -> str:
    """Where a message to this employee goes; "" where only the company's own address is left."""
    return next(iter(_own_addresses(person)), "")


def _mail(customer: Customer, person: Employee, kind: MessageKind, reason: Told) -> Notification:
    address, *cc = _own_addresses(person) or ("",)
    if not address:
        return _default_mail(customer, person.id, kind, Told.NO_ADDRESS)
    return Notification(person.id, Channel.EMAIL, kind, address, tuple(cc), reason, customer.confidential)


def _default_mail(customer: Customer, meant: str | None, kind: MessageKind, reason: Told) -> Notification:
    address = customer.default_email.strip()
    return Notification(meant, Channel.EMAIL, kind, address, (), reason, customer.confidential)


def _messages(customer: Customer, note: CallNote, vips: tuple[VipCaller, ...]) -> Iterator[Notification]:
    """The SMS: a summary of each whole note for those who want it, and one more about a VIP."""
    waiting = _addressed(customer, note) if is_open(note) else ()
    reached = customer.employee(note.put_through_to)
    for person in waiting:
        if person.sms and person.mobile:
            yield _sms(customer, person, MessageKind.NOTE, Told.SMS_WISH)
    for person in (*waiting, reached) if reached else waiting:
        known = any(vip.employee_id in (None, person.id) for vip in vips)
        if known and person.vip_sms and person.mobile:
            yield _sms(customer, person, MessageKind.VIP, Told.VIP_SMS_WISH)


def _sms(customer: Customer, person: Employee, kind: MessageKind, reason: Told) -> Notification:
    return Notification(person.id, Channel.SMS, kind, person.mobile, (), reason, customer.confidential)


def _once(wanted: Iterable[Notification]) -> tuple[Notification, ...]:
    """Each address once, for all who share it; copies give way to people who are written to themselves."""
    chosen: dict[tuple[str, str], Notification] = {}
    for message in wanted:
        first = chosen.setdefault(_key(message, message.address), message)
        if first is not message:
            others = tuple(p for p in message.people if p and p not in first.people)
            merged = replace(first, also=(*first.also, *others), cc=(*first.cc, *message.cc))
            chosen[_key(message, message.address)] = merged
    told = set(chosen)
    return tuple(replace(message, cc=_new_copies(message, told)) for message in chosen.values())


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


class AttemptOutcome(StrEnum):
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
_DOUBTFUL_MINUTES = (1, 10)
"""After each uncertain one: whoever got every try has three copies, and not one for each of two days."""
_GIVEN_UP_AFTER = {Channel.EMAIL: timedelta(days=7), Channel.SMS: timedelta(days=2)}


def retry_after(attempt: int, outcome: AttemptOutcome, channel: Channel) -> timedelta | None:
    """How long to wait after the `attempt`th (1, 2, …) attempt with such an outcome; None when it was sent or
    is given up. Attempts that failed for the server's own sake are not counted, and not asked about here.

    An uncertain e-mail is sent again (same Message-ID, marked as a possible duplicate), as a lost note is
    worse; an uncertain SMS never is, as gateways know no such mark and each one costs.
    """
    if outcome is AttemptOutcome.UNCERTAIN:
        waits: tuple[int, ...] = _DOUBTFUL_MINUTES if channel is Channel.EMAIL else ()
    else:
        waits = _MINUTES[channel] if outcome is AttemptOutcome.TEMPORARY else ()
    return timedelta(minutes=waits[attempt - 1]) if attempt <= len(waits) else None


def given_up_after(channel: Channel) -> timedelta:
    """How long a message may wait for a way out that is closed: after that it would mislead more than help,
    and a person is to know."""
    return _GIVEN_UP_AFTER[channel]
