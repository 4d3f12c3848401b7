"""What agents paste is kept without what nobody sees, and does not come back as somebody else's words."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.notes.typed import clean
from rules.text.typed_text import line, lines
from tests.browser.conftest import OpenDesk
from tests.desk_face import sample_views, scenes
from tests.until import until

pytestmark = pytest.mark.browser

PASTED = "An\u00adge\u00adbot \u202afür\u202c Oda\u200b\ufeff\u2060"


async def test_page_and_server_keep_the_same_of_every_sign(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    address = await desk.says("[...document.querySelectorAll('script[type=module]')].at(-1).src")
    module = address.rpartition("/")[0] + "/typed.js"
    signs = [
        f"a{chr(code)}b" for code in (*range(0x3000), *range(0xD800, 0xE000, 64), *range(0xFE00, 0x10000))
    ]
    signs += ["a\r\nb", "a😀b"]
    script = """async ([module, signs]) => {
        const typed = await import(module);
        const text = (one) => Array.from(one, (code) => String.fromCharCode(code)).join("");
        const codes = (one) => Array.from({ length: one.length }, (_, at) => one.charCodeAt(at));
        return signs.map((one) => [codes(typed.line(text(one))), codes(typed.lines(text(one)))]);
    }"""
    units = [_units(sign) for sign in signs]
    kept = await desk.page.evaluate(script, [module, units])
    wanted = [[_units(line(sign)), _units(lines(sign))] for sign in signs]
    assert [sign for sign, here, there in zip(signs, kept, wanted, strict=True) if here != there] == []


def _units(text: str) -> list[int]:
    raw = text.encode("utf-16-le", "surrogatepass")
    return [int.from_bytes(raw[at : at + 2], "little") for at in range(0, len(raw), 2)]


@pytest.mark.parametrize("name", ["concern", "name", "company", "callback_by", "kundennr"])
async def test_pasted_words_are_not_doubled(open_desk: OpenDesk, name: str) -> None:
    desk = await open_desk()
    await scenes.talking(desk.stage)
    await desk.sees("#desk[data-phase=talking]")
    desk.stage.deaf.add("save_draft")
    await desk.page.fill(f"[name={name}]", PASTED)
    await until(lambda: desk.stage.sent(p.SaveDraft), message="on its way")
    (sent,) = desk.stage.sent(p.SaveDraft)
    await desk.page.fill("[name=company]" if name != "company" else "[name=name]", "x")
    kept = clean(sent.body)
    await desk.stage.emit(p.Draft(p.DraftView("c1", sent.revision, kept)))
    await desk.stage.say(p.Answer(sent.id, True))
    desk.stage.deaf.clear()
    await until(lambda: len(desk.stage.sent(p.SaveDraft)) > 1, message="the next letters")
    assert await desk.page.input_value(f"[name={name}]") == "Angebot für Oda"
    assert kept == sent.body


async def test_a_caller_with_odd_signs_in_the_name_is_prefilled_as_kept(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await desk.stage.offer(sample_views.mustermann(caller=replace(sample_views.MUELLER, name=f"{PASTED}\tx")))
    await desk.stage.talk("c1")
    await desk.sees("#desk[data-phase=talking]")
    await desk.page.fill("[name=concern]", "Angebot")
    await until(lambda: desk.stage.sent(p.SaveDraft), message="on its way")
    sent = desk.stage.sent(p.SaveDraft)[-1].body
    assert sent == clean(sent)
    assert sent.name == "Angebot für Oda x"
