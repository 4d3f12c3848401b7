"""RELIABILITY.md section 2: the mail server refuses, delays, is silent, or cuts the line after the dot."""

from __future__ import annotations

from pbx_bridge.demo.desk_client import Desk
from tests.integration.whole_house import PATIENCE, WholeHouse, open_house
from tests.until import until


async def saved(house: WholeHouse, desk: Desk, concern: str, to: str = "Petra Lange") -> str:
    """One more note; returns its call's id."""
    call = desk.picture.calls[0].view.call
    answer = await house.save(desk, call, concern, to)
    assert answer.ok, answer
    await desk.until(lambda now: all(c.view.call != call for c in now.calls), "gone from the screen")
    return call


async def state(desk: Desk, call: str, wanted: str) -> None:
    """What the agent sees of the note."""
    await desk.until(
        lambda now: any((note.call, note.state) == (call, wanted) for note in now.notes), wanted, PATIENCE
    )


def attempts(house: WholeHouse, call: str) -> list[tuple[str, str]]:
    """(outcome, first word of the detail) of every try for this call's note."""
    rows = house.ask(
        f"""SELECT a.outcome, a.detail FROM delivery_attempt a
            JOIN notification n ON n.id = a.notification_id JOIN call_note c ON c.id = n.note_id
            WHERE c.call_id = '{call}' ORDER BY a.number"""  # noqa: S608 - an id of ours
    )
    return [(outcome or "", detail.partition(" ")[0]) for outcome, detail in rows]


def reached(house: WholeHouse, concern: str) -> list[str]:
    """Who got a mail with this text, once for each."""
    mails = house.arrived(concern)
    pairs = zip(house.mail.inbox, house.mail.envelopes, strict=True)
    return sorted(address for mail, envelope in pairs if mail in mails for address in envelope)


async def tried(house: WholeHouse, call: str) -> None:
    """The first try is over."""
    await until(lambda: attempts(house, call)[:1] > [("", "")], PATIENCE, "the first try")


async def test_every_way_in_which_a_mail_server_can_fail() -> None:
    async with open_house(None, open_calls=5) as house:
        anna = await house.desk("anna")
        petra, tobias = (house.person(name).email for name in ("Petra Lange", "Kern, Tobias"))

        house.mail.refuse[petra] = "451 4.7.1 Greylisted, come back later"
        later = await saved(house, anna, "Anliegen später")
        house.mail.refuse[tobias] = "550 5.1.1 No such user"
        never = await saved(house, anna, "Anliegen nie", "Kern, Tobias")
        await state(anna, never, "failed")
        await state(anna, later, "waiting")
        house.mail.refuse.clear()

        house.mail.answers.append("cut")
        cut = await saved(house, anna, "Anliegen abgeschnitten")
        await tried(house, cut)
        house.mail.answers.append("silent")
        silent = await saved(house, anna, "Anliegen verschwiegen")
        await tried(house, silent)
        house.mail.answers.append("421 4.3.2 Shutting down")
        closing = await saved(house, anna, "Anliegen vertagt")
        await tried(house, closing)

        await house.delivered()
        for call in (later, cut, silent, closing):
            await state(anna, call, "sent")
        assert attempts(house, later)[0] == ("failed", "smtp_451")
        assert attempts(house, never) == [("failed", "smtp_550"), ("sent", "OK")], (
            "no second try; the copy goes"
        )
        assert attempts(house, closing)[0] == ("failed", "smtp_421")
        copy = house.person("Petra Lange").cc
        assert reached(house, "Anliegen nie") == sorted(house.person("Kern, Tobias").cc)
        for concern in ("Anliegen später", "Anliegen vertagt"):
            assert reached(house, concern) == sorted((petra, *copy)), "each once"
            assert not any("X-Possible-Duplicate" in mail for mail in house.arrived(concern))
        for call, concern in ((cut, "Anliegen abgeschnitten"), (silent, "Anliegen verschwiegen")):
            assert attempts(house, call)[0] == ("uncertain", "no_answer_after_data")
            first, second = house.arrived(concern)
            assert first["Message-ID"] == second["Message-ID"]
            assert (first["X-Possible-Duplicate"], second["X-Possible-Duplicate"]) == (None, "yes")
