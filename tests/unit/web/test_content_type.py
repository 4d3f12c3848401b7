"""Of all charsets that Python knows, a request may name one."""

from __future__ import annotations

from encodings.aliases import aliases

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx_bridge.web.content_type import Media, media, parameters
from tests.hostile import FOREIGN, KINDS, spellings

FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    "said,meant",
    [
        ([], Media()),
        ([FORM], Media(FORM)),
        (["Application/X-WWW-Form-Urlencoded"], Media(FORM)),
        ([f"{FORM}; charset=UTF-8"], Media(FORM)),
        ([f'{FORM};charset="utf-8"'], Media(FORM)),
        ([f"{FORM} ;\tcharset=utf8 ;"], Media(FORM)),
        (["multipart/form-data; boundary=----x7MA4"], Media("multipart/form-data", b"----x7MA4")),
        (['multipart/form-data; boundary="a b"; charset=utf-8'], Media("multipart/form-data", b"a b")),
        (["application/json"], Media("application/json")),
        (["application/octet-stream"], Media("application/octet-stream")),
    ],
)
def test_what_browsers_and_programs_send_is_read(said: list[str], meant: Media) -> None:
    assert media(said) == meant


@pytest.mark.parametrize("kind", KINDS)
def test_every_other_charset_is_refused_however_it_is_spelled(kind: str) -> None:
    names = set(aliases) | set(aliases.values()) | set(FOREIGN)
    meant = {name for name in names if name.replace("_", "").removesuffix("ucs2") not in {"utf8", "u8"}}
    taken = {said for name in meant for said in spellings(kind, name) if media([said]) is not None}
    assert taken == set()
    assert len(meant) > 200


@pytest.mark.parametrize(
    "said",
    [
        [FORM, FORM],
        [""],
        ["form"],
        [f"{FORM}; charset"],
        [f"{FORM}; charset="],
        [f'{FORM}; charset=""'],
        [f"{FORM}; charset=utf-8; charset=utf-8"],
        [f"{FORM}; charset*=utf-8''utf-8"],
        [f"{FORM}; charset=utf-8, {FORM}; charset=utf-8"],
        [f'{FORM}; charset="utf-8'],
        [f"{FORM}; charset=\udcff"],
        [f"{FORM};{' ' * 300}charset=utf-8"],
        [f"multipart/form-data; boundary={'x' * 71}"],
    ],
)
def test_what_cannot_be_understood_is_not_guessed(said: list[str]) -> None:
    assert media(said) is None


@given(st.text(max_size=400))
def test_any_text_gets_an_answer(text: str) -> None:
    media([text])
    parameters(text)


@given(
    st.dictionaries(
        st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.text('ab"\\; =ü', max_size=8), max_size=5
    )
)
def test_what_is_written_is_read(wanted: dict[str, str]) -> None:
    quoted = {name: text.replace("\\", "\\\\").replace('"', '\\"') for name, text in wanted.items()}
    written = "form-data" + "".join(f'; {name}="{text}"' for name, text in quoted.items())
    assert parameters(written) == ("form-data", wanted)
