"""How far a company is, as the office shows it: what was decided, and what of it works for callers."""

from __future__ import annotations

from enum import StrEnum

from rules.vocabulary import ServiceState


class CompanyState(StrEnum):
    """`SET_UP`: no call can reach it, it has neither a line nor a number of its own; `PREPARED`: calls would
    be answered, and somebody has yet to say that it is complete; `READY`: calls would reach it, none has come
    yet; `LIVE`: calls come. The others are decisions, see `ServiceState`."""

    SET_UP = "set_up"
    PREPARED = "prepared"
    READY = "ready"
    LIVE = "live"
    SUSPENDED = "suspended"
    ENDING = "ending"
    ENDED = "ended"


def company_state(*, reached: bool, called: bool, service: ServiceState = ServiceState.LIVE) -> CompanyState:
    """`reached`: it has a line, or a number of its own that tells on a shared line whose call it is;
    `called`: there is a call of it. What was live and has lost its lines is no longer."""
    if service in {ServiceState.SUSPENDED, ServiceState.ENDING, ServiceState.ENDED}:
        return CompanyState(service.value)
    if not reached:
        return CompanyState.SET_UP
    if service is ServiceState.SET_UP:
        return CompanyState.PREPARED
    return CompanyState.LIVE if called else CompanyState.READY
