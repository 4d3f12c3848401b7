"""What was promised and what was seen, by whom: collected while playing, printed as a table at the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rich.console import Console
from rich.markup import escape
from rich.table import Table

SHOWN = 90  # characters of a text


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """One observation of one person or machine."""

    who: str
    promised: str
    seen: str
    kept: bool


@dataclass(slots=True)
class Protocol:
    """The findings of one scenario; `seconds` it took."""

    title: str
    findings: list[ScenarioResult] = field(default_factory=list)
    seconds: float = 0

    def expect(self, who: str, what: str, promised: object, seen: object) -> None:
        """`who` should have seen exactly `promised`."""
        self.findings.append(
            ScenarioResult(who, f"{what}: {_short(promised)}", _short(seen), kept=promised == seen)
        )

    def see(self, who: str, promised: str, seen: object, *, kept: object) -> None:
        """`who` saw `seen`; whether that is as promised has been judged already."""
        self.findings.append(ScenarioResult(who, promised, _short(seen), kept=bool(kept)))

    @property
    def kept(self) -> bool:
        """Everything was as promised, and something was promised at all."""
        return bool(self.findings) and all(finding.kept for finding in self.findings)


def show(protocols: Sequence[Protocol], console: Console) -> int:
    """Print the table and one line that sums it up; the exit status."""
    table = Table("scenario", "who", "promised", "seen", "", title_justify="left", show_lines=False)
    for protocol in protocols:
        for row in _rows(protocol):
            table.add_row(*row)
        table.add_section()
    console.print(table)
    broken = [protocol.title for protocol in protocols if not protocol.kept]
    promises = sum(len(protocol.findings) for protocol in protocols)
    if broken:
        console.print(
            f"{len(broken)} of {len(protocols)} scenarios not as promised: {escape('; '.join(broken))}"
        )
        return 1
    console.print(f"{len(protocols)} scenarios, {promises} promises, all kept.")
    return 0


def _rows(protocol: Protocol) -> Iterator[tuple[str, str, str, str, str]]:
    title = f"{protocol.title} ({protocol.seconds:.1f} s)"
    for finding in protocol.findings or [ScenarioResult("-", "something to see", "nothing", kept=False)]:
        mark = "[green]ok[/]" if finding.kept else "[bold red]NO[/]"
        yield escape(title), escape(finding.who), escape(finding.promised), escape(finding.seen), mark
        title = ""


def _short(value: object) -> str:
    text = " ".join(str(value).split()) if value not in ("", None) else "–"
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
