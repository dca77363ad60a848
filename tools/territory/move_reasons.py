"""One plain sentence for each move, with the figures behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from domain.assignment import Alternative, Part
from tools.balance.problem import Floats
from tools.territory.weighing import Weighed

WORTH_TELLING = 0.25
"""A measure is told when it makes at least this part of what speaks for a move."""

HARDLY = 0.005
"""Deviations from target below half a per cent are told as on target."""


class Reasons:
    """Sentences for the moves of one design; loads are those of the present owners."""

    def __init__(self, weighed: Weighed) -> None:
        problem, accounts = weighed.problem, weighed.accounts
        self.names = [rep.name for rep in weighed.case.reps]
        self._ids = {rep.rep_id: rep.name for rep in weighed.case.reps}
        owned = accounts.owner >= 0
        rep = accounts.owner[owned]
        self._has = np.bincount(rep, minlength=problem.reps) > 0
        self._off: dict[str, Floats] = {
            "hours": np.bincount(rep, accounts.hours[owned], problem.reps) / problem.work_target
            - 1,
            "potential": np.bincount(rep, accounts.potential[owned], problem.reps)
            / problem.potential_target
            - 1,
        }

    def name(self, rep_id: str) -> str:
        """Name of a rep, or the id of one who is not in the design."""
        return self._ids.get(rep_id, rep_id)

    def sentence(
        self,
        *,
        owner: int,
        to: int,
        points: float | None,
        cannot: str,
        next_best: Alternative | None,
        parts: Sequence[Part],
        travel_change: float,
        relationship: float,
        family: int,
    ) -> str:
        """Say why an account goes from `owner` (-1: nobody) to `to`."""
        if points is None:
            clauses = [
                f"it needs a rep, because {cannot}" if owner < 0 else f"it cannot stay: {cannot}"
            ]
            clauses.append(self._best_of(to, next_best))
        else:
            clauses = list(self._loads(owner, to, _telling(parts))) or ["it fits better there"]
        if owner < 0:
            if travel_change >= 0.5:
                clauses.append(f"travel takes {hours_words(travel_change)}")
        elif abs(travel_change) >= 0.5:
            grows = "grows" if travel_change > 0 else "shrinks"
            clauses.append(f"travel {grows} by {hours_words(abs(travel_change))}")
        if relationship > 0:
            clauses.append(f"relationship value {_share_words(relationship)} of the book")
        if family > 1:
            clauses.append(f"it goes with its family of {family} accounts")
        if points is not None:
            ends = f"keeping it would cost {points_words(points)}"
            clauses.append(ends if points >= 0 else "by itself it could as well stay")
        told = "; ".join(clauses)
        return f"{told[:1].upper()}{told[1:]}."

    def _best_of(self, to: int, next_best: Alternative | None) -> str:
        if next_best is None:
            return f"nobody but {self.names[to]} may have it"
        other = self.name(next_best.rep_id)
        if next_best.points < -0.005:
            return f"{other} would be {points_words(-next_best.points)} cheaper, with less room"
        if next_best.points < 0.005:
            return f"{self.names[to]} and {other} are as good for it"
        return f"{self.names[to]} is best for it, {other} {points_words(next_best.points)} dearer"

    def _loads(self, owner: int, to: int, measures: Sequence[str]) -> Iterator[str]:
        for measure in measures:
            told = []
            for rep in (owner, to):
                if rep >= 0:
                    told.append(self._load(rep, measure))
            yield ", ".join(told)

    def _load(self, rep: int, measure: str) -> str:
        off = float(self._off[measure][rep])
        if not self._has[rep]:
            return f"{self.names[rep]} has no accounts yet"
        if abs(off) < HARDLY:
            return f"{self.names[rep]} is on target in {measure}"
        side = "over" if off > 0 else "under"
        return f"{self.names[rep]} is {abs(off):.0%} {side} target in {measure}"


def _telling(parts: Sequence[Part]) -> tuple[str, ...]:
    """Measures that make up a good part of what speaks for a move, the strongest first."""
    speaks = {
        measure: sum(part.points for part in parts if part.name.startswith(f"{measure} of "))
        for measure in ("hours", "potential")
    }
    total = sum(part.points for part in parts if part.points > 0)
    told = [measure for measure, points in speaks.items() if points > WORTH_TELLING * total > 0]
    return tuple(sorted(told, key=lambda measure: -speaks[measure]))


def points_words(points: float) -> str:
    """Points to two places, with their noun: `0.18 points`."""
    return f"{points:.2f} points"


def hours_words(hours: float) -> str:
    """Hours to the hour, below ten to a tenth: `12 h`, `3.5 h`."""
    return f"{hours:.0f} h" if hours >= 10 else f"{hours:.1f} h"


def _share_words(share: float) -> str:
    """A share of the book in per cent, with a floor that is not nought."""
    return "under 0.1%" if share < 0.001 else f"{share:.1%}"
