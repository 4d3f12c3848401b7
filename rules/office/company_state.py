"""How far a company is: what of it works for callers, told from what is there and not from a switch."""

from __future__ import annotations

from enum import StrEnum


class CompanyState(StrEnum):
    """`SET_UP`: no call can reach it, it has neither a line nor a number of its own; `READY`: calls would
    reach it, none has come yet; `LIVE`: calls come."""

    SET_UP = "set_up"
    READY = "ready"
    LIVE = "live"


def company_state(*, reached: bool, called: bool) -> CompanyState:
    """`reached`: it has a line, or a number of its own that tells on a shared line whose call it is;
    `called`: there is a call of it. What was live and has lost its lines is no longer."""
    if not reached:
        return CompanyState.SET_UP
    return CompanyState.LIVE if called else CompanyState.READY
