"""Why a tier or a score is another than before: the inputs that made the difference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from tools.rule_changes import RuleChange, under
from tools.score import Score
from tools.tier_rules import NO_EARLIER, Placing

CauseKind = Literal[
    "potential", "access", "cycle", "fit", "tier_rules", "hold", "fact", "card", "fact_and_card",
    "base", "order",
]  # fmt: skip

_GROUPS: Mapping[CauseKind, tuple[str, ...]] = {
    "potential": ("potential",),
    "access": ("executive", "director"),
    "cycle": ("active", "six_months", "early"),
    "fit": ("fit",),
}
_NO_LEVEL: Mapping[CauseKind, str] = {"access": "below director", "cycle": "none"}
# Coverage rules that decide an input beside the rows of the book.
_BEHIND: Mapping[CauseKind, tuple[str, ...]] = {
    "potential": ("peers",),
    "access": (),
    "cycle": ("cycle",),
    "fit": ("score",),
}


@dataclass(frozen=True)
class Cause:
    """One input that differs, and the rules of the coverage model behind it.

    `kind` tells what differs: an input of the tier (`potential`, `access`, `cycle`, `fit`),
    its rules (`tier_rules`) or what the last book holds (`hold`); for a score the value
    (`fact`), the rule (`card`) or both of one line of the card, or its `base`; for a rank
    `order`, the accounts around it. `points` is what a line adds to the difference of the
    score; None for a cause of a tier.
    """

    kind: CauseKind
    what: str
    before: str
    after: str
    points: int | None = None
    rules: tuple[RuleChange, ...] = ()

    @property
    def words(self) -> str:
        """The cause in one phrase."""
        told = self.what
        if self.points is not None:
            told += f" {self.points:+d}"
        if self.before != self.after:
            moved = f"{self.before} to {self.after}"
            told += f" ({moved})" if self.points is not None else f" {moved}"
        if self.rules:
            told += f" [{'; '.join(rule.words for rule in self.rules)}]"
        return told


def tier_causes(
    then: Placing, now: Placing, changes: Sequence[RuleChange] = ()
) -> dict[str, tuple[Cause, ...]]:
    """Tell for every account whose tier differs which inputs made it differ.

    Parameters
    ----------
    then, now
        Two placings of the same accounts in the same order.
    changes
        What differs between the coverage models behind them.

    Returns
    -------
    dict
        By account id, at least one cause each. An input is a cause when putting its
        earlier value into the present changes the tier, or putting its present value into
        the past does. Where no input does so alone, all that differ are named.
    """
    moved = (then.table()["tier"] != now.table()["tier"]).to_numpy()
    if not moved.any():
        return {}
    then, now = _rows(then, moved), _rows(now, moved)
    tier_then, tier_now = then.table()["tier"], now.table()["tier"]
    differs: dict[CauseKind, np.ndarray] = {}
    matters: dict[CauseKind, np.ndarray] = {}
    for kind in (*_GROUPS, "tier_rules", "hold"):
        differs[kind] = _differs(kind, then, now)
        if differs[kind].any():
            back = _swapped(kind, now, then).table()["tier"] != tier_now
            ahead = _swapped(kind, then, now).table()["tier"] != tier_then
            matters[kind] = differs[kind] & (back | ahead).to_numpy()
    found: dict[str, tuple[Cause, ...]] = {}
    for row, account in enumerate(map(str, now.states.index)):
        kinds = [kind for kind, rows in matters.items() if rows[row]]
        kinds = kinds or [kind for kind, rows in differs.items() if rows[row]]
        found[account] = tuple(_cause(kind, then, now, row, changes) for kind in kinds)
    return found


def score_causes(
    then: Score, now: Score, accounts: pd.Index[str], changes: Sequence[RuleChange] = ()
) -> dict[str, tuple[Cause, ...]]:
    """Tell for every account whose score differs which lines of the card made it differ.

    The points of the causes add up to the difference exactly. Accounts whose score is the
    same are left out, also where lines cancel out.
    """
    at_then, at_now = then.table.loc[accounts], now.table.loc[accounts]
    base = (at_now["base"] - at_then["base"]).astype("int64")
    moved = (at_now["score"] != at_then["score"]).to_numpy()
    found: dict[str, list[Cause]] = {str(account): [] for account in accounts[moved]}
    for account, points in base[moved & (base != 0).to_numpy()].items():
        before, after = (str(table.at[account, "base"]) for table in (at_then, at_now))
        cause = Cause("base", "base", before, after, int(points), under(changes, "score.base"))
        found[str(account)].append(cause)
    ids = accounts.tolist()
    old = {rule.fact: rule for rule in then.rules}
    new = {rule.fact: rule for rule in now.rules}
    for fact in [*new, *(fact for fact in old if fact not in new)]:
        difference = _line(now.points, fact, accounts) - _line(then.points, fact, accounts)
        rows = np.flatnonzero((difference != 0).to_numpy() & moved)
        if not rows.size:
            continue
        was, now_is = _words(then.values, fact, accounts), _words(now.values, fact, accounts)
        label = (new.get(fact) or old[fact]).label
        points_of = difference.tolist()
        other_line = old.get(fact) != new.get(fact)
        for row in rows.tolist():
            kind: CauseKind = "fact"
            if other_line:
                kind = "card" if was[row] == now_is[row] else "fact_and_card"
            rules = _behind_line(fact, (was[row], now_is[row]), kind, changes)
            found[str(ids[row])].append(
                Cause(kind, label, was[row], now_is[row], int(points_of[row]), rules)
            )
    return {account: tuple(causes) for account, causes in found.items()}


def _behind_line(
    fact: str, values: tuple[str, str], kind: CauseKind, changes: Sequence[RuleChange]
) -> tuple[RuleChange, ...]:
    """Return the changed rules that one line of the card depends on."""
    if fact == "target_segment":
        # An account moves because of the segments it is in, was in, or would be in.
        names = {f"strategy.target_segments[{value}]" for value in values}
        mine = under(changes, *names)
        return mine or under(changes, "strategy.target_segments")
    rules = under(changes, f"score.rules[{fact}]") if kind != "fact" else ()
    if kind == "card":
        return rules
    if fact.startswith(("potential", "open_potential", "peer", "spend_to")):
        return (*rules, *under(changes, "peers"))
    if fact.startswith(("cycle", "next_order", "expected_order")):
        return (*rules, *under(changes, "cycle"))
    return (*rules, *under(changes, "whitespace", "peers", "cycle"))


def _line(points: pd.DataFrame, fact: str, accounts: pd.Index[str]) -> pd.Series:
    if fact not in points.columns:
        return pd.Series(0, index=accounts, dtype="int64")
    return points.loc[accounts, fact].astype("int64")


def _words(values: pd.DataFrame, fact: str, accounts: pd.Index[str]) -> list[str]:
    if fact not in values.columns:
        return ["not on the card"] * len(accounts)
    return [str(value) for value in values.loc[accounts, fact].astype("str").tolist()]


def _rows(placing: Placing, rows: np.ndarray) -> Placing:
    return replace(placing, states=placing.states[rows], earlier=placing.earlier[rows])


def _same_rules(then: Placing, now: Placing) -> bool:
    return then.tiers == now.tiers and then.share == now.share


def _differs(kind: CauseKind, then: Placing, now: Placing) -> np.ndarray:
    if kind == "tier_rules":
        return np.full(len(now.states), not _same_rules(then, now))
    if kind == "hold":
        same = _same_rules(then, now)
        return np.asarray((then.earlier != now.earlier) & same, dtype=bool)
    found = np.zeros(len(now.states), dtype=bool)
    for name in _GROUPS[kind]:
        old = then.states[name].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
        new = now.states[name].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
        found |= (old != new) & ~(np.isnan(old) & np.isnan(new))
    return found


def _swapped(kind: CauseKind, base: Placing, other: Placing) -> Placing:
    """Return `base` with one input of `other`."""
    if kind == "tier_rules":
        # What the last book had is a number of a tier, and goes with the tiers.
        return replace(base, tiers=other.tiers, share=other.share, earlier=other.earlier)
    if kind == "hold":
        return replace(base, earlier=other.earlier)
    names = _GROUPS[kind]
    return replace(base, states=base.states.assign(**{name: other.states[name] for name in names}))


def _cause(
    kind: CauseKind, then: Placing, now: Placing, row: int, changes: Sequence[RuleChange]
) -> Cause:
    if kind == "tier_rules":
        return Cause(kind, "rules of tiers", "", "", rules=_tier_rules(then, now, row, changes))
    if kind == "hold":
        return Cause(kind, "held from the book before", _held(then, row), _held(now, row))
    before, after = (_told(kind, one.states.iloc[row]) for one in (then, now))
    what = "buying cycle" if kind == "cycle" else kind
    return Cause(kind, what, before, after, rules=under(changes, *_BEHIND[kind]))


def _tier_rules(
    then: Placing, now: Placing, row: int, changes: Sequence[RuleChange]
) -> tuple[RuleChange, ...]:
    """Return the changed rules of those tiers that alone make the difference for one account."""
    about = under(changes, "tiers", "tiers_hysteresis")
    keys = [tier.key for tier in now.tiers]
    if [tier.key for tier in then.tiers] != keys:
        return about
    one = np.arange(len(now.states)) == row
    was, is_ = _rows(then, one), _rows(now, one)
    names = []
    for at, key in enumerate(keys):
        mixed = (*is_.tiers[:at], was.tiers[at], *is_.tiers[at + 1 :])
        back = replace(is_, tiers=mixed).table()["tier"].iloc[0]
        if was.tiers[at] != is_.tiers[at] and back != is_.table()["tier"].iloc[0]:
            names.append(f"tiers[{key}]")
    if then.share != now.share:
        back = replace(is_, share=was.share).table()["tier"].iloc[0]
        if back != is_.table()["tier"].iloc[0]:
            names.append("tiers_hysteresis")
    return under(about, *names) or about


def _held(placing: Placing, row: int) -> str:
    earlier = int(placing.earlier[row])
    return "no tier" if earlier == NO_EARLIER else placing.tiers[earlier].label


def _told(kind: CauseKind, state: pd.Series) -> str:
    if kind in {"potential", "fit"}:
        value = state[kind]
        if pd.isna(value):
            return "unknown"
        return f"{float(value):,.2f}".removesuffix(".00")
    unknown = [name for name in _GROUPS[kind] if pd.isna(state[name])]
    if len(unknown) == len(_GROUPS[kind]):
        return "unknown"
    reached: Iterator[str] = (name for name in _GROUPS[kind] if name not in unknown and state[name])
    level = next(reached, _NO_LEVEL[kind])
    return f"{level} ({', '.join(unknown)} unknown)" if unknown else level
