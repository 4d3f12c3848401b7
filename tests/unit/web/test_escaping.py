"""Whatever people type is escaped once on a page, by whichever way it gets there."""

from __future__ import annotations

import html
from typing import Any, cast

import pytest
from jinja2 import DictLoader

from pbx_bridge.web import i18n, rendering
from pbx_bridge.web.rendering import Rendering
from pbx_bridge.web.static_files import StaticFiles

TYPED = (
    "Seán O'Neill",
    'Anna "Anni" Müller',
    "Müller & Söhne",
    "<b>Anna</b>",
    "&amp; &lt;b&gt; &#39;",
    "a@b.example/c & d",
    "Donaudampfschiff&fahrtsgesellschaftskapitän'switwe",
)
WAYS = (
    "{{ typed }}",
    "{{ typed|soft }}",
    "{{ said(typed) }}",
    "{{ said(typed)|soft }}",
    "{% set kept %}{{ typed }}{% endset %}{{ kept|soft }}",
    '{{ t("who", name=typed) }}',
    '{{ t("who", name=said(typed)) }}',
    '{{ t("who", name=said(typed))|soft }}',
    '{{ t("who", name=t("who", name=said(typed))) }}',
    '{{ [typed, said(typed)]|join(", ")|soft }}',
)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("typed", TYPED)
def test_typed_text_is_read_as_it_was_typed(monkeypatch: pytest.MonkeyPatch, way: str, typed: str) -> None:
    page = "{% macro said(name) %}{{ name }}{% endmacro %}" + way
    monkeypatch.setattr(i18n, "catalogue", lambda _room, _locale: {"who": "{name}"})
    with_page = rendering._environment().overlay(loader=DictLoader({"web/page.html": page}))
    monkeypatch.setattr(rendering, "_environment", lambda: with_page)
    pieces = Rendering(StaticFiles()).page(cast(Any, {"locale": "de"}), "web/page.html", {"typed": typed})

    drawn = "".join(pieces).replace("<wbr>", "")

    assert "<" not in drawn
    assert html.unescape(drawn) == (f"{typed}, {typed}" if "join" in way else typed)
