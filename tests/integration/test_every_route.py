"""Every route of the application, found in its router: what strangers, the wrong roles and other companies
may send to it, and what no text may do. On both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import quote, urlencode

import aiohttp
import pytest

from pbx_bridge.auth.permissions import PUBLIC, in_view, may, roles_of
from pbx_bridge.storage.access.accounts import Role
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.sql import batches
from tests.every_route import (
    GAPS,
    KEYS,
    NOBODY,
    VIEWER,
    Form,
    Seen,
    Street,
    Way,
    forms_in,
    ids,
    names_read,
    street,
)
from tests.planted import texts

ODD = "a\x00b\x01c\x1bd\u202ee\ufefff\u2028g\x7f\x85%00%ff\\u0000"
LONG = "x" * 21_000
HALF = "%ED%A0%80"
"""Half a character, as some programs write it in UTF-8; for where texts are escaped already."""
COMPANY = (Role.CUSTOMER.value, Role.SUBACCOUNT.value)
SHUT = frozenset({303, 401, 403, 404})
HIDDEN = frozenset({"once", "version", "csrf"})
"""What a form has that does something to what others need: it comes last."""
EVERYBODYS = frozenset({"logout"})
"""Does the same for everybody, and ends what the others need."""


@pytest.fixture
async def walked(db: Database) -> AsyncIterator[Street]:
    async with street(db) as opened:
        yield opened


def test_each_gap_of_a_path_is_thought_of() -> None:
    assert not GAPS.keys() & KEYS


async def test_without_log_in_and_in_the_wrong_role_no_route_opens(walked: Street) -> None:
    wrong = list[str]()
    values = ids(walked.own)
    for way in walked.ways:
        assert set(way.gaps) <= GAPS.keys() | KEYS, f"{way}: what is its gap?"
        roles = roles_of(way.name)
        assert roles is not None
        if roles is PUBLIC:
            continue
        for who in (NOBODY, *Role):
            if who != NOBODY and may(Role(who), way.name):
                continue
            seen = await walked.asks(who, way.method, way.filled(values))
            expected = {303, 401} if who == NOBODY else {404}
            if seen.status not in expected or walked.own.is_in(seen.text):
                wrong.append(f"{seen.where}: {seen.status}")
    assert wrong == []


async def test_what_belongs_to_another_company_does_not_exist(walked: Street, db: Database) -> None:
    """Every id of it in every path, form field and query parameter, by everybody of the first company."""
    before, wrong = await _foreign_rows(walked, db), list[str]()
    queries, fields = names_read()
    values = ids(walked.foreign)
    for way in walked.ways:
        for who in COMPANY:
            if not may(Role(who), way.name) or way.name in EVERYBODYS:
                continue
            path = way.filled(values)
            for named in (walked.foreign.id("employee"), walked.foreign.id("vip_caller")):
                query = "&".join(f"{name}={named}" for name in queries)
                form = dict.fromkeys(fields, named) if way.method == "POST" else None
                seen = await walked.asks(who, way.method, f"{path}?{query}", data=form)
                named_there = set(way.gaps) & GAPS.keys()
                if _broken(seen) or walked.foreign.is_in(seen.text):
                    wrong.append(f"{seen.where}: {seen.status}")
                elif named_there and seen.status < 400:
                    wrong.append(f"{seen.where}: {seen.status}, though it is another company's")
    assert wrong == []
    assert await _foreign_rows(walked, db) == before


async def test_in_a_customers_view_an_operator_is_that_company_and_no_other(
    walked: Street, db: Database
) -> None:
    """Every page of its main log-in, plainly marked; nothing of another company, and no log-in changed."""
    before, wrong, seen_pages = await _foreign_rows(walked, db), list[str](), 0
    own, foreign = ids(walked.own), ids(walked.foreign)
    for way in walked.ways:
        is_open = in_view(way.method, way.name)
        if is_open is None:
            continue
        seen = await walked.asks(VIEWER, way.method, way.filled(foreign))
        if not is_open:
            wrong += [f"{seen.where}: {seen.status}"] if seen.status != 403 else []
        elif _broken(seen) or walked.foreign.is_in(seen.text):
            wrong.append(f"{seen.where}: {seen.status}")
        elif set(way.gaps) & GAPS.keys() and seen.status < 400:
            wrong.append(f"{seen.where}: {seen.status}, though it is another company's")
        if way.method == "GET" and not set(way.gaps) & KEYS:
            seen = await walked.asks(VIEWER, "GET", way.filled(own))
            is_page = "<main" in seen.text and seen.status == 200
            seen_pages += is_page
            as_itself = await walked.asks(Role.CUSTOMER.value, "GET", way.filled(own))
            if seen.status != as_itself.status or (is_page and "/admin/ansicht/beenden" not in seen.text):
                wrong.append(f"{seen.where}: {seen.status}, not as the company sees it")
    assert not wrong, "\n".join(wrong)
    assert seen_pages > 25
    assert await _foreign_rows(walked, db) == before


async def _foreign_rows(walked: Street, db: Database) -> dict[str, list[str]]:
    found = await texts(db)
    return {name: [one for one in all_ if walked.foreign.is_in(one)] for name, all_ in found.items()}


async def test_no_form_is_taken_from_another_site_or_without_its_token(walked: Street) -> None:
    wrong, values = list[str](), ids(walked.own)
    elsewhere = ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"})
    for way in walked.ways:
        if way.method in {"GET", "HEAD", "OPTIONS"}:
            continue
        who, path = walked.first(way), way.filled(values)
        for headers in elsewhere:
            seen = await walked.asks(who, way.method, path, headers=headers)
            wrong += [f"{seen.where} {headers}: {seen.status}"] if seen.status != 403 else []
        if roles_of(way.name) is not PUBLIC:
            for form in (None, {"csrf": "x"}, {"csrf": ""}):
                seen = await walked.asks(who, way.method, path, token=False, data=form)
                wrong += [f"{seen.where} {form}: {seen.status}"] if seen.status != 403 else []
    assert wrong == []


async def test_no_text_in_a_path_or_query_is_too_odd(walked: Street, db: Database) -> None:
    failed, queries = list[str](), names_read()[0]
    assert len(queries) > 8
    for way in walked.ways:
        who = walked.first(way)
        own = ids(walked.own)
        for text in (quote(ODD), LONG[:3_000], HALF, "%00", "..%2f..%2f"):
            for gap in way.gaps:
                path = way.filled({**ids_but(own, gap), gap: "GAP"}).replace("GAP", text)
                failed += _broken(await walked.asks(who, way.method, path))
            if way.method == "GET" and text != quote(ODD):
                everywhere = "&".join(f"{name}={text[:900]}" for name in queries)
                failed += _broken(await walked.asks(who, "GET", f"{way.filled(own)}?{everywhere}"))
        if way.method == "GET":
            # Few at a time: a name that is refused at once hides what comes of the next one.
            for some in batches(sorted(queries), 6):
                odd = "&".join(f"{name}={quote(ODD)}" for name in some)
                failed += _broken(await walked.asks(who, "GET", f"{way.filled(own)}?{odd}"))
    assert failed == []
    await _clean(db)


async def test_what_is_typed_is_escaped_once(db: Database) -> None:
    read, twice = 0, list[str]()
    async with street(db, "O'Nei&l <b>") as walked:
        values = ids(walked.own)
        for way in (way for way in walked.ways if way.method == "GET"):
            for who in (role for role in Role if may(role, way.name)):
                seen = await walked.asks(who, "GET", way.filled(values))
                read += "O&#39;Nei&amp;l &lt;b&gt;" in seen.text
                twice += [seen.where] if "&amp;amp;" in seen.text or "&amp;#39;" in seen.text else []
    assert read > len(Role), "somewhere it must be seen"
    assert twice == []


async def test_no_text_in_a_form_is_too_odd(walked: Street, db: Database) -> None:
    """Each field of each form that a page has, and each field that is read of each route without one."""
    forms, failed = await _forms(walked), list[str]()
    assert len(forms) > 25
    for (who, _, _), form in sorted(forms.items(), key=lambda one: set(one[1].texts) <= HIDDEN):
        for name in form.texts:
            for text in (ODD, LONG):
                failed += _broken(await _sent(walked, who, form, {**form.fields, name: text}))
        failed += _broken(await _half(walked, who, form))
    met = {(form.method, form.action) for form in forms.values()}
    names, own = names_read()[1], ids(walked.own)
    for way in walked.ways:
        if way.method == "POST" and ("POST", way.filled(own)) not in met and way.name not in EVERYBODYS:
            for text in (ODD, LONG[:2_000]):
                sent = dict.fromkeys(names, text)
                failed += _broken(await walked.asks(walked.first(way), "POST", way.filled(own), data=sent))
    assert failed == []
    await _clean(db)


def ids_but(own: dict[str, str], gap: str) -> dict[str, str]:
    """Values for all other gaps."""
    return {name: one for name, one in own.items() if name.split()[-1] != gap}


async def _forms(walked: Street) -> dict[tuple[str, str, str], Form]:
    """Of every page, as everybody sees it who may; by who, method and action."""
    found: dict[tuple[str, str, str], Form] = {}
    for way in walked.ways:
        roles = [role.value for role in Role if may(role, way.name)] if way.method == "GET" else []
        for who in [NOBODY] if roles_of(way.name) is PUBLIC and way.method == "GET" else roles:
            path = way.filled(ids(walked.own))
            seen = await walked.asks(who, "GET", path)
            for form in forms_in(seen.text, path):
                if not form.action.endswith("/logout"):
                    found.setdefault((who, form.method, form.action), form)
    return found


async def _sent(walked: Street, who: str, form: Form, fields: dict[str, str]) -> Seen:
    if form.method == "GET":
        return await walked.asks(who, "GET", f"{form.action.partition('#')[0]}?{urlencode(fields)[:7_000]}")
    if not form.files:
        return await walked.asks(who, "POST", form.action, data=fields)
    parts = aiohttp.FormData()
    for name, value in fields.items():
        parts.add_field(name, value)
    for name in form.files:
        content = f"Name;E-Mail;Rufnummer;Info\n{ODD};{ODD};+49 30 7777;{ODD}\nx;y;{ODD};z\n".encode()
        parts.add_field(name, content, filename=f"a{ODD}.csv", content_type="text/csv")
    return await walked.asks(who, "POST", form.action, data=parts)


async def _half(walked: Street, who: str, form: Form) -> Seen:
    """Half a character in the first text, as no browser sends it."""
    if form.method == "GET" or form.files:
        return Seen(200, "", "")
    raw = "&".join(f"{name}={HALF}" for name in form.texts)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return await walked.asks(who, "POST", form.action, data=raw.encode(), headers=headers)


def _broken(seen: Seen) -> list[str]:
    no_pbx_here = seen.status == 503 and "/readyz" in seen.where
    return [f"{seen.where}: {seen.status}"] if seen.status >= 500 and not no_pbx_here else []


async def _clean(db: Database) -> None:
    for name, stored in (await texts(db)).items():
        for text in stored:
            assert "\x00" not in text, name
            text.encode()


def test_ways_are_named(request: pytest.FixtureRequest) -> None:
    assert Way("x", "GET", "/a/{b}/{c}").filled({"b": "ü/"}) == "/a/%C3%BC%2F/none"
