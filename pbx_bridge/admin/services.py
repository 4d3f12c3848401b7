"""What all pages of the office work with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from pbx_bridge.admin.company_checks import CompaniesInMemory, CompanyChecks
from pbx_bridge.admin.house_state import HouseState
from pbx_bridge.alarms.watching import AlarmState
from pbx_bridge.editing.change import Editing
from pbx_bridge.outbox.by_hand import DeliveryByHand
from pbx_bridge.settings import Settings
from pbx_bridge.storage.db.engine import Database


@dataclass(frozen=True)
class Office:
    """`clock`: aware moments; `memory`: companies as the service has them; `state`: PBX, mail, SMS, database
    and agents; `checks`: what companies lack; `by_hand`: what is decided about a message; `editing`: the way
    to change a company; `wake`: there is something to send; `public_url`, `contact`: for invitations;
    `settings`: for telephones; `alarms`: whether anybody is told, and was."""

    db: Database
    clock: Callable[[], datetime]
    state: HouseState
    checks: CompanyChecks
    by_hand: DeliveryByHand
    memory: CompaniesInMemory
    editing: Editing
    wake: Callable[[], None]
    public_url: str = ""
    contact: str = ""
    settings: Settings = field(default_factory=Settings)
    alarms: AlarmState = field(default_factory=AlarmState)
