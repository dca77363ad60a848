"""Whitespace as it would have been told a year ago, against what was bought since."""

from __future__ import annotations

from datetime import timedelta

from domain.method import Reliable, WhitespaceHistory
from tools.shares import interval
from tools.whitespace import Whitespace
from tools.whitespace_backtest import YEAR


def tested_whitespace(whitespace: Whitespace) -> WhitespaceHistory:
    """Tell what the gaps of a year ago came to; see `Whitespace.backtest`."""
    test = whitespace.backtest
    notes = (whitespace.note,) if whitespace.note else ()
    if test is None:
        silent = "The book holds no earlier year with gaps to judge."
        return WhitespaceHistory(
            method=whitespace.method, gaps=0, starts=None, ends=None, notes=(*notes, silent)
        )
    bins = []
    for row in test.reliability.to_dict("records"):
        rows, found = int(row["gaps"]), float(row["adopted"])
        low, high = interval(round(found * rows), rows)
        bins.append(
            Reliable(
                rows=rows, told=_six(row["chance"]), found=_six(found), low=_six(low),
                high=_six(high),
            )
        )  # fmt: skip
    return WhitespaceHistory(
        method=test.method,
        gaps=test.gaps,
        starts=test.as_of + timedelta(days=1),
        ends=test.as_of + timedelta(days=YEAR),
        told=_six(test.mean_chance),
        found=_six(test.adopted),
        brier=_six(test.brier),
        brier_peers=_six(test.brier_peer_share),
        worth=round(test.worth, 2),
        spent=round(test.spent, 2),
        reliability=tuple(bins),
        notes=notes,
    )


def _six(value: float) -> float:
    return round(float(value), 6)
