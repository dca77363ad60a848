"""Fitting a card to outcomes, from nothing or from a prior card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from domain.card import Card, CardRule, Dimension
from domain.errors import ColumnsMissing, InvalidInput
from tools.scorecard.additive import Strength, Weights, fit_weights
from tools.scorecard.binning import BinnedFact, binned, unusable
from tools.scorecard.firmness import firmness
from tools.scorecard.outcomes import KnownOutcomes, read_outcomes
from tools.scorecard.pairs import pairs_worth_having
from tools.scorecard.steadiness import recency, steadiness
from tools.scorecard.trust import trust
from tools.scorecard.writing import written_card

THIN, THIN_RARER = 50, 10
"""Outcomes, and outcomes of the rarer class, below which a prior card stands as it is."""
MOST_ROWS = 150_000
PAIRS = 8
PRIOR = Strength(bin=0.1, step=0.1, trend=0.1, scale=0.3, belief=5.0)


def fit_card(
    table: pd.DataFrame,
    outcome: pd.Series | Sequence[object] | np.ndarray,
    *,
    prior_card: Card | None = None,
    when: pd.Series | Sequence[object] | np.ndarray | None = None,
    dimensions: Mapping[str, Dimension] | None = None,
    facts: Sequence[str] | None = None,
    pairs: int = PAIRS,
    seed: int = 0,
) -> Card:
    """Fit integer points, 20 of which double the odds, to outcomes that are known.

    Parameters
    ----------
    table
        One row per deal, lead or account as it stood before its outcome; a column a fact:
        numbers of any dtype, words, categories, truth values. Missing values are a bin of their
        own, rare levels are pooled with unseen ones, infinite numbers fall into the end bins.
        Dates and columns that are blank or the same everywhere carry no points; the card's
        `notes` name them.
    outcome
        One a row: True or 1 won, False or 0 lost, null not known (such rows are left out).
    prior_card
        Points set by hand. The history bends them as far as it supports, and may add facts
        that the card does not read. Under 50 outcomes, or
        under 10 of the rarer class, it is returned as it is.
    when
        Dates or numbers by which rows are ordered in time; None means that the order of the
        rows is the order of time.
    dimensions
        Dimension of each fact; by default the prior card's, else `fit`.
    facts
        Columns to use; by default all. Those of the prior card are used in any case.
    pairs
        Rules on two facts together, at most; 0 for a card that reads every fact by itself. They
        enter only where they order later outcomes better, from 1,000 outcomes on.
    seed
        Of the bootstraps that judge what is taken.

    Returns
    -------
    Card
        With `n`, `wins` and `source` on every bin.

    Raises
    ------
    InvalidInput
        When there is no row with an outcome, or all outcomes are alike.
    ColumnsMissing
        When the prior card, or `facts`, name a column that the table lacks.

    Notes
    -----
    A penalised additive logistic model over at most 20 bins a fact, penalties by approximate
    marginal likelihood (Wood & Fasiolo 2017, doi:10.1111/biom.12666);
    `docs/methodology.md#scorecard-from-history` works an example by hand.
    """
    history = read_outcomes(table, outcome, when, named_facts(facts, prior_card))
    return fit_outcomes(history, prior_card, dimensions or {}, pairs=pairs, seed=seed)


def thin(history: KnownOutcomes) -> bool:
    """Say whether a history is too thin to bend a card: few outcomes, or few of one class."""
    count = len(history.won)
    return count < THIN or min(history.wins, count - history.wins) < THIN_RARER


def named_facts(facts: Sequence[str] | None, prior: Card | None) -> Sequence[str] | None:
    """Return the columns to read: those asked for and those of the prior card; None is all."""
    if facts is None or prior is None:
        return facts
    return list(dict.fromkeys([*facts, *(rule.fact for rule in prior.rules)]))


def fit_outcomes(
    history: KnownOutcomes,
    prior: Card | None,
    dimensions: Mapping[str, Dimension],
    *,
    pairs: int = PAIRS,
    seed: int = 0,
) -> Card:
    """Fit a card to outcomes already read; as `fit_card`."""
    if prior is not None:
        lacking = [rule.fact for rule in prior.rules if rule.fact not in history.table.columns]
        if lacking:
            raise ColumnsMissing(
                f"The prior card reads {', '.join(lacking)}, which the table lacks.",
                hint="Add the columns, or take those rules out of the card.",
            )
        if thin(history):
            return prior
    if not len(history.won):
        raise InvalidInput(
            "No row has an outcome, so no card can be fitted.", hint="Give rows won and lost."
        )
    if history.one_class:
        what = "won" if history.wins else "lost"
        raise InvalidInput(
            f"All {len(history.won):,} outcomes are {what}; a card needs both.",
            hint="Add the other outcomes, or score with a card set by hand.",
        )
    made, notes = _cut(history, prior, dimensions)
    notes = [*history.notes, *notes]
    if not made:
        base = Weights(float(np.log(history.wins / (len(history.won) - history.wins))), ())
        return written_card([], base, history.won, np.ones(len(history.won)), notes, prior)
    strength = firmness(made, history.won) if prior is None else PRIOR
    steady = steadiness(made, history.won, strength, seed=seed)
    counting = recency(len(history.won), steady.half_life)
    crossed = pairs_worth_having(made, history.won, counting, strength, most=pairs, seed=seed)
    scales = np.concatenate([steady.scales, np.ones(len(crossed))])
    made = [*made, *crossed]
    rows: np.ndarray | slice = slice(None)
    if len(history.won) > MOST_ROWS:
        rows = np.linspace(0, len(history.won) - 1, MOST_ROWS).astype(int)
    weights = fit_weights(
        [fact.take(rows) for fact in made], history.won[rows], counting[rows], strength=strength
    )
    kept = 1.0 if prior is None else trust(made, history.won, strength, seed=seed)
    weights = weights.scaled(made, scales * kept)
    if steady.half_life is not None:
        count = int(steady.half_life * len(history.won))
        notes.append(f"Outcomes count half after {count:,} later ones: the history ages.")
    if kept < 0.95:
        notes.append(f"{kept:.0%} of what the outcomes would change on the hand card was kept.")
    notes += [
        f"{fact.rule.fact}: {scale:.0%} of its weight kept, since it held less later on."
        for fact, scale in zip(made, steady.scales, strict=False)
        if scale < 0.95
    ]
    return written_card(made, weights, history.won, counting, notes, prior)


def _cut(
    history: KnownOutcomes, prior: Card | None, dimensions: Mapping[str, Dimension]
) -> tuple[list[BinnedFact], list[str]]:
    """Cut every usable column into bins; say which are not, and why."""
    rules = {} if prior is None else {rule.fact: rule for rule in prior.rules}
    made, notes = [], []
    order = [*rules, *(column for column in history.table.columns if column not in rules)]
    for fact in order:
        values = history.table[fact]
        rule = rules.get(fact) or CardRule(
            fact=fact, label=fact.replace("_", " ").capitalize(), dimension="fit", bins=()
        )
        rule = rule.model_copy(update={"dimension": dimensions.get(fact, rule.dimension)})
        why = unusable(values)
        if why is not None:
            if fact not in rules:
                notes.append(f"{fact} carries no points: {why}.")
            continue
        cut = binned(values, fact, rule)
        if len(np.unique(cut.codes)) < 2 and fact not in rules:
            notes.append(f"{fact} carries no points: each of its values is rare.")
            continue
        made.append(cut)
    return made, notes
