"""The rules of tiers: what is known of an account against them, and where that places it.

A potential near a bound stays where the last book had it: a small move flips no tier.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from domain.coverage import Tier

UNMET, MET, UNKNOWN = 0, 1, -1
NO_EARLIER = -1
"""In place of a tier's number: the last book says nothing of the account's potential."""

STATES = ("potential", "executive", "director", "active", "six_months", "early", "fit")
COLUMNS = ["tier", "label", "order", "tier_note", "potential_tier", "unmet", "unknown", "held"]

RULE_WORDS = {
    "executive": "executive access",
    "director": "director access",
    "active": "an active buying cycle",
    "six_months": "an opportunity within six months",
    "early": "early interest",
    "fit": "fit with the ideal customer",
}


@dataclass(frozen=True)
class Placing:
    """What decides the tier of every account.

    Attributes
    ----------
    states
        One row per account with the columns of `STATES`: `potential` (currency a year,
        missing while unknown), five booleans (missing while unknown) and `fit` (points,
        missing while unknown).
    tiers
        The highest first.
    earlier
        For each row, the number of the tier that its potential reached in the last book;
        `NO_EARLIER` where that is not known.
    share
        How far potential must pass a bound before that counts, as a share of the bound.
    """

    states: pd.DataFrame
    tiers: tuple[Tier, ...]
    earlier: np.ndarray
    share: float = 0.0

    def table(self) -> pd.DataFrame:
        """Place every account; see `placed`."""
        return placed(self)


@dataclass(frozen=True)
class Threshold:
    """The least potential that reaches a tier; `over` excludes the value itself."""

    value: float
    over: bool

    def met(self, potential: np.ndarray) -> np.ndarray:
        """Say for each potential whether it reaches this; unknown does not."""
        with np.errstate(invalid="ignore"):
            return potential > self.value if self.over else potential >= self.value


def rules_of(tier: Tier) -> list[str]:
    """Name the rules a tier makes beside potential."""
    kinds = [tier.access, tier.cycle, "fit" if tier.fit_from is not None else None]
    return [kind for kind in kinds if kind is not None]


def state_of(states: pd.DataFrame, tier: Tier, kind: str) -> np.ndarray:
    """Hold every account against one rule: `MET`, `UNMET` or `UNKNOWN`."""
    if kind == "fit":
        points = pd.to_numeric(states["fit"]).to_numpy(dtype=float, na_value=np.nan)
        held = np.where(points >= float(tier.fit_from or 0), MET, UNMET)
        return np.where(np.isnan(points), UNKNOWN, held)
    return np.asarray(states[kind].astype("Int64").fillna(UNKNOWN), dtype=int)


def thresholds(tiers: Sequence[Tier], earlier: int, share: float) -> list[Threshold]:
    """Tell what potential each tier asks for of an account whose last book had `earlier`.

    Without an earlier tier these are the bounds. With one, the account's own tier asks for
    `share` less than its bound, and every tier above for `share` more than the bound that
    separates it from its own. The last tier asks for nothing.
    """
    plain = [Threshold(tier.bound, tier.potential_over is not None) for tier in tiers]
    if earlier == NO_EARLIER or share == 0:
        return plain
    own = plain[earlier].value
    keeps = Threshold(round(own * (1 - share), 2), over=False)
    found = []
    for at, bound in enumerate(plain):
        if at == earlier:
            found.append(keeps)
        elif at > earlier:
            found.append(bound if bound.value <= keeps.value else keeps)
        else:
            rises = Threshold(round(plain[earlier - 1].value * (1 + share), 2), over=False)
            found.append(rises if rises.value > bound.value else bound)
    return found


def reached(placing: Placing, *, share: float | None = None) -> np.ndarray:
    """Say which tiers each account's potential reaches: rows by tiers.

    Every account reaches the last tier, whether its potential is known or not.
    """
    potential = placing.states["potential"].to_numpy(dtype=float, na_value=np.nan)
    band = placing.share if share is None else share
    out = np.zeros((len(potential), len(placing.tiers)), dtype=bool)
    for earlier in np.unique(placing.earlier):
        rows = placing.earlier == earlier
        for at, threshold in enumerate(thresholds(placing.tiers, int(earlier), band)):
            out[rows, at] = threshold.met(potential[rows])
    out[:, -1] = True
    return out


def placed(placing: Placing) -> pd.DataFrame:
    """Place every account in the highest tier whose potential it reaches and rules it meets.

    Returns
    -------
    DataFrame
        Indexed as the states: `tier` (key), `label`, `order` (0 is the highest),
        `tier_note` (words), `potential_tier` (key of the highest tier that the potential
        reaches), `unmet` and `unknown` (rules of that tier, joined by `, `) and `held`
        (whether the last book keeps the potential from crossing a bound).

    Notes
    -----
    A tier with `confirmed` needs every rule known to hold; elsewhere an unknown rule is
    named and lowers nothing. Rules beside potential are never held: access that is lost or
    gained counts at once.
    """
    tiers = placing.tiers
    reach = reached(placing)
    unknown = placing.states["potential"].isna().to_numpy()
    columns: list[np.ndarray] = []
    for at, tier in enumerate(tiers):
        columns.append(reach[:, at].astype(int))
        columns += [state_of(placing.states, tier, kind) for kind in rules_of(tier)]
    columns.append(unknown.astype(int))
    # Accounts in the same state share tier and note, and there are few states.
    matrix = np.column_stack(columns)
    # One number a row: sorting rows themselves takes most of a minute for a million of them.
    codes = (matrix + 1) @ (3 ** np.arange(matrix.shape[1], dtype=np.int64))
    _, first, which = np.unique(codes, return_index=True, return_inverse=True)
    states = matrix[first]
    told = pd.DataFrame(
        [_place(state.tolist(), tiers) for state in states], columns=COLUMNS[:-1]
    ).astype({"order": "int64"})
    out = told.iloc[which.ravel()].set_index(placing.states.index)
    top, plain = reach.argmax(axis=1), reached(placing, share=0.0).argmax(axis=1)
    out["held"] = (top != plain) & ~unknown
    notes = out["tier_note"].to_numpy(dtype=object, copy=True)
    for row in np.flatnonzero(out["held"]):
        notes[row] = _held(placing, int(row), int(top[row]), int(plain[row]), str(notes[row]))
    out["tier_note"] = pd.Series(notes, index=out.index, dtype="str")
    return out


_Read = tuple[Tier, bool, list[str], list[str]]


def _place(state: list[int], tiers: tuple[Tier, ...]) -> dict[str, object]:
    """Tier and note for one combination of rule states."""
    at = 0
    readings: list[_Read] = []
    for tier in tiers:
        kinds = rules_of(tier)
        rules = dict(zip(kinds, state[at + 1 : at + 1 + len(kinds)], strict=True))
        unmet = [RULE_WORDS[kind] for kind in kinds if rules[kind] == UNMET]
        unknown = [RULE_WORDS[kind] for kind in kinds if rules[kind] == UNKNOWN]
        readings.append((tier, bool(state[at]), unmet, unknown))
        at += 1 + len(kinds)
    reachable = [reading for reading in readings if reading[1]]
    given = next(
        (
            reading
            for reading in reachable
            if not reading[2] and not (reading[0].confirmed and reading[3])
        ),
        readings[-1],
    )
    top = reachable[0]
    return {
        "tier": given[0].key,
        "label": given[0].label,
        "order": tiers.index(given[0]),
        "tier_note": _note(given, reachable[: reachable.index(given)], bool(state[-1])),
        "potential_tier": top[0].key,
        "unmet": ", ".join(top[2]),
        "unknown": ", ".join(top[3]),
    }


def _note(given: _Read, above: list[_Read], potential_unknown: bool) -> str:
    tier, _, _, unknown = given
    parts: list[str] = []
    for higher, _, unmet, open_rules in above:
        if unmet:
            words = f"{higher.label} but for {listed(unmet)}"
            if open_rules and higher.confirmed:
                words += f", {listed(open_rules)} still to confirm"
        else:
            verb = "is" if len(open_rules) == 1 else "are"
            words = f"{higher.label} if {listed(open_rules)} {verb} confirmed"
        parts.append(words)
    if unknown:
        parts.append(f"{listed(unknown)} unknown")
    if potential_unknown:
        parts.append("potential unknown, fewer than five accounts compare")
    if not parts:
        return f"{tier.label}: every rule is met"
    return f"{tier.label}; " + "; ".join(parts)


def _held(placing: Placing, row: int, top: int, plain: int, note: str) -> str:
    """Say in the note how far the potential is past the bound that it has not crossed yet."""
    fell = top < plain
    tier = placing.tiers[top if fell else top - 1]
    potential = float(placing.states["potential"].iloc[row])
    away = abs(potential - tier.bound) / tier.bound * 100
    share = "less than 1 %" if away < 1 else f"{away:.0f} %"
    whose = "its bound" if fell else f"the bound of {tier.label}"
    where = f"at {whose}" if not away else f"{share} {'below' if fell else 'above'} {whose}"
    label = placing.tiers[top].label
    given = note.removesuffix(": every rule is met")
    subject = "" if given.partition(";")[0] == label else "potential "
    return f"{given}; {subject}held in {label} from the last book: {where}"


def listed(words: list[str]) -> str:
    """Join words for a sentence."""
    return " and ".join(words) if len(words) < 3 else f"{', '.join(words[:-1])} and {words[-1]}"
