"""The tier of every account: the highest one whose every rule it meets, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from domain.coverage import CoverageModel, Tier
from domain.errors import NotFound
from domain.evidence import Evidence
from tools.cells import Arithmetic, Cite, Metric, Reading, cell, first_of, missing
from tools.facts import Facts
from tools.potential import Potential
from tools.score import Score

VERSION = 1
UNMET, MET, UNKNOWN = 0, 1, -1

COLUMNS = ["tier", "label", "order", "tier_note", "potential_tier", "unmet", "unknown"]

RULE_WORDS: Mapping[str, str] = {
    "executive": "executive access",
    "director": "director access",
    "active": "an active buying cycle",
    "six_months": "an opportunity within six months",
    "early": "early interest",
    "fit": "fit with the ideal customer",
}

METRICS: Mapping[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric(
            "tier", "name", column="label", arithmetic=Arithmetic("analysis", ("potential_p50",))
        ),
        Metric("tier_note", "text"),
        Metric("win_probability", "share", arithmetic=Arithmetic("analysis", ("score",))),
        Metric(
            "expected_value",
            "money",
            "year",
            arithmetic=Arithmetic("analysis", ("win_probability", "potential_p50")),
        ),
    )
}


@dataclass(frozen=True)
class Tiers:
    """One row per account, indexed by `account_id`.

    `tier` (key), `label`, `order` (0 is the highest tier), `tier_note` (words),
    `potential_tier` (the highest tier whose potential it reaches), `unmet` and `unknown`
    (rules of that tier, joined by `, `; empty when none), `win_probability` (0 to 1) and
    `expected_value` (currency a year: probability times potential P50; missing with it).
    """

    table: pd.DataFrame
    reading: Reading
    potential: Potential
    score: Score

    def of(self, account_id: str) -> str:
        """Return the key of an account's tier; NotFound for an unknown account."""
        if account_id not in self.table.index:
            raise NotFound(
                f"There is no account {account_id!r} in the book.",
                hint="List accounts with `cadastre accounts rank`.",
            )
        return str(self.table.at[account_id, "tier"])

    def counts(self) -> dict[str, int]:
        """Number of accounts by tier key; tiers without accounts are left out."""
        return {str(key): int(n) for key, n in self.table["tier"].value_counts().items()}

    def cite(self, entity: str, metric: str, cite: Cite | None = None) -> Evidence:
        """Return the evidence of one cell; NotCitable when it is absent or empty."""
        if metric not in METRICS or not entity.startswith("account:"):
            raise missing(entity, metric)
        how = METRICS[metric]
        ask = cite or first_of(self.cite, self.potential.cite, self.score.cite)
        if metric == "tier" and pd.isna(self._potential_of(entity)):
            how = Metric("tier", "name", column="label")
        return cell(self.table, self.reading, "tiers", VERSION, entity, how, ask)

    def _potential_of(self, entity: str) -> float:
        account = entity.partition(":")[2]
        table = self.potential.table
        return float(table["potential_p50"][account]) if account in table.index else np.nan


def tiers(facts: Facts, potential: Potential, score: Score, coverage: CoverageModel) -> Tiers:
    """Place every account in a tier.

    Parameters
    ----------
    facts
        Access and cycle columns: true, false, or missing while unknown.
    potential
        `potential_p50`, the potential that a tier's bound is held against.
    score
        Fit points and win probability.
    coverage
        The tiers, highest first.

    Returns
    -------
    Tiers
        The highest tier whose potential the account reaches and none of whose rules is
        unmet. A tier with `confirmed` also needs every rule known to hold; below it an
        unknown rule is named in the note and lowers nothing. A bound belongs to the
        higher tier, except under `potential_over`. Unknown potential reaches only the
        last tier. An account whose rules shut it out of every tier gets the last one.

    Notes
    -----
    `docs/methodology.md#tier` works the cases by hand.
    """
    p50 = potential.table["potential_p50"].to_numpy(dtype=float)
    columns: list[np.ndarray] = []
    for tier in coverage.tiers:
        reached = np.array([not np.isnan(value) and tier.admits(value) for value in p50])
        if tier.bound == 0:
            reached[:] = True
        columns.append(reached.astype(int))
        columns += [_state(facts, score, tier, kind) for kind in _kinds(tier)]
    columns.append(np.isnan(p50).astype(int))
    # Accounts in the same state share tier and note, and there are few states.
    states, state_of = np.unique(np.column_stack(columns), axis=0, return_inverse=True)
    placed = pd.DataFrame(
        [_place(state.tolist(), coverage.tiers) for state in states], columns=COLUMNS
    )
    out = placed.iloc[state_of.ravel()].set_index(facts.table.index)
    out["win_probability"] = score.table["win_probability"]
    out["expected_value"] = (out["win_probability"] * potential.table["potential_p50"]).round(2)
    return Tiers(out, facts.reading, potential, score)


def _kinds(tier: Tier) -> list[str]:
    """Rules a tier makes beside potential."""
    kinds = [tier.access, tier.cycle, "fit" if tier.fit_from is not None else None]
    return [kind for kind in kinds if kind is not None]


def _state(facts: Facts, score: Score, tier: Tier, kind: str) -> np.ndarray:
    if kind == "fit":
        holds = score.table["fit"].ge(tier.fit_from).astype("boolean")
    elif kind in {"executive", "director"}:
        holds = facts.table[f"has_{kind}_access"]
    else:
        holds = facts.table[f"cycle_{kind}"]
    return np.asarray(holds.astype("Int64").fillna(UNKNOWN), dtype=int)


def _place(state: list[int], all_tiers: tuple[Tier, ...]) -> dict[str, object]:
    """Tier and note for one combination of rule states."""
    at = 0
    readings: list[tuple[Tier, bool, list[str], list[str]]] = []
    for tier in all_tiers:
        reached = bool(state[at])
        kinds = _kinds(tier)
        rules = dict(zip(kinds, state[at + 1 : at + 1 + len(kinds)], strict=True))
        at += 1 + len(kinds)
        unmet = [RULE_WORDS[kind] for kind in kinds if rules[kind] == UNMET]
        unknown = [RULE_WORDS[kind] for kind in kinds if rules[kind] == UNKNOWN]
        readings.append((tier, reached, unmet, unknown))
    reachable = [reading for reading in readings if reading[1]]
    given = next(
        (
            reading
            for reading in reachable
            if not reading[2] and not (reading[0].confirmed and reading[3])
        ),
        readings[-1],
    )
    above = reachable[: reachable.index(given)] if given in reachable else reachable
    top = reachable[0] if reachable else given
    return {
        "tier": given[0].key,
        "label": given[0].label,
        "order": all_tiers.index(given[0]),
        "tier_note": _note(given, above, potential_unknown=bool(state[-1])),
        "potential_tier": top[0].key,
        "unmet": ", ".join(top[2]),
        "unknown": ", ".join(top[3]),
    }


def _note(
    given: tuple[Tier, bool, list[str], list[str]],
    above: list[tuple[Tier, bool, list[str], list[str]]],
    *,
    potential_unknown: bool,
) -> str:
    tier, _, _, unknown = given
    parts: list[str] = []
    for higher, _, unmet, open_rules in above:
        if unmet:
            words = f"{higher.label} but for {_listed(unmet)}"
            if open_rules and higher.confirmed:
                words += f", {_listed(open_rules)} still to confirm"
        else:
            verb = "is" if len(open_rules) == 1 else "are"
            words = f"{higher.label} if {_listed(open_rules)} {verb} confirmed"
        parts.append(words)
    if unknown:
        parts.append(f"{_listed(unknown)} unknown")
    if potential_unknown:
        parts.append("potential unknown, fewer than five accounts compare")
    if not parts:
        return f"{tier.label}: every rule is met"
    return f"{tier.label}; " + "; ".join(parts)


def _listed(words: list[str]) -> str:
    return " and ".join(words) if len(words) < 3 else f"{', '.join(words[:-1])} and {words[-1]}"
