from __future__ import annotations

from datetime import timedelta

import pytest

from pbx_bridge.calls import events as ev
from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.screen.status import Status
from pbx_bridge.desk.stream.hub import Hub
from pbx_bridge.directory.index import Index
from pbx_bridge.directory.staff import Staff
from rules.model import Agent
from tests.calls.call_events import ANNA, NOW, registry

MEMBER = ev.MemberChanged(ANNA, "sec", False, "", ev.MemberStatus.FREE)
LATER = NOW + timedelta(seconds=30)


@pytest.mark.parametrize("told", [ev.MemberRemoved(ANNA, "sec"), ev.Snapshot()], ids=["told", "looked at"])
def test_who_signs_out_is_out_since_then_and_not_since_the_service_began(told: ev.PbxEvent) -> None:
    seen, hub = registry(MEMBER), Hub("epoch")
    around = Status(hub, Staff([Agent("anna", "Anna", "Keller", ANNA)]), seen, Index(), NOW)

    seen.apply(told, LATER)
    around.agent(ANNA, None)

    assert hub.picture("anna").me == p.AgentView("signed_out", "", LATER)
