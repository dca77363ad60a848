"""The score card in use, and the one history would make of it, held against outcomes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import pandas as pd

from domain.book import Book
from domain.card import Card, CardRule
from domain.coverage import CoverageModel
from domain.method import (
    Added,
    Estimate,
    FactDrift,
    Lift,
    PeriodRate,
    Reliable,
    ScoreHistory,
)
from tools.outcomes import Outcomes, outcomes
from tools.score import card
from tools.scorecard.auc import Auc
from tools.scorecard.history import Backtest, HistoryVerdict, weigh_history


def tested_score(book: Book, coverage: CoverageModel) -> ScoreHistory:
    """Weigh the coverage model's card on the book's own history; see `weigh_history`.

    Facts that are blank on every past day (people, because the book does not date them)
    cannot be tested: their rules stand as they are, and a note names them.
    """
    past = outcomes(book, coverage)
    rules = card(coverage)
    testable = [rule for rule in rules if past.table[list(rule.facts)].notna().any().all()]
    silent = [rule for rule in rules if rule not in testable]
    in_use = Card(base=coverage.score.base, rules=tuple(testable))
    weighed = weigh_history(
        past.table,
        past.outcome,
        when=past.when,
        known=past.known,
        prior_card=in_use,
        facts=list(dict.fromkeys(fact for rule in testable for fact in rule.facts)),
    )
    labels = {rule.fact: rule.label for rule in rules}
    notes = [past.note, *(by_label(note, labels) for note in weighed.notes)]
    if silent and len(past.outcome):
        names = ", ".join(rule.label.lower() for rule in silent)
        notes.insert(1, f"Not dated in the book, so not tested: {names}. Their points stand.")
    proposed = None
    if weighed.verdict in {"expert + data", "data-led"} and weighed.card is not None:
        proposed, said = proposal(weighed.card, silent)
        notes += said
    return _told(past, weighed, proposed, coverage, tuple(notes))


def proposal(fitted: Card, silent: Sequence[CardRule]) -> tuple[Card, list[str]]:
    """Make of a fitted card one that a coverage model takes, and say what it leaves out.

    Rules that could not be tested stand as they are. Points of target segments are a choice
    of strategy and set there, not in the card: what history would give them is a note.
    """
    kept = [rule for rule in fitted.rules if "target_segment" not in rule.facts]
    segments = next((rule for rule in fitted.rules if rule.key == "target_segment"), None)
    notes = []
    if segments is not None:
        given = ", ".join(f"{one.label} {one.points:+d}" for one in segments.bins)
        notes.append(f"Target segments are set under strategy; history would give: {given}.")
    return fitted.model_copy(update={"rules": (*kept, *silent)}), notes


def by_label(note: str, labels: Mapping[str, str]) -> str:
    """Call the fact a note is about by its name for people: such notes are of the fitted card."""
    fact, colon, rest = note.partition(": ")
    return f"Fitted card, {labels[fact]}: {rest}" if colon and fact in labels else note


def _told(
    past: Outcomes,
    weighed: HistoryVerdict,
    proposed: Card | None,
    coverage: CoverageModel,
    notes: tuple[str, ...],
) -> ScoreHistory:
    test = weighed.backtest
    words = {
        "order": f"an order within {coverage.history.outcome_days} days after the day of the facts",
        "won": "an opportunity won rather than lost, facts as of the day it was opened",
    }
    judged = int(test.periods["n"].sum()) if test else 0
    return ScoreHistory(
        outcome=words[coverage.history.outcome],
        verdict=weighed.verdict,
        told=weighed.sentence,
        rows=weighed.outcomes,
        wins=weighed.wins,
        judged=judged,
        first=_day(test.periods["start"].iloc[0]) if test else None,
        last=_day(test.periods["end"].iloc[-1]) if test else None,
        hand=_estimate(test.hand_auc) if test else None,
        fitted=_estimate(test.fitted_auc) if test else None,
        reliability=tuple(_reliability(test)) if test else (),
        lift=tuple(_lift(test)) if test else (),
        added=tuple(_added(test)) if test else (),
        periods=tuple(_periods(test)) if test else (),
        drift=tuple(_drift(test, weighed)) if test else (),
        notes=notes,
        proposed=proposed,
    )


def _estimate(found: Auc | None) -> Estimate | None:
    if found is None:
        return None
    return Estimate(value=_six(found.value), low=_six(found.low), high=_six(found.high))


def _reliability(test: Backtest) -> Iterator[Reliable]:
    for row in test.reliability.to_dict("records"):
        yield Reliable(
            rows=int(row["n"]), told=_six(row["predicted"]), found=_six(row["observed"]),
            low=_six(row["low"]), high=_six(row["high"]),
        )  # fmt: skip


def _lift(test: Backtest) -> Iterator[Lift]:
    for row in test.lift.reset_index().to_dict("records"):
        yield Lift(
            tenth=int(row["decile"]), rows=int(row["n"]), rate=_six(row["win_rate"]),
            lift=_six(row["lift"]),
        )  # fmt: skip


def _added(test: Backtest) -> Iterator[Added]:
    for row in test.dimensions.reset_index().to_dict("records"):
        yield Added(dimension=str(row["dimension"]), auc_lost=_six(row["auc_lost"]))


def _periods(test: Backtest) -> Iterator[PeriodRate]:
    for row in test.periods.to_dict("records"):
        starts, ends = _day(row["start"]), _day(row["end"])
        yield PeriodRate(
            starts=starts, ends=ends, rows=int(row["n"]), told=_six(row["expected_rate"]),
            found=_six(row["win_rate"]),
        )  # fmt: skip


def _drift(test: Backtest, weighed: HistoryVerdict) -> Iterator[FactDrift]:
    """Yield each fact's shift from the first rows to the last period, the largest first."""
    labels = {
        rule.fact: rule.label
        for made in (weighed.hand, weighed.fitted)
        if made is not None
        for rule in made.rules
    }
    last = test.drift.iloc[:, -1].sort_values(ascending=False, kind="stable")
    for fact, psi in last.items():
        yield FactDrift(fact=str(fact), label=labels.get(str(fact), str(fact)), psi=_six(psi))


def _day(value: object) -> date:
    return pd.Timestamp(str(value)).date()


def _six(value: float) -> float:
    return round(float(value), 6)
