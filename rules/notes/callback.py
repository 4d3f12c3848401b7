"""Whether anybody is to call back: as the agent said, else as number, time and concern let one think."""

from __future__ import annotations

import re

_NEEDED = r"(?:nötig|notwendig|erforderlich|erwünscht|gewünscht|gewollt|erbeten|vonnöten)"
_END = r"\s*(?:$|\b(?:da|weil|denn|und|danke)\b)"
_AGAIN = r"(?:wieder|erneut|noch|noch ?(?:ein)?mal|nochmals|selbst|selber|später|nachher|dann|morgen|heute)"
_WHO = r"(?:(?:er|sie|anrufer|anruferin|kunde|kundin|(?:herr|frau) \w+) )?"
_CALL = r"\b(?:rückruf|rueckruf|rr)"
_SAYS_NO = (
    rf"\bkein(?:en|e|er)? (?:weiteren? )?{_CALL}(?: ist)?(?: mehr)?(?: {_NEEDED})?{_END}",
    rf"{_CALL}(?: ist| wäre| wird)? (?:nicht (?:mehr )?{_NEEDED}|unnötig|überflüssig){_END}",
    rf"{_CALL}(?: hat| ist)?(?: sich)?(?: damit| bereits| schon)? (?:erledigt|erübrigt)(?: sich)?{_END}",
    r"^(?:(?:bitte|sie|er|es|man|wir|muss|müssen|soll|sollen|braucht|brauchen) ?)*"
    r"nicht (?:mehr )?(?:zurück ?(?:zu)? ?rufen|zurückgerufen (?:zu )?werden)$",
    r"\b(?:will|möchte|muss|braucht) nicht (?:mehr )?zurückgerufen (?:zu )?werden$",
    rf"^{_WHO}ruft (?:{_AGAIN} )+an$",
    rf"^{_WHO}meldet sich(?: {_AGAIN})+$",
    r"\bno (?:call ?back|need (?:to call|for a call) ?back|return call)"
    r"(?: is)?(?: needed| necessary| required| wanted)?$",
    r"\bcall ?back (?:is )?(?:not|no longer) (?:needed|necessary|required|wanted)$",
    r"^(?:(?:please|you|we) )?(?:do not|don't|need not|needn't|don't need to) call (?:\w+ )?back$",
    r"^(?:(?:he|she|they|the caller|caller) )?(?:will|'ll) (?:call|ring|try) (?:back|again)"
    r"(?: later| tomorrow)?$",
)
_NO = re.compile("|".join(_SAYS_NO))
"""What a clause says plainly; "nicht vor 14 Uhr zurückrufen" and "kein Rückruf vor Montag" say otherwise."""
_YES = re.compile(
    r"\b(?:rückruf|rueckruf|rr|zurück ?(?:zu)? ?rufen|ruf\w* \w* ?zurück|call\w* (?:\w+ )?back|return call)\b"
)
_NOW = re.compile(r"\b(?:heute|morgen|vor|bis|am|vormittags?|nachmittags?|today|before|until)\b")
_NONE = re.compile(r"\b(?:kein|no)")
_LOOKED_AT = 4_000
"""Letters: no concern that is stored has more."""


def says_no(concern: str) -> bool:
    """True when the text says that nobody needs to call back, and nothing in it asks for a call."""
    text = concern[:_LOOKED_AT].casefold()
    clauses = [" ".join(clause.split()) for clause in re.split(r"[.,;:!?()\n–]|\s-\s", text)]
    denied = [bool(_NO.search(clause)) and not _is_for_now(clause) for clause in clauses]
    asked = [bool(_YES.search(clause)) for clause in clauses]
    return any(denied) and all(no for no, yes in zip(denied, asked, strict=True) if yes)


def _is_for_now(clause: str) -> bool:
    """ "Bis Montag kein Rückruf": after that, yes."""
    begins = _NOW.search(clause)
    return begins is not None and _NONE.search(clause, begins.end()) is not None


def wanted(said: bool | None, *, number: str, by: bool, concern: str, put_through: bool) -> bool:
    """What holds: what the agent said; else a time to call by, else a number, unless the text says no.

    `number`: E.164 or ""; `put_through`: an employee took the call, who has heard what is wanted.
    """
    if said is not None:
        return said
    if put_through:
        return False
    return by or (bool(number) and not says_no(concern))
