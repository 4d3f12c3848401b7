"""One employee as the agent's screen shows them: by the rule of the live call, in the words of the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pbx_bridge.portal.request_context import PortalContext
from pbx_bridge.web.kit.date_format import Moments
from rules.model import Customer, Employee
from rules.presence.availability import Availability, Presence, availability
from rules.text.full_stops import without_stop
from rules.text.salutation import spoken


@dataclass(frozen=True, slots=True)
class AgentLine:
    """`kind`: "present", "info" or "away", each with its shape, or "wait" without one."""

    kind: str
    text: str
    until: str = ""
    note: str = ""

    @property
    def spoken(self) -> str:
        text = without_stop(self.text) if self.until else self.text
        return ", ".join(part for part in (text, self.until) if part)


def agent_line(ctx: PortalContext, customer: Customer, employee: Employee, at: datetime) -> AgentLine:
    """What an agent reads about the employee at this moment."""
    holds = availability(employee, customer.zone, at)
    return AgentLine(
        holds.kind.value,
        words_of(ctx, holds),
        _end(ctx, customer.zone, holds, at),
        _note(ctx, customer, employee, holds),
    )


def words_of(ctx: PortalContext, holds: Availability) -> str:
    """What the agent says of it, without its end."""
    if holds.kind is Presence.PRESENT:
        return ctx.t("agent.present")
    return holds.text or (ctx.t("agent.off") if not holds.until else "")


def _end(ctx: PortalContext, zone: str, holds: Availability, now: datetime) -> str:
    """ "bis Fr 27.11."; after working hours the moment to call again: "ab 14:00 Uhr wieder erreichbar"."""
    if holds.until is None:
        return ""
    if not holds.by_hours:
        return until(ctx, zone, holds.until, now)
    there, moments = ZoneInfo(zone), Moments(ctx.t, zone)
    today = holds.until.astimezone(there).date() == now.astimezone(there).date()
    when = {"day": moments.day(holds.until), "time": moments.time(holds.until)}
    return ctx.t("agent.back_time", time=when["time"]) if today else ctx.t("agent.back_both", **when)


def until(ctx: PortalContext, zone: str, end: datetime, now: datetime) -> str:
    """ "bis 14:00 Uhr", "bis Fr 27.11.": midnight is the end of the day before, as people say it."""
    there, moments = ZoneInfo(zone), Moments(ctx.t, zone)
    local = end.astimezone(there)
    if local.hour == local.minute == 0:
        return ctx.t("agent.until_day", day=moments.day(local.date() - timedelta(1)))
    if local.date() == now.astimezone(there).date():
        return ctx.t("agent.until_time", time=moments.time(end))
    return ctx.t("agent.until_both", day=moments.day(end), time=moments.time(end))


def span(ctx: PortalContext, zone: str, start: datetime, end: datetime) -> str:
    """ "Mo 05.10., 10:00 bis 11:00 Uhr"; whole days without times, through the last one."""
    there, moments = ZoneInfo(zone), Moments(ctx.t, zone)
    start, end = start.astimezone(there), end.astimezone(there)
    if start.hour == start.minute == end.hour == end.minute == 0:
        last = end.date() - timedelta(1)
        if last == start.date():
            return moments.day(start)
        return ctx.t("agent.days", first=moments.day(start), last=moments.day(last))
    if start.date() == (end - timedelta(microseconds=1)).date():
        clock = {"first": f"{start:%H:%M}", "last": f"{end:%H:%M}"}
        return ctx.t("agent.hours", day=moments.day(start), **clock)
    first = ctx.t("agent.moment", day=moments.day(start), time=moments.time(start))
    last_moment = ctx.t("agent.moment", day=moments.day(end), time=moments.time(end))
    return ctx.t("agent.days", first=first, last=last_moment)


def _note(ctx: PortalContext, customer: Customer, employee: Employee, holds: Availability) -> str:
    """Where put-through begins while the employee cannot be reached."""
    if holds.reachable or not customer.tariff.put_through:
        return ""
    deputy = customer.employee(employee.deputy_id)
    return ctx.t("agent.deputy", name=spoken(deputy.name)) if deputy else ctx.t("agent.nobody")
