"""panoramisk 1.4 reads wrongly: each defect of the stream, shown on the bare library and closed in ours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from panoramisk.ami_protocol import AMIProtocol
from panoramisk.manager import Manager

from pbx_bridge.ami import decode as decoder
from pbx_bridge.ami.actions import QueueAdd
from pbx_bridge.ami.codec import Frame, Framer, event_name, parse
from pbx_bridge.calls.events import Bridged, MemberChanged, Snapshot
from tests.ami_server import FakeAmi, bridge_enter, fake_ami, listening, message
from tests.until import until


@asynccontextmanager
async def bare(server: FakeAmi, **config: Any) -> AsyncIterator[Manager]:
    """The library as it comes, logged in."""
    manager = Manager(
        host="127.0.0.1", port=server.port, username="bridge", secret="geheim", reconnect_timeout=0, **config
    )
    await manager.connect()
    await until(lambda: manager.authenticated, message="bare panoramisk logs in")
    try:
        yield manager
    finally:
        manager.connection_lost = lambda exc: None
        manager.close()


def bare_reading(*chunks: bytes) -> list[Any]:
    """What the library's protocol makes of a stream cut like this."""

    heard: list[Any] = []
    protocol = AMIProtocol()
    protocol.connection_made(None)
    protocol.encoding = "utf8"
    protocol.factory = SimpleNamespace(dispatch=heard.append)
    protocol.version = "11"
    for chunk in chunks:
        protocol.data_received(chunk)
    return heard


def our_reading(*chunks: bytes) -> list[Frame]:
    framer = Framer()
    return [parse(raw) for chunk in chunks for raw in framer.feed(chunk)]


def tag(headers: dict[str, str]) -> str:
    return f"ActionID: {headers['ActionID']}"


async def test_exception_in_a_callback_costs_neither_the_link_nor_the_rest_of_the_read() -> None:
    two = bridge_enter("1.0") + bridge_enter("1.1")

    async with fake_ami() as server, bare(server) as manager:
        seen: list[str] = []

        def fail_once(_: Manager, event: Any) -> None:
            seen.append(event.Uniqueid)
            raise ValueError("a bug in a handler")

        manager.register_event("BridgeEnter", fail_once)
        asyncio.get_running_loop().set_exception_handler(lambda *_: None)
        server.say(two)
        await until(lambda: server.connections == 2, message="bare panoramisk has dropped the link")
        assert seen == ["1.0"]

    async with fake_ami() as server, listening(server.settings()) as listener:
        await listener.up()
        failing = iter([ValueError("a bug in a handler")])
        listener.deaf_to = lambda _: next(failing, None)
        server.say(two)
        await until(lambda: listener.of(Bridged))
        assert [event.leg for event in listener.of(Bridged)] == ["1.1"]
        assert (listener.link.counts.sink_failures, server.connections) == (1, 1)


async def test_order_of_events_is_the_order_of_the_wire() -> None:
    numbers = [str(number) for number in range(50)]
    stream = b"".join(bridge_enter(number) for number in numbers)

    async with fake_ami() as server, bare(server) as manager:
        seen: list[str] = []

        async def slow_at_first(_: Manager, event: Any) -> None:
            for _turn in range(50 - int(event.Uniqueid)):
                await asyncio.sleep(0)
            seen.append(event.Uniqueid)

        manager.register_event("BridgeEnter", slow_at_first)
        server.say(stream)
        await until(lambda: len(seen) == 50)
        assert seen != numbers

    async with fake_ami() as server, listening(server.settings()) as listener:
        await listener.up()
        tasks = len(asyncio.all_tasks())
        server.say(stream)
        await until(lambda: len(listener.of(Bridged)) == 50)
        assert [event.leg for event in listener.of(Bridged)] == numbers
        assert len(asyncio.all_tasks()) == tasks, "no task per event"


async def test_snapshot_does_not_overwrite_the_newer_event_of_the_same_read() -> None:
    def stale_then_news(server: FakeAmi) -> Callable[[dict[str, str]], bytes]:
        server.queue = [message("Event: QueueMember", "Queue: sec", "Location: PJSIP/anna", "Paused: 0")]
        news = message("Event: QueueMemberPause", "Queue: sec", "Interface: PJSIP/anna", "Paused: 1")
        return lambda headers: server._queuestatus(headers) + news

    async with fake_ami() as server, bare(server) as manager:
        server.special["QueueStatus"] = stale_then_news(server)
        story: list[str] = []
        manager.register_event("QueueMemberPause", lambda *_: story.append("news"))
        await manager.send_action({"Action": "QueueStatus"})
        story.append("snapshot")
        assert story == ["news", "snapshot"], "the stale answer is handled last"

    async with fake_ami() as server:
        server.special["QueueStatus"] = stale_then_news(server)
        async with listening(server.settings()) as listener:
            await until(lambda: listener.of(MemberChanged))
            told = [event for event in listener.events if isinstance(event, Snapshot | MemberChanged)]
            assert [type(event) for event in told] == [Snapshot, MemberChanged]
            assert told[0].members[0].paused is False  # type: ignore[union-attr]
            assert told[1].paused is True  # type: ignore[union-attr]


async def test_event_with_the_action_id_of_a_pending_action_is_told_all_the_same() -> None:
    def event_first(server: FakeAmi) -> Callable[[dict[str, str]], bytes]:
        return lambda headers: (
            message("Event: QueueMemberAdded", tag(headers), "Queue: sec", "Interface: PJSIP/anna")
            + server._success(headers)
        )

    async with fake_ami() as server, bare(server) as manager:
        server.special["QueueAdd"] = event_first(server)
        seen: list[Any] = []
        manager.register_event("QueueMemberAdded", lambda *event: seen.append(event))
        await manager.send_action({"Action": "QueueAdd", "Queue": "sec", "Interface": "PJSIP/anna"})
        assert seen == []

    async with fake_ami() as server, listening(server.settings()) as listener:
        await listener.up()
        server.special["QueueAdd"] = event_first(server)
        await listener.link.send(QueueAdd("sec", "PJSIP/anna"))
        assert [event.interface for event in listener.of(MemberChanged)] == ["PJSIP/anna"]


def test_umlaut_cut_by_tcp_is_kept() -> None:
    whole = message("Event: Hangup", "CallerIDName: Jürgen Groß")
    cut = whole.index("ü".encode()) + 1
    assert bare_reading(whole[:cut], whole[cut:])[0].CallerIDName == "Jrgen Groß"
    assert our_reading(whole[:cut], whole[cut:])[0].get("CallerIDName") == "Jürgen Groß"


def test_empty_last_header_is_kept() -> None:
    whole = b"Event: Hangup\r\nUniqueid: 1.0\r\nAccountCode: \r\n\r\n"
    assert "AccountCode" not in bare_reading(whole)[0]
    assert our_reading(whole)[0].headers["AccountCode"] == ""


def test_short_end_of_message_does_not_glue_two_events() -> None:
    stream = b"Event: Hangup\r\nUniqueid: 1.0\r\n\nEvent: Hangup\r\nUniqueid: 1.1\r\n\r\n"
    assert len(bare_reading(stream)) == 1
    assert [frame.get("Uniqueid") for frame in our_reading(stream)] == ["1.0", "1.1"]


def test_doubled_event_header_costs_nothing() -> None:
    stream = message("Event: Hangup", "Event: Hangup", "Uniqueid: 1.0")
    with pytest.raises(AttributeError):
        bare_reading(stream)  # in data_received: asyncio drops the link
    assert event_name(stream) == b"Hangup"
    assert our_reading(stream)[0].name == "Hangup"


def test_unwanted_event_is_known_by_its_first_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(raw: bytes) -> Frame:
        raise AssertionError(f"parsed {raw!r}")

    monkeypatch.setattr(decoder, "parse", never)
    assert decoder.decode(b"Event: VarSet\r\nVariable: X") is None
    assert decoder.decode(b"Event: HangupRequest\r\nUniqueid: 1.0") is None
    with pytest.raises(AssertionError):
        decoder.decode(b"Event: Hangup\r\nUniqueid: 1.0")


def test_mistyped_header_is_an_error_and_not_an_empty_text() -> None:
    whole = message("Event: Hangup", "Uniqueid: 1.0")
    assert bare_reading(whole)[0].Uniqueld == ""
    with pytest.raises(AttributeError):
        our_reading(whole)[0].uniqueld  # type: ignore[attr-defined]  # noqa: B018


def test_channel_variables_are_always_a_mapping() -> None:
    one = message("Event: Hangup", "ChanVariable: SEC_CALL=1.0")
    two = message("Event: Hangup", "ChanVariable: SEC_CALL=1.0", "ChanVariable: SEC_DID=")
    assert {type(bare_reading(raw)[-1].ChanVariable) for raw in (one, two)} == {str, list}
    assert our_reading(one)[0].variables == {"SEC_CALL": "1.0"}
    assert our_reading(two)[0].variables == {"SEC_CALL": "1.0", "SEC_DID": ""}
