"""The numbered queues of the PBX, for companies whose callers speak a language that not all agents do."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from pbx_bridge.calls import events as ev
from pbx_bridge.directory.index import Index
from pbx_bridge.directory.staff import Staff
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.telephony.team_queues import TeamQueues
from rules.model import Agent, Answering
from tests.calls import call_events as happens
from tests.rules.sample_facts import ANNA, MUSTERMANN
from tests.sample_company import NOW
from tests.telephony.test_team_queues import BEN, LINES, SOMMER, Pbx
from tests.until import until


async def test_who_speaks_a_company_s_language_has_a_queue_until_all_do(sqlite_db: Database) -> None:
    english = replace(MUSTERMANN, answering=Answering(language="en"), public_numbers=())
    secret = replace(SOMMER, answering=Answering(None, 30, language="en"))
    both = frozenset({"de", "en"})
    index, staff = Index([english, secret], LINES), Staff([ANNA, replace(BEN, languages=both)])
    pbx = Pbx()
    pbx.queues["sec"] = dict.fromkeys(("PJSIP/anna", "PJSIP/ben", "PJSIP/carla"), False)
    teams = TeamQueues(pbx, "sec", happens.registry(), index, staff, sqlite_db, lambda: NOW)

    async def told(why: str, **routes: str) -> None:
        numbers = {"mustermann": "493023125100", "sommer": "493023125101"}
        wanted = {numbers[name]: route for name, route in routes.items()}
        await until(lambda: pbx.db.routes() == wanted, message=why)

    working = asyncio.create_task(teams.run())
    try:
        teams.resynced(None)  # type: ignore[arg-type]
        # Mustermann's callers wait for Ben as long as he is there, the practice's for half a minute.
        await told("who speaks English", mustermann="sec-3.86400.sec.", sommer="sec-2.30.sec-1.b")
        assert {name: set(pbx.queues[name]) for name in ("sec-1", "sec-2", "sec-3")} == {
            "sec-1": {"PJSIP/ben"},
            "sec-2": {"PJSIP/ben"},
            "sec-3": {"PJSIP/ben"},
        }

        staff.replace([replace(ANNA, languages=both), replace(BEN, languages=both)])
        await teams.changed((), LINES)
        await told("a language that all speak is none", sommer="sec-1...b")

        carla = Agent("carla", "Carla", "Brandt", "PJSIP/carla", languages=frozenset({"en"}))
        staff.replace([ANNA, carla])
        index.replace(replace(english, answering=Answering(), version=1))
        await teams.changed(["mustermann"], LINES)
        await told("not all speak German", mustermann="sec-4.86400.sec.", sommer="sec-2.30.sec-1.b")
        assert set(pbx.queues["sec-4"]) == {"PJSIP/anna"}
    finally:
        working.cancel()


async def test_whoever_waits_for_nobody_any_more_is_led_over(sqlite_db: Database) -> None:
    """The last one who speaks their language signs out while they wait."""
    turkish = replace(MUSTERMANN, answering=Answering(language="tr"), public_numbers=())
    ben = replace(BEN, languages=frozenset({"tr"}))
    registry = happens.registry(happens.ARRIVED, ev.QueueJoined(happens.CALL, "sec-2", 1))
    pbx = Pbx({"sec": {"PJSIP/anna": False, "PJSIP/ben": False}, "sec-1": {}, "sec-2": {}})
    teams = TeamQueues(
        pbx, "sec", registry, Index([turkish], LINES), Staff([ANNA, ben]), sqlite_db, lambda: NOW
    )
    await teams._turn()
    assert pbx.led_over == [], "Ben is there"
    del pbx.queues["sec"]["PJSIP/ben"]
    await teams._turn()
    assert pbx.led_over == [{"_SEC_NAMED": happens.CALL, "_SEC_CHOSEN": happens.CALLER}]
    registry.apply(happens.OFFERED, NOW)
    registry.apply(happens.ANSWERED, NOW)
    await teams._turn()
    assert len(pbx.led_over) == 1, "who talks stays"
