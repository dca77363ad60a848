"""Does the verifier notice planted faults, and does it leave the good plan alone?"""

from __future__ import annotations

from collections import Counter

import pytest

from eval.adversaries.faults import MAKERS
from eval.adversaries.mutants import MUST_STRIKE, Mutant, caught, mutate
from tests.agent.good_plan import Example, example
from tests.agent.settling import settle

MUTANTS = 330


@pytest.fixture(scope="module")
def good() -> Example:
    return example()


@pytest.fixture(scope="module")
def mutants(good: Example) -> list[Mutant]:
    return mutate(good.draft, good.ledger, seed=20261114, n=MUTANTS)


def noticed(mutant: Mutant, good: Example) -> bool:
    return caught(
        mutant, good.reader, good.coverage,
        as_of=good.as_of, period=good.period, currency=good.currency,
    )  # fmt: skip


def test_the_good_plan_raises_no_false_alarm(good: Example) -> None:
    assert [item.key for item in good.check().claims if item.findings] == []


def test_every_kind_of_fault_is_planted_at_least_ten_times(mutants: list[Mutant]) -> None:
    counts = Counter(mutant.kind for mutant in mutants)
    assert set(counts) == set(MAKERS)
    assert sum(counts.values()) >= 300
    assert min(counts.values()) >= 10


def test_planted_faults_are_caught(mutants: list[Mutant], good: Example) -> None:
    missed = [(m.kind, m.key, m.wrong) for m in mutants if not noticed(m, good)]
    assert [entry for entry in missed if entry[0] in MUST_STRIKE] == []
    assert len(missed) <= 0.005 * len(mutants), missed


def test_settling_leaves_no_struck_fault_in_the_plan(mutants: list[Mutant], good: Example) -> None:
    originals = {claim.key: claim for _, claim in good.draft.claims()}
    for mutant in mutants[::7]:
        result = settle(
            mutant.draft, mutant.ledger, good.reader, good.coverage,
            as_of=good.as_of, period=good.period, currency=good.currency,
        )  # fmt: skip
        left = {claim.key: claim for _, claim in result.draft.claims()}.get(mutant.key)
        told = result.report.result(mutant.key)
        # Gone, mended to what it was, replaced by the stand-in, or marked for the reader.
        assert (
            left is None
            or left == originals[mutant.key]
            or (told is not None and told.outcome in ("flagged", "repaired"))
        ), (mutant.kind, mutant.key, mutant.wrong)


def test_the_same_seed_plants_the_same_faults(good: Example) -> None:
    one, two = (mutate(good.draft, good.ledger, 5, 45) for _ in range(2))
    assert [(m.kind, m.key, m.wrong, m.draft) for m in one] == [
        (m.kind, m.key, m.wrong, m.draft) for m in two
    ]
    other = mutate(good.draft, good.ledger, 6, 45)
    assert [m.draft for m in one] != [m.draft for m in other]
