"""Which rep may have which account, and which rule says no."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from domain.coverage import CoverageModel
from domain.period import Period
from domain.territory_rules import TerritoryRules
from tools.balance.problem import Ints
from tools.territory.case import RuleKind
from tools.territory.families import per_unit
from tools.territory.service import chord, on_sphere
from tools.travel import overlap_hours

Bools = NDArray[np.bool_]
Blocked = dict[RuleKind, Bools]
"""Per rule: True where it keeps the row's account or unit from the column's rep."""

ABOUT_PLACE: tuple[RuleKind, ...] = ("region", "nearby")
"""Rules judged where a family sits; the others must hold for every one of its accounts."""


def account_rules(
    accounts: pd.DataFrame, reps: pd.DataFrame, coverage: CoverageModel, period: Period
) -> Blocked:
    """Judge every account-rep pair by each rule of the coverage model that is on.

    What is blank on either side breaks no rule: unknown is not unmet.

    Parameters
    ----------
    accounts, reps
        As `Inputs` has them.

    Returns
    -------
    dict of (n, R) arrays
        `region` (geographic model): another territory group than the rep works, or
        further than `adjacent_km` from base and accounts of the rep. `segment`,
        `industry` (vertical model), `language`: not among the rep's. `named_account`:
        named and the rep is not, or the reverse where named reps work nothing else.
        `time_zone`: fewer shared working hours than `travel.overlap_hours` at the start
        or end of the period. `nearby`: fewer than `nearby_accounts` of the rep's accounts
        within `nearby_km`; a rep without accounts is judged by the base, and no owner by
        this rule.
    """
    rules = coverage.territory
    blocked: Blocked = {}
    if "geographic" in rules.by:
        blocked["region"] = not_listed(accounts["territory_group"], reps["groups"])
        blocked["region"] |= _beyond(accounts, reps, rules.adjacent_km, 1, with_base=True)
    if "segment" in rules.by:
        blocked["segment"] = not_listed(accounts["segment"], reps["segments"])
    if "vertical" in rules.by:
        blocked["industry"] = not_listed(accounts["industry"], reps["industries"])
    if "named" in rules.by:
        blocked["named_account"] = _named(accounts, reps, rules)
    if rules.languages:
        blocked["language"] = not_listed(accounts["language"], reps["languages"])
    if rules.time_zones:
        blocked["time_zone"] = _apart(accounts, reps, coverage.travel.overlap_hours, period)
    if rules.nearby:
        far = _beyond(accounts, reps, rules.nearby_km, rules.nearby_accounts, with_base=False)
        blocked["nearby"] = far & ~owned(accounts, reps)
    return blocked


def unit_rules(blocked: Mapping[RuleKind, Bools], unit: Ints, seat: Ints, owner: Bools) -> Blocked:
    """Judge units by what was found of their accounts.

    Parameters
    ----------
    blocked
        By account.
    unit, seat
        Unit per account, and per unit the row of the account whose place counts.
    owner
        (U, R) whether the rep owns an account of the unit.
    """
    found: Blocked = {}
    for rule, pairs in blocked.items():
        if rule in ABOUT_PLACE:
            found[rule] = pairs[seat]
        else:
            found[rule] = per_unit(pairs, unit, np.logical_or)
    if "nearby" in found:
        found["nearby"] = found["nearby"] & ~owner
    return found


def owned(accounts: pd.DataFrame, reps: pd.DataFrame) -> Bools:
    """(n, R) whether the rep owns the account."""
    found = np.zeros((len(accounts), len(reps)), dtype=bool)
    owner = reps.index.get_indexer(pd.Index(accounts["owner_id"]))
    known = np.flatnonzero((owner >= 0) & accounts["owner_known"].to_numpy(dtype=bool))
    found[known, owner[known]] = True
    return found


def not_listed(values: pd.Series, lists: pd.Series) -> Bools:
    """(n, R) whether a value is missing from a rep's list, letters in either case.

    Blank values and empty lists fit everything.
    """
    return _by_value(
        values.str.casefold(),
        lambda value: [bool(some) and value not in map(str.casefold, some) for some in lists],
        len(lists),
    )


def _by_value(values: pd.Series, judge: Callable[[str], list[bool]], reps: int) -> Bools:
    """Judge each distinct value once; a blank is never blocked."""
    codes, distinct = pd.factorize(values)
    table = np.zeros((len(distinct) + 1, reps), dtype=bool)
    for row, value in enumerate(distinct):
        table[row] = judge(str(value))
    # Code -1 of a blank reaches the last row, which blocks nobody.
    return table[codes]


def _apart(accounts: pd.DataFrame, reps: pd.DataFrame, least: float, period: Period) -> Bools:
    zones = [zone if isinstance(zone, str) else None for zone in reps["time_zone"]]

    def short(theirs: str, ours: str) -> bool:
        days = (period.start, period.end)
        return min(overlap_hours(ours, theirs, day) for day in days) < least

    def judge(theirs: str) -> list[bool]:
        known = {ours: short(theirs, ours) for ours in set(zones) if ours is not None}
        return [ours is not None and known[ours] for ours in zones]

    return _by_value(accounts["time_zone"], judge, len(reps))


def _named(accounts: pd.DataFrame, reps: pd.DataFrame, rules: TerritoryRules) -> Bools:
    listed = accounts.index.isin(rules.named_accounts) | accounts["tier"].isin(rules.named_tiers)
    named = np.asarray(listed, dtype=bool)[:, None]
    works = reps.index.isin(rules.named_reps)[None, :]
    blocked: Bools = named & ~works
    if rules.named_exclusive:
        blocked |= ~named & works
    return blocked


def _beyond(
    accounts: pd.DataFrame, reps: pd.DataFrame, km: float, count: int, *, with_base: bool
) -> Bools:
    """(n, R) whether fewer than `count` places of the rep lie within `km` of the account.

    Places are the rep's accounts, with the base as well where `with_base` asks for it;
    the base alone for a rep without accounts. False where either side has no coordinates.
    """
    places = on_sphere(accounts["latitude"], accounts["longitude"])
    bases = on_sphere(reps["base_latitude"], reps["base_longitude"])
    known = ~np.isnan(places).any(axis=1)
    mine = owned(accounts, reps)
    found = np.zeros((len(accounts), len(reps)), dtype=bool)
    if not known.any():
        return found
    # Accounts of one city share its coordinates: each place is looked up once.
    distinct, at = np.unique(places[known], axis=0, return_inverse=True)
    for column in range(len(reps)):
        anchors = places[mine[:, column] & known]
        base = bases[column][None, :]
        # The base replaces accounts in kind: one place is then all that can be asked for.
        wanted = count if len(anchors) else 1
        if with_base or not len(anchors):
            anchors = np.concatenate([anchors, base[~np.isnan(base).any(axis=1)]])
        if len(anchors):
            tree = cKDTree(anchors)
            # Without the bound the tree would look for neighbours that do not matter.
            away, _ = tree.query(distinct, k=[wanted], distance_upper_bound=chord(km))
            found[known, column] = np.isinf(away[:, 0])[at.ravel()]
    return found
