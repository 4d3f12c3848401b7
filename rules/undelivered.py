"""Why a message did not arrive, as people need to know it: what to mend, or that nobody can know."""

from __future__ import annotations

from enum import StrEnum

from rules.mail_answers import About


class Why(StrEnum):
    """`ADDRESS`: look at it; `MESSAGE`: refused as such; `TOO_OLD`: waited too long; `REPORTED`: the network
    says that the phone has not got it; `UNCERTAIN`: the other side fell silent at the last moment."""

    ADDRESS = "address"
    MESSAGE = "message"
    TOO_OLD = "too_old"
    REPORTED = "reported"
    UNCERTAIN = "uncertain"


def why(state: str, about: About, detail: str) -> Why:
    """`state`: failed or uncertain; `about` and `detail`: of the last try."""
    code = detail.partition(" ")[0]
    if state == "uncertain":
        return Why.UNCERTAIN
    if code == "too_old":
        return Why.TOO_OLD
    if code.startswith("report_"):
        return Why.REPORTED
    return Why.ADDRESS if about is About.ADDRESS else Why.MESSAGE
