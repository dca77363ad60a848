"""The score card beside its alternatives: quality out of time, honesty without signal, speed.

`python -m bench.score --data FOLDER` reads `uci_bank` and `maven_crm` from FOLDER; without them
the speed on invented rows is measured alone. `--peers 0` leaves the alternatives out,
`--skip EBM` the slowest of them.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from bench.balance import measured
from bench.commands import PYTHON
from bench.report import Report, Table, publish, seconds
from bench.score_data import bank, bank_card, invented, maven
from bench.score_peers import PEERS, NotInstalled
from bench.timing import timed
from domain.card import Card
from tools.scorecard.auc import auc, auc_interval
from tools.scorecard.fitting import fit_card
from tools.scorecard.history import weigh_history
from tools.scorecard.scoring import score_table

THIN_SIZES = (25, 50, 100, 200, 400, 800, 1_600)
EBM_DRAWS = 3
SPEED_ROWS = (10_000, 100_000, 1_000_000)
HAND, OURS = "hand card", "ours, from the hand card"
ALONE = "ours, without a hand card"

Scorer = Callable[[pd.DataFrame, pd.Series, pd.DataFrame], np.ndarray]


def contestants(hand: Card | None, peers: dict[str, Scorer]) -> dict[str, Scorer]:
    """Return what is compared, by name; the hand card, where there is one, first."""

    def ours(prior: Card | None) -> Scorer:
        def scored(facts: pd.DataFrame, won: pd.Series, later: pd.DataFrame) -> np.ndarray:
            return _scores(later, fit_card(facts, won, prior_card=prior))

        return scored

    made: dict[str, Scorer] = {}
    if hand is not None:
        made[HAND] = lambda facts, won, later: _scores(later, hand)
        made[OURS] = ours(hand)
    return made | {ALONE: ours(None)} | peers


def _scores(table: pd.DataFrame, card: Card) -> np.ndarray:
    return score_table(table, card).table["score"].to_numpy()


def out_of_time(
    table: Table, facts: pd.DataFrame, won: pd.Series, entries: dict[str, Scorer]
) -> None:
    """Train on the first 60 % and 80 % of the rows, judge on the fifth that follows."""
    cuts = [int(len(won) * share) for share in (0.6, 0.8, 1.0)]
    for who, entry in entries.items():
        areas, took = [], 0.0
        try:
            for start, end in itertools.pairwise(cuts):
                kept: list[np.ndarray] = []
                work = partial(entry, facts[:start], won[:start], facts[start:end])
                took += timed(lambda work=work, kept=kept: kept.append(work()))  # type: ignore[misc]
                areas.append(auc(won[start:end].to_numpy(), kept[0]))
        except NotInstalled as error:
            table.rows.append((who, "", "", f"not installed: {error}", ""))
            continue
        mean = float(np.mean(areas))
        table.rows.append((who, *(f"{area:.3f}" for area in areas), f"{mean:.3f}", seconds(took)))
        table.values.append({"who": who, "areas": areas, "mean": mean, "seconds": took})


def thin(
    table: Table, facts: pd.DataFrame, won: pd.Series, entries: dict[str, Scorer], *, draws: int
) -> None:
    """Learn from a few outcomes of the first 60 %; judge on the next 20 %, always the same."""
    start, end = int(len(won) * 0.6), int(len(won) * 0.8)
    later, happened = facts[start:end], won[start:end].to_numpy()
    hand = auc(happened, entries[HAND](facts, won, later))
    for who, entry in entries.items():
        if who == HAND:
            continue
        cells, values = [], []
        for size in THIN_SIZES:
            gains: list[float] = []
            missing = ""
            # EBM takes some 20 s a fit, the others well under one.
            for draw in range(min(draws, EBM_DRAWS) if who == "EBM" else draws):
                rows = np.sort(np.random.default_rng(draw).choice(start, size, replace=False))
                if won.iloc[rows].nunique() < 2 and who != OURS:
                    continue
                try:
                    scores = entry(facts.iloc[rows], won.iloc[rows], later)
                except NotInstalled:
                    missing = "not installed"
                    break
                except ValueError:  # a peer that cannot learn from so few outcomes
                    continue
                gains.append(auc(happened, scores) - hand)
            mean = float(np.mean(gains)) if gains else float("nan")
            cells.append(missing or f"{mean:+.3f}")
            values.append(mean)
        name = f"{who}, {EBM_DRAWS} draws" if who == "EBM" and draws > EBM_DRAWS else who
        table.rows.append((name, *cells))
        table.values.append({"who": who, "sizes": THIN_SIZES, "gain": values})


def honesty(report: Report, given: argparse.Namespace) -> None:
    """Noise must be called noise: the CRM sample, and outcomes dealt out anew."""
    table = report.table(
        "No signal where there is none", ("history", "verdict", "area", "99 % interval")
    )
    noise = maven(given.data)
    if noise is None:
        table.rows.append(("maven_crm", "not there", "", ""))
    else:
        facts, won, when = noise
        verdict = weigh_history(facts, won, when=when)
        assert verdict.backtest is not None
        found = verdict.backtest.fitted_auc
        table.rows.append(
            (
                "maven_crm",
                verdict.verdict,
                f"{found.value:.3f}",
                f"{found.low:.3f}-{found.high:.3f}",
            )
        )
        cut = int(len(won) * 0.7)
        for who, entry in _peers(given).items():
            try:
                scores = entry(facts[:cut], won[:cut], facts[cut:])
            except NotInstalled:
                table.rows.append((f"maven_crm, {who}", "not installed", "", ""))
                continue
            area = auc_interval(won[cut:].to_numpy(), scores)
            told = f"{area.low:.3f}-{area.high:.3f}"
            table.rows.append((f"maven_crm, {who}", "gives none", f"{area.value:.3f}", told))
    real = bank(given.data)
    if real is None:
        table.rows.append(("uci_bank, outcomes shuffled", "not there", "", ""))
        return
    facts, won = real
    false, areas = 0, []
    for copy in range(given.copies):
        shuffled = pd.Series(np.random.default_rng(copy).permutation(won.to_numpy()))
        verdict = weigh_history(facts, shuffled)
        false += verdict.verdict != "no signal"
        if verdict.backtest is not None:
            areas.append(verdict.backtest.fitted_auc.value)
    told = f"{false} of {given.copies} copies with a false signal"
    spread = f"{min(areas):.3f}-{max(areas):.3f} (all copies)"
    table.rows.append(("uci_bank, outcomes shuffled", told, f"{np.mean(areas):.3f}", spread))


def speed(report: Report, given: argparse.Namespace) -> None:
    """Fit and score invented rows, each in a process of its own."""
    table = report.table(
        "16 facts (12 numbers, 4 of words), one process each",
        ("rows", "who", "fit", "score", "peak memory", "goal"),
    )
    for rows in SPEED_ROWS:
        if rows > given.rows:
            continue
        for who in ("ours", *(("LightGBM",) if given.peers else ())):
            ran = measured([PYTHON, "-m", "bench.score", "--one", who, "--rows", str(rows)], 900.0)
            if ran.code != 0:
                table.rows.append((f"{rows:,}", who, "not installed", "", "", ""))
                continue
            told = json.loads(ran.output)
            goal = "fit 8 s, score 3 s, 1 GB" if rows == SPEED_ROWS[-1] and who == "ours" else ""
            table.rows.append(
                (
                    f"{rows:,}", who, seconds(told["fit"]), seconds(told["score"]),
                    f"{ran.memory:.0f} MB", goal,
                )
            )  # fmt: skip
            table.values.append({"rows": rows, "who": who, "memory_mb": ran.memory, **told})


def one(who: str, rows: int) -> int:
    """Fit and score once, print the times as JSON; 3 where the package is missing."""
    facts, won = invented(rows)
    if who == "ours":
        kept: list[Card] = []
        fit = timed(lambda: kept.append(fit_card(facts, won)))
        score = timed(lambda: score_table(facts, kept[0]))
    else:
        few = facts[:1_000]
        try:
            base = timed(lambda: PEERS[who](few, won[:1_000], few))
            fit = timed(lambda: PEERS[who](facts, won, few))
            score = max(timed(lambda: PEERS[who](few, won[:1_000], facts)) - base, 0.0)
        except NotInstalled:
            return 3
    print(json.dumps({"fit": fit, "score": score}))
    return 0


def _peers(given: argparse.Namespace) -> dict[str, Scorer]:
    return {who: peer for who, peer in PEERS.items() if given.peers and who not in given.skip}


def main() -> int:
    """Measure and print."""
    given = _arguments()
    if given.one:
        return one(given.one, given.rows)
    warnings.filterwarnings("ignore")
    report = Report("score")
    real = bank(given.data)
    if real is None:
        report.note(f"uci_bank is not in {given.data}; name its folder with --data.")
    else:
        facts, won = real
        entries = contestants(bank_card(), _peers(given))
        table = report.table(
            "uci_bank: area under the curve on later outcomes",
            ("who", "60-80 %", "80-100 %", "mean", "time"),
        )
        out_of_time(table, facts, won, entries)
        if given.draws:
            table = report.table(
                f"uci_bank, thin history: area beside the hand card, mean of {given.draws} draws",
                ("who", *(f"{size:,}" for size in THIN_SIZES)),
            )
            thin(table, facts, won, entries, draws=given.draws)
    if given.copies:
        honesty(report, given)
    speed(report, given)
    publish(report, given)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--data", type=Path, default=Path("data"), help="folder of the data sets")
    parser.add_argument("--peers", type=int, default=1, help="0 leaves the alternatives out")
    parser.add_argument("--skip", nargs="*", default=[], help="alternatives to leave out, by name")
    parser.add_argument("--draws", type=int, default=20, help="thin histories of each size")
    parser.add_argument("--copies", type=int, default=20, help="copies with outcomes shuffled")
    parser.add_argument("--rows", type=int, default=SPEED_ROWS[-1], help="rows at most")
    parser.add_argument("--one", default="", help=argparse.SUPPRESS)
    parser.add_argument("--markdown", action="store_true", help="print Markdown")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
