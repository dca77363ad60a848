"""Scoring under a card: a base and integer points, which add up for every row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypedDict

import numpy as np
import pandas as pd

from domain.card import POINTS_THAT_DOUBLE_THE_ODDS, Card
from domain.errors import ColumnsMissing, InvalidInput, NotFound
from tools.scorecard.placing import Codes, placed


class Part(TypedDict):
    """One line of a score."""

    fact: str
    label: str
    dimension: str
    bin: str
    points: int


@dataclass(frozen=True)
class Scored:
    """The points of every row.

    `table` has the index of the rows and `base`, `score` (integers: the base plus the points
    of every fact) and `probability` (0 to 1). `points` has one integer column for each rule of
    the card, in the card's order, under the rule's `key`: its fact, or `one & other`.
    """

    card: Card
    table: pd.DataFrame
    points: pd.DataFrame
    codes: Mapping[str, Codes]

    @cached_property
    def bins(self) -> pd.DataFrame:
        """Label of the bin that held, by fact: `unknown` when missing, `no bin` where none did."""
        labels = {
            rule.key: np.array([*(one.label for one in rule.bins), "no bin", "unknown"], object)[
                self.codes[rule.key]
            ]
            for rule in self.card.rules
        }
        return pd.DataFrame(labels, index=self.table.index, dtype="str")

    def parts(self, row: int) -> list[Part]:
        """List the parts of the score in a row, counted from 0; base and points add up to it.

        NotFound where there is no such row.
        """
        if not 0 <= row < len(self.table):
            raise NotFound(f"There is no row {row} among {len(self.table)}.")
        made = []
        for rule in self.card.rules:
            labels = (*(one.label for one in rule.bins), "no bin", "unknown")
            made.append(
                Part(
                    fact=rule.key,
                    label=rule.label,
                    dimension=rule.dimension,
                    bin=labels[self.codes[rule.key][row]],
                    points=int(self.points[rule.key].to_numpy()[row]),
                )
            )
        return made


def score_table(table: pd.DataFrame, card: Card) -> Scored:
    """Score every row: the base, and for each rule the points of the first bin that holds.

    Parameters
    ----------
    table
        One row per account, lead or deal, under any index, repeated labels included; a column
        for every fact of the card. Other columns are not read.
    card
        The rules. A missing value gets the rule's `missing` points; a value that no bin covers
        gets none.

    Returns
    -------
    Scored
        Integers that add up exactly; no rows give empty tables.

    Raises
    ------
    ColumnsMissing
        When a rule reads a fact that the table lacks.
    InvalidInput
        When two columns have the name of one fact.
    """
    columns = columns_by_name(table)
    read = dict.fromkeys(fact for rule in card.rules for fact in rule.facts)
    lacking = [fact for fact in read if fact not in columns]
    if lacking:
        raise ColumnsMissing(
            f"The card reads {', '.join(lacking)}, which the table lacks.",
            hint=f"Correct the rules; columns are {', '.join(sorted(columns))}.",
        )
    total = np.full(len(table), card.base, dtype=np.int64)
    points: dict[str, np.ndarray] = {}
    codes: dict[str, Codes] = {}
    for rule in card.rules:
        first, *more = (table.iloc[:, columns[fact]] for fact in rule.facts)
        held = placed(first, rule, *more)
        worth = np.array([*(one.points for one in rule.bins), 0, rule.missing], dtype=np.int64)
        codes[rule.key], points[rule.key] = held, worth[held]
        total += points[rule.key]
    scores = pd.DataFrame(
        {
            "base": np.full(len(table), card.base, dtype=np.int64),
            "score": total,
            "probability": probability(total),
        },
        index=table.index,
    )
    return Scored(card, scores, pd.DataFrame(points, index=table.index, copy=False), codes)


def probability(points: np.ndarray) -> np.ndarray:
    """Turn totals into probabilities: even odds at 0, doubled by every 20 points."""
    scaled = np.clip(np.asarray(points, dtype=float) / POINTS_THAT_DOUBLE_THE_ODDS, -1000, 1000)
    return np.asarray(1.0 / (1.0 + np.exp2(-scaled)))


def columns_by_name(table: pd.DataFrame) -> dict[str, int]:
    """Return the place of every column by its name as text; InvalidInput where one occurs twice."""
    names = [str(column) for column in table.columns]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InvalidInput(
            f"Two columns are called {', '.join(twice)}.", hint="Rename or drop one of each."
        )
    return {name: place for place, name in enumerate(names)}
