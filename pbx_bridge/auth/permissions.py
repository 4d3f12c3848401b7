"""Who may use which route: one table. A route that is not in it is closed, and a test asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from pbx_bridge.storage.access.accounts import Role

Roles = frozenset[Role]

PUBLIC: Roles = frozenset()
"""Open without a log-in."""

ANYBODY: Roles = frozenset(Role)
AGENTS: Roles = frozenset({Role.AGENT, Role.SUPERVISOR})
FLOOR: Roles = frozenset({Role.SUPERVISOR, Role.OPERATOR})
CUSTOMERS: Roles = frozenset({Role.CUSTOMER, Role.SUBACCOUNT})
OPERATORS: Roles = frozenset({Role.OPERATOR})
PAYERS: Roles = frozenset({Role.CUSTOMER})
"""Who sees what a company pays: its main log-in, no subaccount."""

# Name of the route → roles; "room.*" stands for all routes of a room that are not named themselves.
PERMISSIONS: Mapping[str, Roles] = MappingProxyType(
    {
        "healthz": PUBLIC,
        "readyz": PUBLIC,
        "metrics": PUBLIC,  # on loopback only, see web.health
        "static": PUBLIC,
        "login": PUBLIC,
        "login.code": PUBLIC,  # whoever has given the right password, and nobody else
        "login.setup": PUBLIC,
        "logout": ANYBODY,
        "home": ANYBODY,
        "home.page": ANYBODY,
        "desk": AGENTS,
        "desk.*": AGENTS,
        "floor": FLOOR,
        "floor.*": FLOOR,
        "admin.*": OPERATORS,
        "portal.*": frozenset({Role.CUSTOMER}),
        "invitation": PUBLIC,  # the token in its path is the key
        "new_password": PUBLIC,  # the same
        "forgotten": PUBLIC,  # whoever has forgotten a password cannot log in
        "portal.account": ANYBODY,
        "portal.account.password": ANYBODY,
        "portal.account.email": ANYBODY,
        "portal.account.language": ANYBODY,
        "portal.account.end": ANYBODY,
        "portal.account.end_others": ANYBODY,
        "portal.account.factor": ANYBODY,
        "portal.account.factor.begin": ANYBODY,
        "portal.account.factor.codes": ANYBODY,
        "portal.account.factor.remove": ANYBODY,
        "portal.people": OPERATORS,
        "portal.people.factor": OPERATORS,
        "portal.people.log_out": OPERATORS,
        "portal.people.lock": OPERATORS,
        "portal.access_log": OPERATORS,
        "portal.start": CUSTOMERS,
        "portal.search": frozenset({*CUSTOMERS, Role.OPERATOR}),  # the lists of all log-ins are theirs
        "portal.undo": CUSTOMERS,
        "portal.changes": CUSTOMERS,
        "portal.away": frozenset({Role.SUBACCOUNT}),
        "portal.away.back": frozenset({Role.SUBACCOUNT}),
        "portal.absences": CUSTOMERS,
        "portal.absences.one": CUSTOMERS,
        "portal.absences.preview": CUSTOMERS,
        "portal.appointments": CUSTOMERS,
        "portal.appointments.month": CUSTOMERS,
        "portal.appointment": CUSTOMERS,
        "portal.appointment.new": CUSTOMERS,
        "portal.appointment.preview": CUSTOMERS,
        "portal.appointment.delete": CUSTOMERS,
        "portal.billing": PAYERS,
        "portal.billing.csv": PAYERS,
        "portal.billing.events": PAYERS,
        "portal.billing.events_csv": PAYERS,
        "calendar_feed": PUBLIC,  # calendar programs have no log-in; the secret in the path cannot be guessed
        "sms_report": PUBLIC,  # the gateway has no log-in; the secret in the path cannot be guessed
        "sms_report_signed": PUBLIC,  # the same; what it says is signed
        "demo": PUBLIC,  # exists only while the demo runs
        "demo.*": PUBLIC,
    }
)

HOMES: Mapping[Role, str] = MappingProxyType(
    {
        Role.AGENT: "/desk",
        Role.SUPERVISOR: "/floor",
        Role.CUSTOMER: "/portal",
        Role.SUBACCOUNT: "/portal",
        Role.OPERATOR: "/admin",
    }
)
"""Where a role goes after logging in."""


def roles_of(route: str | None) -> Roles | None:
    """The roles that may use a route, `PUBLIC` for everybody, None for a route that nobody thought of."""
    if route is None:
        return None
    return PERMISSIONS.get(route, PERMISSIONS.get(f"{route.partition('.')[0]}.*"))


KEPT_FROM_VIEW = frozenset({"portal.subaccounts", "portal.subaccounts.delete", "portal.calendar.open"})
"""In the view of a customer an operator changes no log-ins and opens no secret addresses."""


def in_view(method: str, route: str | None) -> bool | None:
    """Whether an operator who has a company's portal open may use this route of its main log-in; None: it is
    none of them, and is the operator's as ever or nobody's."""
    roles = roles_of(route)
    if not roles or Role.OPERATOR in roles or Role.CUSTOMER not in roles:
        return None
    return method in {"GET", "HEAD"} or route not in KEPT_FROM_VIEW


def may(role: Role | None, route: str | None) -> bool:
    """Whether somebody of this role (None: nobody is logged in) may use the route."""
    roles = roles_of(route)
    return roles is not None and (roles is PUBLIC or role in roles)
