"""One account on the terminal, by the regression and with nothing known."""

from __future__ import annotations

import pytest

from api.cli.account_view import show_account
from api.cli.terminal import Terminal

ACCOUNT = {
    "name": "Alpine Depot", "account_id": "A-1", "tier_label": "Tier 2", "rank": 4,
    "net_spend_12m": 400.0,
}  # fmt: skip
POTENTIAL = {
    "p50": 800.0, "p75": 1_097.0, "p90": 2_000.0, "open_potential": 697.0,
    "basis": "the median of active accounts with such facts, by regression",
    "peer_group": "298 other active accounts, weighed by their facts",
    "base": 739.0, "unit": 100.0, "peers": [],
    "factors": [
        {"fact": "segment", "value": "Warehouse", "factor": 1.8},
        {"fact": "employees", "value": "", "factor": 0.9},
    ],
}  # fmt: skip


def test_potential_reads_as_a_base_times_factors(capsys: pytest.CaptureFixture[str]) -> None:
    show_account(Terminal(), {"account": ACCOUNT, "potential": POTENTIAL})

    out = capsys.readouterr().out
    assert "P75 is 739 times these, less 100:" in out
    assert "x 1.80  segment    Warehouse" in out
    assert "x 0.90  employees  unknown" in out
    assert "Most alike" not in out


def test_unknown_potential_is_said_to_be_so(capsys: pytest.CaptureFixture[str]) -> None:
    show_account(Terminal(), {"account": ACCOUNT, "potential": {**POTENTIAL, "p75": None}})

    assert "Potential is unknown: fewer than five accounts compare." in capsys.readouterr().out
