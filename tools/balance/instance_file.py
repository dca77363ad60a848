"""Balancing instances in NumPy files: plain arrays in, a `Problem` or an explanation out.

An instance holds `n_acc` accounts and `n_rep` reps. Per account: `hours`, `pot` (potential),
`dis` (relationship value) and `owner` (a rep's index; -1 has no owner, -2 had one who left).
Per rep: `cap` (hours), `nmax` (accounts at most), `t_work` and `t_pot` (targets). Eligible
pairs as CSR: `indptr` (n_acc + 1 offsets), `cols` (rep) and `trv` (travel hours). Weights:
`w_work`, `w_pot`, `w_dis`, `w_trv`. With `cost` (points per pair, generalised assignment)
linear costs are given, and only `hours`, `cap`, `indptr` and `cols` are needed beside it.
Other keys, such as coordinates, describe the instance and are not read.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from domain.errors import InvalidInput
from tools.balance.problem import Floats, Ints, Problem, Weights
from tools.balance.validity import demand_valid

NEEDED = (
    "hours", "pot", "dis", "owner", "cap", "nmax", "t_work", "t_pot",
    "indptr", "cols", "trv", "w_work", "w_pot", "w_dis", "w_trv",
)  # fmt: skip
NEEDED_WITH_COST = ("hours", "cap", "indptr", "cols", "cost")
_FORMAT = "docs/library.md describes the instance format."


def read_instance(path: Path | str) -> Problem:
    """Read one .npz file.

    Raises
    ------
    InvalidInput
        When the file is missing or no NumPy archive, or as `from_arrays` does.
    """
    try:
        archive = np.load(path, allow_pickle=False)
        if not isinstance(archive, np.lib.npyio.NpzFile):
            raise InvalidInput(f"{path} holds one array, not an archive of several.")
        with archive:
            arrays = {name: archive[name] for name in archive.files}
    except FileNotFoundError as error:
        raise InvalidInput(f"There is no file {path}.", hint="Check the path.") from error
    except IsADirectoryError as error:
        raise InvalidInput(f"{path} is a folder, not an instance.", hint="Name a file.") from error
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise InvalidInput(
            f"{path} cannot be read as a NumPy archive (.npz) of plain arrays.",
            hint=f"Write it with numpy.savez_compressed. {_FORMAT}",
        ) from error
    return from_arrays(arrays)


def from_arrays(arrays: Mapping[str, Any]) -> Problem:
    """Make a problem of the arrays of an instance.

    Pairs may stand in any order within an account; they are sorted by rep. Moving an
    account costs its share of all relationship value that has an owner, and nothing where
    the owner is not among its eligible reps: then it has to move anyway.

    Raises
    ------
    InvalidInput
        When a key is missing, a length does not fit, offsets do not rise, a rep does not
        exist, or a value is impossible; the message names the first few places.
    """
    given = "cost" in arrays
    absent = [key for key in (NEEDED_WITH_COST if given else NEEDED) if key not in arrays]
    if absent:
        raise InvalidInput(f"The instance lacks {', '.join(absent)}.", hint=_FORMAT)
    units, reps = len(_vector(arrays, "hours")), len(_vector(arrays, "cap"))
    for key, size in (("n_acc", units), ("n_rep", reps)):
        if key in arrays and _number(arrays, key) != size:
            one = "hours" if key == "n_acc" else "cap"
            raise InvalidInput(f"{key} is {_number(arrays, key):g}, but {one} has {size} entries.")

    first = _offsets(_whole(arrays, "indptr", units + 1), units)
    pairs = int(first[-1])
    rep = _whole(arrays, "cols", pairs)
    unit = np.repeat(np.arange(units), np.diff(first))
    strange = np.flatnonzero((rep < 0) | (rep >= reps))
    if len(strange):
        raise InvalidInput(
            f"cols names rep {rep[strange[0]]} for account {unit[strange[0]]}, but there are reps "
            f"0 to {reps - 1} only."
        )
    order = np.lexsort((rep, unit))
    rep = rep[order]
    twice = np.flatnonzero((np.diff(rep) == 0) & (np.diff(unit) == 0))
    if len(twice):
        raise InvalidInput(f"cols names rep {rep[twice[0]]} twice for account {unit[twice[0]]}.")

    none = np.zeros(units)
    owner = _whole(arrays, "owner", units) if "owner" in arrays else np.full(units, -1)
    astray = np.flatnonzero(owner >= reps)
    if len(astray):
        raise InvalidInput(
            f"The owner of account {astray[0]} is rep {owner[astray[0]]}, but there are reps 0 to "
            f"{reps - 1} only."
        )
    present = np.full(units, -1, dtype=np.int64)
    stays = np.flatnonzero(rep == owner[unit])
    present[unit[stays]] = stays

    value = np.zeros(units) if given else _floats(arrays, "dis", units)
    worst = np.flatnonzero(~(value >= 0))
    if len(worst):
        raise InvalidInput(f"dis of account {worst[0]} is {value[worst[0]]:g}; it is 0 or more.")
    problem = Problem(
        hours=_floats(arrays, "hours", units),
        potential=_floats(arrays, "pot", units, none),
        accounts=np.ones(units, dtype=np.int64),
        first=first,
        rep=rep,
        travel=_floats(arrays, "trv", pairs, np.zeros(pairs))[order],
        disruption=_disruption(unit, present, np.where(owner >= 0, value, 0.0)),
        preference=_floats(arrays, "cost", pairs)[order] if given else np.zeros(pairs),
        present=present,
        capacity=_floats(arrays, "cap", reps),
        limit=_whole(arrays, "nmax", reps) if "nmax" in arrays else np.full(reps, units),
        work_target=_target(arrays, "t_work", reps, "w_work"),
        potential_target=_target(arrays, "t_pot", reps, "w_pot"),
        work_window=np.tile([-np.inf, np.inf], (reps, 1)),
        potential_window=np.tile([-np.inf, np.inf], (reps, 1)),
        weights=Weights(
            work=_number(arrays, "w_work"),
            potential=_number(arrays, "w_pot"),
            disruption=0.0 if given else _number(arrays, "w_dis"),
            travel=0.0 if given else _number(arrays, "w_trv"),
        ),
    )
    demand_valid(problem)
    return problem


def _disruption(unit: Ints, present: Ints, value: Floats) -> Floats:
    """Share of `value` that each pair breaks: nothing for a present owner or without one."""
    moves = (present >= 0)[unit]
    moves[present[present >= 0]] = False
    return np.asarray(np.where(moves, value[unit], 0.0) / (float(value.sum()) or 1.0))


def _offsets(first: Ints, units: int) -> Ints:
    if units == 0:
        raise InvalidInput("The instance has no accounts.", hint="There is nothing to balance.")
    falls = np.flatnonzero(np.diff(first) < 0)
    if first[0] != 0 or len(falls):
        where = f"falls after account {falls[0]}" if len(falls) else f"starts at {first[0]}"
        raise InvalidInput(
            f"indptr {where}; it must start at 0 and never fall.",
            hint="indptr[i] is where the pairs of account i begin.",
        )
    return first


def _target(arrays: Mapping[str, Any], key: str, reps: int, weight: str) -> Floats:
    """Targets per rep; where the term has no weight they do not matter and may be left out."""
    if _number(arrays, weight) == 0.0 and (key not in arrays or not np.all(arrays[key])):
        return np.ones(reps)
    if key not in arrays:
        raise InvalidInput(f"The instance lacks {key}, and {weight} is not 0.", hint=_FORMAT)
    return _floats(arrays, key, reps)


def _number(arrays: Mapping[str, Any], key: str) -> float:
    if key not in arrays:
        return 0.0
    value = np.asarray(arrays[key])
    if value.size != 1 or value.dtype.kind not in "fiub":
        raise InvalidInput(f"{key} must be one number.", hint=_FORMAT)
    return float(value.reshape(()))


def _vector(arrays: Mapping[str, Any], key: str) -> Any:
    value = np.asarray(arrays[key])
    if value.ndim != 1 or value.dtype.kind not in "fiub":
        raise InvalidInput(f"{key} must be a list of numbers, one dimension.", hint=_FORMAT)
    return value


def _floats(
    arrays: Mapping[str, Any], key: str, size: int, otherwise: Floats | None = None
) -> Floats:
    if key not in arrays and otherwise is not None:
        return otherwise
    value = _vector(arrays, key)
    if len(value) != size:
        raise InvalidInput(f"{key} has {len(value)} entries where {size} are needed.", hint=_FORMAT)
    return np.asarray(value, dtype=np.float64)


def _whole(arrays: Mapping[str, Any], key: str, size: int) -> Ints:
    value = _floats(arrays, key, size)
    broken = np.flatnonzero(~(value == np.round(value)) | (np.abs(value) > 2.0**53))
    if len(broken):
        raise InvalidInput(f"{key}[{broken[0]}] is {value[broken[0]]:g}, not a whole number.")
    return np.asarray(value.astype(np.int64))
