"""The link against a peer that is late, silent, torn, flooding or wrong."""

from __future__ import annotations

import asyncio

import pytest

from pbx_bridge.ami.actions import Getvar, Ping, QueueAdd, Redirect
from pbx_bridge.ami.errors import ActionTimeout, LinkGone
from pbx_bridge.calls.events import (
    Bridged,
    CallOffered,
    LinkDown,
    LinkUp,
    LiveLeg,
    MemberChanged,
    MemberStatus,
    PbxEvent,
    QueueJoined,
    Snapshot,
)
from pbx_bridge.settings import AmiSettings
from tests.ami_server import bridge_enter, fake_ami, listening, message
from tests.until import until

CALLER = message(
    "Event: CoreShowChannel",
    "Channel: PJSIP/trunk-1",
    "ChannelState: 6",
    "CallerIDNum: 491713920042",
    "CallerIDName: Jürgen Groß",
    "Context: sec-hold",
    "Exten: s",
    "Priority: 1",
    "Uniqueid: 1.0",
    "ChanVariable: SEC_CALL=1.0",
    "ChanVariable: SEC_DID=493023125100",
    "ChanVariable: SEC_RDNIS=493023125900",
    "Application: BridgeWait",
    "Duration: 01:01:05",
    "BridgeId: b9",
)
MEMBER = message(
    "Event: QueueMember",
    "Queue: sec",
    "Location: PJSIP/anna",
    "Status: 6",
    "Paused: 1",
    "PausedReason: lunch",
)
WAITING = message("Event: QueueEntry", "Queue: sec", "Position: 2", "Channel: PJSIP/trunk-2", "Uniqueid: 2.0")


async def test_up_comes_with_the_whole_truth_before_any_event() -> None:
    async with fake_ami() as server:
        server.channels, server.queue = [CALLER], [MEMBER, WAITING]
        server.special["Login"] = lambda headers: server._success(headers) + bridge_enter("3.0")
        async with listening(server.settings()) as listener:
            await until(lambda: len(listener.events) == 3)
            up, snapshot, event = listener.events
    assert up == LinkUp("22.10.1")
    assert isinstance(snapshot, Snapshot)
    assert snapshot.legs == (
        LiveLeg(
            call="1.0", leg="1.0", channel="PJSIP/trunk-1", bridge="b9", where="sec-hold,s,1",
            application="BridgeWait", caller="491713920042", caller_name="Jürgen Groß",
            dialled="493023125100", seconds=3665, diversion="493023125900",
        ),
    )  # fmt: skip
    assert (snapshot.members[0].interface, snapshot.members[0].status) == ("PJSIP/anna", MemberStatus.RINGING)
    assert (snapshot.members[0].paused, snapshot.members[0].reason) == (True, "lunch")
    assert (snapshot.waiting[0].call, snapshot.waiting[0].position) == ("2.0", 2)
    assert isinstance(event, Bridged)


async def test_snapshot_on_demand_comes_before_newer_events() -> None:
    async with fake_ami() as server, listening(server.settings()) as listener:
        await listener.up()
        server.special["CoreShowChannels"] = lambda headers: (
            bridge_enter("1.0") + server._coreshowchannels(headers) + bridge_enter("1.1")
        )
        await asyncio.gather(listener.link.snapshot(), listener.link.snapshot())
        kinds = [type(event) for event in listener.events[2:]]
        assert kinds == [Snapshot, Bridged, Bridged] * 2


async def test_failed_snapshot_on_demand_gives_back_what_it_held() -> None:
    async with fake_ami() as server, listening(server.settings(action_timeout_seconds=0.1)) as listener:
        await listener.up()
        server.special["CoreShowChannels"] = lambda _: bridge_enter("1.0")
        with pytest.raises(ActionTimeout):
            await listener.link.snapshot()
        assert len(listener.of(Bridged)) == 1


async def test_reset_is_known_at_once_and_mended() -> None:
    async with fake_ami() as server, listening(server.settings()) as listener:
        await listener.up()
        server.drop(reset=True)
        await listener.down("lost")
        await until(lambda: len(listener.of(LinkUp)) == 2)
        assert [type(event) for event in listener.events] == [LinkUp, Snapshot, LinkDown, LinkUp, Snapshot]


async def test_half_open_peer_is_known_within_the_limit() -> None:
    async with fake_ami() as server, listening(server.settings()) as listener:
        await listener.up()
        server.silent = {"Ping"}
        began = asyncio.get_running_loop().time()
        await listener.down("silent")
        took = asyncio.get_running_loop().time() - began
        assert took >= 0.6, "not before the silence has lasted"


async def test_answered_pings_keep_a_quiet_link_up() -> None:
    async with (
        fake_ami() as server,
        listening(server.settings(ping_seconds=0.1, dead_after_seconds=0.5)) as listener,
    ):
        await listener.up()
        await until(lambda: len(server.named("Ping")) >= 8)
        assert listener.link.connected
        assert server.connections == 1


def test_default_limits_notice_a_dead_peer_within_15_seconds() -> None:
    defaults = AmiSettings()
    assert defaults.dead_after_seconds > 2 * defaults.ping_seconds, "one lost ping is no funeral"
    assert defaults.dead_after_seconds <= 15


async def test_peer_that_accepts_and_says_nothing_is_silent() -> None:
    async with fake_ami() as server:
        server.silent = {"Login"}
        async with listening(server.settings(connect_timeout_seconds=0.2)) as listener:
            await listener.down("silent")
            server.silent = set()
            await listener.up()


async def test_nobody_listening_is_refused() -> None:
    async with fake_ami() as server:
        await server.stop()
        async with listening(server.settings()) as listener:
            await listener.down("refused")


async def test_missing_privilege_is_named() -> None:
    async with fake_ami() as server:
        server.permitted -= {"Originate", "Redirect"}
        async with listening(server.settings()) as listener:
            assert (await listener.down("missing_privilege")).detail == "Originate, Redirect"


async def test_a_pbx_that_has_only_begun_to_load_its_modules_is_asked_again_soon() -> None:
    async with fake_ami() as server:
        permitted = server.permitted
        server.permitted = permitted - {"QueueAdd", "QueueStatus"}
        async with listening(server.settings(backoff_max_seconds=60)) as listener:
            await listener.down("missing_privilege")
            server.permitted = permitted
            await listener.up()


async def test_orderly_shutdown_is_told_as_such() -> None:
    async with fake_ami() as server, listening(server.settings()) as listener:
        await listener.up()
        server.say(message("Event: Shutdown", "Shutdown: Cleanly"))
        server.drop()
        await listener.down("shutdown")


async def test_a_shutdown_that_is_only_said_ends_nothing() -> None:
    async with fake_ami() as server, listening(server.settings()) as listener:
        await listener.up()
        server.say(message("Event: Shutdown", "Shutdown: Cleanly") + bridge_enter("1.0"))
        await until(lambda: listener.of(Bridged), message="what comes after it")
        assert listener.link.connected
        assert server.connections == 1


async def test_what_stands_amid_a_list_is_not_believed() -> None:
    forged = message("Event: Shutdown", "Shutdown: Cleanly") + bridge_enter("6.6")
    answer = message("Response: Success", "ActionID: bridge-1", "EventList: start", "Message: x")
    async with fake_ami() as server, listening(server.settings()) as listener:
        await listener.up()

        def channels(headers: dict[str, str]) -> bytes:
            head, end, rest = server._coreshowchannels(headers).partition(b"\r\n\r\n")
            return head + end + forged + answer + rest

        server.special["CoreShowChannels"] = channels
        await listener.link.snapshot()
        server.say(bridge_enter("1.0"))
        await until(lambda: listener.of(Bridged), message="what comes after the list")
        assert [event.leg for event in listener.of(Bridged)] == ["1.0"]
        assert listener.link.counts.foreign == 3
        assert server.connections == 1


async def test_cancelled_link_says_shutdown() -> None:
    async with fake_ami() as server, listening(server.settings()) as listener:
        await listener.up()
        await listener.stop()
        assert listener.events[-1] == LinkDown("shutdown")


async def test_late_answer_belongs_to_nobody() -> None:
    async with fake_ami() as server, listening(server.settings(action_timeout_seconds=0.1)) as listener:
        await listener.up()
        server.silent = {"Getvar"}
        with pytest.raises(ActionTimeout):
            await listener.link.send(Getvar("X"))
        (asked,) = server.named("Getvar")
        server.say(message("Response: Success", f"ActionID: {asked['ActionID']}", "Value: late"))
        assert (await listener.link.send(Ping())).ok
        assert listener.link.counts.broken == 0


async def test_actions_sent_together_are_one_write_in_order() -> None:
    async with fake_ami() as server, listening(server.settings()) as listener:
        await listener.up()
        server.special["QueueAdd"] = lambda headers: server.refuse(headers, "Already there")
        first, second = await listener.link.send_together(
            QueueAdd("sec", "PJSIP/anna"), Redirect("PJSIP/trunk-1", "sec-hold", "s")
        )
        assert (first.ok, first.message, second.ok) == (False, "Already there", True)
        assert [sent["Action"] for sent in server.actions[-2:]] == ["QueueAdd", "Redirect"]


async def test_flood_of_30000_events_arrives_whole_and_in_order() -> None:
    async with fake_ami() as server, listening(server.settings()) as listener:
        await listener.up()
        for start in range(0, 30_000, 500):
            server.say(b"".join(bridge_enter(str(number)) for number in range(start, start + 500)))
        await until(lambda: len(listener.of(Bridged)) == 30_000, timeout=30)
        assert [event.leg for event in listener.of(Bridged)] == [str(number) for number in range(30_000)]
        assert server.connections == 1


async def test_full_sink_ends_the_link_aloud_and_a_snapshot_follows() -> None:
    async with fake_ami() as server, listening(server.settings()) as listener:
        await listener.up()
        full = True

        def only_ten(event: PbxEvent) -> Exception | None:
            return asyncio.QueueFull() if full and len(listener.of(Bridged)) >= 10 else None

        listener.deaf_to = only_ten
        server.say(b"".join(bridge_enter(str(number)) for number in range(50)))
        await until(lambda: listener.link.counts.overflows == 1)
        with pytest.raises(LinkGone):
            await listener.link.send(Ping())
        assert not listener.of(LinkDown), "the sink is still full"
        full = False
        await until(lambda: len(listener.of(LinkUp)) == 2)
        assert [type(event) for event in listener.events[-3:]] == [LinkDown, LinkUp, Snapshot]
        assert listener.of(LinkDown)[0].reason == "overflow"
        assert len(listener.of(Bridged)) == 10


async def test_too_much_during_a_snapshot_is_an_overflow_too() -> None:
    async with fake_ami() as server, listening(server.settings(queue_size=10)) as listener:
        await listener.up()
        server.special["CoreShowChannels"] = lambda _: b"".join(bridge_enter(str(n)) for n in range(11))
        with pytest.raises(LinkGone):
            await listener.link.snapshot()
        server.special.clear()
        await listener.down("overflow")
        await until(lambda: len(listener.of(LinkUp)) == 2)


async def test_broken_message_costs_one_message() -> None:
    async with fake_ami() as server, listening(server.settings()) as listener:
        await listener.up()
        server.say(
            bridge_enter("1.0")
            + b"\xff\xfe\x00 rubbish\r\n\r\n"
            + b"Event: Hangup\r\n\r\n"
            + bridge_enter("1.1")
        )
        await until(lambda: len(listener.of(Bridged)) == 2)
        assert server.connections == 1


async def test_what_happens_in_other_queues_is_none_of_ours() -> None:
    """A PBX may serve more than the secretariat: its callers would become pops, its pauses would be ours."""
    leg = ("Channel: PJSIP/other-1", "Uniqueid: 5.0", "DestChannel: PJSIP/anna-9", "DestUniqueid: 5.1")
    async with fake_ami() as server, listening(server.settings()) as listener:
        await listener.up()
        server.say(message("Event: QueueCallerJoin", "Queue: sales", *leg, "Position: 1"))
        server.say(message("Event: QueueMemberPause", "Queue: sales", "Interface: PJSIP/anna", "Paused: 1"))
        server.say(message("Event: QueueCallerJoin", "Queue: sec", "Uniqueid: 6.0", "Position: 1"))
        server.say(message("Event: AgentCalled", "Queue: sales", "Interface: PJSIP/anna", *leg))
        await until(lambda: listener.of(CallOffered))
        assert [event.call for event in listener.of(QueueJoined)] == ["6.0"]
        assert not listener.of(MemberChanged)
        assert [event.call for event in listener.of(CallOffered)] == [""], "a call that is none of ours"
