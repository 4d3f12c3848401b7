"""The patterns that `callback_time` looks for in a text that `when_words` has made plain."""

from __future__ import annotations

import re
from datetime import time, timedelta

FRIDAY = 4

DAYS = {"heute": 0, "today": 0, "morgen": 1, "tomorrow": 1, "übermorgen": 2, "uebermorgen": 2}
WEEKDAYS = ("mo", "di|tu", "mi|we", "do|th", "fr", "sa", "so|su")
LATEST = {
    "früh": time(9), "morgens": time(9), "vormittag": time(12), "morning": time(12),
    "mittag": time(12), "noon": time(12), "nachmittag": time(17), "afternoon": time(17), "abend": time(20),
    "evening": time(20),
}  # fmt: skip
UNITS = {
    "m": timedelta(minutes=1), "s": timedelta(hours=1), "h": timedelta(hours=1), "t": timedelta(days=1),
    "d": timedelta(days=1), "w": timedelta(weeks=1),
}  # fmt: skip
MONTHS = (
    "jan", "feb", "mär|mae|mar", "apr", "mai|may", "jun", "jul", "aug", "sep", "okt|oct", "nov", "dez|dec",
)  # fmt: skip

MONTH = r"(?P<name>(?:" + "|".join(MONTHS) + r")[a-zä]*)\.?"
YEAR = r",?\s(?=20[2-4]\d\b)"
"""Behind a day, and apart from it, other four digits are a time: "27.11. 1530"."""
RELATIVE = re.compile(
    r"in\s+(?P<n>[1-9]\d{0,2}(?:[.,]\d\d?)?|0[.,]\d\d?|eine[rmn]?|ner|an?|der)\s*"
    r"(?P<unit>m(?:in(?:ute[ns]?)?)?|h(?:ours?)?|std|stunden?|t(?:age?n?)?|days?|w(?:oche[n]?|eeks?)|monat(?:en?)?|months?)"
    r"\.?"
)
ISO = re.compile(r"\b(?P<long>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)\b")
GERMAN = re.compile(
    rf"\b(?P<d>\d{{1,2}})\.\s?(?P<m>\d{{1,2}})\.(?:(?:{YEAR})?(?P<long>\d{{4}})|(?P<short>\d{{2}})(?![\d:]|\s?uhr))?"
)
SLASH = re.compile(r"\b(?P<d>\d{1,2})/(?P<m>\d{1,2})(?:/(?:(?P<long>\d{4})|(?P<short>\d{2})))?\b")
WRITTEN = re.compile(
    rf"\b(?P<d>\d{{1,2}})(?:\.|st|nd|rd|th)?\s?(?:of\s)?{MONTH}(?:{YEAR}(?P<long>\d{{4}}))?\b"
)
WRITTEN_BACK = re.compile(rf"\b{MONTH}\s(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:{YEAR}(?P<long>\d{{4}}))?\b")
DOTTED = re.compile(r"\b(?P<d>\d{1,2})\.(?P<m>\d{1,2})\b(?!\s?(?:uhr|h\b|[ap]\.?m)|[.\d:])")
OF_MONTH = re.compile(r"\b(?P<d>\d{1,2})\.(?!\s?\d|\s?uhr)(?=\s|$)")
NAMED = re.compile(rf"\b(?P<name>{'|'.join(sorted(DAYS, key=len, reverse=True))})\b")
WEEKDAY = re.compile(
    r"\b(?P<how>(?:nächste[nrsm]?|kommende[nrsm]?|diese[nrsm]?|übernächste[nrsm]?|next|this|coming)\s+)?"
    r"(?P<w>mo(?:n(?:tags?|day)?)?|di(?:enstags?)?|tu(?:e(?:sday)?)?|mi(?:ttwochs?)?|we(?:d(?:nesday)?)?"
    r"|do(?:nnerstags?)?|th(?:u(?:rsday)?)?|fr(?:i(?:day)?|eitags?)?|sa(?:t(?:urday)?|mstags?)?"
    r"|so(?:nntags?)?|su(?:n(?:day)?)?)\b[.,]?"
)
WEEK = re.compile(
    r"\b(?:(?P<part>anfang|beginn|mitte|ende|beginning|middle|end)\s+(?:of\s+)?)?"
    r"(?P<how>nächste[nr]?|kommende[nr]?|diese[nr]?|übernächste[nr]?|next|this)?\s*(?P<week>wochenende|weekend|woche|week)\b"
)
MONTH_END = re.compile(
    r"\b(?:ende\s+(?:des\s+|diese[sn]\s+)?monats?|monatsende|end\s+of\s+(?:the\s+|this\s+)?month)\b"
)
LATER_WEEK = re.compile(r"\b(?:in|über)\s+(?P<n>\d|eine[rm]?|a|an)\s+(?:woche[n]?|weeks?)\b|\ba week\b")
CLOCK = re.compile(
    r"\b(?P<h>\d{1,2})(?:(?:[:.h]?|\s?uhr\s?)(?P<min>\d\d))?(?P<said>\s?(?:uhr|h\b))?\s?(?P<half>[ap]\.?m\b\.?)?(?!\d)"
)
PART = re.compile(rf"\b(?P<part>{'|'.join(LATEST)})s?\b")
PARTS_OF_WEEK = {
    "anfang": 0,
    "beginn": 0,
    "beginning": 0,
    "mitte": 2,
    "middle": 2,
    "ende": FRIDAY,
    "end": FRIDAY,
}
