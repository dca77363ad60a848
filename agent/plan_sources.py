"""Numbered sources and computed values of a plan, in order of first citation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Protocol

from agent.render import MONTHS, NotWritable, format_value
from agent.view import Pill, PillKind, SourceView
from domain.coverage import CoverageModel
from domain.evidence import (
    CalculationSource,
    DocumentSource,
    Evidence,
    HumanSource,
    Ledger,
    RecordSource,
    Unit,
)
from domain.freshness import age_of
from domain.plan import Claim, Mark, Outcome, SlotFormat
from domain.territory_plan import PLAIN_NUMBERS

COMPUTED = "ƒ"
NO_SOURCE = "no source"
MOST_PILLS = 2

_FORMATS: Mapping[Unit, SlotFormat] = {
    "money": "money", "count": "number", "share": "percent", "change": "change",
    "ratio": "ratio", "hours": "hours", "days": "days", "points": "points", "date": "date",
    "text": "text", "name": "name",
}  # fmt: skip
_DOCUMENTS = {
    "note": "Note", "call_summary": "Call summary", "email": "E-mail",
    "market": "Market intelligence", "competitive": "Competitive intelligence",
}  # fmt: skip
_TABLES = {
    "accounts": "Account", "contacts": "Contact", "opportunities": "Opportunity", "reps": "Rep",
    "documents": "Document", "orders": "Order", "activities": "Activity",
    "market_companies": "Company of the market", "plans": "Plan",
}  # fmt: skip
_NOT_CRM = {"market_companies": "Market data", "plans": "Record of plans"}
_METRICS = {
    "net_spend_12m": "Net spend, 12 months", "net_spend_prior_12m": "Net spend, 12 months before",
    "spend_change_12m": "Change in net spend on the 12 months before",
    "potential_p50": "Potential, median of peers", "potential_p75": "Potential, upper quartile",
    "potential_p90": "Potential, top tenth", "open_potential": "Open potential",
    "peer_p75": "Upper quartile of peers", "chance": "Chance in 12 months",
    "worth": "Worth a year", "own_spend_12m": "Own spend, 12 months",
    "sister_spend": "Spend of its sister sites", "observed": "Seen",
    "order_value_span": "Net orders", "order_value_prior_span": "Net orders, a year before",
    "order_value_change": "Change in net orders on the year before",
    "order_value_difference": "Net orders less those of the year before",
    "orders_span": "Orders", "orders_prior_span": "Orders, a year before",
    "accounts_span": "Accounts", "deals_opened_span": "Deals opened",
    "deals_opened_value_span": "Amount of deals opened", "deals_won_span": "Deals won",
    "deals_won_value_span": "Amount of deals won", "deals_lost_span": "Deals lost",
    "deals_lost_value_span": "Amount of deals lost",
    "new_lines_span": "Product lines bought for the first time",
    "line_value_span": "Net orders of the line", "touches_span": "Touches",
    "touches_prior_span": "Touches, a year before", "documents_span": "Documents filed",
    "quiet_contacts_span": "Contacts gone quiet", "touch_every_days": "A touch every",
    "touch_hours": "A touch takes", "week_selling_hours": "Selling hours of the week",
    "week_planned_hours": "Hours of approved plans in the week",
    "week_free_hours": "Free hours of the week", "accounts_due": "Accounts with something due",
    "accounts_reached": "Accounts the hours reach", "cut_below": "Accounts below the line",
    "cut_hours_below": "Hours below the line",
    "spend_to_p75": "Net spend against the upper quartile", "rank_of": "Accounts ranked",
}  # fmt: skip
_OPERATIONS = {"sum": " + ", "difference": " − ", "ratio": " ÷ ", "share": " ÷ "}


def metric_label(metric: str) -> str:
    """Return a metric in words: `open_pipeline` is "Open pipeline"."""
    if metric.startswith("points:"):
        return f"Points for {metric.removeprefix('points:').replace('_', ' ')}"
    words = metric.replace("_12m", ", 12 months").replace("_90d", ", 90 days").replace("_", " ")
    return _METRICS.get(metric) or words[:1].upper() + words[1:]


def long_day(day: date) -> str:
    """Write a date as 14 Nov 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def value_text(evidence: Evidence, currency: str) -> str:
    """Write a value in the usual format of its unit."""
    form: SlotFormat = "decimal" if evidence.metric in PLAIN_NUMBERS else _FORMATS[evidence.unit]
    try:
        return format_value(evidence, form, currency)
    except NotWritable:
        return evidence.value


def freshness_at(coverage: CoverageModel, as_of: date) -> Callable[[Evidence], str]:
    """Return what says how fresh a fact is at a book's date; empty where nothing is to say."""

    def fresh(evidence: Evidence) -> str:
        age = age_of(evidence, coverage.freshness, as_of)
        return age.told if age is not None else ""

    return fresh


class Judged(Protocol):
    """What the verifier made of a claim."""

    @property
    def mark(self) -> Mark:
        """What kind of source it has."""
        ...

    @property
    def outcome(self) -> Outcome:
        """What became of it."""
        ...


class Sources:
    """Gives numbers to what is cited, in the order in which it is asked."""

    def __init__(
        self, ledger: Ledger, currency: str, fresh: Callable[[Evidence], str] | None = None
    ) -> None:
        """Number what of `ledger` is cited; `fresh` says how fresh a fact is, in words."""
        self._ledger = ledger
        self._currency = currency
        self._fresh = fresh or (lambda _: "")
        self._numbers: dict[str, str] = {}
        self._rows: dict[str, list[Evidence]] = {}
        self._quotes: dict[str, str] = {}
        self._computed: dict[str, Evidence] = {}

    def pills(self, claim: Claim, result: Judged | None) -> tuple[Pill, ...]:
        """Return at most two marks for a sentence: documents before records before cells."""
        if result is not None and result.mark == "none":
            return (Pill(label=NO_SOURCE, kind="none", evidence_id=None),)
        weak = result is not None and result.outcome == "flagged"
        spoken, cells, rows = [], [], []
        named = {slot.evidence_id for slot in claim.slots if slot.format in ("name", "text")}
        for citation in claim.citations:
            evidence = self._ledger.entries.get(citation.evidence_id)
            if evidence is None:
                continue
            if evidence.kind in ("document", "human"):
                quoted = bool(citation.quote) or evidence.kind == "human"
                spoken.append(self._pill(evidence, "weak" if weak or not quoted else "verified"))
                if citation.quote:
                    self._quotes.setdefault(evidence.id, citation.quote)
            elif evidence.kind == "calculation":
                cells.append(self._pill(evidence, "weak" if weak else "computed"))
            else:
                rows.append((evidence.id in named, evidence))
        if (not spoken and not cells) or any(not is_name for is_name, _ in rows):
            # A record that only lends its name needs no mark beside a better source.
            rows = [entry for entry in rows if not entry[0]] or rows
            if not (spoken and all(_about_document(item) for _, item in rows)):
                kind: PillKind = "weak" if weak else "verified"
                spoken += [self._pill(item, kind) for _, item in rows]
        return _at_most_two(spoken, cells)

    def cite(self, evidence: Evidence) -> str:
        """Number or file evidence that a table cell shows; return the id to link to."""
        return self._pill(evidence, "computed").evidence_id or evidence.id

    def mark(self, evidence: Evidence) -> Pill:
        """Number or file evidence that is cited by itself; return its mark."""
        if evidence.kind == "document":
            self._quotes.setdefault(evidence.id, evidence.value)
        return self._pill(evidence, "computed" if evidence.kind == "calculation" else "verified")

    def _pill(self, evidence: Evidence, kind: PillKind) -> Pill:
        if evidence.kind == "calculation":
            self._computed.setdefault(evidence.id, evidence)
            return Pill(label=COMPUTED, kind=kind, evidence_id=evidence.id)
        key = evidence.id
        if isinstance(evidence.source, RecordSource):  # the cells of one row are one source
            key = f"{evidence.source.table}/{evidence.source.row}"
        row = self._rows.setdefault(key, [])
        if evidence not in row:
            row.append(evidence)
        number = self._numbers.setdefault(key, str(len(self._numbers) + 1))
        return Pill(label=number, kind=kind, evidence_id=row[0].id)

    def numbered(self) -> tuple[SourceView, ...]:
        """The numbered sources so far."""
        return tuple(self._view(row[0], self._numbers[key], row) for key, row in self._rows.items())

    def computed(self) -> tuple[SourceView, ...]:
        """The computed values so far, with the inputs they were computed from."""
        return tuple(self._view(item, COMPUTED, [item]) for item in self._computed.values())

    def _view(self, evidence: Evidence, label: str, row: list[Evidence]) -> SourceView:
        shown = self._shown(evidence, label, row)
        fresh = self._fresh(evidence)
        return shown.model_copy(update={"facts": (*shown.facts, fresh)}) if fresh else shown

    def _shown(self, evidence: Evidence, label: str, row: list[Evidence]) -> SourceView:
        source = evidence.source
        if isinstance(source, DocumentSource):
            return self._document(evidence, source, label)
        if isinstance(source, HumanSource):
            return SourceView(
                evidence_id=evidence.id,
                label=label,
                kind="human",
                title=source.person,
                type_name="Statement",
                quote=evidence.value,
                highlight=None,
                facts=(f"Said on {long_day(source.said_on)}", f"In {source.where}"),
                formula=None,
                match="As the person wrote it",
            )
        if isinstance(source, RecordSource):
            return self._record(row, source, label)
        return self._calculation(evidence, source, label)

    def _document(self, evidence: Evidence, source: DocumentSource, label: str) -> SourceView:
        quote = self._quotes.get(evidence.id)
        facts = [
            f"Published {long_day(source.published)}" if source.published else "",
            f"By {source.author}" if source.author else "",
            f"Publisher {source.publisher}" if source.publisher else "",
            f"Address {source.uri}" if source.uri else "",
            f"Retrieved {long_day(source.retrieved)}" if source.retrieved else "",
            f"{source.document_id}, characters {source.start} to {source.end}",
        ]
        return SourceView(
            evidence_id=evidence.id,
            label=label,
            kind="document",
            title=source.title,
            type_name=_DOCUMENTS.get(source.document_kind, "Document"),
            quote=evidence.value,
            highlight=quote if quote and quote in evidence.value else None,
            facts=tuple(fact for fact in facts if fact),
            formula=None,
            match="Quotation found word for word" if quote else "Retold: compare with the source",
        )

    def _record(self, row: list[Evidence], source: RecordSource, label: str) -> SourceView:
        first = row[0]
        name = self._ledger.find(first.entity, "name")
        table = _TABLES.get(source.table, source.table)
        shown = [f"{metric_label(i.metric)}: {value_text(i, self._currency)}" for i in row]
        day = first.dated()
        return SourceView(
            evidence_id=first.id,
            label=label,
            kind="record",
            title=f"{table} {value_text(name, self._currency) if name else source.row}",
            type_name=_NOT_CRM.get(source.table, "CRM record"),
            quote=" · ".join(dict.fromkeys(shown)),
            highlight=None,
            facts=tuple(
                fact
                for fact in (f"{table} {source.row}", f"As of {long_day(day)}" if day else "")
                if fact
            ),
            formula=None,
            match="Equal to the stored record",
        )

    def _calculation(self, evidence: Evidence, source: CalculationSource, label: str) -> SourceView:
        parents = [self._ledger.entries[key] for key in source.parents if key in self._ledger]
        recomputed = source.operation != "analysis"
        return SourceView(
            evidence_id=evidence.id,
            label=label,
            kind="calculation",
            title=self._title(evidence),
            type_name="Calculation",
            quote=value_text(evidence, self._currency),
            highlight=None,
            facts=tuple(
                fact
                for fact in (
                    _period(evidence.period),
                    f"Analysis {source.analysis}, version {source.version}",
                )
                if fact
            ),
            formula=self._formula(evidence, source, parents),
            match="Recomputed from its inputs and equal"
            if recomputed
            else "Equal to the stored result of the analysis",
            inputs=tuple(parent.id for parent in parents if parent.id in self._computed),
        )

    def _title(self, evidence: Evidence) -> str:
        """A metric in words, with the part of the account it is of."""
        label = metric_label(evidence.metric)
        part = evidence.entity.rpartition("/")[2]
        if "/" not in evidence.entity or evidence.metric in ("line", "name"):
            return label
        named = self._ledger.find(evidence.entity, "line") or self._ledger.find(
            evidence.entity, "name"
        )
        name = value_text(named, self._currency) if named else part.rpartition(":")[2]
        return f"{label}, {name}"

    def _formula(
        self, evidence: Evidence, source: CalculationSource, parents: list[Evidence]
    ) -> str | None:
        named = [f"{self._title(item)} {value_text(item, self._currency)}" for item in parents]
        if not named:
            return None
        result = value_text(evidence, self._currency)
        if source.operation in _OPERATIONS:
            return f"{_OPERATIONS[source.operation].join(named)} = {result}"
        if source.operation == "change" and len(named) == 2:
            return f"({named[0]} − {named[1]}) ÷ {named[1]} = {result}"
        if source.operation in ("rank", "count"):
            return f"{source.operation.capitalize()} of {len(named)} values = {result}"
        return "From " + ", ".join(named)


def _about_document(evidence: Evidence) -> bool:
    return isinstance(evidence.source, RecordSource) and evidence.source.table == "documents"


def _at_most_two(spoken: list[Pill], cells: list[Pill]) -> tuple[Pill, ...]:
    spoken = list({pill.label: pill for pill in reversed(spoken)}.values())[::-1]
    if spoken and cells:
        return (spoken[0], cells[0])
    # One ƒ opens the first calculation; the others open from the figures themselves.
    return tuple(spoken[:MOST_PILLS] or cells[:1])


def _period(period: str) -> str:
    if not period:
        return ""
    days = [long_day(date.fromisoformat(day)) for day in period.split("/")]
    return f"From {days[0]} to {days[1]}" if len(days) == 2 else f"As of {days[0]}"
