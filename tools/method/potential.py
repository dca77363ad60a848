"""Potential as it would have been told a year ago, against the year that followed."""

from __future__ import annotations

from domain.method import Held, PotentialHistory
from tools.potential import Potential


def tested_potential(potential: Potential) -> PotentialHistory:
    """Tell how often each level held, by the method in use; see `Potential.backtest`."""
    test = potential.backtest
    if test is None:
        return PotentialHistory(
            method=potential.method,
            accounts=0,
            starts=None,
            ends=None,
            notes=("Too few accounts have a past to hold potential against.",),
        )
    found = test.by_level.loc[potential.method].reset_index()
    levels = tuple(
        Held(
            level=float(row["level"]),
            held=round(float(row["coverage"]), 6),
            low=round(float(row["low"]), 6),
            high=round(float(row["high"]), 6),
        )
        for row in found.to_dict("records")
    )
    notes = ["One year of outcomes cannot show a season."]
    skills = [
        f"P{row['level'] * 100:.0f} {row['skill']:.2f}".replace("-", "−")
        for row in found.to_dict("records")
    ]
    notes.append(
        f"Skill against one level for every account: {', '.join(skills)} (0 is none, 1 perfect)."
    )
    if not test.out_of_time:
        notes.append("The book has no earlier year: each account was held out instead.")
    grown = test.growth
    return PotentialHistory(
        method=potential.method,
        accounts=len(test.accounts),
        starts=test.period.start,
        ends=test.period.end,
        levels=levels,
        top_growth=None if grown is None else round(grown.top, 2),
        mean_growth=None if grown is None else round(grown.all_accounts, 2),
        notes=tuple(notes),
    )
