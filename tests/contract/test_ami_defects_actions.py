"""panoramisk 1.4 acts wrongly: each defect of sending and reconnecting, shown on the bare library."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest
from panoramisk.actions import Action as BareAction
from panoramisk.manager import Manager

from pbx_bridge.ami.actions import DBPut, Getvar, Originate, Ping, QueueAdd, QueueStatus, Redirect
from pbx_bridge.ami.errors import ActionFailed, ActionTimeout, LinkGone, Unsendable
from pbx_bridge.ami.link import AmiLink
from pbx_bridge.calls.events import LinkDown, LinkUp
from pbx_bridge.settings import Secret
from tests.ami_server import FakeAmi, fake_ami, listening, message
from tests.contract.certificates import make_certificate
from tests.contract.test_ami_defects import bare
from tests.until import until

RING = Originate("1.0-a1", "Local/493023125001@sec-target/n", "sec-answered", caller_name="Müller, Hans")
BARE_RING = {"Action": "Originate", "Channel": RING.channel, "Context": RING.context, "Async": "true"}


async def test_unanswered_action_is_never_sent_again() -> None:
    async with fake_ami() as server, bare(server) as manager:
        server.silent = {"Originate"}
        manager.send_action(dict(BARE_RING))
        await until(lambda: server.named("Originate"))
        server.drop()
        await until(lambda: server.connections == 2 and manager.authenticated)
        server.say(message("Event: FullyBooted"))
        await until(lambda: len(server.named("Originate")) == 2, message="bare panoramisk rings twice")

    async with fake_ami() as server, listening(server.settings()) as listener:
        await listener.up()
        server.silent = {"Originate"}
        sending = asyncio.create_task(listener.link.send(RING))
        await until(lambda: server.named("Originate"))
        server.drop()
        with pytest.raises(LinkGone, match="outcome unknown"):
            await sending
        await until(lambda: len(listener.of(LinkUp)) == 2)
        server.say(message("Event: FullyBooted"))
        await listener.link.send(Ping())
        assert len(server.named("Originate")) == 1


async def test_action_without_an_answer_ends_at_its_deadline_and_leaves_nothing() -> None:
    async with fake_ami() as server, bare(server) as manager:
        server.silent = {"Getvar"}
        future = manager.send_action({"Action": "Getvar", "Variable": "X"})
        future.cancel()
        await until(lambda: server.named("Getvar"))
        assert manager.protocol.responses, "bare panoramisk keeps the cancelled action for ever"

    async with fake_ami() as server, listening(server.settings(action_timeout_seconds=0.1)) as listener:
        await listener.up()
        server.silent = {"Getvar"}
        with pytest.raises(ActionTimeout):
            await listener.link.send(Getvar("X"))
        cancelled = asyncio.create_task(listener.link.send(Getvar("Y")))
        await until(lambda: len(server.named("Getvar")) == 2)
        cancelled.cancel()
        await until(lambda: not _pending(listener.link))


def _pending(link: AmiLink) -> object:
    assert link._session is not None
    protocol = link._session._manager.protocol
    return protocol is not None and protocol.responses


async def test_action_without_a_connection_is_refused_at_once() -> None:
    with pytest.raises(AttributeError):
        Manager().send_action({"Action": "Ping"})

    async with fake_ami() as server:
        link = AmiLink(server.settings(), lambda _: None)
        with pytest.raises(LinkGone):
            await link.send(Ping())
        with pytest.raises(LinkGone):
            await link.snapshot()
        async with listening(server.settings(backoff_min_seconds=1, backoff_max_seconds=1)) as listener:
            await listener.up()
            await server.stop()
            await listener.down("lost")
            with pytest.raises(LinkGone):
                await listener.link.send(Ping())


@pytest.mark.parametrize("sign", ["\r\n", "\n", "\r", "\0", "\x85", "\u2028", "\u2029", "\x1b"])
async def test_control_character_is_refused(sign: str) -> None:
    evil = f"x{sign}Action: Originate"
    assert evil in str(BareAction({"Action": "Getvar", "ActionID": "1", "Variable": evil}))

    async with fake_ami() as server, listening(server.settings()) as listener:
        await listener.up()
        for action in (
            Getvar(evil),
            Getvar("X", channel=evil),
            DBPut("line", "1", evil),
            Redirect(evil, "a", "s"),
        ):
            with pytest.raises(Unsendable):
                await listener.link.send(action)
        assert not {"Getvar", "DBPut", "Redirect", "Originate"} & {sent["Action"] for sent in server.actions}


async def test_queue_add_is_answered() -> None:
    def as_asterisk(headers: dict[str, str]) -> bytes:
        return message(
            "Response: Success", f"ActionID: {headers['ActionID']}", "Message: Added interface to queue"
        )

    async with fake_ami() as server, bare(server) as manager:
        server.special["QueueAdd"] = as_asterisk
        future = manager.send_action({"Action": "QueueAdd", "Queue": "sec", "Interface": "PJSIP/anna"})
        await manager.send_action({"Action": "Ping"})
        assert not future.done(), "the answer before the ping's is still not taken for one"

    async with fake_ami() as server, listening(server.settings()) as listener:
        await listener.up()
        server.special["QueueAdd"] = as_asterisk
        assert (await listener.link.send(QueueAdd("sec", "PJSIP/anna"))).message == "Added interface to queue"


async def test_refused_list_ends() -> None:
    async with fake_ami() as server, bare(server) as manager:
        server.special["QueueStatus"] = lambda headers: server.refuse(headers, "Permission denied")
        future = manager.send_action({"Action": "QueueStatus"}, as_list=True)
        await manager.send_action({"Action": "Ping"})
        assert not future.done()

    async with fake_ami() as server, listening(server.settings()) as listener:
        await listener.up()
        server.special["QueueStatus"] = lambda headers: server.refuse(headers, "Permission denied")
        with pytest.raises(ActionFailed, match="Permission denied"):
            await listener.link.send(QueueStatus("sec"))


async def test_close_during_back_off_is_the_end() -> None:
    async with fake_ami() as server, bare(server) as manager:
        manager.on_disconnect = lambda *_: manager.close()
        server.drop()
        await until(lambda: server.connections == 2, message="bare panoramisk connects all the same")

    async with fake_ami() as server, listening(server.settings()) as listener:
        await listener.up()
        server.drop()
        await listener.down("lost")
        await listener.stop()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.wait(tasks, timeout=0.3) if tasks else await asyncio.sleep(0.3)
        assert server.connections == 1


async def test_wrong_secret_is_said_plainly_and_tried_rarely() -> None:
    async with fake_ami() as server:
        server.special["Login"] = lambda headers: server.refuse(headers, "Authentication failed")
        async with listening(server.settings(backoff_min_seconds=0.05, backoff_max_seconds=0.05)) as listener:
            down = await listener.down("wrong_secret")
            assert down == LinkDown("wrong_secret", "Authentication failed")
            await until(lambda: server.connections == 3)
            assert len(listener.of(LinkDown)) == 1, "told once, not at each attempt"
            waits = [listener.link._pause() for _ in range(20)]
            assert min(waits) >= 0.05 * 6 * 0.5
            server.special.clear()
            await listener.up()


async def test_somebody_else_who_is_logged_in_is_no_wrong_secret_and_asked_for_often() -> None:
    async with fake_ami() as server:
        server.special["Login"] = lambda headers: server.refuse(headers, "Login Already In Use")
        async with listening(server.settings(backoff_min_seconds=0.05, backoff_max_seconds=5)) as listener:
            assert await listener.down("in_use") == LinkDown("in_use", "Login Already In Use")
            assert max(listener.link._pause() for _ in range(20)) <= 1, "whoever waits is the next at once"
            server.special.clear()
            await listener.up()


async def test_secret_that_cannot_be_sent_is_a_wrong_secret() -> None:
    async with fake_ami() as server, listening(server.settings(secret=Secret("geheim\n"))) as listener:
        assert "geheim" not in (await listener.down("wrong_secret")).detail
        assert server.actions == []


def test_back_off_grows_up_to_its_limit_with_jitter() -> None:
    link = AmiLink(FakeAmi().settings(backoff_min_seconds=0.25, backoff_max_seconds=5), lambda _: None)
    waits = [link._pause() for _ in range(12)]
    for number, wait in enumerate(waits):
        ceiling = min(5, 0.25 * 2**number)
        assert ceiling / 2 <= wait <= ceiling
    assert len(set(waits)) == len(waits)


async def test_a_pbx_that_is_loading_is_asked_soon_however_long_it_was_away() -> None:
    """It refuses connections first and lets nobody do anything yet then: a queue module comes late."""
    link = AmiLink(FakeAmi().settings(backoff_min_seconds=0.25, backoff_max_seconds=5), lambda _: None)
    for reason in ("lost", "unreachable", "missing_privilege"):
        link._went_down(LinkDown(reason))
        waits = [link._pause() for _ in range(12)]
        assert waits[0] <= 0.25
    assert max(waits[:5]) <= 4, "the first minute"
    assert min(waits[5:]) >= 5 * 6 * 0.5, "after it, nobody is loading any more"


async def test_tls_names_the_server_it_wants(tmp_path: Path) -> None:
    context, ca_file = make_certificate(tmp_path, "pbx.example.org")
    async with fake_ami(ssl=context) as server:
        right = server.settings(tls=True, ca_file=str(ca_file), server_name="pbx.example.org")
        async with listening(right) as listener:
            await listener.up()
        wrong = server.settings(tls=True, ca_file=str(ca_file), server_name="other.example.org")
        async with listening(wrong) as listener:
            down = await listener.down("refused")
            assert "other.example.org" in down.detail


async def test_nothing_is_logged_of_an_action_when_the_link_drops(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with fake_ami() as server, bare(server, log=logging.getLogger("bare")) as manager:
        server.silent = {"Originate"}
        manager.send_action({**BARE_RING, "CallerID": "Müller, Hans"})
        await until(lambda: server.named("Originate"))
        server.drop()
        await until(lambda: server.connections == 2)
        assert "Müller" in caplog.text

    caplog.clear()
    async with fake_ami() as server, listening(server.settings()) as listener:
        await listener.up()
        server.silent = {"Originate"}
        sending = asyncio.create_task(listener.link.send(RING))
        await until(lambda: server.named("Originate"))
        server.drop()
        await asyncio.gather(sending, return_exceptions=True)
        await listener.down("lost")
        assert "Müller" not in caplog.text
        assert "geheim" not in caplog.text
