"""VIP-Kunden: known callers of the company and of its employees, and which entry wins where two meet."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.errors import NotFoundError
from pbx_bridge.portal.lists import Listed, part
from pbx_bridge.portal.visit import Route, Visit
from pbx_bridge.storage.editing import vip_callers
from rules.model import Customer, VipCaller
from rules.names import fold, is_found
from rules.phone_numbers import international, is_block
from rules.vip_entries import Strange, block_stem, strange

PATH = "/portal/vip-kunden"
SORTS = ("name", "number", "owner")


async def show(visit: Visit) -> web.StreamResponse:
    """`q` searches names, infos and digits; `sort` is "name", "number" or "owner"."""
    customer, asked = await visit.customer(), visit.request.query
    query, order = asked.get("q", "").strip()[:100], asked.get("sort", "name")
    owners = {one.id: one.name for one in customer.employees}
    listed = find(customer, query, order if order in SORTS else "name", asked.get("page", "1"))
    return visit.page(
        "vip_callers.html",
        customer=customer,
        listed=listed,
        query=query,
        order=order,
        sorts=SORTS,
        owner=lambda vip: owners.get(vip.employee_id or "", visit.t("vips.company")),
        number=lambda vip: number_words(visit, vip.pattern),
        strange=[strange_words(visit, customer, one) for one in strange(customer.vip_callers)],
    )


def find(customer: Customer, query: str, order: str, page: str) -> Listed[VipCaller]:
    """The entries that fit, sorted; a page that does not exist is the nearest one that does."""
    owners = {one.id: one.name for one in customer.employees}
    digits = "".join(char for char in query if char.isdecimal()).lstrip("0")
    found = [
        vip
        for vip in customer.vip_callers
        if is_found(query, vip.name, vip.info, owners.get(vip.employee_id or "", ""))
        or (len(digits) > 2 and digits in vip.pattern)
    ]
    keys = {
        "name": lambda vip: (fold(vip.name), vip.pattern, vip.id),
        "number": lambda vip: (vip.pattern, fold(vip.name), vip.id),
        "owner": lambda vip: (fold(owners.get(vip.employee_id or "", "")), fold(vip.name), vip.id),
    }
    found.sort(key=keys[order])
    return part(found, page)


def number_words(visit: Visit, pattern: str) -> str:
    """The number as people read it; a block as what its numbers begin with."""
    if is_block(pattern):
        return visit.t("vips.block", start=block_stem(pattern))
    return international(pattern)


def strange_words(visit: Visit, customer: Customer, one: Strange) -> tuple[str, str]:
    """What is strange, and the id of the entry to look at."""
    employee = customer.employee(one.other.employee_id)
    gaps = {
        "entry": one.entry.name,
        "other": one.other.name,
        "number": number_words(visit, one.other.pattern),
        "block": number_words(visit, one.entry.pattern),
        "owner": employee.name if employee else visit.t("vips.company"),
    }
    return visit.t(f"vips.strange.{one.code}", **gaps), one.entry.id


async def delete(visit: Visit) -> web.StreamResponse:
    """It goes; the flash brings it back."""
    async with visit.changing("vip_deleted") as change:
        entry = own_entry(visit, change.customer)
        await vip_callers.delete(change.conn, change.customer.id, [entry.id])
    return visit.done(PATH, change)


def own_entry(visit: Visit, customer: Customer) -> VipCaller:
    """The entry in the path; raises NotFoundError for anybody else's, and for none."""
    wanted = visit.request.match_info["vip"]
    found = next((vip for vip in customer.vip_callers if vip.id == wanted), None)
    if found is None:
        raise NotFoundError
    return found


ROUTES = (
    Route("portal.vips", "GET", PATH, show),
    Route("portal.vips.delete", "POST", f"{PATH}/{{vip}}/loeschen", delete),
)
