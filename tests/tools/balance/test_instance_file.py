"""Instances in files and arrays: what is read, and how every fault is told."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from domain.errors import InvalidInput
from tools.balance.instance_file import from_arrays, read_instance
from tools.balance.problem import judge


def arrays(**changed: Any) -> dict[str, Any]:
    """Three accounts and two reps; account 2 may go to rep 1 only, whose it is not."""
    given = {
        "n_acc": 3,
        "n_rep": 2,
        "hours": np.array([10.0, 20.0, 30.0]),
        "pot": np.array([100.0, 200.0, 300.0]),
        "dis": np.array([6.0, 2.0, 12.0]),
        "owner": np.array([0, -1, 0]),
        "cap": np.array([50.0, 50.0]),
        "nmax": np.array([3, 3]),
        "t_work": np.array([30.0, 30.0]),
        "t_pot": np.array([300.0, 300.0]),
        "indptr": np.array([0, 2, 4, 5]),
        "cols": np.array([1, 0, 0, 1, 1]),
        "trv": np.array([4.0, 1.0, 0.0, 2.0, 3.0]),
        "w_work": 1.0,
        "w_pot": 1.0,
        "w_dis": 0.6,
        "w_trv": 1.0,
    }
    return given | changed


def without(*keys: str) -> dict[str, Any]:
    return {key: value for key, value in arrays().items() if key not in keys}


def test_an_instance_becomes_a_problem_with_its_pairs_sorted_by_rep() -> None:
    problem = from_arrays(arrays())

    assert problem.rep.tolist() == [0, 1, 0, 1, 1]
    assert problem.travel.tolist() == [1.0, 4.0, 0.0, 2.0, 3.0]
    # Account 0 is with rep 0, account 1 with nobody; rep 0 is not eligible for account 2.
    assert problem.present.tolist() == [0, -1, -1]
    # Of the value 6 + 12 that has an owner, moving account 0 breaks a third. Account 1 has
    # no owner to lose, account 2 has to move anyway.
    assert problem.disruption == pytest.approx([0.0, 1 / 3, 0.0, 0.0, 0.0])


def test_the_objective_of_an_instance_is_the_one_worked_by_hand() -> None:
    figures = judge(problem := from_arrays(arrays()), problem.pairs_of(np.array([1, 0, 1])))

    # Hours 20 and 40 of a target of 30: a third off each, so psi is 0.05 + 4 x 0.1 +
    # 12 x 0.18333 = 2.65, and the same of potential: 2 reps x 100/2 x 2.65 = 265 each.
    # A third of the value moves: 0.6 x 100/3 = 20. Travel 4 + 0 + 3 of 100 h: 7.
    assert figures.work == pytest.approx(265.0)
    assert figures.potential == pytest.approx(265.0)
    assert figures.disruption == pytest.approx(20.0)
    assert figures.travel == pytest.approx(7.0)
    assert figures.objective == pytest.approx(557.0)


def test_given_costs_replace_disruption_and_travel_but_travel_still_takes_hours() -> None:
    costs = np.array([5.0, 1.0, 2.0, 3.0, 4.0])
    problem = from_arrays(arrays(cost=costs, w_work=0.0, w_pot=0.0))
    figures = judge(problem, problem.pairs_of(np.array([1, 0, 1])))

    # cols starts with rep 1, so its cost of 5 is the second pair's after sorting.
    assert problem.cost.tolist() == [1.0, 5.0, 2.0, 3.0, 4.0]
    assert figures.objective == pytest.approx(5.0 + 2.0 + 4.0)
    assert figures.needed.tolist() == [20.0, 10.0 + 4.0 + 30.0 + 3.0]


def test_generalised_assignment_needs_hours_capacities_pairs_and_costs_only() -> None:
    given = {key: arrays()[key] for key in ("hours", "cap", "indptr", "cols")}
    problem = from_arrays(given | {"cost": np.ones(5)})

    assert problem.limit.tolist() == [3, 3]
    assert judge(problem, problem.pairs_of(np.array([0, 0, 1]))).objective == pytest.approx(3.0)


def test_a_file_gives_the_problem_of_its_arrays(tmp_path: Path) -> None:
    path = tmp_path / "three.npz"
    np.savez_compressed(path, **arrays())

    assert read_instance(path).cost.tolist() == from_arrays(arrays()).cost.tolist()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (without("hours", "t_pot"), r"lacks hours, t_pot"),
        (arrays(pot=np.ones(2)), r"pot has 2 entries where 3 are needed"),
        (arrays(trv=np.ones(4)), r"trv has 4 entries where 5 are needed"),
        (arrays(n_acc=4), r"n_acc is 4, but hours has 3 entries"),
        (arrays(hours=np.array([10.0, np.nan, 1.0])), r"Hours of account 1 is nan"),
        (arrays(hours=np.array([10.0, -2.0, 1.0])), r"Hours of account 1 is -2; it must be 0 or"),
        (arrays(pot=np.array([1.0, np.inf, 1.0])), r"Potential of account 1 is inf"),
        (arrays(dis=np.array([1.0, -1.0, 1.0])), r"dis of account 1 is -1"),
        (arrays(trv=np.array([1.0, np.nan, 1.0, 1.0, 1.0])), r"Travel of pair 0 is nan|pair 1"),
        (arrays(indptr=np.array([0, 3, 2, 5])), r"indptr falls after account 1"),
        (arrays(indptr=np.array([1, 2, 4, 5])), r"indptr starts at 1"),
        (arrays(cols=np.array([1, 0, 0, 7, 1])), r"cols names rep 7 for account 1"),
        (arrays(cols=np.array([1, 1, 0, 1, 1])), r"cols names rep 1 twice for account 0"),
        (arrays(cols=np.array([1, 0, 0, 0.5, 1])), r"cols\[3\] is 0\.5, not a whole number"),
        (arrays(owner=np.array([0, 2, 0])), r"owner of account 1 is rep 2"),
        (arrays(cap=np.array([50.0, 0.0])), r"Capacity of rep 1 is 0; it must be above 0"),
        (arrays(nmax=np.array([0, 3])), r"Limit of rep 0 is 0; it must be 1 or more"),
        (arrays(t_pot=np.array([0.0, 300.0])), r"Potential_target of rep 0 is 0"),
        (arrays(w_dis=-1.0), r"weight of disruption is -1"),
        (arrays(w_dis=np.ones(2)), r"w_dis must be one number"),
        (arrays(hours=np.array(["a", "b", "c"])), r"hours must be a list of numbers"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_instance_is_told_with_its_place(
    given: dict[str, Any], told: str
) -> None:
    with pytest.raises(InvalidInput, match=told):
        from_arrays(given)


def test_one_rep_or_no_accounts_leave_nothing_to_balance() -> None:
    one = arrays(
        n_rep=1, cap=np.array([50.0]), nmax=np.array([3]), t_work=np.array([60.0]),
        t_pot=np.array([600.0]), indptr=np.array([0, 1, 2, 3]), cols=np.zeros(3),
        trv=np.zeros(3), owner=np.array([0, -1, 0]),
    )  # fmt: skip
    with pytest.raises(InvalidInput, match="only one rep, who gets every account"):
        from_arrays(one)
    nobody = {key: np.empty(0) for key in ("hours", "pot", "dis", "owner", "cols", "trv")}
    with pytest.raises(InvalidInput, match="no accounts"):
        from_arrays(arrays(n_acc=0, indptr=np.zeros(1), **nobody))


def test_more_faults_than_three_are_counted() -> None:
    with pytest.raises(InvalidInput, match=r"account 2 is -1, and 1 more like it"):
        from_arrays(
            arrays(
                n_acc=4, hours=-np.ones(4), pot=np.ones(4), dis=np.ones(4), owner=-np.ones(4),
                indptr=np.array([0, 2, 4, 5, 5]),
            )
        )  # fmt: skip


@pytest.mark.parametrize("content", [b"", b"account,rep\n1,2\n", b"PK\x03\x04 broken"])
def test_a_file_that_is_no_archive_is_told_apart(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "wrong.npz"
    path.write_bytes(content)

    with pytest.raises(InvalidInput, match=r"wrong\.npz cannot be read as a NumPy archive"):
        read_instance(path)


def test_a_single_array_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    np.save(tmp_path / "one.npy", np.ones(3))
    with pytest.raises(InvalidInput, match="holds one array"):
        read_instance(tmp_path / "one.npy")
    with pytest.raises(InvalidInput, match="There is no file"):
        read_instance(tmp_path / "none.npz")
    with pytest.raises(InvalidInput, match="is a folder"):
        read_instance(tmp_path)


def test_arrays_that_need_running_code_to_be_read_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "objects.npz"
    np.savez(path, **arrays(hours=np.array([object()] * 3, dtype=object)))

    with pytest.raises(InvalidInput, match="cannot be read"):
        read_instance(path)
