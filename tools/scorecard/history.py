"""What a history supports: a card set by hand, bent by data, led by data, or none at all."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from domain.card import Card, Dimension
from domain.method import Verdict
from tools.scorecard.auc import Auc, Gain, paired_gain, pooled_interval
from tools.scorecard.drift import fact_drift
from tools.scorecard.fitting import PAIRS, THIN, THIN_RARER, fit_outcomes, named_facts, thin
from tools.scorecard.outcomes import KnownOutcomes, read_outcomes
from tools.scorecard.recalibration import Recalibration, recalibration
from tools.scorecard.reliability import Period, lift_by_decile, reliability, what_each_adds
from tools.scorecard.scoring import score_table
from tools.shares import interval

DATA_LED = 800
"""Outcomes from which a fitted card that wins is called data-led."""
ORIGINS = (0.4, 0.55, 0.7, 0.85)
"""Shares of the history that cards are fitted on; each is judged on the rows up to the next."""
SIGNAL = 0.99
BETTER = 0.9


@dataclass(frozen=True)
class Backtest:
    """What cards fitted on earlier outcomes were worth on later ones.

    Attributes
    ----------
    hand_auc, fitted_auc
        Area under the curve within periods, with its 99 % interval; `hand_auc` is None without
        a hand card.
    gain
        `fitted_auc` less `hand_auc` with 90 % bounds by a paired bootstrap; None without a hand
        card.
    lift, reliability
        Of the card in use: see `lift_by_decile` and `reliability`.
    dimensions, facts
        Area lost without each, of the card in use: see `what_each_adds`.
    periods
        One row a period judged: `start`, `end` (dates or row numbers), `trained_on` (outcomes),
        `n`, `wins`, `win_rate`, `expected_rate` (mean probability), `hand_auc`, `fitted_auc`.
    base_rate
        One row a period, the first training period included: `start`, `end`, `n`, `wins`,
        `win_rate`, `low`, `high` (95 % Wilson).
    drift
        Population stability index by fact and period: see `fact_drift`.
    recalibration
        Whether moving the base to recent outcomes helps; None with fewer than two periods.
    """

    hand_auc: Auc | None
    fitted_auc: Auc
    gain: Gain | None
    lift: pd.DataFrame
    reliability: pd.DataFrame
    dimensions: pd.DataFrame
    facts: pd.DataFrame
    periods: pd.DataFrame
    base_rate: pd.DataFrame
    drift: pd.DataFrame
    recalibration: Recalibration | None


@dataclass(frozen=True)
class HistoryVerdict:
    """What to score with, and why.

    Attributes
    ----------
    verdict
        One of five; `sentence` says it with its figures.
    card
        The card to use; None where there is none to trust: "no signal", or too few outcomes and
        no hand card.
    hand, fitted
        The hand card as given, and the card fitted to all outcomes (None where none could be).
    outcomes, wins
        Rows with a known outcome, and how many of them were won.
    backtest
        None where it could not be made.
    notes
        What was left out or done instead.
    """

    verdict: Verdict
    sentence: str
    card: Card | None
    hand: Card | None
    fitted: Card | None
    outcomes: int
    wins: int
    backtest: Backtest | None
    notes: tuple[str, ...]


def weigh_history(
    table: pd.DataFrame,
    outcome: pd.Series | Sequence[object] | np.ndarray,
    *,
    when: pd.Series | Sequence[object] | np.ndarray | None = None,
    known: pd.Series | Sequence[object] | np.ndarray | None = None,
    prior_card: Card | None = None,
    dimensions: Mapping[str, Dimension] | None = None,
    facts: Sequence[str] | None = None,
    pairs: int = PAIRS,
    seed: int = 0,
) -> HistoryVerdict:
    """Fit cards on earlier outcomes, judge them on later ones, and say what follows.

    Parameters
    ----------
    table, outcome, dimensions, facts, pairs
        As for `fit_card`.
    when
        Dates or numbers by which rows are ordered. None means that the order of the rows is the
        order of time: shuffled rows then show no drift, and prove less.
    known
        Dates or numbers, on the scale of `when`, from which each outcome was known: what was
        not known yet at an origin is not fitted on there. None: as soon as the row was there.
    prior_card
        The hand card, for comparison and as the prior of every fit.
    seed
        Of the bootstraps.

    Returns
    -------
    HistoryVerdict
        * "expert-set": under 50 outcomes, or under 10 won or lost, and a hand card, which
          stands.
        * "no signal": the 99 % interval of the area on later outcomes does not lie above .5,
          neither for the fitted card nor for the hand card; `card` is None. Also without a hand
          card where there are too few outcomes to tell.
        * "history does not support re-weighting": there is signal, but the fitted card does
          not beat the hand card on later outcomes (90 % bounds of a paired bootstrap); the hand
          card stands.
        * "expert + data": it does, on fewer than 800 outcomes; "data-led": on more, or where
          there is no hand card. The card in use is the one fitted to all outcomes.

    Raises
    ------
    InvalidInput, ColumnsMissing
        As for `fit_card`; one class, no rows and a history too short are verdicts, no errors.

    Notes
    -----
    Four origins, after 40, 55, 70 and 85 % of the outcomes; the whole fit, its own tuning
    included, is repeated at each on the rows before it. Rows of one date are never on both
    sides.
    """
    history = read_outcomes(table, outcome, when, named_facts(facts, prior_card), known)
    given = dimensions or {}
    count, wins = len(history.won), history.wins
    if thin(history):
        return _too_little(history, prior_card)
    fitted = fit_outcomes(history, prior_card, given, pairs=pairs, seed=seed)
    periods, spans = _judged(history, prior_card, given, pairs, seed)
    notes = fitted.notes
    if not periods:
        why = "no later period has both won and lost outcomes"
        verdict: Verdict = "no signal" if prior_card is None else "expert-set"
        sentence = f"{count:,} outcomes, {wins:,} won, but {why}: nothing can be judged."
        return HistoryVerdict(
            verdict, sentence, prior_card, prior_card, fitted, count, wins, None, notes
        )
    fitted_auc = pooled_interval(_scores(periods, by_hand=False), confidence=SIGNAL)
    hand_auc = gain = None
    if prior_card is not None:
        hand_auc = pooled_interval(_scores(periods, by_hand=True), confidence=SIGNAL)
        both = zip(_scores(periods, by_hand=True), _scores(periods, by_hand=False), strict=True)
        gain = paired_gain(
            [(won, one, two) for (won, one), (_, two) in both], confidence=BETTER, seed=seed
        )
    by_hand = gain is not None and not gain.low > 0
    in_use = prior_card if by_hand and prior_card is not None else fitted
    best = hand_auc if by_hand and hand_auc is not None else fitted_auc
    signal = fitted_auc.low > 0.5 or (hand_auc is not None and hand_auc.low > 0.5)
    scored = _scores(periods, by_hand=by_hand)
    calibration = recalibration(scored)
    backtest = Backtest(
        hand_auc=hand_auc,
        fitted_auc=fitted_auc,
        gain=gain,
        lift=lift_by_decile(periods, by_hand=by_hand),
        reliability=reliability(periods, by_hand=by_hand),
        dimensions=what_each_adds(periods, in_use, by_hand=by_hand, by="dimension", seed=seed),
        facts=what_each_adds(periods, in_use, by_hand=by_hand, by="fact", seed=seed),
        periods=_period_table(history, periods, spans),
        base_rate=_base_rates(history, spans),
        drift=_drift(history, spans, in_use),
        recalibration=calibration,
    )
    if calibration is not None and calibration.helps:
        in_use = in_use.model_copy(update={"base": in_use.base + calibration.points})
    return HistoryVerdict(
        verdict=_verdict(count, signal=signal, gain=gain),
        sentence=_sentence(count, wins, best, gain, signal=signal),
        card=in_use if signal else None,
        hand=prior_card,
        fitted=fitted,
        outcomes=count,
        wins=wins,
        backtest=backtest,
        notes=notes,
    )


def _too_little(history: KnownOutcomes, prior: Card | None) -> HistoryVerdict:
    count, wins = len(history.won), history.wins
    told = f"{count:,} outcomes, {wins:,} won"
    why = f"under {THIN} outcomes"
    if count >= THIN:
        why = "all outcomes are alike" if history.one_class else f"under {THIN_RARER} of one kind"
    if prior is None:
        verdict: Verdict = "no signal"
        sentence = f"{told}: {why}, and no hand card: nothing can be scored."
    else:
        verdict = "expert-set"
        sentence = f"{told}: {why}, so the hand card stands."
    return HistoryVerdict(verdict, sentence, prior, prior, None, count, wins, None, history.notes)


def _verdict(count: int, *, signal: bool, gain: Gain | None) -> Verdict:
    if not signal:
        return "no signal"
    if gain is not None and not gain.low > 0:
        return "history does not support re-weighting"
    return "expert + data" if gain is not None and count < DATA_LED else "data-led"


def _sentence(count: int, wins: int, best: Auc, gain: Gain | None, *, signal: bool) -> str:
    told = (
        f"{count:,} outcomes, {wins:,} won; on later ones the card orders {best.value:.3f} of "
        f"pairs rightly (99 %: {best.low:.3f} to {best.high:.3f})"
    )
    if not signal:
        return f"{told}: no signal in this history, so rank by potential alone."
    if gain is None:
        return f"{told}; there is no hand card to compare it with."
    compared = f"{gain.value:+.3f} beside the hand card ({gain.low:+.3f} to {gain.high:+.3f})"
    if gain.low > 0:
        return f"{told}; fitted {compared}: the history bends the card."
    return f"{told}; fitted {compared}: history does not support re-weighting."


def _judged(
    history: KnownOutcomes,
    prior: Card | None,
    dimensions: Mapping[str, Dimension],
    pairs: int,
    seed: int,
) -> tuple[list[Period], list[tuple[int, int]]]:
    """Fit at every origin and score the rows up to the next; skip what has one class only."""
    cuts = [_between_dates(history, int(len(history.won) * share)) for share in ORIGINS]
    cuts = [*sorted(set(cuts)), len(history.won)]
    periods, spans = [], []
    for start, end in itertools.pairwise(cuts):
        before, later = history.known_before(start), history.won[start:end]
        if not len(later) or before.one_class or later.sum() in {0, len(later)}:
            continue
        rows = history.table.iloc[start:end]
        card = fit_outcomes(before, prior, dimensions, pairs=pairs, seed=seed)
        hand = None if prior is None else score_table(rows, prior)
        periods.append(Period(later, hand, score_table(rows, card)))
        spans.append((start, end))
    return periods, spans


def _between_dates(history: KnownOutcomes, cut: int) -> int:
    """Move a cut back to where the date changes; forward where it never did before."""
    if history.when is None or not 0 < cut < len(history.won):
        return cut
    dates = history.when.to_numpy()
    first = int(np.searchsorted(dates, dates[cut], side="left"))
    return first or int(np.searchsorted(dates, dates[cut], side="right"))


def _scores(periods: Sequence[Period], *, by_hand: bool) -> list[tuple[np.ndarray, np.ndarray]]:
    return [
        (period.won, period.scored(by_hand=by_hand).table["score"].to_numpy()) for period in periods
    ]


def _period_table(
    history: KnownOutcomes, periods: Sequence[Period], spans: Sequence[tuple[int, int]]
) -> pd.DataFrame:
    lines = []
    for period, (start, end) in zip(periods, spans, strict=True):
        fitted = period.fitted.table
        hand = None if period.hand is None else period.hand.table["score"].to_numpy()
        lines.append(
            {
                "start": _at(history, start),
                "end": _at(history, end - 1),
                "trained_on": len(history.known_before(start).won),
                "n": end - start,
                "wins": int(period.won.sum()),
                "win_rate": float(period.won.mean()),
                "expected_rate": float(fitted["probability"].mean()),
                "hand_auc": float("nan")
                if hand is None
                else pooled_interval([(period.won, hand)]).value,
                "fitted_auc": pooled_interval([(period.won, fitted["score"].to_numpy())]).value,
            }
        )
    return pd.DataFrame(lines)


def _at(history: KnownOutcomes, row: int) -> object:
    return row if history.when is None else history.when.iat[row]


def _base_rates(history: KnownOutcomes, spans: Sequence[tuple[int, int]]) -> pd.DataFrame:
    lines = []
    for start, end in [(0, spans[0][0]), *spans]:
        n, wins = end - start, int(history.won[start:end].sum())
        low, high = interval(wins, n)
        lines.append(
            {
                "start": _at(history, start),
                "end": _at(history, end - 1),
                "n": n,
                "wins": wins,
                "win_rate": wins / n,
                "low": low,
                "high": high,
            }
        )
    return pd.DataFrame(lines)


def _drift(history: KnownOutcomes, spans: Sequence[tuple[int, int]], card: Card) -> pd.DataFrame:
    stretches = [(0, spans[0][0]), *spans]
    names = [str(_at(history, start)) for start, _ in stretches]
    tables = [history.table.iloc[start:end] for start, end in stretches]
    return fact_drift(tables, names, card)
