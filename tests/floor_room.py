"""A morning on the floor: the whole service with the PBX played, a supervisor, and calls in every state."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from pbx_bridge.calls import events as ev
from pbx_bridge.storage import tables
from pbx_bridge.storage.access import accounts, agents
from pbx_bridge.storage.access.accounts import Account, Role
from pbx_bridge.storage.calls import calls
from pbx_bridge.storage.calls.calls import Outcome, StoredCall
from pbx_bridge.storage.customers import data_version
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.db.sql import insert_all
from tests.desk_room import ANNA, BEN, Clock, DeskRoom, leg
from tests.sample_company import NOW, SampleCompany, furnish
from tests.until import until

SOMMER, BRANDT = "493023125200", "493023125300"
TALK, CONSULT, WAIT = "1795429654.1", "1795429654.2", "1795429654.3"


def noon() -> Clock:
    """The day after `NOW`, whenever the test is played: what was stored then is not too old. And never close
    to midnight, where the day's figures begin anew."""
    day = NOW.replace(hour=11, minute=0) + timedelta(days=1)
    return Clock(day - datetime.now(UTC))


async def staffed(db: Database, supervisor_is_agent: bool = False) -> SampleCompany:
    """Three companies, Anna and Ben, and Carla Brandt, who looks after them; her log-in is "carla"."""
    house = await furnish(db)
    async with db.write() as conn:
        carla = await accounts.insert(conn, Account("", "carla", Role.SUPERVISOR), "no hash", NOW)
        if supervisor_is_agent:
            await agents.insert(conn, carla, "Carla", "Brandt", "PJSIP/carla")
        await accounts.insert(conn, Account("", "office", Role.OPERATOR), "no hash", NOW)
        for name, hue, number in (("Praxis Dr. Sommer", 8, SOMMER), ("Kanzlei Brandt & Weiß", 0, BRANDT)):
            (row,) = await _tariff(conn)
            customer = {
                "id": new_id(),
                "name": name,
                "tariff_id": row.id,
                "greeting": "Guten Tag",
                "hue": hue,
            }
            await insert_all(conn, tables.customer, [customer])
            line = {"id": new_id(), "number": f"+{number}", "customer_id": customer["id"]}
            await insert_all(conn, tables.line, [line])
            await data_version.touch(conn, str(customer["id"]), NOW)
    return house


async def _tariff(conn: Any) -> Any:
    return (await conn.execute(tables.tariff.select())).all()


async def store(
    db: Database,
    customer_id: str | None,
    arrived: datetime,
    *,
    answered: float | None = None,
    ended: float | None = None,
) -> str:
    """A call that arrived then; `answered`, `ended`: seconds after."""

    def after(seconds: float | None) -> datetime | None:
        return None if seconds is None else arrived + timedelta(seconds=seconds)

    outcome = Outcome.ABANDONED if answered is None and ended is not None else Outcome.OPEN
    call = StoredCall(
        new_id(), new_id(), "+493023125100", arrived, customer_id, answered_at=after(answered),
        ended_at=after(ended), outcome=outcome,
    )  # fmt: skip
    async with db.write() as conn:
        assert await calls.insert(conn, call)
    return call.id


def consult(room: DeskRoom, call: str, interface: str) -> None:
    """The agent talks to the employee, the caller hears music: as the PBX tells it."""
    attempt = f"{call}-a1"
    room.pbx.tell(
        ev.Bridged(call, call, f"PJSIP/trunk-{call}", "hold", holding=True),
        ev.TargetAnswered(call, attempt),
        ev.Bridged(call, leg(call, interface), f"{interface}-{call}", "consult"),
        ev.Bridged(call, attempt, "Local/493023125110@sec-target-1;1", "consult"),
    )


async def busy(room: DeskRoom, house: SampleCompany) -> None:
    """Anna talks, Ben consults Erika Beispiel, somebody waits for the practice, a VIP for Mustermann AG."""
    room.pbx.ring_and_answer(TALK, ANNA, dialled=BRANDT, caller="493023125401")
    room.pbx.ring_and_answer(CONSULT, BEN, caller="493023125402")
    ben = await room.tab("ben")
    call_id = room.id_of(CONSULT)
    await until(lambda: ben.phase(call_id) == "talking", message="Ben talks")
    answer = await ben.ask("ring", call=call_id, employee=house.erika)
    assert answer.ok, answer
    await until(room.pbx.rung, message="Erika is rung")
    consult(room, CONSULT, BEN)
    room.pbx.arrive(WAIT, dialled=SOMMER, caller="")
    room.pbx.arrive("1795429654.4")
