"""Notes: who hears what by which channel, and that nothing typed is ever lost."""

from __future__ import annotations

from pbx_bridge.demo import scenes
from pbx_bridge.demo.playhouse import Playhouse
from pbx_bridge.demo.report import Protocol
from pbx_bridge.demo.scenes import Dial
from pbx_bridge.desk import protocol as p

ANNA = "Anna's desk"
ERIKA, SOMMER = "Erika Beispiel", "Dr. med. Claudia Sommer"


async def vip_sms(house: Playhouse, said: Protocol) -> None:
    """A note about a VIP: mail, SMS and VIP-SMS."""
    mark, before = house.mark(), house.sms_count()
    call = await house.talks(Dial(scenes.MUSTERMANN, scenes.VIP, "Hans Müller"))
    await house.note(
        call, ERIKA, name="Hans Müller", callback=scenes.VIP, concern=f"{mark} Angebot besprechen"
    )
    mail = await house.mail_to("erika.beispiel@mustermann.example", mark)
    said.see("mailbox", "whole note", mail.subject, kept="Hans Müller" in mail.subject)
    texts = [(await house.sms_to(ERIKA, before, place)).text for place in (0, 1)]
    said.see("SMS centre", "summary", texts[0], kept=any(mark in text for text in texts))
    said.see("SMS centre", "VIP-SMS besides", texts[1], kept=any(text.startswith("VIP") for text in texts))


async def confidential(house: Playhouse, said: Protocol) -> None:
    """§ 203: no word of the note in SMS or subject."""
    mark, before = house.mark(), house.sms_count()
    call = await house.talks(Dial(scenes.PRAXIS, "+491713920071"))
    fields = {"geburtsdatum": "3.4.1961", "versicherung": "gesetzlich"}
    answer = await house.note(
        call, SOMMER, name="Gerda Still", callback="+491713920071", concern=f"{mark} Befund", fields=fields
    )
    said.expect(ANNA, "note saved", True, answer.ok)
    mail = await house.mail_to("claudia.sommer@dr-sommer.example", mark)
    sms = await house.sms_to(SOMMER, before)
    for where, text in (("mail's subject", mail.subject), ("SMS", sms.text)):
        secret = ("Gerda", "Still", "Befund", "3920071", mark)
        said.see(
            where,
            "neither name nor number nor concern",
            text,
            kept=text and not any(word in text for word in secret),
        )
    said.see(
        "mailbox",
        "the note itself is in the mail",
        mail.text,
        kept="Befund" in mail.text and "Gerda Still" in mail.text,
    )


async def nobody_named(house: Playhouse, said: Protocol) -> None:
    """No recipient: the company's default address."""
    mark = house.mark()
    call = await house.talks(Dial(scenes.KANZLEI, "+493023125760"))
    await house.note(call, name="Max Ohne", concern=mark)
    mail = await house.mail_to("kanzlei@brandt-weiss.example", mark)
    said.expect("mailbox", "to", ("kanzlei@brandt-weiss.example",), mail.to)


async def missing_field(house: Playhouse, said: Protocol) -> None:
    """A note without concern is sent back to the agent."""
    call = await house.talks(Dial(scenes.MUSTERMANN, "+493023125761"))
    answer = await house.note(call, ERIKA, name="Max Kurz", fields={"kundennummer": "viele"})
    said.expect(ANNA, "saved", False, answer.ok)
    said.expect(ANNA, "fields", {"concern": "required", "kundennummer": "not_a_number"}, answer.fields)
    said.expect(ANNA, "call", "talking", call.phase)


async def draft(house: Playhouse, said: Protocol) -> None:
    """The desk loses its socket: call and typed letters are there again."""
    call = await house.talks(Dial(scenes.MUSTERMANN, "+493023125762"))
    typed = p.NoteBody(name="Lena Halb", concern="Angefangener Satz, der nicht")
    answer = await house.anna.ask(p.SaveDraft, call=call.id, revision=1, base=0, body=typed)
    said.expect(ANNA, "draft kept", True, answer.ok)
    await house.anna.disconnect()
    await house.anna.connect()
    said.expect(ANNA, "call", "talking", call.phase)
    kept = call.open.draft
    said.expect(ANNA, "typed text", typed.concern, kept.body.concern if kept else "")


SCENARIOS = (vip_sms, confidential, nobody_named, missing_field, draft)
