import numpy as np
import pandas as pd

from domain.card import CardRule
from tools.scorecard.binning import BinnedFact, binned
from tools.scorecard.firmness import FIRM, LOOSE, MOST_ROWS, firmness


def cut(table: pd.DataFrame) -> list[BinnedFact]:
    return [
        binned(table[name], name, CardRule(fact=name, label=name, dimension="fit", bins=()))
        for name in table
    ]


def drawn(rows: int, facts: int) -> tuple[pd.DataFrame, np.random.Generator]:
    chance = np.random.default_rng(3)
    return pd.DataFrame({f"f{n}": chance.normal(size=rows) for n in range(facts)}), chance


def test_weak_lines_among_much_noise_are_believed_firmly() -> None:
    table, chance = drawn(800, 12)
    odds = 0.35 * table["f0"] + 0.3 * table["f1"] - 1
    won = (chance.random(800) < 1 / (1 + np.exp(-odds))).to_numpy().astype(float)

    assert firmness(cut(table), won) == FIRM


def test_strong_effects_in_the_middle_alone_are_not_flattened() -> None:
    table, chance = drawn(400, 2)
    odds = sum(np.where(table[name].abs() < 0.7, 2.5, -2.5) for name in table)
    won = (chance.random(400) < 1 / (1 + np.exp(-odds))).astype(float)

    assert firmness(cut(table), won) == LOOSE


def test_of_many_outcomes_or_hardly_any_nothing_is_tried() -> None:
    table, _ = drawn(MOST_ROWS, 1)
    many = np.tile([0.0, 1.0], MOST_ROWS // 2)
    few = np.zeros(100)
    few[:4] = 1

    assert firmness(cut(table), many) == LOOSE
    assert firmness(cut(table[:100]), few) == LOOSE
