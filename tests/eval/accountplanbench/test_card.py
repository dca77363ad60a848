"""The data card says of the benchmark what the generator does."""

from __future__ import annotations

import re
from pathlib import Path

from eval.accountplanbench.counts import COUNTS
from eval.accountplanbench.hidden import MOST_SECRETS
from eval.accountplanbench.industries import INDUSTRIES
from eval.accountplanbench.keys import THIN_WORDS_AT_MOST, WORDS_AT_MOST
from eval.accountplanbench.making import TASKS_A_SEED, VERSION
from eval.accountplanbench.notes import OLD_YEARS
from eval.accountplanbench.periods import PLANNING_DAYS
from eval.accountplanbench.texts import GROUPS, topics, wordings
from eval.dataset import Dataset

CARD = Path("docs/accountplanbench-card.md").read_text(encoding="utf-8")


def table(heading: str) -> list[list[str]]:
    """Return the cells of the table under a heading, without its head."""
    part = CARD.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in part.split("\n") if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_families_and_their_counts() -> None:
    assert {name: int(count) for name, count, _ in table("Families")} == COUNTS


def test_industries_and_their_shapes() -> None:
    told = {row[0]: row[1:5] for row in table("Industries and shapes")}
    assert told == {
        item.key: [
            ", ".join(item.markets),
            "-".join(map(str, item.accounts)),
            "-".join(map(str, item.reps)),
            str(item.managers),
        ]
        for item in INDUSTRIES
    }
    for item, row in zip(INDUSTRIES, table("Industries and shapes"), strict=True):
        assert item.rhythm in row[5]
        assert [str(min(item.gaps)), str(max(item.gaps))] == re.findall(r"\d+", row[5])


def test_wordings_and_the_closed_third() -> None:
    told = {row[0]: [int(cell) for cell in row[1:]] for row in table("Wordings")}
    for group in GROUPS:
        families = [wording for topic in topics(group) for wording in wordings(topic)]
        closed = sum(wording.closed for wording in families)
        assert told[group] == [len(topics(group)), len(families), closed]
        assert closed * 3 == len(families)


def test_figures_in_the_text(dataset: Dataset) -> None:
    books = list((dataset.folder / "books").iterdir())
    assert f"| version | {VERSION} |" in CARD
    assert f"{TASKS_A_SEED} tasks over {len(books)} book folders" in CARD
    assert f"{PLANNING_DAYS} days from the Monday" in CARD
    assert f"at most {THIN_WORDS_AT_MOST} words" in CARD
    assert f"up to {MOST_SECRETS}:" in CARD
    assert "1,200 for a plan of an account" in CARD
    assert "2,000 for a quarter or a\n  review, 120 for an answer" in CARD
    assert [WORDS_AT_MOST[kind] for kind in ("account_plan", "revision")] == [1200, 1200]
    assert [WORDS_AT_MOST[kind] for kind in ("territory_plan", "review")] == [2000, 2000]
    assert WORDS_AT_MOST["question"] == 120
    assert OLD_YEARS == (3, 5)
    assert "three to five years ago" in CARD


def test_kinds_of_changes(dataset: Dataset) -> None:
    planted = {item.kind for key in dataset.keys.values() for item in key.changes}
    named = CARD.split("**Changes of reviews**")[1].split("Not planted are")[0]
    assert planted <= set(re.findall(r"`([a-z_]+)`", named))
    assert planted == set(re.findall(r"`([a-z]+_[a-z]+)`", named))
