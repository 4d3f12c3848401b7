"""Put-throughs: who is rung in which order, what is refused, and what the mailbox says about it."""

from __future__ import annotations

from pbx_bridge.demo import scenes
from pbx_bridge.demo.live_call import LiveCall
from pbx_bridge.demo.playhouse import Playhouse
from pbx_bridge.demo.report import Protocol
from pbx_bridge.demo.scenes import Dial

ANNA = "Anna's desk"
ANNA_KELLER = "Anna Keller"
ERIKA, JENS, MURAT = "Erika Beispiel", "Jens Meier", "Murat Yildiz"
PETRA, TOBIAS, SABINE = "Petra Lange", "Kern, Tobias", "Sabine Hofmann"
BRANDT, SOMMER = "Dr. Friedrich Brandt", "Dr. med. Claudia Sommer"


def tried(call: LiveCall) -> list[str]:
    """Who was tried and how it ended, as the desk shows it."""
    return [f"{one.name}: {one.result}" for one in call.view.tried]


async def accepted(house: Playhouse, said: Protocol) -> None:
    """Asked, accepted, connected."""
    mark = house.mark()
    call = await house.talks(Dial(scenes.MUSTERMANN, "+493023125730", "Rita Lang"))
    await house.ask_for(call, ERIKA)
    handset = await house.rung(ERIKA)
    said.expect("Erika's phone", "caller's number", "493023125730", handset.shown_number.lstrip("+"))
    await house.picks_up(call, ERIKA)
    said.expect(ANNA, "step", "consulting", call.step)
    await house.connects(call)
    said.expect(ANNA, "joined with Erika", house.person(ERIKA).id, call.view.joined_with)
    await house.converse(said, call.caller, ERIKA)
    answer = await house.note(call, ERIKA, name=f"Rita Lang {mark}", callback="+493023125730")
    said.expect(ANNA, "note saved", True, answer.ok)
    mail = await house.mail_to("erika.beispiel@mustermann.example", mark)
    said.see(
        "mailbox",
        "short mail with name and number",
        mail.text,
        kept="durchgestellt" in mail.text and "23125" in mail.text,
    )
    said.see(
        "mailbox",
        "copy to the front office",
        ", ".join(mail.to),
        kept="vorzimmer@mustermann.example" in mail.to,
    )
    await house.converse(said, call.caller, ERIKA)


async def busy(house: Playhouse, said: Protocol) -> None:
    """Busy: the deputy is rung and accepts."""
    await house.far.behave(house.number(ERIKA), "busy")
    mark = house.mark()
    call = await house.talks(Dial(scenes.MUSTERMANN, "+493023125731"))
    await house.ask_for(call, ERIKA)
    await house.picks_up(call, JENS)
    said.expect(ANNA, "tried", [f"{ERIKA}: busy"], tried(call))
    await house.connects(call)
    said.expect(ANNA, "joined with Jens", house.person(JENS).id, call.view.joined_with)
    await house.converse(said, call.caller, JENS)
    await house.note(call, name=f"Otto Kurz {mark}")
    mail = await house.mail_to("jens.meier@mustermann.example", mark)
    said.see("mailbox", "short mail to the deputy", mail.subject, kept="durchgestellt" in mail.subject)


async def declined(house: Playhouse, said: Protocol) -> None:
    """Declined: back to the caller, whole note by mail and SMS."""
    await house.far.behave(house.number(SABINE), "decline")
    mark, before = house.mark(), house.sms_count()
    call = await house.talks(Dial(scenes.MUSTERMANN, "+491713920070", "Ivo Blum"))
    await house.ask_for(call, SABINE)
    await house.anna.until(lambda _: bool(tried(call)) and call.phase == "talking", "back after the refusal")
    said.expect(ANNA, "tried", [f"{SABINE}: declined"], tried(call))
    await house.converse(said, call.caller, ANNA_KELLER)
    concern = (
        f"{mark}: Die Lieferung für Halle 3 fehlt seit Freitag, bitte klären und melden, wann sie kommt; " * 3
    )
    fields = {"kundennummer": "4711", "anlass": "Lieferung", "bestandskunde": "ja"}
    answer = await house.note(
        call,
        SABINE,
        name="Ivo Blum",
        company="Blum Logistik",
        callback="+49 171 39200 70",
        concern=concern,
        fields=fields,
        urgent=True,
    )
    said.expect(ANNA, "note saved", True, answer.ok)
    mail = await house.mail_to("sabine.hofmann@mustermann.example", mark)
    said.see(
        "mailbox",
        "whole note with own fields",
        mail.text,
        kept="4711" in mail.text and "Halle 3" in mail.text and "Lieferung" in mail.text,
    )
    said.see("mailbox", "who was tried", mail.text, kept="abgelehnt" in mail.text)
    said.see("mailbox", "urgent, in the subject", mail.subject, kept=mail.subject.startswith("Dringend"))
    sms = await house.sms_to(SABINE, before)
    said.see(
        "SMS centre",
        "one SMS with name and number",
        sms.text,
        kept=len(sms.text) <= 160 and "Ivo Blum" in sms.text and "+491713920070" in sms.text,
    )


async def refused_in_words(house: Playhouse, said: Protocol) -> None:
    """Answered, but not now: the agent goes back and says so."""
    mark = house.mark()
    call = await house.talks(Dial(scenes.MUSTERMANN, "+493023125732"))
    await house.ask_for(call, PETRA)
    await house.picks_up(call, PETRA)
    await house.back(call)
    said.expect(ANNA, "back with the caller", "talking", call.phase)
    await house.converse(said, call.caller, ANNA_KELLER)
    await house.far.over(house.number(PETRA))
    said.expect("Petra's phone", "is", "over", house.phone(PETRA).doing)
    await house.note(call, PETRA, name="Uwe Ranft", concern=mark, message_to_caller="Rückruf in 30 Minuten")
    mail = await house.mail_to("petra.lange@mustermann.example", mark)
    said.see("mailbox", "what was told to the caller", mail.text, kept="Rückruf in 30 Minuten" in mail.text)


async def chain(house: Playhouse, said: Protocol) -> None:
    """No answer, nor the deputy: the deputy's deputy."""
    call = await house.talks(Dial(scenes.MUSTERMANN, "+493023125733"))
    await house.ask_for(call, PETRA)
    await house.rung(PETRA)
    await house.rung(TOBIAS)
    await house.picks_up(call, SABINE)
    said.expect(ANNA, "tried", [f"{PETRA}: no_answer", "Tobias Kern: no_answer"], tried(call))
    await house.connects(call)
    await house.converse(said, call.caller, SABINE)


async def mutual(house: Playhouse, said: Protocol) -> None:
    """Mutual deputies, both busy: it ends, nobody is rung twice."""
    for name in (ERIKA, JENS):
        await house.far.behave(house.number(name), "busy")
    rings = [house.phone(name).rings for name in (ERIKA, JENS)]
    call = await house.talks(Dial(scenes.MUSTERMANN, "+493023125734"))
    await house.ask_for(call, JENS)
    await house.anna.until(
        lambda _: len(tried(call)) == 2 and call.phase == "talking", "back after two tries"
    )
    said.expect(ANNA, "tried", [f"{JENS}: busy", f"{ERIKA}: busy"], tried(call))
    now = [house.phone(name).rings - before for name, before in zip((ERIKA, JENS), rings, strict=True)]
    said.expect("both phones", "rang", [1, 1], now)
    await house.converse(said, call.caller, ANNA_KELLER)


async def absent(house: Playhouse, said: Protocol) -> None:
    """Away and not reachable: begins with the deputy."""
    call = await house.talks(Dial(scenes.MUSTERMANN, "+493023125735"))
    shown = next(one for one in call.open.pop.employees if one.name == MURAT)
    said.expect(ANNA, "Murat is", "away", shown.availability.kind)
    said.see(ANNA, "until when", shown.availability.until, kept=shown.availability.until)
    said.expect(ANNA, "why not", "away", shown.refusal)
    rings = house.phone(MURAT).rings
    await house.ask_for(call, MURAT)
    await house.picks_up(call, JENS)
    said.expect("Murat's phone", "rang", 0, house.phone(MURAT).rings - rings)
    await house.converse(said, ANNA_KELLER, JENS)


async def no_tariff(house: Playhouse, said: Protocol) -> None:
    """No put-through in the tariff."""
    call = await house.talks(Dial(scenes.PRAXIS, "+493023125736"))
    answer = await house.ask_for(call, SOMMER)
    said.expect(ANNA, "refused because of", "tariff", answer.code)
    said.expect(ANNA, "call", "talking", call.phase)


async def vip_only(house: Playhouse, said: Protocol) -> None:
    """A partner who wants VIP callers only."""
    stranger = await house.talks(Dial(scenes.KANZLEI, "+493023125737"))
    answer = await house.ask_for(stranger, BRANDT)
    said.expect("Anna's desk, stranger", "refused because of", "vip_only", answer.code)
    await house.leave(stranger)
    client = await house.talks(Dial(scenes.KANZLEI, scenes.VIP_OF_PARTNER, "Johanna Richter"))
    answer = await house.ask_for(client, BRANDT)
    said.expect("Anna's desk, VIP", "refused because of", "", answer.code)
    await house.picks_up(client, BRANDT)
    await house.converse(said, ANNA_KELLER, BRANDT)


async def while_talking(house: Playhouse, said: Protocol) -> None:
    """Ring while talking: nobody is moved until somebody answers."""
    call = await house.talks(Dial(scenes.MUSTERMANN, "+493023125738"))
    await house.ask_for(call, SABINE, mode="talk")
    await house.rung(SABINE)
    said.expect(ANNA, "step", "ringing", call.step)
    said.expect(
        ANNA, "caller on hold since", None, call.view.put_through and call.view.put_through.hold_since
    )
    await house.far.pick_up(house.number(SABINE))
    await house.step(call, "answered")
    await house.converse(said, call.caller, ANNA_KELLER)
    said.expect(SABINE, "hears", "music", await house.hears(SABINE, "music"))
    await house.switch(call)
    said.expect(ANNA, "step", "consulting", call.step)
    await house.connects(call)
    await house.converse(said, call.caller, SABINE)


SCENARIOS = (
    accepted,
    busy,
    declined,
    refused_in_words,
    chain,
    mutual,
    absent,
    no_tariff,
    vip_only,
    while_talking,
)
