"""All analyses of one book under one coverage model, computed together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from domain.book import Book
from domain.coverage import CoverageModel
from domain.errors import NotCitable, NotFound
from domain.evidence import CalculationSource, Evidence
from domain.findings import ApprovedFinding, findings_hash
from domain.method import MethodHistory
from domain.period import planning_period
from tools.capacity_cut import CapacityCut, capacity_cut
from tools.cells import missing
from tools.facts import Facts, facts
from tools.findings import Findings, with_findings
from tools.fit import Fit, fit
from tools.movement import Movement, movement
from tools.potential import Potential, potential
from tools.ranks import Ranks, ranks
from tools.score import Score, score
from tools.standing import Standing
from tools.tier_changes import TierChanges
from tools.tiers import Tiers, tiers
from tools.whitespace import Whitespace, whitespace
from tools.workload import Workload, selling_hours, workload

if TYPE_CHECKING:
    from tools.market.market import Market


@dataclass(frozen=True)
class Analyses:
    """What the book says under the coverage model, and the evidence for each cell of it.

    `movement` is None where there was no earlier standing to compare with.
    """

    facts: Facts
    potential: Potential
    score: Score
    tiers: Tiers
    ranks: Ranks
    whitespace: Whitespace
    workload: Workload
    cut: CapacityCut
    changes: TierChanges
    movement: Movement | None
    fit: Fit
    findings: Findings | None = None
    _ground: tuple[Book, CoverageModel] | None = field(default=None, repr=False, compare=False)
    _markets: dict[str | None, Market] = field(default_factory=dict, repr=False, compare=False)
    _cited: dict[tuple[str, str], Evidence] = field(default_factory=dict, repr=False, compare=False)
    _by_id: dict[str, Evidence] = field(default_factory=dict, repr=False, compare=False)

    def cite(self, entity: str, metric: str) -> Evidence:
        """Return the evidence of one cell, from whichever analysis holds it.

        Raises
        ------
        NotCitable
            When no analysis holds such a cell, or it is empty.
        """
        known = self._cited.get((entity, metric))
        if known is not None:
            return known
        if entity.startswith("method:"):
            from tools.method.cells import method_cell

            return self._keep(method_cell(self.method, self.facts.reading, entity, metric))
        market = self._market_holding(entity)
        if market is not None:
            return self._keep(market.cite(entity, metric, self.cite))
        # Findings come first: a cell they changed is theirs, and has the original as parent.
        told = (self.findings,) if self.findings is not None else ()
        for analysis in (
            *told, self.facts, self.potential, self.score, self.tiers, self.ranks, self.whitespace,
            self.workload, self.cut, self.changes, self.movement,
        ):  # fmt: skip
            if analysis is None:
                continue
            try:
                found: Evidence = analysis.cite(entity, metric, self.cite)
            except NotCitable:
                continue
            return self._keep(found)
        raise missing(entity, metric)

    def _keep(self, found: Evidence) -> Evidence:
        self._cited[found.entity, found.metric] = found
        self._by_id[found.id] = found
        return found

    @cached_property
    def method(self) -> MethodHistory:
        """How score, potential and whitespace did on the book's past; computed when asked.

        NotFound where these analyses were not made by `analyse`.
        """
        from tools.method.history import method_history

        if self._ground is None:
            raise NotFound("These analyses keep no book to test the methods on.")
        return method_history(*self._ground, self.potential, self.whitespace)

    @property
    def standing(self) -> Standing | None:
        """Where the accounts stand, as `stand` tells it for the same book, rules and past.

        None where findings were applied, which no standing knows, and where these analyses
        were not made by `analyse`.
        """
        if self._ground is None or self.findings is not None:
            return None
        return _standing(*self._ground, self.facts, self.score, self.tiers)

    def market(self, rep_id: str | None = None) -> Market:
        """Return the market as one rep sees it, as a whole without one; computed when asked.

        NotFound where these analyses were not made by `analyse`.
        """
        if rep_id not in self._markets:
            from tools.market.market import market

            if self._ground is None:
                raise NotFound("These analyses keep no book to look at the market of.")
            book, coverage = self._ground
            mine = None
            if rep_id is not None:
                mine = [account for account, owner in book.owners.items() if owner == rep_id]
            self._markets[rep_id] = market(
                book, self.facts, self.potential, self.whitespace, coverage, told=mine
            )
        return self._markets[rep_id]

    def _market_holding(self, entity: str) -> Market | None:
        """The market that a cell lies in: of a relative or a site, as the owner sees it."""
        if entity.startswith("segment:"):
            return self.market()
        if "/relative:" in entity or "/site:" in entity:
            return self.market(self.facts.reading.scope(entity) or None)
        return None

    def parents(self, evidence: Evidence) -> list[Evidence]:
        """Return the cells a calculation was worked out from, in their order.

        NotCitable when `evidence` is not a calculation of these analyses.
        """
        if not isinstance(evidence.source, CalculationSource):
            return []
        if any(parent not in self._by_id for parent in evidence.source.parents):
            self.cite(evidence.entity, evidence.metric)
        try:
            return [self._by_id[parent] for parent in evidence.source.parents]
        except KeyError as error:
            raise NotCitable(
                f"{evidence.metric} of {evidence.entity} was worked out under another book or "
                "coverage model.",
                hint="Cite it again from these analyses.",
            ) from error

    def cite_all(self, entity: str, metric: str) -> tuple[Evidence, ...]:
        """Return the evidence of one cell followed by all its ancestors, each once."""
        waiting = [self.cite(entity, metric)]
        found: dict[str, Evidence] = {}
        while waiting:
            item = waiting.pop(0)
            if item.id not in found:
                found[item.id] = item
                waiting += self.parents(item)
        return tuple(found.values())


def analyse(
    book: Book,
    coverage: CoverageModel,
    findings: Sequence[ApprovedFinding] = (),
    previous: Standing | None = None,
) -> Analyses:
    """Run every analysis on a book, as of its date.

    Parameters
    ----------
    book, coverage
        The book and the rules it is read under.
    findings
        Findings of approved plans that are in force for this book, at most one about the
        same thing; see `tools.finding_states`. They change facts and potential of their
        own accounts before anything is scored.
    previous
        Where accounts stood in the last book (`stand`); None when there was none. Tiers,
        and what follows from them, cite it among their arguments.

    Returns
    -------
    Analyses
        The same for the same arguments, whatever the order of rows.

    Raises
    ------
    ColumnsMissing
        When the coverage model reads a fact or column that no account has.
    """
    told, known, could, scored, placed = _placed(book, coverage, findings, previous)
    period = planning_period(book.as_of, coverage.planning.period_days)
    owned = pd.DataFrame(
        {
            "account_id": known.table.index,
            "rep_id": known.table["owner_id"].to_numpy(),
            "tier": placed.table["tier"].to_numpy(),
        }
    )
    hours = workload(
        owned,
        selling_hours(book, coverage, period),
        coverage,
        period=period,
        reading=placed.reading,
    )
    ranked = ranks(known, placed)
    return Analyses(
        facts=known,
        potential=could,
        score=scored,
        tiers=placed,
        ranks=ranked,
        whitespace=whitespace(book, known, could, coverage),
        workload=hours,
        cut=capacity_cut(ranked, placed, hours, coverage),
        changes=TierChanges(placed.placing, placed.table, placed.reading),
        movement=movement(known, scored, placed, coverage, previous) if previous else None,
        fit=fit(book, known, placed, hours, coverage),
        findings=told,
        _ground=(book, coverage),
    )


def stand(book: Book, coverage: CoverageModel, previous: Standing | None = None) -> Standing:
    """Tell where every account of a book stands, for the next book to be held against."""
    _, known, _, scored, placed = _placed(book, coverage, (), previous)
    return _standing(book, coverage, known, scored, placed)


def _standing(
    book: Book, coverage: CoverageModel, known: Facts, scored: Score, placed: Tiers
) -> Standing:
    return Standing(
        book_id=book.book_id,
        as_of=book.as_of,
        coverage=coverage,
        accounts=known.table[["name", "owner_id"]],
        tiers=placed.table,
        placing=placed.placing,
        score=scored,
        arguments=placed.reading.arguments_hash("tiers"),
    )


def _placed(
    book: Book,
    coverage: CoverageModel,
    findings: Sequence[ApprovedFinding],
    previous: Standing | None,
) -> tuple[Findings | None, Facts, Potential, Score, Tiers]:
    known = facts(book, coverage)
    could = potential(known, coverage)
    told = None
    if findings:
        told = with_findings(book, coverage, (known, could), findings, findings_hash(findings))
        known, could = told.facts, told.potential
    scored = score(pd.concat([known.table, could.table], axis=1), known.reading, coverage)
    return told, known, could, scored, tiers(known, could, scored, coverage, previous)
