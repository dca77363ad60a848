"""The six figures a design is judged by, under the three things they measure."""

from __future__ import annotations

from dataclasses import dataclass

from api.amounts import DASH, money, percent
from api.svg import said
from domain.assignment import DesignPoint, SixFigures


@dataclass(frozen=True)
class Targets:
    """What a design is held against; None where nothing is set.

    `spread` (0 to 1) is for potential and workload alike, `week_hours` the most hours a
    week a rep should need, `moved_share` and `moved` the most accounts that may change
    hands (0 to 1 of them, or so many), `long_years` when a relationship counts as long.
    """

    spread: float | None = 0.15
    week_hours: float | None = None
    moved_share: float | None = None
    moved: int | None = None
    long_years: float = 2.0


@dataclass(frozen=True)
class Tile:
    """One figure: what it was (empty: nothing to compare), what it is, and a word on it."""

    label: str
    was: str
    now: str
    note: str
    good: bool | None = None


def six_figures(
    point: DesignPoint, before: DesignPoint, currency: str, targets: Targets | None = None
) -> str:
    """Write the six figures as tiles in HTML, three groups: opportunity, workload, disruption.

    The groups stay apart: there is no figure over all of them.

    Parameters
    ----------
    point, before
        The design, and the present assignment.
    currency
        ISO code of revenue.
    targets
        Words beside the figures; the usual 15 % of spread when None.
    """
    groups = tiles(point.figures, before.figures, currency, targets or Targets())
    drawn = []
    for name, found in groups:
        listed = "".join(_tile(tile, lead=place == 0) for place, tile in enumerate(found))
        drawn.append(
            f'<div class="figure-group g{len(found)}"><p class="group">{said(name)}</p>'
            f"<ul>{listed}</ul></div>"
        )
    return f'<div class="figures">{"".join(drawn)}</div>'


def tiles(
    after: SixFigures, before: SixFigures, currency: str, targets: Targets
) -> tuple[tuple[str, tuple[Tile, ...]], ...]:
    """Return the six figures by group, in words."""
    week = Tile(
        "Heaviest week",
        f"{before.heaviest_week:,.0f} h",
        f"{after.heaviest_week:,.0f} h",
        "The busiest rep, travel included",
    )
    if targets.week_hours is not None:
        within = after.heaviest_week <= targets.week_hours
        week = Tile(week.label, week.was, week.now, f"Limit {targets.week_hours:,.0f} h", within)
    limit, kept = _limit(after, targets)
    years = f"{targets.long_years:g} years or more with the rep"
    return (
        ("Opportunity", (_spread("Spread of potential", before.spread_potential,
                                 after.spread_potential, targets),)),
        ("Workload", (_spread("Spread of workload", before.spread_workload,
                              after.spread_workload, targets), week)),
        ("Disruption", (
            Tile("Accounts moved", "", f"{after.accounts_moved:,}",
                 f"{percent(after.accounts_moved_share, 1)} of all{limit}", kept),
            Tile("Revenue changing hands", "", money(after.revenue_moved, currency),
                 _of_revenue(after, currency)),
            Tile("Long relationships kept", "",
                 f"{after.relationships_kept:,} of {after.relationships:,}"
                 if after.relationships else DASH, years),
        )),
    )  # fmt: skip


def _spread(label: str, before: float, after: float, targets: Targets) -> Tile:
    was, now = percent(before, 1), percent(after, 1)
    if targets.spread is None:
        return Tile(label, was, now, "Coefficient of variation between reps")
    if after <= targets.spread:
        return Tile(label, was, now, f"Within the {percent(targets.spread)} target", True)
    return Tile(label, was, now, f"Over the {percent(targets.spread)} target", False)


def _of_revenue(after: SixFigures, currency: str) -> str:
    if not after.revenue_moved_share:
        return "None of the last 12 months"
    total = after.revenue_moved / after.revenue_moved_share
    share = percent(after.revenue_moved_share, 1)
    return f"{share} of {money(total, currency)} in 12 months"


def _limit(after: SixFigures, targets: Targets) -> tuple[str, bool | None]:
    if targets.moved is not None:
        return f", limit {targets.moved:,}", after.accounts_moved <= targets.moved
    if targets.moved_share is not None:
        within = after.accounts_moved_share <= targets.moved_share + 1e-9
        return f", limit {percent(targets.moved_share)}", within
    return "", None


def _tile(tile: Tile, *, lead: bool) -> str:
    kind = {True: " ok", False: " warn", None: ""}[tile.good]
    was = f'<span class="was">{said(tile.was)} →</span> ' if tile.was else ""
    return (
        f'<li class="tile{" lead" if lead else ""}"><span class="label">{said(tile.label)}</span>'
        f'<span class="value">{was}<b>{said(tile.now)}</b></span>'
        f'<span class="note{kind}">{said(tile.note)}</span></li>'
    )
