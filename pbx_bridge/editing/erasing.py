"""What is kept of one caller, or of one employee, within one company: found, handed out, erased; each time in
the access log and the protocol, which do not say of whom. There is no way back."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from pbx_bridge.editing import erasing_parts
from pbx_bridge.editing.change import Change, Editing, Editor
from pbx_bridge.editing.erasing_parts import Subject
from pbx_bridge.errors import NotFoundError, Refused
from pbx_bridge.storage.access import access_log, accounts, audit_chain
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.access.accounts import Account
from pbx_bridge.storage.db.engine import AsyncConnection, Database
from pbx_bridge.storage.erasure import callers, employees, protocol
from pbx_bridge.storage.erasure.callers import CallerData, Row
from pbx_bridge.storage.erasure.employees import EmployeeData
from pbx_bridge.storage.erasure.protocol import PendingErasure
from pbx_bridge.time_slices import gently
from rules.model import Customer, Employee
from rules.office.erasing import is_shared, number_spellings, words_of
from rules.text.phone_numbers import to_e164
from rules.vocabulary import ErasureKind


@dataclass(frozen=True, slots=True)
class ErasedData:
    """`counts`: rows by kind."""

    counts: Mapping[str, int]


async def caller(conn: AsyncConnection, customer: Customer, number: str) -> CallerData:
    """Whoever has this number (E.164), as one caller of the company."""
    spellings = number_spellings((number,), customer.region)
    drafts = await callers.typed(conn, customer.id, spellings)
    # Read, not only found: "030 23125" is in each of its extensions, and those are other people's.
    typed = tuple(call_id for call_id, text in drafts if to_e164(text, customer.region) == number)
    return CallerData(customer.id, number, spellings, typed)


async def employee(conn: AsyncConnection, customer: Customer, person: Employee) -> EmployeeData:
    """This employee, with the log-ins that are theirs."""
    logins = await accounts.of_employee(conn, person.id)
    addresses = (one for account in logins for one in (account.login, account.email) if "@" in one)
    words = dict.fromkeys((*words_of(person), *addresses))
    words.pop(customer.default_email, None)
    async for other in gently(customer.employees):
        if other.id != person.id:
            for shared in [word for word in words if is_shared(word, other)]:
                del words[shared]
    numbers = (person.mobile,) if person.mobile in words else ()
    return EmployeeData(
        customer.id,
        person.id,
        tuple(words),
        number_spellings(numbers, customer.region),
        _logins(person, logins, words),
    )


def _logins(person: Employee, accounts_: Sequence[Account], words: Container[str]) -> tuple[str, ...]:
    """As the access log may have them: also what a wrong log-in, or a link that was asked for, was typed as.
    An address that others have as well (not among `words`) is no log-in of theirs alone."""
    own = [one for account in accounts_ for one in (account.login, account.shown)]
    addresses = [one for one in (*(account.email for account in accounts_), person.email) if one in words]
    return tuple(dict.fromkeys(form for one in (*own, *addresses) if one for form in (one, one.lower())))


async def found(conn: AsyncConnection, subject: Subject) -> dict[str, int]:
    """How many rows of each kind."""
    if isinstance(subject, CallerData):
        return await callers.counts(conn, subject)
    return await employees.counts(conn, subject)


async def erase(editing: Editing, subject: Subject, who: Editor) -> ErasedData | Refused:
    """All of it, in parts: nobody else waits long for the writer's turn. Refused: erase_live_call, while the
    caller talks or the note is written; erase_nothing.

    Raises NotFoundError for an employee who is gone. What is broken off goes on with `go_on`. The caller of
    this empties the database's log afterwards (`Database.empty_log`): until then what was erased can be read
    there.
    """
    async with editing.db.read() as conn:
        counts = await found(conn, subject)
    async with editing.change(subject.customer_id, who) as change:
        begun = await _begin(change, subject, counts)
    if isinstance(begun, Refused):
        return begun
    return ErasedData(counts | await go_on(editing, begun, who))


async def _begin(change: Change, subject: Subject, counts: Mapping[str, int]) -> PendingErasure | Refused:
    conn, who = change.conn, change.editor
    kind, subject_id = ErasureKind.CALLER, ""
    if isinstance(subject, EmployeeData):
        kind, subject_id = ErasureKind.EMPLOYEE, subject.employee_id
        if (await change.customer()).employee(subject.employee_id) is None:
            raise NotFoundError
    elif await callers.talking(conn, subject, change.now):
        return Refused("erase_live_call")
    if not counts:
        return Refused("erase_nothing")
    await _told(conn, AccessEvent.DATA_ERASED, await change.customer(), who, kind)
    told = (kind, subject.customer_id, who.login, counts, change.now)
    return await protocol.begin(conn, *told, erasing_parts.in_words(subject), subject_id)


async def go_on(editing: Editing, begun: PendingErasure, who: Editor) -> dict[str, int]:
    """To its end, from wherever it was broken off. Returns what was not counted when it began."""
    subject = erasing_parts.of_words(begun.of, begun.at)
    await erasing_parts.erase(editing, subject, who)
    if isinstance(subject, EmployeeData):
        async with editing.change(subject.customer_id, who) as change:
            await employees.delete_record(change.conn, subject)
    # While the parts went on, people wrote on: a note to them, a way back that names them. Now nobody can any
    # more, so what is found this time is all there is.
    await erasing_parts.erase(editing, subject, who)
    async with editing.change(subject.customer_id, who) as change:
        more = {}
        if isinstance(subject, EmployeeData):
            await employees.delete_record(change.conn, subject)  # somebody may just have undone it
            logins = subject.logins
            if logins and (n := await audit_chain.empty(change.conn, logins, who.now, begun.done_by)):
                more["log_entries"] = n
        await protocol.end(change.conn, begun.id, more)
        change.code = "erased"
        change.logged = True
    return more


async def collected(db: Database, customer: Customer, subject: Subject, who: Editor) -> dict[str, list[Row]]:
    """All of it as rows by kind, for whoever asks what is kept of them; that it was handed out is
    written down before it is."""
    async with db.read() as conn:
        if isinstance(subject, CallerData):
            rows, kind = await callers.collected(conn, subject), ErasureKind.CALLER_EXPORT
        else:
            rows, kind = await employees.collected(conn, subject), ErasureKind.EMPLOYEE_EXPORT
    counts = {name: len(some) for name, some in rows.items()}
    async with db.write() as conn:
        await protocol.write(conn, kind, customer.id, who.login, counts, who.now)
        await _told(conn, AccessEvent.DATA_HANDED_OUT, customer, who, kind)
    return rows


async def _told(
    conn: AsyncConnection, event: AccessEvent, customer: Customer, who: Editor, kind: ErasureKind
) -> None:
    detail = f"{customer.name} · {kind.value}"
    await access_log.write_all(conn, event, [who.login], who.now, who.where, detail=detail)
