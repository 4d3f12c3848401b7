"""Whom the portal's forms let one choose: an employee, a VIP caller."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.portal.request_context import PortalContext, Route
from pbx_bridge.web.kit.choosing import OFFERED, Choice, Choosing, answer
from rules.customers.directory import Directory
from rules.customers.namesakes import hint
from rules.customers.vip_register import VipRegister
from rules.model import Customer, Employee, VipCaller
from rules.text.names import split_name

PEOPLE, VIPS = "/portal/auswahl/mitarbeiter", "/portal/auswahl/vip"


def people(directory: Directory) -> Choosing:
    """An employee, by family name as lists have it, with the position that tells two of a name apart."""
    return Choosing(
        everybody=lambda: [_person(one.employee, directory) for one in directory.by_family],
        find=lambda typed: [_person(one, directory) for one in directory.ranked(typed, OFFERED + 1)],
        words_of=lambda one: (
            _person(directory.entries[one].employee, directory)[1] if one in directory.entries else ""
        ),
        count=len(directory.by_family),
        path=PEOPLE,
    )


def vips(customer: Customer, register: VipRegister) -> Choosing:
    """A VIP caller, by name and number."""
    known = {vip.id: vip for vip in customer.vip_callers}
    return Choosing(
        everybody=lambda: [_vip(one) for one in customer.vip_callers],
        find=lambda typed: [_vip(one) for one in register.ranked(typed, OFFERED + 1)],
        words_of=lambda one: _vip(known[one])[1] if one in known else "",
        count=len(known),
        path=VIPS,
    )


def _person(employee: Employee, directory: Directory) -> Choice:
    listed = split_name(employee.name).listed
    apart = hint(employee, directory.namesakes(employee), extension=True)
    parts = dict.fromkeys((listed, employee.position, *apart.split(" · ")))
    return employee.id, " · ".join(filter(None, parts))


def _vip(vip: VipCaller) -> Choice:
    return vip.id, f"{vip.name} · {vip.pattern}"


async def find_people(ctx: PortalContext) -> web.StreamResponse:
    """For the field, while somebody types into it."""
    customer = await ctx.customer()
    return answer((await ctx.posted())["q"], people(await ctx.directory(customer)))


async def find_vips(ctx: PortalContext) -> web.StreamResponse:
    """The same for VIP callers."""
    customer = await ctx.customer()
    return answer((await ctx.posted())["q"], vips(customer, await ctx.vip_register(customer)))


ROUTES = (
    Route("portal.choosing.people", "POST", PEOPLE, find_people),
    Route("portal.choosing.vips", "POST", VIPS, find_vips),
)
