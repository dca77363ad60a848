"""The score: a base and integer points, which add up, for every account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypedDict

import pandas as pd

from domain.card import POINTS_THAT_DOUBLE_THE_ODDS, Bin, Card, CardRule
from domain.coverage import CoverageModel
from domain.errors import ColumnsMissing, NotFound
from domain.evidence import Evidence
from tools.cells import Arithmetic, Cite, Metric, Reading, calculation, missing
from tools.scorecard.scoring import score_table

VERSION = 1


class ScorePart(TypedDict):
    """One printed line of a score."""

    fact: str
    label: str
    dimension: str
    value: str
    bin: str
    points: int


@dataclass(frozen=True)
class Score:
    """The points of every account under the hand card.

    `table` is indexed by `account_id`: `score` (base plus all points), `base`,
    `win_probability` (0 to 1) and `fit` (sum of the points of fit rules; missing when
    every fact they read is). `points` has one integer column per fact, `bins` the label
    of the bin that held, `values` the fact as printed.
    """

    table: pd.DataFrame
    points: pd.DataFrame
    bins: pd.DataFrame
    values: pd.DataFrame
    rules: tuple[CardRule, ...]
    reading: Reading

    @cached_property
    def _by_fact(self) -> dict[str, CardRule]:
        return {rule.key: rule for rule in self.rules}

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {str(account): row for row, account in enumerate(self.table.index)}

    @cached_property
    def _points(self) -> dict[str, list[int]]:
        return {rule.key: self.points[rule.key].tolist() for rule in self.rules}

    @cached_property
    def _printed(self) -> dict[str, dict[str, list[str]]]:
        # Reading a frame cell by cell takes most of a second for a book of 700 accounts.
        return {
            name: {rule.key: table[rule.key].astype("str").tolist() for rule in self.rules}
            for name, table in (("values", self.values), ("bins", self.bins))
        }

    def explain(self, account_id: str) -> list[ScorePart]:
        """List the parts of one account's score, in the card's order, nought included.

        Their points and the base add up to the score. NotFound for an unknown account.
        """
        if account_id not in self._rows:
            raise NotFound(
                f"There is no account {account_id!r} in the book.",
                hint="List accounts with `cadastre accounts rank`.",
            )
        row = self._rows[account_id]
        return [
            ScorePart(
                fact=rule.key,
                label=rule.label,
                dimension=rule.dimension,
                value=self._printed["values"][rule.key][row],
                bin=self._printed["bins"][rule.key][row],
                points=int(self._points[rule.key][row]),
            )
            for rule in self.rules
        ]

    def cite(self, entity: str, metric: str, cite: Cite | None = None) -> Evidence:
        """Cite `score` (a sum), `score_base` or `points:<fact>`; NotCitable otherwise."""
        account = entity.removeprefix("account:")
        if not entity.startswith("account:") or account not in self.table.index:
            raise missing(entity, metric)
        if metric == "score_base":
            return self._cell(entity, Metric(metric, "points"), self.table.at[account, "base"])
        fact = metric.removeprefix("points:")
        if metric.startswith("points:") and fact in self._by_fact:
            return self._cell(entity, Metric(metric, "points"), self.points.at[account, fact])
        if metric == "score":
            names = ("score_base", *(f"points:{rule.key}" for rule in self.rules))
            how = Metric(metric, "points", arithmetic=Arithmetic("sum", names))
            parents = [(cite or self.cite)(entity, name) for name in names]
            return calculation(
                self.reading, "score", VERSION, entity, how, self.table.at[account, metric], parents
            )
        raise missing(entity, metric)

    def _cell(self, entity: str, metric: Metric, value: object) -> Evidence:
        return calculation(self.reading, "score", VERSION, entity, metric, value)


def probability(points: pd.Series) -> pd.Series:
    """Turn totals into probabilities: even odds at 0, doubled by every 20 points.

    Expert-set and not calibrated on outcomes: it orders accounts, and promises no rate.
    """
    return 1.0 / (1.0 + 2.0 ** (-points.astype(float) / POINTS_THAT_DOUBLE_THE_ODDS))


def card(coverage: CoverageModel) -> tuple[CardRule, ...]:
    """Return the card's rules with the target segments as the last of them."""
    segments = coverage.strategy.target_segments
    if not segments:
        return coverage.score.rules
    bins = tuple(
        Bin(label=segment.name, points=segment.points, equals=segment.name) for segment in segments
    )
    named = CardRule(fact="target_segment", label="Target segment", dimension="strategy", bins=bins)
    return (*coverage.score.rules, named)


def score(table: pd.DataFrame, reading: Reading, coverage: CoverageModel) -> Score:
    """Score every account: the base, and for each rule the points of the first bin that holds.

    Parameters
    ----------
    table
        One row per account, indexed by `account_id`, with a column for every fact of the
        card: the fact table and the potential side by side. Documents are no facts:
        no text can change a score.
    reading
        What book, coverage model and date the table was read under.
    coverage
        `score.base`, `score.rules` and the target segments.

    Returns
    -------
    Score
        Integers that add up exactly. A missing value gets the rule's `missing` points;
        a value that no bin covers gets none.

    Raises
    ------
    ColumnsMissing
        When a rule reads a fact that the table lacks; the message lists those there are.
    """
    rules = card(coverage)
    unknown = [fact for rule in rules for fact in rule.facts if fact not in table.columns]
    if unknown:
        raise ColumnsMissing(
            f"The score card reads {', '.join(unknown)}, which no fact of an account is called.",
            hint=f"Correct score.rules; facts are {', '.join(sorted(map(str, table.columns)))}.",
        )
    scored = score_table(table, Card(base=coverage.score.base, rules=rules))
    points = scored.points
    values = pd.DataFrame(index=table.index)
    for rule in rules:
        first, *more = (printed(table[fact], unit=_unit(fact)) for fact in rule.facts)
        values[rule.key] = first if not more else first + " & " + more[0]
    totals = scored.table[["base", "score"]].copy()
    totals["win_probability"] = probability(totals["score"]).round(6)
    fit = [rule.key for rule in rules if rule.dimension == "fit"]
    read = [fact for rule in rules if rule.dimension == "fit" for fact in rule.facts]
    known = table[read].notna().any(axis=1) if read else pd.Series(False, index=table.index)
    totals["fit"] = points[fit].sum(axis=1).astype("Int64").where(known)
    return Score(totals, points, scored.bins, values, rules, reading)


def _unit(fact: str) -> str:
    if fact.startswith("days_") or fact.endswith("_days"):
        return "days"
    return "%" if fact.endswith(("_change_12m", "_change", "_share")) else ""


def printed(values: pd.Series, *, unit: str = "") -> pd.Series:
    """Write a fact for people: integers plain, other numbers to 2 places, blanks `unknown`.

    `unit` is written behind the number; `%` turns a share or relative change into one.
    """
    if unit == "%":
        return _written(values, lambda value: f"{float(value):.0%}")
    if unit:
        return _written(values, lambda value: f"{int(value):,} {unit}")
    if pd.api.types.is_float_dtype(values):
        return _written(values, lambda value: f"{value:,.2f}".removesuffix(".00"))
    if pd.api.types.is_integer_dtype(values):
        return _written(values, lambda value: f"{int(value):,}")
    dates = pd.api.types.is_datetime64_any_dtype(values)
    text = values.dt.strftime("%Y-%m-%d") if dates else values.astype("str")
    return text.astype("str").where(values.notna(), "unknown")


def _written(values: pd.Series, write: Callable[[Any], str]) -> pd.Series:
    """Write each value, going through plain lists: `map` asks pandas about every element."""
    absent = values.isna().tolist()
    text = [
        "unknown" if gone else write(value)
        for value, gone in zip(values.tolist(), absent, strict=True)
    ]
    return pd.Series(text, index=values.index, name=values.name, dtype="str")
