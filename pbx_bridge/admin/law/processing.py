"""Auftragsverarbeitung: what the house has to be able to show of how it keeps data (Art. 28 and 32 GDPR),
as it is at this moment; to print."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from pbx_bridge import __version__
from pbx_bridge.admin.request_context import OfficeContext, Route
from pbx_bridge.settings import Settings
from pbx_bridge.storage.access import audit_chain, second_factors
from pbx_bridge.storage.customers import customers, retention_days
from pbx_bridge.storage.erasure import protocol
from rules.office.processing import Processor, ServerKind, processor

PATH = "/admin/auftragsverarbeitung"
PROTOCOL_SINCE = timedelta(days=365)
KEPT = ("note_days", "call_days", "outbox_days", "undelivered_days", "access_days", "appointment_days")


async def show(ctx: OfficeContext) -> web.StreamResponse:
    """All of it is read now; nothing is asked of other servers."""
    settings = ctx.office.settings
    async with ctx.office.db.read() as conn:
        facts: dict[str, Any] = {
            "people": await second_factors.by_role(conn),
            "chain": await audit_chain.last_check(conn),
            "done": await protocol.counted(conn, ctx.now - PROTOCOL_SINCE),
            "companies": await customers.count(conn),
            "own_times": await retention_days.companies(conn),
        }
    return ctx.page(
        "law/processing.html",
        version=__version__,
        brand_name=settings.web.brand or ctx.t("product.name"),
        contact=ctx.office.contact or settings.mail.from_address,
        processors=tuple(processors(settings, ctx.office.db.url.host or "")),
        days={name: getattr(settings.retention, name) for name in KEPT},
        required=settings.auth.second_factor == "required",
        auth=settings.auth,
        on_file=ctx.office.db.dialect == "sqlite",
        **facts,
    )


def processors(settings: Settings, database_host: str) -> Iterator[Processor]:
    """As configured; "" is this machine."""
    mail, sms, ami = settings.mail, settings.sms, settings.ami
    public, gateway = urlsplit(settings.web.public_url), urlsplit(sms.url)
    yield processor(ServerKind.WEB, public.hostname or "", encrypted=public.scheme == "https")
    yield processor(ServerKind.DATABASE, database_host, encrypted=False)
    yield processor(ServerKind.PBX, ami.host, encrypted=ami.tls)
    yield processor(ServerKind.MAIL, mail.host, encrypted=mail.tls or mail.starttls == "required")
    off = sms.preset == "off"
    yield processor(ServerKind.SMS, gateway.hostname or "", encrypted=gateway.scheme == "https", off=off)


ROUTES = (Route("admin.processing", "GET", PATH, show),)
