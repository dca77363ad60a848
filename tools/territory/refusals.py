"""Why an account has no rep to go to, or cannot stay where it is, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from domain.assignment import Unplaced
from tools.balance.problem import Ints
from tools.territory.case import RuleKind
from tools.territory.pairs import Pairs

WORDS: Mapping[RuleKind, str] = {
    "lock": "a lock to somebody else",
    "forbid": "an objection",
    "segment": "its segment",
    "industry": "its industry",
    "language": "its language",
    "time_zone": "too few shared working hours",
    "region": "its region",
    "nearby": "no accounts nearby",
    "named_account": "the list of named accounts",
    "family": "its family",
}
_TOLD = 3


def nobody_may(
    accounts: pd.DataFrame, reps: pd.DataFrame, unit: Ints, pairs: Pairs
) -> Iterator[Unplaced]:
    """Yield the accounts of units that rules keep from every rep, with a way out."""
    names = list(map(str, reps["name"]))
    lost = np.flatnonzero(~pairs.eligible.any(axis=1))
    said: dict[int, tuple[str, str]] = {}
    for row in map(int, lost):
        by_rep = [_rules(pairs, row, column) for column in range(len(names))]
        nearest = min(range(len(names)), key=lambda column: (len(by_rep[column]), column))
        keeps = _listed([WORDS[rule] for rule in by_rep[nearest]], "and")
        said[row] = (
            f"No rep may have it: {_grouped(by_rep, names)}.",
            f"Lock it to {names[nearest]}, kept from it only by {keeps}, or relax that rule.",
        )
    for place in np.flatnonzero(np.isin(unit, lost)):
        account = accounts.iloc[place]
        reason, remedy = said[int(unit[place])]
        yield Unplaced(
            account_id=str(account.name),
            account_name=str(account["name"]),
            owner_id=account["owner_id"] if isinstance(account["owner_id"], str) else None,
            reason=reason,
            remedy=remedy,
        )


def forced_moves(
    accounts: pd.DataFrame, reps: pd.DataFrame, unit: Ints, pairs: Pairs
) -> Iterator[str]:
    """Yield a sentence for each rule that makes accounts leave owners who could keep them."""
    eligible = pairs.eligible
    columns = reps.index.get_indexer(pd.Index(accounts["owner_id"]))
    by_rules: dict[tuple[RuleKind, ...], list[str]] = {}
    has_owner = accounts["owner_known"].to_numpy(dtype=bool) & (columns >= 0)
    somebody = np.asarray(eligible.any(axis=1))
    leaves = has_owner & somebody[unit] & ~eligible[unit, columns]
    for place in np.flatnonzero(leaves):
        rules = _rules(pairs, int(unit[place]), int(columns[place]))
        by_rules.setdefault(rules, []).append(str(accounts.index[int(place)]))
    for rules, found in by_rules.items():
        count = "1 account has" if len(found) == 1 else f"{len(found)} accounts have"
        yield (
            f"{count} to leave the present owner because of "
            f"{_listed([WORDS[rule] for rule in rules], 'and')}: {_some(found)}. Such moves are "
            "not charged."
        )


def _rules(pairs: Pairs, row: int, column: int) -> tuple[RuleKind, ...]:
    return tuple(rule for rule, found in pairs.blocked.items() if found[row, column])


def _grouped(by_rep: Sequence[tuple[RuleKind, ...]], names: Sequence[str]) -> str:
    grouped: dict[tuple[RuleKind, ...], list[str]] = {}
    for rules, name in zip(by_rep, names, strict=True):
        grouped.setdefault(rules, []).append(name)
    return "; ".join(
        f"{_some(found)} ({_listed([WORDS[rule] for rule in rules], 'and')})"
        for rules, found in grouped.items()
    )


def _some(names: Sequence[str]) -> str:
    if len(names) <= _TOLD + 1:
        return _listed(names, "and")
    return f"{', '.join(names[:_TOLD])} and {len(names) - _TOLD} more"


def _listed(words: Iterable[str], last: str) -> str:
    listed = list(words)
    if len(listed) < 2:
        return "".join(listed)
    return f"{', '.join(listed[:-1])} {last} {listed[-1]}"
