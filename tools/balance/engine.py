"""Which form of the kernels runs: compiled by numba, or plain Python on lists."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np

from tools.balance import kernels, splits
from tools.balance.splits_plain import polish_plain


class Engine(NamedTuple):
    """The kernels, and whether they want lists instead of arrays."""

    renew: Any
    anneal: Any
    polish: Any
    lists: bool

    def held(self, record: Any) -> Any:
        """Return a named tuple of arrays as the kernels want it; small ones may be changed."""
        if not self.lists:
            return record
        return type(record)(*(x.tolist() if isinstance(x, np.ndarray) else x for x in record))

    def row(self, values: Any) -> Any:
        """Return one array as the kernels want it."""
        return values.tolist() if self.lists else values


@cache
def engine(plain: bool = False) -> Engine:
    """Return the compiled kernels, or the plain ones where asked for or numba is missing.

    Compiled kernels come from numba's cache after the first time, release the interpreter
    lock, and count no references: they allocate nothing, and counting made each split take
    ten times as long.
    """
    if not plain:
        try:
            from numba import njit
        except ImportError:
            plain = True
    if plain:
        return Engine(kernels.renew, kernels.anneal, polish_plain, True)
    build = njit(cache=True, nogil=True, _nrt=False)
    return Engine(build(kernels.renew), build(kernels.anneal), build(splits.polish), False)
