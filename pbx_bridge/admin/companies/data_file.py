"""All that the house has of a company, given back to it: settings, people, lists, calls with their notes."""

from __future__ import annotations

import asyncio
import json
import tempfile
import zipfile
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import IO, Protocol
from zoneinfo import ZoneInfo

from aiohttp import web

from pbx_bridge.admin.companies.pages import ONE, company_of
from pbx_bridge.admin.request_context import OfficeContext, Route
from pbx_bridge.admin.voice_archive import name_of, put_sound
from pbx_bridge.outbox.voice_sounds import VoiceSounds
from pbx_bridge.storage.access import access_log
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.calls import listed_calls
from pbx_bridge.storage.calls.call_filter import Selection
from pbx_bridge.storage.calls.listed_calls import ListedCall
from pbx_bridge.storage.customers import customers, lines
from pbx_bridge.storage.notes import voice_messages
from pbx_bridge.storage.notes.voice_messages import VoiceMessage
from pbx_bridge.time_slices import finished, gently
from pbx_bridge.web.i18n import file_language
from pbx_bridge.web.kit.sent_file import send_file
from rules.files import employee_csv, vip_csv
from rules.files.company_toml import company_toml
from rules.files.csv_text import rendered
from rules.model import Customer
from rules.text.phone_numbers import international

EVER = datetime(2000, 1, 1, tzinfo=UTC)
BATCH = 200
CALLS = (
    *(
        "arrived",
        "line",
        "caller",
        "name",
        "company",
        "callback",
        "concern",
        "fields",
        "recipients",
        "result",
    ),
    *("answered", "ended", "sounds"),
)


Spoken = Mapping[str, Sequence[VoiceMessage]]
"""By call."""


class Writable(Protocol):
    """What is needed of a file within the archive."""

    def write(self, data: bytes, /) -> int: ...


async def send(ctx: OfficeContext) -> web.StreamResponse:
    """As a ZIP, which waits on disk and not in memory; that somebody takes all notes along is written down
    before."""
    customer = await company_of(ctx)
    async with ctx.office.db.read() as conn:
        found = await lines.of_customer(conn, customer.id)
        customer = await customers.load_customer(conn, customer.id) or customer
    own = [one.number for one in found if one.customer_id == customer.id]
    async with ctx.office.db.write() as conn:
        told = (ctx.account, ctx.now, ctx.owner.where)
        await access_log.write(conn, AccessEvent.NOTES_TAKEN_ALONG, *told, detail=customer.name)
    with tempfile.TemporaryFile() as file:
        await _write(ctx, customer, own, file)
        return await send_file(ctx.request, file, "daten.zip", "application/zip")


async def _write(ctx: OfficeContext, customer: Customer, own: Sequence[str], file: IO[bytes]) -> None:
    """Nothing is packed: that would keep the loop from the calls."""
    language = file_language(ctx.locale)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        with archive.open("unternehmen.toml", "w") as part:
            await _pieces(part, await finished(company_toml(customer, own)))
        with archive.open("mitarbeiter.csv", "w") as part:
            await _pieces(part, employee_csv.export(customer.employees, language))
        with archive.open("vip-kunden.csv", "w") as part:
            await _pieces(part, vip_csv.export(customer, language))
        with archive.open("anrufe.csv", "w", force_zip64=True) as part:
            await _pieces(part, rendered([[ctx.t(f"service.calls_file.{name}") for name in CALLS]]))
            voices: list[VoiceMessage] = []
            sounds = VoiceSounds(ctx.office.settings.nobody_free.recordings)
            async for batch, spoken in _batches(ctx, customer, sounds):
                # The mark at the beginning of a table is there once.
                rows = rendered(_rows(customer, batch, spoken))
                next(rows)
                await _pieces(part, rows)
                voices += [voice for some in spoken.values() for voice in some]
        for voice in voices:
            await put_sound(archive, sounds, voice)


async def _pieces(part: Writable, pieces: Iterable[str]) -> None:
    async for piece in gently(pieces):
        part.write(piece.encode())


async def _batches(
    ctx: OfficeContext, customer: Customer, sounds: VoiceSounds
) -> AsyncIterator[tuple[tuple[ListedCall, ...], Spoken]]:
    """Newest first, with what callers said after the tone; each batch is a reading of its own."""
    place, chosen = None, Selection(customer.id, EVER, ctx.now + timedelta(days=1))
    while True:
        async with ctx.office.db.read() as conn:
            batch = await listed_calls.page(conn, chosen, BATCH, place)
            left = await voice_messages.of_calls(conn, [one.id for one in batch])
        if not batch:
            return
        yield batch, await asyncio.to_thread(_there, sounds, left)
        place = batch[-1].place


def _there(sounds: VoiceSounds, left: Spoken) -> Spoken:
    """Less those whose sound is gone."""
    return {call: [one for one in some if sounds.find(one)] for call, some in left.items()}


def _rows(customer: Customer, calls: Iterable[ListedCall], spoken: Spoken) -> Iterator[Sequence[str]]:
    """In the order of `CALLS`, on the company's clock."""
    zone = ZoneInfo(customer.zone)

    def local(moment: datetime | None) -> str:
        return f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S}" if moment else ""

    for one in calls:
        yield (
            local(one.arrived_at),
            international(one.line_number),
            international(one.caller_number) if one.caller_number else "",
            one.caller_name or one.signalled_name,
            one.caller_company,
            international(one.callback_number) if one.callback_number else "",
            "\n".join([*one.earlier, one.concern]).strip(),
            json.dumps(dict(one.fields), ensure_ascii=False) if one.fields else "",
            ", ".join(one.recipients),
            one.result.value,
            local(one.answered_at),
            local(one.ended_at),
            ", ".join(map(name_of, spoken.get(one.id, ()))),
        )


ROUTES = (Route("admin.company.data", "GET", f"{ONE}/daten.zip", send),)
