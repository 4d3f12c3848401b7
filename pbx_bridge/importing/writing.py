"""A document into the database, by the use cases of `editing`: names become ids here, and what is stored
already as the file says is not written again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pbx_bridge.editing import whole_companies
from pbx_bridge.editing.bulk import BulkChange
from pbx_bridge.editing.whole_companies import WholeCompany
from pbx_bridge.importing.document import Document
from pbx_bridge.importing.people import Person
from pbx_bridge.importing.progress import Tell, nothing_said, told
from pbx_bridge.importing.stored_company import Stored
from pbx_bridge.importing.values import person_key
from pbx_bridge.storage.access import account_changes, accounts, agents
from pbx_bridge.storage.access.accounts import Account
from pbx_bridge.storage.customers import customers, lines
from pbx_bridge.storage.db.ids import new_id
from rules.model import Customer, Line


async def write_document(
    change: BulkChange, document: Document, hashes: Mapping[str, str], tell: Tell = nothing_said
) -> None:
    """Store it; `hashes`: password hash by login; `tell` hears how far it is."""
    for entry in document.tariffs:
        await whole_companies.put_tariff(change, entry.tariff, entry.sms_micros)
    tariffs = {tariff.name: tariff for tariff in await customers.load_tariffs(change.conn)}
    for line in document.shared_lines:
        await whole_companies.put_shared_line(change, line)
    owned = {line.number: line for line in await lines.load_all(change.conn)}
    for customer in told(tell, "Storing customers", document.customers, len(document.customers)):
        old = change.before.get(customer.name)
        # A file of fifty thousand companies mostly says what is so already: nobody waits for that.
        if not _is_already(document, customer, old, owned):
            with_tariff = replace(customer, tariff=tariffs[customer.tariff.name])
            await whole_companies.put(change, _with_ids(document, with_tariff, old))
    if document.people:
        companies = await change.companies()
        for person in told(tell, "Storing log-ins", document.people, len(document.people)):
            await _put_person(change, person, hashes.get(person.login, ""), companies.get(person.customer))


def _is_already(
    document: Document, customer: Customer, old: Customer | None, owned: Mapping[str, Line]
) -> bool:
    """Whether the company is stored as the file says, all lines are its own, and read numbers so."""
    if old is None or not Stored(old).is_already(customer, document.lists[customer.name]):
        return False
    found = [owned.get(number) for number in document.lines[customer.name]]
    decides = document.regions[customer.name]
    return all(
        line is not None and line.customer_id == old.id and (line.region == customer.region or not decides)
        for line in found
    )


def _with_ids(document: Document, customer: Customer, old: Customer | None) -> WholeCompany:
    """Ids in place of `person_key`s; whoever is new gets one."""
    known = {person_key(employee.name): employee.id for employee in (old.employees if old else ())}
    ids = known | {one.id: known.get(one.id) or new_id() for one in customer.employees}
    employees = tuple(
        replace(one, id=ids[one.id], deputy_id=ids[one.deputy_id] if one.deputy_id else None)
        for one in customer.employees
    )
    vips = tuple(
        replace(vip, employee_id=ids[vip.employee_id] if vip.employee_id else None)
        for vip in customer.vip_callers
    )
    return WholeCompany(
        replace(customer, employees=employees, vip_callers=vips),
        {(ids[key] if key else "", name) for key, name in document.lists[customer.name]},
        document.lines[customer.name],
        sets_region=document.regions[customer.name],
    )


async def _put_person(
    change: BulkChange, person: Person, password_hash: str, company: Customer | None
) -> None:
    """Somebody who logs in, by their login; each difference stands in the access log."""
    conn = change.conn
    colleagues = {
        person_key(employee.name): employee.id for employee in (company.employees if company else ())
    }
    account = Account(
        id="",
        login=person.login,
        role=person.role,
        locale=person.locale,
        customer_id=company.id if company else None,
        employee_id=colleagues.get(person.employee),
        email=person.email,
    )
    found = await accounts.by_login(conn, person.login)
    if found is None:
        account_id = await account_changes.add(conn, account, password_hash, change.by)
    else:
        account_id = found[0].id
        now_is = replace(account, id=account_id, disabled=found[0].disabled)
        await account_changes.change(conn, found[0], now_is, change.by)
        if password_hash:
            await account_changes.set_password(conn, now_is, password_hash, change.by)
    if person.interface:
        await _put_agent(change, person, account_id)


async def _put_agent(change: BulkChange, person: Person, account_id: str) -> None:
    agent = await agents.by_account(change.conn, account_id)
    phone = (person.given_name, person.family_name, person.interface)
    if agent is None:
        agent_id = await agents.insert(change.conn, account_id, *phone, bound=bool(person.bound))
    else:
        agent_id = agent.id
        await agents.update(change.conn, agent_id, *phone)
        if person.bound is not None:
            await agents.bind(change.conn, agent_id, bound=person.bound)
    if person.languages is not None:
        await agents.set_languages(change.conn, agent_id, person.languages)
