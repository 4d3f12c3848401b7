"""What a company keeps as a list in an order of its own, answers to questions and text blocks: what may stand
in it, and how much."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from rules.customers import text_blocks
from rules.fault import Fault

Texts = Mapping[str, str]


def _nothing_else(_: Texts) -> Iterable[Fault]:
    """For what is right whenever it is there and not too long."""
    return ()


@dataclass(frozen=True, slots=True)
class OrderedList:
    """`kind`: as stored; codes of what is done to it and of its own faults begin with it. `longest`: its
    texts in the order of a form, with their longest lengths; `most`: entries of a company; `check`: what else
    may be wrong with the texts."""

    kind: str
    longest: Mapping[str, int]
    most: int
    check: Callable[[Texts], Iterable[Fault]] = _nothing_else

    def trimmed(self, values: Texts) -> dict[str, str]:
        """The texts of an entry as they are stored."""
        return {name: values[name].strip() for name in self.longest}

    def faults(self, values: Texts) -> Iterator[Fault]:
        """What is wrong with the texts of an entry."""
        for name, text in self.trimmed(values).items():
            most = self.longest[name]
            if not text:
                yield Fault(name, "required")
            elif len(text) > most:
                yield Fault(name, "too_long", {"max": str(most), "length": str(len(text))})
        yield from self.check(values)

    def faults_of_new(self, values: Texts, there: int) -> Iterator[Fault]:
        """The same of one more, where so many are there."""
        yield from self.faults(values)
        if there >= self.most:
            yield Fault(next(iter(self.longest)), f"{self.kind}_full", {"max": str(self.most)})


def _gaps(values: Texts) -> Iterator[Fault]:
    """A gap that no call fills."""
    if gap := next(text_blocks.unknown_gaps(values["text"]), ""):
        yield Fault("text", "text_block_gap", {"found": gap})


FAQ = OrderedList(
    kind="faq",
    longest={"question": 300, "answer": 2000},
    most=1_000,  # more answers nobody finds while a caller waits
)
TEXT_BLOCKS = OrderedList(kind="text_block", longest=text_blocks.LONGEST, most=text_blocks.MOST, check=_gaps)
