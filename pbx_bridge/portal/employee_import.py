"""Mitarbeiter as a file: out for Excel, in with a preview, all or nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aiohttp import web

from pbx_bridge.errors import NotFoundError
from pbx_bridge.portal.employees import PATH, by_family_name
from pbx_bridge.portal.visit import Route, Visit
from pbx_bridge.storage import undo
from pbx_bridge.storage.editing import employees
from pbx_bridge.storage.ids import new_id
from rules.csv_text import Table, decode, parse
from rules.employee_csv import HEADERS, Plan, column_of, export, plan, steps
from rules.model import Customer

IMPORT = f"{PATH}/import"
DEED = "employees_imported"
KEPT = timedelta(hours=1)
PAUSE_EVERY = 20
"""Steps between two looks at everything else that waits: a millisecond."""

SHOWN = 200
"""Rows of each kind in the preview; the figures count all."""


@dataclass(slots=True)
class Job:
    """A file being read, or read and waiting for its yes. `version`: of the company it was compared with."""

    id: str
    at: datetime
    table: Table
    total: int
    version: int
    done: int = 0
    plan: Plan | None = None
    task: asyncio.Task[None] | None = None


async def send(visit: Visit) -> web.StreamResponse:
    """The list as a file."""
    customer = await visit.customer()
    listed = replace(customer, employees=tuple(sorted(customer.employees, key=by_family_name)))
    name = visit.t("import.file_name", day=f"{visit.local(customer):%Y-%m-%d}")
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return web.Response(
        text=export(listed, visit.locale), content_type="text/csv", charset="utf-8", headers=headers
    )


async def ask(visit: Visit) -> web.StreamResponse:
    """Choose a file; and take the last import back."""
    return await _page(visit)


async def take(visit: Visit) -> web.StreamResponse:
    """A file came: begin to read it."""
    fields = await visit.request.post()
    file = fields.get("file")
    data = file.file.read() if isinstance(file, web.FileField) else b""
    text = decode(data) if data else None
    table = parse(text, lambda header: bool(column_of(header))) if text else None
    if table is None:
        return await _page(visit, "csv_no_file" if not data else "csv_unreadable")
    job = _begin(visit, await visit.customer(), table)
    return visit.go(f"{IMPORT}/{job.id}")


async def look(visit: Visit) -> web.StreamResponse:
    """How far it is; then what the file would do, or what is wrong in it."""
    job, customer = _job(visit), await visit.customer()
    if job.plan is None:
        return visit.page("import_progress.html", job=job)
    names = {person.id: person.name for person in (*customer.employees, *job.plan.new)}
    return visit.page(
        "import_preview.html",
        status=422 if job.plan.faults else 200,
        job=job,
        plan=job.plan,
        names=names,
        most=SHOWN,
        titles={name: both[visit.locale == "en"] for name, both in HEADERS.items()},
    )


async def progress(visit: Visit) -> web.StreamResponse:
    """For the bar, while somebody looks at it."""
    job = _job(visit)
    return web.json_response({"done": job.done, "total": job.total, "ready": job.plan is not None})


async def apply(visit: Visit) -> web.StreamResponse:
    """Do what the preview showed; if the company has changed since, show it anew instead."""
    job, posted = _job(visit), await visit.posted()
    if job.plan is None or job.plan.faults:
        return visit.go(f"{IMPORT}/{job.id}")
    leaving = [person.id for person in job.plan.missing] if posted["remove"] else []
    async with visit.changing(DEED, leaving=leaving) as change:
        if change.customer.version != job.version:
            again = _begin(visit, change.customer, job.table)
            return visit.go(f"{IMPORT}/{again.id}", said="import_overtaken")
        await employees.insert(change.conn, visit.customer_id, job.plan.new)
        await employees.update(change.conn, visit.customer_id, [one.after for one in job.plan.changed])
        await employees.delete(change.conn, visit.customer_id, leaving)
    _jobs(visit).pop(visit.account.id)
    return visit.done(PATH, change)


def _jobs(visit: Visit) -> dict[str, Job]:
    """By account: whoever begins a second file has given up the first."""
    jobs: dict[str, Job] = visit.portal.memory.setdefault("employee_imports", {})
    return jobs


def _job(visit: Visit) -> Job:
    job = _jobs(visit).get(visit.account.id)
    if job is None or job.id != visit.request.match_info["job"]:
        raise NotFoundError
    return job


def _begin(visit: Visit, customer: Customer, table: Table) -> Job:
    jobs = _jobs(visit)
    for account in [account for account, job in jobs.items() if job.at < visit.now - KEPT]:
        del jobs[account]
    old = jobs.get(visit.account.id)
    if old and old.task:
        old.task.cancel()
    job = Job(new_id(), visit.now, table, steps(table, customer), customer.version)
    reading = plan(table, customer, visit.dial_rules(customer), new_id)
    job.task = asyncio.create_task(_read(job, reading))
    jobs[visit.account.id] = job
    return job


async def _read(job: Job, reading: Generator[int, None, Plan]) -> None:
    """Step by step, so that calls go on while ten thousand lines are read."""
    while job.plan is None:
        try:
            job.done += next(reading)
        except StopIteration as end:
            job.plan = end.value
        if job.done % PAUSE_EVERY == 0:
            await asyncio.sleep(0)


async def _page(visit: Visit, fault: str = "") -> web.Response:
    customer = await visit.customer()
    async with visit.portal.db.read() as conn:
        last = await undo.latest(conn, visit.customer_id, DEED, visit.now)
    last_at = last[1].astimezone(visit.local(customer).tzinfo) if last else None
    return visit.page(
        "import.html",
        status=422 if fault else 200,
        customer=customer,
        fault=fault,
        last=last,
        last_at=last_at,
        headers=[both[visit.locale == "en"] for both in HEADERS.values()],
    )


ROUTES = (
    Route("portal.employees.export", "GET", f"{PATH}/export", send),
    Route("portal.employees.file", "GET", IMPORT, ask),
    Route("portal.employees.file", "POST", IMPORT, take),
    Route("portal.employees.file.one", "GET", f"{IMPORT}/{{job}}", look),
    Route("portal.employees.file.one", "POST", f"{IMPORT}/{{job}}", apply),
    Route("portal.employees.file.progress", "GET", f"{IMPORT}/{{job}}/stand", progress),
)
