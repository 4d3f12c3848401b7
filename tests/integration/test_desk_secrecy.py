"""Who is not bound to secrecy neither sees a confidential company's callers nor is asked about them."""

from __future__ import annotations

from sqlalchemy import update

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.access import agents
from pbx_bridge.storage.db.engine import Database
from tests.desk_room import ANNA, desk_room
from tests.sample_company import furnish
from tests.until import until


async def test_a_confidential_call_stays_among_those_who_are_bound(
    sqlite_url: str, sqlite_db: Database
) -> None:
    house = await furnish(sqlite_db)
    async with sqlite_db.write() as conn:
        await conn.execute(update(t.customer).values(confidential=True))
        await agents.bind(conn, house.ben, bound=False)
    async with desk_room(sqlite_url) as room:
        anna, ben = await room.tab("anna"), await room.tab("ben")
        room.pbx.arrive("1.1")
        await until(lambda: anna.picture.waiting, message="Anna sees who waits")
        call = anna.picture.waiting[0].call
        assert ben.picture.waiting == []
        assert (await ben.ask("pick", call=call)).code == "pick_not_yours"
        room.pbx.offer("1.1", ANNA)
        room.pbx.answer("1.1", ANNA)
        await until(lambda: anna.phase(call) == "talking", message="Anna talks")
        asked = await anna.ask("ask_colleague", call=call, colleague=house.ben)
        assert (asked.code, asked.params) == ("colleague_not_bound", {"colleague": "Ben Vogt"})
