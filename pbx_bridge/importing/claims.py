"""Numbers that two companies claim: refused, with both names, unless the file says whose they were."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pbx_bridge.importing.people import Known
from pbx_bridge.importing.section import Section
from rules.vocabulary import ServiceState


@dataclass(frozen=True, slots=True)
class Claim:
    """What one table of the file says: the company's `lines` and `public_numbers`, in E.164;
    `decides_public`: these and no others are its own; `takes_from`: companies that, it says, give theirs."""

    section: Section
    name: str
    lines: Sequence[str]
    public_numbers: Sequence[str]
    decides_public: bool
    takes_from: Collection[str]


def check(claims: Sequence[Claim], known: Known, names: Mapping[str, str]) -> None:
    """Each number that is somebody else's is a problem of whoever wants it. `names`: of companies by id."""
    _within(claims)
    lines = {number: names.get(line.customer_id or "", "") for number, line in known.lines.items()}
    decided = {claim.name for claim in claims if claim.decides_public}
    public = {
        number: company.name
        for company in known.customers.values()
        if company.name not in decided
        for number in company.public_numbers
    }
    for claim in claims:
        stored = known.customers.get(claim.name)
        has_ended = stored is not None and stored.service is ServiceState.ENDED
        if has_ended and (claim.lines or claim.public_numbers):
            what = f'"{claim.name}" has ended and has no numbers any more'
            claim.section.problem("lines", what, "Leave them out, or take the company up again in the office")
        _against(claim, "lines", claim.lines, lines)
        _against(claim, "public_numbers", claim.public_numbers, public)


def _against(claim: Claim, key: str, wanted: Sequence[str], owners: Mapping[str, str]) -> None:
    for number in filter(None, wanted):
        owner = owners.get(number, "")
        if owner and owner != claim.name and owner not in claim.takes_from:
            what = f'{number} is wanted for "{claim.name}" and belongs to "{owner}"'
            remedy = f'Leave it out, or say whose it was: takes_from = ["{owner}"]'
            claim.section.problem(key, what, remedy)


def _within(claims: Sequence[Claim]) -> None:
    """Two tables of one file."""
    for key in ("lines", "public_numbers"):
        first: dict[str, str] = {}
        for claim in claims:
            for number in filter(None, getattr(claim, key)):
                other = first.setdefault(number, claim.name)
                if other != claim.name:
                    what = f'{number} is claimed by "{other}" and by "{claim.name}"'
                    claim.section.problem(key, what, "Keep it with one of them")
