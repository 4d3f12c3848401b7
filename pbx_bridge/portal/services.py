"""What all pages of the portal work with: database, clock, settings, companies, use cases, log-ins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from pbx_bridge.auth.own_account import OwnAccount
from pbx_bridge.auth.passwords import Passwords
from pbx_bridge.auth.sessions import Sessions
from pbx_bridge.editing.change import Editing
from pbx_bridge.editing.list_readings import ListReadings
from pbx_bridge.outbox.voice_sounds import VoiceSounds
from pbx_bridge.portal.companies import Companies, Memory
from pbx_bridge.settings import AuthSettings, NobodyFreeSettings, Settings
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.tasks import BackgroundTasks
from pbx_bridge.transfers.dial_rules import dial_rules, ring_rules
from rules.calls.transfer import RingRules
from rules.text.dialling import DialRules


@dataclass(frozen=True)
class Portal:
    """What all pages share. `clock`: aware moments; `contact`: our address for customers; `ring`:
    as in the live call; `in_time`: the service level, as on desk and floor; `sms_on`: whether SMS go out;
    `wake`: tells the outbox that there is something; `public_url`, `auth`: for invitations;
    `index`: all companies as the service has them in memory; `list_readings`: files on their way in;
    `known_sessions`: everybody's log-ins; `background`: what nobody waits for; `sounds`: of voice
    messages."""

    db: Database
    clock: Callable[[], datetime]
    dial_rules: DialRules = field(default_factory=DialRules)
    contact: str = ""
    ring: RingRules = field(default_factory=RingRules)
    in_time: timedelta = timedelta(seconds=20)
    sms_on: bool = False
    wake: Callable[[], None] = lambda: None
    public_url: str = ""
    auth: AuthSettings = field(default_factory=AuthSettings)
    index: Memory | None = None
    list_readings: ListReadings = field(default_factory=ListReadings)
    known_sessions: Sessions | None = None
    background: BackgroundTasks = field(default_factory=BackgroundTasks)
    sounds: VoiceSounds = field(default_factory=lambda: VoiceSounds(NobodyFreeSettings().recordings))

    @classmethod
    def of(
        cls,
        settings: Settings,
        db: Database,
        clock: Callable[[], datetime],
        wake: Callable[[], None] = lambda: None,
        index: Memory | None = None,
        sessions: Sessions | None = None,
    ) -> Portal:
        """As the settings say, in the very words of the live call."""
        rung = settings.transfers
        return cls(
            db,
            clock,
            dial_rules(rung),
            contact=settings.mail.from_address,
            ring=ring_rules(rung),
            in_time=settings.calls.in_time,
            sms_on=settings.sms.preset != "off",
            wake=wake,
            public_url=settings.web.public_url,
            auth=settings.auth,
            index=index,
            known_sessions=sessions,
            sounds=VoiceSounds(settings.nobody_free.recordings),
        )

    @cached_property
    def companies(self) -> Companies:
        """The way to a company."""
        return Companies(self.db, self.dial_rules, self.index)

    @cached_property
    def editing(self) -> Editing:
        """The way to change one."""
        return Editing(self.db, self.companies, self.dial_rules)

    @cached_property
    def passwords(self) -> Passwords:
        """Hashes, a few at a time."""
        return Passwords(self.auth)

    @cached_property
    def sessions(self) -> Sessions:
        """Everybody's log-ins."""
        return self.known_sessions or Sessions(self.db, self.auth, self.clock)

    @cached_property
    def own_account(self) -> OwnAccount:
        """What people change about their own log-in."""
        return OwnAccount(self.db, self.auth, self.passwords, self.sessions, self.clock)
