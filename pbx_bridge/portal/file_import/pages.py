"""A list as a file, in with a preview: all or nothing, also when the service ends in the middle."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from aiohttp import web

from pbx_bridge.editing import lists
from pbx_bridge.editing.list_readings import Key, ListReading
from pbx_bridge.errors import NotFoundError
from pbx_bridge.garbage import lasting
from pbx_bridge.portal.file_import.kind import FileKind
from pbx_bridge.portal.request_context import PortalContext, Route
from pbx_bridge.storage.undo import import_jobs, undo
from pbx_bridge.storage.undo.import_jobs import ImportJob
from pbx_bridge.web.bodies import form_of
from pbx_bridge.web.i18n import file_language
from pbx_bridge.web.kit.date_format import Moments
from pbx_bridge.web.kit.table_reading import read
from pbx_bridge.web.kit.uploaded_text import text_of
from rules.fault import Fault
from rules.files.csv_columns import NAME_PARTS, is_entry, samples
from rules.files.csv_text import Table, delimiter_of, with_header, without_title
from rules.model import Customer

SHOWN = 200
"""Rows of each kind in the preview; the figures count all."""


class FileImport:
    """The pages of one kind of file. What is on its way is stored; only how far it is, is not."""

    def __init__(self, kind: FileKind) -> None:
        self._kind = kind

    def routes(self) -> tuple[Route, ...]:
        page, one, room = self._kind.page, f"{self._kind.page}/{{job}}", self._kind.route
        return (
            Route(room, "GET", page, self.ask),
            Route(room, "POST", page, self.take),
            Route(f"{room}.one", "GET", one, self.look),
            Route(f"{room}.one", "POST", one, self.apply),
            Route(f"{room}.columns", "GET", f"{one}/spalten", self.ask_columns),
            Route(f"{room}.columns", "POST", f"{one}/spalten", self.take_columns),
            Route(f"{room}.progress", "GET", f"{one}/stand", self.progress),
        )

    async def ask(self, ctx: PortalContext) -> web.StreamResponse:
        """Choose a file; and take the last import back."""
        return await self._page(ctx)

    async def take(self, ctx: PortalContext) -> web.StreamResponse:
        """A file came: keep it and begin to read it."""
        file = (await form_of(ctx.request)).files.get("file")
        text = await text_of(file.content if file else None)
        if isinstance(text, Fault):
            return await self._page(ctx, text)
        text = without_title(text, self._knows)
        table = await self._table(text)
        if isinstance(table, Fault):
            return await self._page(ctx, table)
        columns = self._kind.columns
        missing = bool(table.lines and columns.lacking(columns.match(table.header)))
        return await self._take(ctx, text, table, ask=missing)

    async def _take(
        self, ctx: PortalContext, text: str, table: Table, *, ask: bool = False
    ) -> web.StreamResponse:
        """Keep a file and begin to read it; or ask first what its columns are."""
        mine = (ctx.customer_id, ctx.account.id)
        async with ctx.portal.db.write() as conn:
            job_id = await import_jobs.begin(conn, *mine, self._kind.name, text, ctx.now)
        if ask:
            return ctx.go(f"{self._kind.page}/{job_id}/spalten")
        self._begin(ctx, job_id, ctx.now, table, await ctx.customer())
        return ctx.go(f"{self._kind.page}/{job_id}")

    async def ask_columns(self, ctx: PortalContext) -> web.StreamResponse:
        """Which column of the file is which of ours."""
        job = await self._job(ctx)
        table = await self._table(job.content) if not job.applied_at else None
        if not isinstance(table, Table) or not table.header:
            return ctx.go(self._kind.page)
        return self._columns_page(
            ctx, table, self._kind.columns.match(table.header), first_row=is_entry(table.header)
        )

    async def take_columns(self, ctx: PortalContext) -> web.StreamResponse:
        """As chosen, and read anew."""
        posted, job = await ctx.posted(), await self._job(ctx)
        table = await self._table(job.content) if not job.applied_at else None
        if not isinstance(table, Table) or not table.header:
            return ctx.go(self._kind.page)
        columns, first_row = self._kind.columns, bool(posted["first_row"])
        known = {*columns.headers, *NAME_PARTS}
        chosen = [posted.get(f"column-{at}", "") for at in range(len(table.header))]
        chosen = [name if name in known else "" for name in chosen]
        twice = any(chosen.count(name) > 1 for name in chosen if name)
        if twice or columns.lacking(chosen):
            code = "csv_column_chosen_twice" if twice else f"{self._kind.name}_columns_lacking"
            return self._columns_page(ctx, table, chosen, Fault("", code), first_row=first_row)
        delimiter = delimiter_of(job.content, self._knows)
        header = [{**columns.headers, **NAME_PARTS}[name][0] if name else "" for name in chosen]
        text = with_header(job.content, delimiter, header, above=first_row)
        read_anew = await self._table(text)
        if isinstance(read_anew, Fault):
            return await self._page(ctx, read_anew)
        return await self._take(ctx, text, read_anew)

    def _columns_page(
        self,
        ctx: PortalContext,
        table: Table,
        chosen: Sequence[str],
        fault: Fault | None = None,
        *,
        first_row: bool,
    ) -> web.Response:
        """Each column with its first texts, and what it is taken for; whether the first row is an entry."""
        at = file_language(ctx.locale).at
        titles = self._titles(ctx)
        if "name" in titles:
            titles |= {name: NAME_PARTS[name][at] for name in NAME_PARTS}
        return ctx.page(
            "file_import/columns.html",
            status=422 if fault else 200,
            kind=self._kind,
            columns=samples(table),
            chosen=chosen,
            first_row=first_row,
            titles=titles,
            fault=fault,
        )

    def _titles(self, ctx: PortalContext) -> dict[str, str]:
        at = file_language(ctx.locale).at
        return {name: both[at] for name, both in self._kind.columns.headers.items()}

    async def look(self, ctx: PortalContext) -> web.StreamResponse:
        """How far it is; then what the file would do, or what is wrong in it; or that it is done."""
        job = await self._job(ctx)
        if job.applied_at:
            return await self._is_done(ctx, job.applied_at)
        run = await self._run(ctx, job)
        if run.plan is None:
            return ctx.page("file_import/progress.html", kind=self._kind, run=run)
        customer = await ctx.customer()
        return ctx.page(
            "file_import/preview.html",
            cells=self._kind.shown_as(customer, run.plan, file_language(ctx.locale)),
            job=job.id,
            status=422 if run.plan.faults else 200,
            kind=self._kind,
            run=run,
            plan=run.plan,
            most=SHOWN,
            titles=self._titles(ctx),
        )

    async def progress(self, ctx: PortalContext) -> web.StreamResponse:
        """For the bar, while somebody looks at it."""
        job = await self._job(ctx)
        if job.applied_at:
            return web.json_response({"done": 1, "total": 1, "ready": True})
        run = await self._run(ctx, job)
        return web.json_response({"done": run.done, "total": run.total, "ready": run.plan is not None})

    async def apply(self, ctx: PortalContext) -> web.StreamResponse:
        """Do what the preview showed; if the company has changed since, show it anew instead."""
        with lasting():
            return await self._apply(ctx)

    async def _apply(self, ctx: PortalContext) -> web.StreamResponse:
        job, posted = await self._job(ctx), await ctx.posted()
        if job.applied_at:
            return await self._is_done(ctx, job.applied_at)
        run, here = await self._run(ctx, job), f"{self._kind.page}/{job.id}"
        if run.plan is None or run.plan.faults:
            return ctx.go(here)
        leaving = [one.id for one in run.plan.missing] if posted["remove"] else []
        seen = run.version if posted["seen"] == str(run.version) else -1  # shown by no preview
        async with ctx.change() as change:
            refused = await lists.apply(change, self._kind.take, job.id, run.plan, leaving, seen)
        if refused is not None:
            self._begin(ctx, job.id, job.at, run.table, await change.customer())
            return ctx.go(here, said=refused.code)
        ctx.portal.list_readings.forget(self._key(ctx))
        return ctx.done(self._kind.path, change)

    async def _job(self, ctx: PortalContext) -> ImportJob:
        wanted = ctx.request.match_info["job"]
        async with ctx.portal.db.read() as conn:
            job = await import_jobs.find(conn, ctx.customer_id, ctx.account.id, self._kind.name, wanted)
        if job is None:
            raise NotFoundError
        return job

    async def _is_done(self, ctx: PortalContext, at: datetime) -> web.Response:
        """Perhaps the answer that said so was lost with the service: say it again, and offer undoing."""
        async with ctx.portal.db.read() as conn:
            last = await undo.latest(conn, ctx.customer_id, self._kind.change_code, ctx.now)
        step = {"step": last[0]} if last and last[1] == at else {}
        return ctx.go(self._kind.path, said=self._kind.change_code, **step)

    def _key(self, ctx: PortalContext) -> Key:
        return ctx.account.id, self._kind.name

    async def _run(self, ctx: PortalContext, job: ImportJob) -> ListReading:
        """How far the file is; begun anew if this service has not begun it."""
        readings, key = ctx.portal.list_readings, self._key(ctx)
        if run := readings.of(key, job.id):
            return run
        table, customer = await self._table(job.content), await ctx.customer()
        if run := readings.of(key, job.id):  # two pages at once begin it once
            return run
        known = Table((), ()) if isinstance(table, Fault) else table
        return self._begin(ctx, job.id, job.at, known, customer, resumed=True)

    async def _table(self, text: str) -> Table | Fault:
        return await read(text, self._knows)

    def _knows(self, header: str) -> bool:
        return bool(self._kind.columns.of(header))

    def _begin(
        self,
        ctx: PortalContext,
        job_id: str,
        at: datetime,
        table: Table,
        customer: Customer,
        *,
        resumed: bool = False,
    ) -> ListReading:
        steps = self._kind.steps(table, customer)
        run = ListReading(job_id, at, table, steps, customer.version, resumed)
        plan = self._kind.plan(ctx, table, customer)
        return ctx.portal.list_readings.begin(self._key(ctx), run, plan, ctx.now)

    async def _page(self, ctx: PortalContext, fault: Fault | None = None) -> web.Response:
        customer = await ctx.customer()
        async with ctx.portal.db.read() as conn:
            last = await undo.latest(conn, ctx.customer_id, self._kind.change_code, ctx.now)
        return ctx.page(
            "file_import/file.html",
            status=422 if fault else 200,
            kind=self._kind,
            fault=fault,
            last=last,
            moments=Moments(ctx.t, customer.zone),
            last_at=last[1].astimezone(ctx.local(customer).tzinfo) if last else None,
            headers=list(self._titles(ctx).values()),
        )
