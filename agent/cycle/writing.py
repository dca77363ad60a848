"""How values, names and sentences of a quarter's plan are written, and what they cite."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal

from agent.cycle.view import CycleCell, State
from agent.plan_sources import Sources, long_day, value_text
from agent.plan_tables import in_hours
from agent.render import MINUS, NotWritable, render
from agent.view import Part, Pill
from agent.view import Sentence as Said
from domain.cycle import CycleSection, Figure, Sentence
from domain.evidence import CalculationSource, Evidence, Ledger

UNKNOWN = "unknown"
MOST_CHANGES = 15
"""Changes that a page or a file shows at once; the rest is folded away or counted."""
NUMERIC = frozenset({"money", "count", "share", "change", "ratio", "hours", "days", "points"})
_PLAIN = ("touches",)
"""Metrics whose ratio is a number of things a week, not a multiple."""
_PERCENT = ("attainment_spread",)
"""Ratios that people read as a share: a coefficient of variation."""
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Hand:
    """Writes what a content says, and numbers sources in the order of asking.

    Parameters
    ----------
    ledger
        The ledger of the content; every figure is in it.
    currency
        ISO 4217 code of the book.
    names
        Names by entity (`account:A-1`, `rep:R-2`) for what the ledger does not name.
    fresh
        Says in words how fresh a fact is; nothing is said without it.
    """

    def __init__(
        self,
        ledger: Ledger,
        currency: str,
        names: Mapping[str, str],
        fresh: Callable[[Evidence], str] | None = None,
    ) -> None:
        self.ledger = ledger
        self.currency = currency
        self.sources = Sources(ledger, currency, fresh)
        self.cited: set[str] = set()
        self._names = names

    def name(self, entity: str) -> str:
        """Name an entity; its id where nothing does."""
        found = self.ledger.find(entity, "name")
        if found is not None:
            return value_text(found, self.currency)
        return self._names.get(entity) or entity.rpartition(":")[2]

    def account(self, account_id: str) -> str:
        """Name an account."""
        return self.name(f"account:{account_id}")

    def rep(self, rep_id: str | None) -> str:
        """Name a rep; `nobody` for none."""
        return self.name(f"rep:{rep_id}") if rep_id else "nobody"

    def subject(self, entity: str) -> str:
        """Name a subject that may be a part of an account: `deal Winter order of Acme`."""
        whole, _, part = entity.partition("/")
        if not part:
            return self.name(whole)
        kind, _, key = part.partition(":")
        word = {"opportunity": "deal", "contact": "contact", "document": "note"}.get(kind, kind)
        found = self.ledger.find(entity, "name") or self.ledger.find(entity, "line")
        named = value_text(found, self.currency) if found else self._names.get(entity, key)
        return f"{word} {named} of {self.name(whole)}"

    def cell(self, figure: Figure, *, signed: bool = False, small: str = "") -> CycleCell:
        """Write a figure; one that is unknown says so, and why."""
        numeric = figure.unit in NUMERIC
        if figure.value is None:
            return CycleCell(text=UNKNOWN, numeric=numeric, state="muted", small=small)
        evidence = self.ledger.entries.get(figure.evidence_id or "")
        text = value_text(evidence or _bare(figure), self.currency)
        if figure.unit == "ratio" and any(word in figure.metric for word in _PLAIN):
            text = text.removesuffix("x")
        elif figure.unit == "ratio" and figure.metric in _PERCENT:
            text = f"{Decimal(figure.value) * 100:,.0f} %"
        if signed and numeric and not text.startswith((MINUS, "+")) and positive(figure):
            text = f"+{text}"
        named = evidence is None or figure.unit == "name"
        cited = None if named or evidence is None else self.sources.cite(evidence)
        return CycleCell(text=text, evidence_id=cited, numeric=numeric, small=small)

    def text(self, figure: Figure) -> str:
        """Write a figure for a line of words; its sources are numbered all the same."""
        return self.cell(figure).text

    def pairs(self, figures: Iterable[Figure]) -> tuple[tuple[str, CycleCell], ...]:
        """Write figures with their labels; a note goes beneath."""
        return tuple((item.label, self.cell(item, small=item.note)) for item in figures)

    def say(self, sentence: Sentence, *, guess: bool = False, cited: bool = True) -> Said:
        """Render a sentence with its marks; a damaged one says so in its place.

        A `guess` is marked as one where it stands, so that no remark repeats it. What is
        not `cited` is left out of the sources of paper and files.
        """
        claim = sentence.claim
        try:
            parts = render(claim, self.ledger, self.currency)
            pills = self.sources.pills(claim, sentence)
        except NotWritable:
            parts = (Part(text="A sentence that can no longer be read was left out."),)
            pills = (Pill(label="no source", kind="none", evidence_id=None),)
        found = {pill.evidence_id for pill in pills if pill.evidence_id}
        for part in parts:
            evidence = self.ledger.entries.get(part.evidence_id or "")
            if evidence is not None and evidence.kind == "calculation":
                found.add(self.sources.cite(evidence))
        if cited:
            self.cited |= found
        remarks = [finding.message for finding in sentence.findings]
        if claim.kind == "assumption" and not guess:
            remarks.append("Assumption.")
        if sentence.mark == "weak" and not sentence.findings:
            remarks.append("Paraphrase: compare it with the source.")
        return Said(
            key=claim.key,
            parts=parts,
            pills=pills,
            mark=sentence.mark,
            outcome=sentence.outcome,
            remarks=tuple(dict.fromkeys(remarks)),
        )

    def all_of(self, sentences: Iterable[Sentence], section: CycleSection) -> tuple[Said, ...]:
        """Render the sentences of one section, in order."""
        return tuple(self.say(item) for item in sentences if item.section == section)


def _bare(figure: Figure) -> Evidence:
    """Return a value as evidence of nothing, so that it is written like any other."""
    source = CalculationSource(analysis="", version=0, arguments_hash="", pointer="")
    return Evidence(
        entity="", metric=figure.metric, value=figure.value or "", unit=figure.unit, source=source
    )


def unknowns(figures: Iterable[Figure]) -> tuple[str, ...]:
    """Say once why values of a table are unknown: `Stage: no open deal`."""
    told = (f"{item.label} unknown: {item.note}" for item in figures if item.value is None)
    return tuple(dict.fromkeys(line.rstrip(":. ") + "." for line in told))


def number_of(figure: Figure) -> Decimal | None:
    """Return a figure's value as a number; None where it is unknown or no number."""
    if figure.value is None or figure.unit not in NUMERIC:
        return None
    return Decimal(figure.value)


def positive(figure: Figure) -> bool:
    """Say whether a figure is a number above nought."""
    value = number_of(figure)
    return value is not None and value > 0


def weekday(day: date) -> str:
    """Write a day with its weekday: `Thu 7 Jan 2027`."""
    return f"{WEEKDAYS[day.weekday()]} {long_day(day)}"


def short_day(day: date) -> str:
    """Write a day within a known year: `Thu 7 Jan`."""
    return weekday(day).rpartition(" ")[0]


def hours(amount: str | Decimal) -> str:
    """Write hours: `4.5 h`."""
    return f"{in_hours(str(amount))} h"


def plain(text: str, *, state: State = "", numeric: bool = False, small: str = "") -> CycleCell:
    """Return a cell of words that cite nothing."""
    return CycleCell(text=text, state=state, numeric=numeric, small=small)


def listed(items: Iterable[str], most: int = 0) -> str:
    """Join names: `A, B and C`; after `most`, the rest is counted."""
    names = list(items)
    if most and len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
