"""A whole secretariat for stories: the service as a process, a real PBX, everybody's telephones, the mail."""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Browser

from pbx_bridge.asterisk.far_end import FarEnd, FarEndCaller, Handset
from pbx_bridge.demo import cast
from pbx_bridge.demo.cast import DemoLogIn
from pbx_bridge.demo.desk_client import Desk
from pbx_bridge.desk import protocol as p
from tests.browser.stories.people import PATIENCE, Agent, AtForms, Person
from tests.integration.test_pbx_nobody_free import spool
from tests.integration.whole_house import WholeHouse, signed_out, text_of
from tests.until import until

LINES = dict(zip((company["name"] for company in cast.script()["customer"]), cast.own_lines(), strict=True))
HANS = "491713920042"
"""Hans Müller, a VIP of Mustermann AG."""
STRANGER = "491713920077"


@dataclass
class Secretariat:
    """`cookies`: of those who have logged in once; a log-in outlives a window."""

    house: WholeHouse
    cookies: dict[str, list[Any]] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    browser: Browser = field(init=False)
    here: list[Agent] = field(default_factory=list)

    @property
    def far(self) -> FarEnd:
        return self.house.phones.far

    @property
    def recordings(self) -> Path:
        """Where the PBX keeps what callers say after the tone until the service has it."""
        return spool(self.house.phones)

    # ---- people

    async def agent(self, login: str) -> Agent:
        """At the desk, not yet ready; the phone rings until it is picked up."""
        page = await self._page(login)
        agent = Agent(page=page, phone=_who(login).phone, far=self.far)
        await agent.opens(f"{self.house.url}/desk", "#desk[data-connection=up]")
        self.here.append(agent)
        return agent

    async def ready(self, login: str) -> Agent:
        agent = await self.agent(login)
        await agent.is_ready()
        return agent

    async def talking(self, login: str, company: str = "Mustermann AG", number: str = STRANGER) -> Agent:
        """With somebody who has called this company; the keys are counted from here on."""
        agent = await self.ready(login)
        await self.call(company, number)
        await agent.picks_up()
        await self.far.converse(self.house.callers[-1], agent.phone)
        agent.strokes = 0
        return agent

    async def supervisor(self) -> Person:
        """Who sees the whole floor."""
        person = Person(page=await self._page("leitung"))
        await person.opens(f"{self.house.url}/floor", "[data-drawn]")
        return person

    async def _page(self, login: str) -> Any:
        context = await self.browser.new_context(viewport={"width": 1280, "height": 800}, locale="de-DE")
        page = await context.new_page()
        if login not in self.cookies:
            who = _who(login)
            await page.goto(f"{self.house.url}/login")
            await page.fill("[name=login]", who.login)
            await page.fill("[name=password]", who.password)
            await page.keyboard.press("Enter")
            await page.wait_for_url(lambda url: "/login" not in url)
            self.cookies[login] = list(await context.cookies())
        await context.add_cookies(self.cookies[login])
        return page

    async def operator(self) -> AtForms:
        """In front of the office's first page."""
        person = AtForms(page=await self._page("leitung"))
        await person.opens(f"{self.house.url}/admin", "#navigation")
        return person

    async def customer(self, login: str) -> AtForms:
        """Somebody of a company, on the first page of the portal."""
        person = AtForms(page=await self._page(login))
        await person.opens(f"{self.house.url}/portal", "#navigation")
        return person

    async def invited(self, address: str, password: str) -> AtForms:
        """Somebody who opens the invitation that came to this address, chooses a password and logs in."""
        await until(lambda: self._invitations(address), PATIENCE, f"an invitation to {address}")
        context = await self.browser.new_context(viewport={"width": 1280, "height": 800}, locale="de-DE")
        person = AtForms(page=await context.new_page())
        await person.opens(self._invitations(address)[-1], "[name=again]")
        await person.fills(password=password, again=password)
        await person.presses("Speichern und anmelden")
        await person.sees("[name=password][autocomplete=current-password]")
        await person.fills(login=address, password=password)
        await person.presses("Anmelden")
        return person

    def _invitations(self, address: str) -> list[str]:
        """The links in the invitations to this address, the oldest first."""
        mails = [mail for mail in self.house.arrived("/einladung/") if address in str(mail["To"])]
        return [found[0] for mail in mails if (found := re.search(r"http\S+/einladung/\S+", text_of(mail)))]

    # ---- telephones

    async def call(self, company: str = "Mustermann AG", number: str = STRANGER) -> FarEndCaller:
        """Somebody calls this company."""
        caller = await self.far.call(LINES[company].lstrip("+"), number)
        self.house.callers.append(caller)
        return caller

    async def caller_talks_to(self, name: str) -> None:
        """The last one who called and this agent (log-in) or employee hear each other, and nobody else."""
        phone = name if any(agent.phone == name for agent in self.here) else self.extension(name)
        await self.far.converse(self.house.callers[-1], phone)

    def extension(self, name: str) -> str:
        """Of somebody of the cast, as the PBX dials it."""
        return self.house.person(name).extension.lstrip("+")

    async def is_busy(self, name: str) -> None:
        """This employee telephones."""
        number = self.extension(name)
        self.told.add(number)
        await self.far.behave(number, "busy")

    async def rings(self, name: str) -> Handset:
        """This employee's phone does."""
        return await self.far.rang(self.extension(name), PATIENCE)

    async def picks_up(self, name: str) -> None:
        """This employee, whose phone rings."""
        await self.rings(name)
        await self.far.pick_up(self.extension(name))

    async def mail(self, words: str) -> str:
        """The whole of the first mail with these words, which is on its way."""
        await until(lambda: self.house.arrived(words), PATIENCE, f"a mail: {words}")
        return self.house.arrived(words)[0].as_string()

    # ---- what goes wrong

    @asynccontextmanager
    async def killed(self) -> AsyncIterator[None]:
        """The service is dead by `kill -9` until the end of the block, and then there again."""
        await self.house.service.kill()
        try:
            yield
        finally:
            await self.house.service.start()

    @asynccontextmanager
    async def without_pbx(self) -> AsyncIterator[None]:
        """The PBX is shut down until the end of the block, and then there again."""
        await self.house.phones.pbx.stop()
        try:
            yield
        finally:
            await self.house.phones.pbx.start()

    # ---- between two stories

    async def tidy(self) -> None:
        """Nobody telephones, nobody is in the queue, and no note is to be written."""
        await self.house.hang_up()
        for agent in self.here:
            await self.far.hang_up(agent.phone)
        for number in self.told:
            await self.far.behave(number, "ring")
        self.told.clear()
        people = (person for company in self.house.companies for person in company.employees)
        for number in [agent.phone for agent in self.here] + [person.extension for person in people]:
            await self.far.over(number.lstrip("+"), PATIENCE)
        await asyncio.gather(*(self._leave(login) for login in {agent.phone for agent in self.here}))
        for agent in self.here:
            await agent.leaves()
        self.here.clear()

    async def _leave(self, login: str) -> None:
        """Whatever is on the screen, also what comes to it meanwhile."""
        end = time.monotonic() + 2 * PATIENCE
        async with Desk(self.house.url, _who(login)) as desk:
            while desk.picture.calls:
                if time.monotonic() > end:
                    raise TimeoutError(f"{login} still has {desk.picture.calls}")
                for view in [call.view for call in desk.picture.calls if _way_out(call)]:
                    await _left(desk, view)
                with contextlib.suppress(TimeoutError):
                    await desk.until(lambda now: not now.calls, "no call", 1)
            await signed_out(desk)


async def _left(desk: Desk, view: p.CallView) -> None:
    """As an agent does: once more, when the desk says that it could not be stored."""
    end = time.monotonic() + PATIENCE
    while True:
        if view.correction:
            answer = await desk.ask(p.PutAway, call=view.call)
        else:
            answer = await desk.ask(p.CloseCall, call=view.call, reason="other")
        if answer.ok or desk.open(view.call) is None:
            return
        if time.monotonic() > end:
            raise TimeoutError(f"{desk.who.name} cannot leave the call: {answer.code}")
        await asyncio.sleep(0.2)


def _way_out(call: p.OpenCall) -> bool:
    """Whether an agent may leave it."""
    return not {"put_away", "close_call"}.isdisjoint(call.view.may)


def _who(login: str) -> DemoLogIn:
    return next(who for who in cast.log_ins() if who.login == login)
