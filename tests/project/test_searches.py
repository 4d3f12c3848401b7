"""No form and no link of a page puts what somebody typed of a person into an address."""

from __future__ import annotations

import re

import pytest

from pbx_bridge.web.kit.remembered_searches import are_words
from tests.conftest import ROOT

PAGES = sorted((ROOT / "pbx_bridge").glob("*/templates/**/*.html"))
_FORM = re.compile(r'<form\b[^>]*method="get".*?</form>', re.DOTALL)
_TYPED = re.compile(r'<input type="(?:text|search|tel|email)"|<textarea|part\.chosen|list\.|views\.whose')
_LINK = re.compile(r"""[?&](\w+)=\{\{|["'](\w+)["']: ?(?=[^}]*\}\|urlencode)""")


def typed_into_addresses(page: str) -> list[str]:
    """Forms by GET that have a field to type into, and links with words as they were typed."""
    forms = [form[0][:80] for form in _FORM.finditer(page) if _TYPED.search(form[0])]
    names = [first or second for first, second in _LINK.findall(page)]
    return forms + [name for name in names if are_words(name)]


def test_there_are_pages() -> None:
    assert len(PAGES) > 60


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT / "pbx_bridge").as_posix())
def test_what_is_typed_is_sent_by_a_body(page: object) -> None:
    assert typed_into_addresses(page.read_text(encoding="utf-8")) == []  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "page",
    [
        '<form method="get" action="/x"><input type="search" name="q"></form>',
        '<a href="?{{ {"q": query, "sort": one}|urlencode }}">',
        '<a href="/x?nummer={{ number }}">',
    ],
)
def test_each_kind_is_seen(page: str) -> None:
    assert typed_into_addresses(page)
