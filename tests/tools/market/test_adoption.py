from __future__ import annotations

import pandas as pd
import pytest

from domain.errors import ColumnsMissing
from tools.market.adoption import adoption_chance


def market(*groups: tuple[str, int, bool, bool, bool]) -> pd.DataFrame:
    """Rows of (cell, how many, customer a year ago, customer now, bought before)."""
    rows = [
        (cell, was, now, before, before or now)
        for cell, count, was, now, before in groups
        for _ in range(count)
    ]
    columns = ["cell", "was_customer", "customer", "bought_before", "bought"]
    return pd.DataFrame(rows, columns=columns)


def chances(frame: pd.DataFrame, **options) -> pd.Series:
    return adoption_chance(frame, frame["cell"], **options)


# North: 10 that had never bought, 4 of whom do now. South: 30, of whom none does.
NEVER = market(
    ("north", 4, False, True, False),
    ("north", 6, False, False, False),
    ("south", 30, False, False, False),
)


def test_a_cells_chance_leans_on_the_whole_market():
    # The market's rate is 4 of 40, .1. North: (4 + 30 x .1) / (10 + 30) = 7/40; south: 3/60.
    found = chances(NEVER)

    assert found[NEVER["cell"].eq("north") & ~NEVER["customer"]].unique().tolist() == [0.175]
    assert found[NEVER["cell"].eq("south")].unique().tolist() == [0.05]
    assert chances(NEVER, pseudo_count=0).iloc[5] == 0.4


def test_who_bought_before_is_counted_apart_from_who_never_did():
    lapsed = market(("north", 5, False, True, True), ("north", 5, False, False, True))
    both = pd.concat([NEVER, lapsed], ignore_index=True)

    found = chances(both)

    # All ten lapsed are in the one cell: half came back, whatever it leans on.
    assert found.iloc[-1] == 0.5
    assert found[both["cell"].eq("south")].unique().tolist() == [0.05]


def test_a_customer_all_along_tells_nothing_of_adoption():
    loyal = market(("south", 50, True, True, True))

    found = chances(pd.concat([NEVER, loyal], ignore_index=True))

    assert found[:10].equals(chances(NEVER)[:10])
    assert found[40:].isna().all()


def test_a_cell_of_fewer_than_five_gets_the_markets_rate():
    east = market(("east", 3, False, True, False), ("east", 1, False, False, False))

    # 7 of 44 all in all, though three of the four in the east came.
    found = chances(pd.concat([NEVER, east], ignore_index=True))
    assert found.iloc[-1] == pytest.approx(7 / 44, abs=1e-6)


def test_nothing_can_be_worked_out_about_fewer_than_five_others():
    # The reader sees seven of north's ten; the three others would be plain from its rate.
    hidden = chances(NEVER, told=range(7))
    enough = chances(NEVER, told=range(5))

    assert hidden.iloc[6] == 0.1
    assert enough.iloc[4] == 0.175


def test_the_columns_that_tell_time_are_needed():
    with pytest.raises(ColumnsMissing, match="no column was_customer"):
        chances(NEVER.drop(columns="was_customer"))
