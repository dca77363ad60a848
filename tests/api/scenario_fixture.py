"""A scenario to draw: invented accounts in real cities, and a row of designs for them.

The designs come from a plain greedy rule, so that figures hang together: loads are sums,
spreads are coefficients of variation, moves are what differs from the first design.
"""

from __future__ import annotations

import random
import statistics
from dataclasses import dataclass
from datetime import date
from math import exp, hypot

import pandas as pd

from domain.assignment import (
    Alternative,
    DesignPoint,
    Frontier,
    Lock,
    MostMoves,
    Move,
    Part,
    RepFigures,
    RulePrice,
    ScenarioRep,
    SixFigures,
    Unplaced,
)

CITIES = (
    ("Seattle", "US", "WA", 47.61, -122.33), ("Portland", "US", "OR", 45.52, -122.68),
    ("San Francisco", "US", "CA", 37.77, -122.42), ("Los Angeles", "US", "CA", 34.05, -118.24),
    ("San Diego", "US", "CA", 32.72, -117.16), ("Las Vegas", "US", "NV", 36.17, -115.14),
    ("Phoenix", "US", "AZ", 33.45, -112.07), ("Salt Lake City", "US", "UT", 40.76, -111.89),
    ("Denver", "US", "CO", 39.74, -104.99), ("Albuquerque", "US", "NM", 35.08, -106.65),
    ("Dallas", "US", "TX", 32.78, -96.80), ("Houston", "US", "TX", 29.76, -95.37),
    ("San Antonio", "US", "TX", 29.42, -98.49), ("Kansas City", "US", "MO", 39.10, -94.58),
    ("Minneapolis", "US", "MN", 44.98, -93.27), ("Chicago", "US", "IL", 41.88, -87.63),
    ("Detroit", "US", "MI", 42.33, -83.05), ("Columbus", "US", "OH", 39.96, -83.00),
    ("Nashville", "US", "TN", 36.16, -86.78), ("Atlanta", "US", "GA", 33.75, -84.39),
    ("Miami", "US", "FL", 25.77, -80.19), ("Charlotte", "US", "NC", 35.23, -80.84),
    ("Boston", "US", "MA", 42.36, -71.06), ("New York", "US", "NY", 40.71, -74.01),
    ("Toronto", "CA", "ON", 43.71, -79.40), ("Ottawa", "CA", "ON", 45.42, -75.70),
    ("Montreal", "CA", "QC", 45.51, -73.59), ("Vancouver", "CA", "BC", 49.28, -123.12),
    ("Calgary", "CA", "AB", 51.05, -114.07), ("Winnipeg", "CA", "MB", 49.90, -97.14),
)  # fmt: skip
REPS = (
    ("R-1", "Marisol Vega", 29.76, -95.37), ("R-2", "Tobias Renner", 34.02, -118.40),
    ("R-3", "Anneke Dijkstra", 39.74, -104.99), ("R-4", "Priya Raghunath", 45.51, -73.59),
    ("R-5", "Desmond Achebe", 25.77, -80.19), ("R-6", "Kaia Lindqvist", 47.61, -122.20),
    ("R-7", "Mateo Ferreira", 33.45, -112.07), ("R-8", "Noémie Gagnon", 43.71, -79.40),
    ("R-9", "Owen Fairbairn", 51.05, -114.07), ("R-10", "Yuki Tanabe", 41.88, -87.63),
)  # fmt: skip
FIRST = (
    "Yarrow", "Kestrel", "Foxglove", "Jasper", "Larkspur", "Copperline", "Tamarack", "Bramble",
    "Halcyon", "Juniper", "Meridian", "Northfold", "Orchard", "Pinnacle", "Quarry", "Riverbend",
)  # fmt: skip
LAST = ("Cycles", "Logistics", "Instruments", "Motors", "Paper", "Aerospace", "Outfitters", "Foods")
WEEKS = 90 / 7


@dataclass(frozen=True)
class Scene:
    """A frontier and the table of accounts it is about."""

    frontier: Frontier
    accounts: pd.DataFrame


def scene(accounts: int = 210, reps: int = 6, designs: int = 12, seed: int = 3) -> Scene:
    """Return a scenario of so many accounts, reps and designs; always the same one."""
    table = accounts_table(accounts, reps, seed)
    order = _moves(table, reps)
    step = max(1, min(len(order), 33) // max(designs - 1, 1))
    points = tuple(
        _point(place, table, order[: place * step], reps, len(order)) for place in range(designs)
    )
    suggested = next(
        (p.index for p in points if p.figures.spread_potential < 0.15), min(7, designs - 1)
    )
    frontier = Frontier(
        book_id="b" * 64,
        coverage_hash="c" * 64,
        as_of=date(2026, 11, 14),
        period_start=date(2026, 11, 16),
        period_end=date(2027, 2, 13),
        currency="USD",
        seed=seed,
        steps=240,
        team="North America",
        reps=tuple(
            ScenarioRep(
                rep_id=rep_id, name=name, capacity=380.0, ramp=1.0, account_limit=60,
                note="On leave until 4 January, so 290 h instead of 380 h." if place == 2 else "",
            )
            for place, (rep_id, name, *_) in enumerate(REPS[:reps])
        ),
        accounts=tuple(table.index),
        constraints=(
            Lock(account_id=table.index[0], rep_id=table["owner_id"].iloc[0], by="Harriet Okonjo",
                 reason="Contract talks end in January", until=date(2027, 1, 31)),
            MostMoves(accounts_share=0.15),
        ),
        points=points,
        suggested=suggested,
        knee=max(suggested - 2, 1),
        suggested_why="It is the first design in which both spreads are within 15 %.",
        unplaced=(
            Unplaced(account_id="A-901", account_name="Old Harbour Traders", owner_id=None,
                     reason="No rep of the team speaks Greek.",
                     remedy="Give it to a rep of another team, or take the rule out."),
        ),
        notes=("Leave of Anneke Dijkstra is counted; holidays are not.",),
    )  # fmt: skip
    return Scene(frontier, table)


def accounts_table(accounts: int, reps: int, seed: int = 3) -> pd.DataFrame:
    """Return accounts as a case has them; the nearest base owns most of them."""
    draw = random.Random(seed)
    rows = []
    for number in range(accounts):
        city, country, region, latitude, longitude = CITIES[draw.randrange(len(CITIES))]
        potential = round(min(900_000, 22_000 * exp(draw.gauss(0.9, 0.9))), -2)
        distance = sorted(
            range(reps), key=lambda r: hypot(REPS[r][2] - latitude, REPS[r][3] - longitude)
        )
        owner = distance[0] if draw.random() < 0.8 else distance[1]
        customer = draw.random() < 0.6
        rows.append(
            {
                "account_id": f"A-{number:04d}",
                "name": f"{FIRST[number % 16]} {LAST[number // 16 % 8]}",
                "owner_id": REPS[owner][0],
                "tier": "strategic" if potential > 150_000 else "tier_1",
                "city": city,
                "country": country,
                "region": region,
                "latitude": latitude + draw.uniform(-0.25, 0.25) * (number % 3),
                "longitude": longitude + draw.uniform(-0.25, 0.25) * (number % 3),
                "potential": potential,
                "revenue": round(potential * 0.3, -2) if customer else 0.0,
                "hours": 6 + potential / 40_000,
                "relationship_years": round(draw.uniform(0.3, 6), 1) if customer else float("nan"),
            }
        )
    return pd.DataFrame(rows).set_index("account_id")


def _moves(table: pd.DataFrame, reps: int) -> list[tuple[str, str, str]]:
    """Move, again and again, an account from the rep with most to the one with least."""
    owner = dict(table["owner_id"])
    moved: list[tuple[str, str, str]] = []
    loads = {rep[0]: 0.0 for rep in REPS[:reps]}
    for account, rep in owner.items():
        loads[rep] += table["potential"][account]
    while len(moved) < 40:
        rich, poor = max(loads, key=loads.__getitem__), min(loads, key=loads.__getitem__)
        gap = (loads[rich] - loads[poor]) / 2
        gone = {account for account, *_ in moved}
        choices = [a for a, rep in owner.items() if rep == rich and a not in gone]
        fitting = [a for a in choices if table["potential"][a] < 0.16 * gap]
        if not fitting:
            break
        account = max(fitting, key=lambda a: table["potential"][a])
        owner[account] = poor
        loads[rich] -= table["potential"][account]
        loads[poor] += table["potential"][account]
        moved.append((account, rich, poor))
    return moved


def _point(
    index: int, table: pd.DataFrame, moved: list[tuple[str, str, str]], reps: int, all_moves: int
) -> DesignPoint:
    owner = dict(table["owner_id"]) | {account: taker for account, _, taker in moved}
    ids = [rep[0] for rep in REPS[:reps]]
    target, hours_target = table["potential"].sum() / reps, table["hours"].sum() / reps
    figures = []
    for rep in ids:
        mine = table.loc[[account for account, held in owner.items() if held == rep]]
        travel = 0.9 * len(mine)
        figures.append(
            RepFigures(
                rep_id=rep, accounts=len(mine), potential=float(mine["potential"].sum()),
                potential_target=float(target), hours=float(mine["hours"].sum()),
                hours_target=float(hours_target),
                needed_hours=float(mine["hours"].sum()) + travel, capacity=380.0,
                travel_hours=travel, revenue=float(mine["revenue"].sum()),
            )
        )  # fmt: skip
    gone = table.loc[[account for account, *_ in moved]]
    long_ones = table.index[table["relationship_years"] >= 2]
    kept = sum(account not in set(gone.index) for account in long_ones)
    spread = _variation([rep.potential for rep in figures])
    return DesignPoint(
        index=index,
        label="Present assignment" if not index else f"Design {index}",
        disruption_weight=20.0 / (index + 1),
        assignment=tuple(ids.index(owner[account]) for account in table.index),
        figures=SixFigures(
            spread_potential=spread,
            spread_workload=_variation([rep.hours for rep in figures]),
            heaviest_week=max(rep.needed_hours for rep in figures) / WEEKS,
            accounts_moved=len(moved),
            accounts_moved_share=len(moved) / len(table),
            revenue_moved=float(gone["revenue"].sum()),
            revenue_moved_share=float(gone["revenue"].sum() / table["revenue"].sum()),
            relationships_kept=kept,
            relationships=len(long_ones),
        ),
        reps=tuple(figures),
        objective=40 * spread + 8,
        bound=40 * spread + 6.8,
        gap=1.2,
        work_points=4.0,
        potential_points=40 * spread,
        disruption_points=len(moved) * 0.1,
        travel_points=4.0,
        moves=tuple(_move(table, *move) for move in moved),
        rule_prices=(
            RulePrice(rule="lock", points=0.42, account_id=table.index[0], rep_id=ids[0],
                      told="Without this lock the design could be up to 0.4 points better."),
            RulePrice(rule="language", points=0.38, rep_id=ids[-1],
                      told="One more rep who speaks French is worth 0.4 points."),
        ),
        prices=((0.0,) * reps,) * 4,
        robustness=0.93 if index else None,
        broken=("Owen Fairbairn needs 412 h of 380 h.",) if not index else (),
    )  # fmt: skip


def _move(table: pd.DataFrame, account: str, giver: str, taker: str) -> Move:
    row = table.loc[account]
    years = None if pd.isna(row["relationship_years"]) else float(row["relationship_years"])
    points = round(float(row["potential"]) / 200_000, 2)
    names = {rep[0]: rep[1] for rep in REPS}
    return Move(
        account_id=account, account_name=row["name"], from_rep=giver, to_rep=taker,
        potential=float(row["potential"]), revenue=float(row["revenue"]),
        hours=float(row["hours"]), travel_change=1.4 if years else -2.0,
        relationship_years=years, relationship_share=0.004 if years else 0.0, points=points,
        parts=(Part(name="potential", points=points + 0.1), Part(name="travel", points=-0.1)),
        next_best=Alternative(rep_id=REPS[0][0], points=points / 3),
        reason=f"{names[giver]} is over on potential, {names[taker]} under. "
               f"Frees {row['hours'] / WEEKS:.1f} h a week.",
    )  # fmt: skip


def _variation(values: list[float]) -> float:
    return statistics.pstdev(values) / statistics.fmean(values)
