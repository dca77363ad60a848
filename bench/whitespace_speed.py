"""Time and memory of one contestant of `bench.whitespace`, in a process of its own."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from datetime import date
from typing import Any

import numpy as np

DAYS = 1_000
LAST = 20_770  # 2026-11-13 as days since 1970


def made(accounts: int, products: int) -> dict[str, np.ndarray]:
    """Make up purchases: eight segments with tastes of their own, some twelve rows each."""
    rng = np.random.default_rng(0)
    segment = rng.integers(0, 8, accounts)
    taste = rng.gamma(1.0, 1.0, (8, products)) * rng.gamma(0.7, 1.0, products)
    reach = np.cumsum(taste, axis=1)
    reach /= reach[:, -1:]
    account = np.repeat(np.arange(accounts), 12)
    product = np.empty(len(account), np.int64)
    draw = rng.random(len(account))
    for at in range(8):
        mine = segment[account] == at
        product[mine] = np.minimum(np.searchsorted(reach[at], draw[mine]), products - 1)
    turn = rng.permutation(len(account))
    return {
        "account": account[turn],
        "product": product[turn],
        "day": rng.integers(LAST - DAYS + 1, LAST + 1, len(account)),
        "amount": rng.gamma(2.0, 50.0, len(account)),
        "segment": segment,
    }


def timed_once(who: str, accounts: int, products: int) -> dict[str, Any]:
    """Fit and take the first ten of every account; seconds, and bytes at most."""
    table = made(accounts, products)
    if who == "ALS (implicit)":
        fit, top = _als(table, accounts, products)
    elif who == "ours, arrays":
        fit, top = _arrays(table, accounts, products)
    else:
        fit, top = _tables(table)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {"fit": fit, "top": top, "together": fit + top, "memory": memory}


def _arrays(table: dict[str, np.ndarray], accounts: int, products: int) -> tuple[float, float]:
    from tools.adoption.attributes import Levels
    from tools.adoption.history import history
    from tools.adoption.model import fit_arrays
    from tools.adoption.ranking import top

    names = tuple(("segment", str(at)) for at in range(8))
    levels = Levels(table["segment"][:, None].astype(np.int32), names)

    def once(rows: np.ndarray) -> tuple[float, float]:
        began = time.perf_counter()
        told = history(
            table["account"][rows], table["product"][rows], table["day"][rows],
            table["amount"][rows], accounts=accounts, products=products, until=LAST,
        )  # fmt: skip
        model = fit_arrays(told, levels)
        middle = time.perf_counter()
        top(model.weights, model.known.before, np.arange(accounts), 10)
        return middle - began, time.perf_counter() - middle

    _warm()
    return once(np.arange(len(table["account"])))


def _tables(table: dict[str, np.ndarray]) -> tuple[float, float]:
    import pandas as pd

    from tools.adoption.model import fit_whitespace
    from tools.adoption.offers import recommend

    dates = np.datetime64("1970-01-01") + table["day"].astype("timedelta64[D]")
    purchases = pd.DataFrame(
        {"account": table["account"], "product": table["product"], "date": dates,
         "amount": table["amount"]}
    )  # fmt: skip
    attributes = pd.DataFrame({"segment": pd.Categorical(table["segment"])})
    _warm()
    began = time.perf_counter()
    model = fit_whitespace(
        purchases, as_of=date(2026, 11, 13), attributes=attributes, method="stack"
    )
    middle = time.perf_counter()
    recommend(model, 10)
    return middle - began, time.perf_counter() - middle


def _warm() -> None:
    """Load or compile the kernels first: that happens once in an installation."""
    from tools.adoption.history import history
    from tools.adoption.model import fit_arrays
    from tools.adoption.ranking import top

    small = made(40_000, 12)
    told = history(
        small["account"], small["product"], small["day"], small["amount"], accounts=40_000,
        products=12, until=LAST,
    )  # fmt: skip
    model = fit_arrays(told)
    top(model.weights, model.known.before, np.arange(40_000), 10)


def _als(table: dict[str, np.ndarray], accounts: int, products: int) -> tuple[float, float]:
    from implicit.als import AlternatingLeastSquares
    from scipy import sparse

    began = time.perf_counter()
    ones = np.ones(len(table["account"]), np.float32)
    owned = sparse.csr_matrix(
        (ones, (table["account"], table["product"])), shape=(accounts, products)
    )
    owned.data[:] = 1
    model = AlternatingLeastSquares(factors=32, random_state=0, num_threads=2)
    model.fit(owned, show_progress=False)
    middle = time.perf_counter()
    model.recommend(np.arange(accounts), owned, N=10)
    return middle - began, time.perf_counter() - middle


def measured(python: str, who: str, accounts: int, products: int) -> dict[str, Any]:
    """Run `timed_once` in a process of its own; `why` where it failed."""
    command = [python, "-m", "bench.whitespace", "--timed", who, str(accounts), str(products)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        missing = "ModuleNotFoundError" in ran.stderr
        return {"why": "not installed" if missing else "failed: " + ran.stderr[-200:].strip()}
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    sys.exit("Run `python -m bench.whitespace`.")
