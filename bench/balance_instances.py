"""Made-up balancing instances that look like a sales team's book, for the bench alone.

`python -m bench.balance_instances 2000 25 --seed 5 --out inst.npz` writes one file in the
format of docs/library.md. Cities lie at random with Zipf-like populations; accounts cluster
around them. Potentials are log-normal within three segments. Some accounts need a specialist
or a Spanish speaker; owners are skewed towards long-serving reps; some left, some have just
been hired or work part time; some accounts are locked. `--hard`: less spare time, heavier
tails, more locks. Every instance has a design that keeps its rules, by construction.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, Any]
Floats = NDArray[np.float64]

SIZES = ((200, 5), (2_000, 25), (20_000, 100))
REGIONS, CITIES = 5, 48
SEGMENTS = (0.6, 0.3, 0.1)  # small, middle, large
POTENTIAL = np.array([9e3, 50e3, 280e3])
HOURS = np.array([4.0, 15.0, 55.0])
VISITS = np.array([0.4, 3.0, 8.0])
CAPACITY = 1_450.0


def made(accounts: int, reps: int, seed: int, *, hard: bool = False) -> Arrays:
    """Return the arrays of one instance; the same arguments give the same arrays."""
    rng = np.random.default_rng([seed, accounts, reps, int(hard)])
    book = _book(rng, accounts, hard)
    team = _team(rng, reps, book)
    indptr, cols = _eligible(rng, book, team)
    unit = np.repeat(np.arange(accounts), np.diff(indptr))
    km = _km(book["lat"][unit], book["lon"][unit], team["rlat"][cols], team["rlon"][cols])
    hours_each = np.where(km < 350, km / 35.0, 6.0 + km / 375.0)
    trv = book["visits"][unit] * hours_each * np.where(team["remote"][cols], 0.1, 1.0)
    owner = _owners(rng, indptr, cols, km, team)

    locked = (owner >= 0) & (rng.random(accounts) < (0.12 if hard else 0.05))
    keep = ~locked[unit] | (cols == owner[unit])
    unit, cols, trv = unit[keep], cols[keep], trv[keep]
    indptr = np.concatenate([[0], np.cumsum(np.bincount(unit, minlength=accounts))])
    left = (owner >= 0) & ~locked & (rng.random(accounts) < 0.04)
    owner[left] = -2
    tenure = np.where(owner >= 0, rng.uniform(0.2, 1.0, accounts), 0.0)

    ramp, pot = team["ramp"], book["pot"]
    cap = CAPACITY * ramp
    least = np.minimum.reduceat(trv, indptr[:-1])
    trv *= 0.07 * cap.sum() / max(float(least.sum()), 1e-9)
    hours = book["hours"] * (0.79 if hard else 0.73) * cap.sum() / book["hours"].sum()
    # Everybody's potential, spread over those who may take it: a target that can be reached.
    share = ramp[cols] * np.where(team["rseg"][cols] == book["seg"][unit], 1.0, 0.3)
    share /= np.add.reduceat(share, indptr[:-1])[unit]
    arrays = {
        **book,
        **team,
        "n_acc": accounts,
        "n_rep": reps,
        "seed": seed,
        "hours": hours,
        "dis": tenure * (book["revenue"] + 0.05 * pot),
        "owner": owner,
        "locked": locked,
        "leaver": left,
        "indptr": indptr,
        "cols": cols,
        "trv": trv,
        "cap": cap,
        "nmax": np.ceil(3.0 * accounts / reps * ramp * np.array([1.5, 1.0, 0.6])[team["rseg"]] + 5),
        "t_work": hours.sum() * cap / cap.sum(),
        "t_pot": np.bincount(cols, share * pot[unit], reps),
        "w_work": 1.0,
        "w_pot": 1.0,
        "w_dis": 0.6,
        "w_trv": 1.0,
    }
    return _roomy(arrays)


def _book(rng: np.random.Generator, accounts: int, hard: bool) -> Arrays:
    city = np.column_stack([rng.uniform(30, 47, CITIES), rng.uniform(-122, -71, CITIES)])
    weight = 1.0 / np.arange(1, CITIES + 1) ** 0.8
    near = rng.choice(CITIES, accounts, p=weight / weight.sum())
    spread = np.where(rng.random(accounts) < 0.12, 1.5, 0.25)[:, None]
    place = city[near] + spread * rng.standard_normal((accounts, 2))
    edges = np.quantile(city[:, 1], np.linspace(0, 1, REGIONS + 1)[1:-1])
    seg = rng.choice(3, accounts, p=SEGMENTS)
    tail = 1.3 if hard else 1.0
    pot = POTENTIAL[seg] * np.exp(tail * rng.standard_normal(accounts) - tail**2 / 2)
    needs = rng.random(accounts)
    return {
        "lat": place[:, 0],
        "lon": place[:, 1],
        "city": city,
        "region": np.digitize(city[near, 1], edges),
        "seg": seg,
        "pot": pot,
        "revenue": pot * rng.beta(2, 5, accounts) * (rng.random(accounts) < 0.6),
        "hours": HOURS[seg] * np.exp(0.6 * rng.standard_normal(accounts)),
        "visits": np.round(VISITS[seg] * np.exp(0.4 * rng.standard_normal(accounts)), 1),
        "specialism": np.where(needs < 0.12, 1 + (needs * 25).astype(int), 0),
        "language": (rng.random(accounts) < 0.03).astype(int),
    }


def _team(rng: np.random.Generator, reps: int, book: Arrays) -> Arrays:
    """Hire where the work is: reps go to cells of segment and region by largest remainder."""
    cell = book["seg"] * REGIONS + book["region"]
    work = np.bincount(cell, book["hours"], 3 * REGIONS)
    wanted = reps * work / work.sum()
    hired = np.floor(wanted).astype(int)
    hired[np.argsort(hired - wanted, kind="stable")[: reps - hired.sum()]] += 1
    cells = np.repeat(np.arange(3 * REGIONS), hired)
    base = np.array([rng.choice(np.flatnonzero(cell == c)) for c in cells])
    joined = rng.random(reps) < 0.08
    part_time = rng.random(reps) < 0.06
    return {
        "rseg": cells // REGIONS,
        "rregion": cells % REGIONS,
        "rlat": book["lat"][base],
        "rlon": book["lon"][base],
        "remote": (cells // REGIONS == 0) & (rng.random(reps) < 0.7),
        "new_hire": joined,
        "ramp": np.where(joined, 0.6, 1.0) * np.where(part_time, 0.5, 1.0),
    }


def _eligible(
    rng: np.random.Generator, book: Arrays, team: Arrays
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return CSR offsets and reps; rules give way one by one where fewer than two reps fit."""
    reps = len(team["rseg"])
    small_team = reps <= 8
    may = np.zeros((reps, 3), dtype=bool)
    may[np.arange(reps), team["rseg"]] = True
    for lower in (0, 1):
        may[:, lower] |= (team["rseg"] == lower + 1) & (rng.random(reps) < 0.55)
    may |= small_team
    near = np.abs(team["rregion"][:, None] - np.arange(REGIONS)) <= 1
    near |= team["remote"][:, None] | small_team
    knows = rng.random((reps, 4)) < (0.6 if small_team else 0.35)
    knows[:, 0] = True
    speaks = np.column_stack(
        [np.ones(reps, bool), rng.random(reps) < (0.6 if small_team else 0.25)]
    )
    kinds = np.column_stack([book[key] for key in ("region", "seg", "specialism", "language")])
    rows, kind = np.unique(kinds, axis=0, return_inverse=True)
    able = []
    for region, seg, specialism, language in rows:
        rules = [may[:, seg], near[:, region], knows[:, specialism], speaks[:, language]]
        fits = np.logical_and.reduce(rules)
        while fits.sum() < 2:
            rules.pop()
            fits = np.logical_and.reduce(rules) if rules else np.ones(reps, dtype=bool)
        able.append(np.flatnonzero(fits))
    each = [able[place] for place in kind.ravel()]
    return np.cumsum([0, *map(len, each)]), np.concatenate(each)


def _owners(
    rng: np.random.Generator,
    indptr: NDArray[np.int64],
    cols: NDArray[np.int64],
    km: Floats,
    team: Arrays,
) -> NDArray[np.int64]:
    """Give most accounts to one of their reps, near ones and long-serving ones first."""
    pull = rng.gamma(5.0, 0.2, len(team["rseg"])) + 0.05
    pull[team["new_hire"]] = 1e-6
    score = np.log(pull[cols]) - km / 400.0 + rng.gumbel(size=len(cols))
    unit = np.repeat(np.arange(len(indptr) - 1), np.diff(indptr))
    owner = cols[np.lexsort((-score, unit))[indptr[:-1]]].astype(np.int64)
    owner[rng.random(len(owner)) < 0.1] = -1
    return owner


def _km(lat: Floats, lon: Floats, other_lat: Floats, other_lon: Floats) -> Floats:
    north = 111.2 * (lat - other_lat)
    east = 111.2 * np.cos(np.radians((lat + other_lat) / 2)) * (lon - other_lon)
    return np.asarray(np.hypot(north, east))


def _roomy(arrays: Arrays) -> Arrays:
    """Raise capacities and limits to what a plain greedy design needs, so that one exists."""
    reps = int(arrays["n_rep"])
    indptr, cols = arrays["indptr"], arrays["cols"]
    load, many = np.zeros(reps), np.zeros(reps)
    choices = np.diff(indptr)
    for unit in np.lexsort((-arrays["hours"], choices > 1)):
        pairs = np.arange(indptr[unit], indptr[unit + 1])
        needed = arrays["hours"][unit] + arrays["trv"][pairs]
        rep = cols[pairs]
        full = (load[rep] + needed) / arrays["cap"][rep]
        best = int(np.argmin(np.maximum(full, (many[rep] + 1) / arrays["nmax"][rep])))
        load[rep[best]] += needed[best]
        many[rep[best]] += 1
    arrays["cap"] = np.maximum(arrays["cap"], 1.02 * load)
    arrays["nmax"] = np.maximum(arrays["nmax"], many + 1).astype(np.int64)
    return arrays


def main() -> int:
    """Write one file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("accounts", type=int)
    parser.add_argument("reps", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--hard", action="store_true")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    arrays = made(given.accounts, given.reps, given.seed, hard=given.hard)
    np.savez_compressed(given.out, **arrays)
    print(f"{given.out}: {len(arrays['cols']):,} eligible pairs")
    return 0


if __name__ == "__main__":
    sys.exit(main())
