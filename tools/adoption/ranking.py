"""The products an account should be offered first, for all accounts at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tools.adoption.exposure import Wide
from tools.adoption.history import BIG, Codes, Floats, Ints

BLOCK = 4_096
"""Accounts scored at once on the plain path."""


@dataclass(frozen=True)
class Weights:
    """What adds up to the score of an account and a product.

    Attributes
    ----------
    table
        What accounts own and their levels; products first, then levels.
    group
        Of each account; which table of `sums` it is scored by.
    candidates
        Products that may be offered, ascending; the columns below.
    sums
        Added for every column an account has: groups, columns, candidates.
    means
        Added for every product it owns, divided by how many those are.
    start
        Of each candidate.
    offset
        Of each account.
    """

    table: Wide
    group: Codes
    candidates: Ints
    sums: Floats
    means: Floats
    start: Floats
    offset: Floats

    @property
    def place(self) -> Codes:
        """The column of every product among the candidates; -1 where it is none."""
        place = np.full(self.means.shape[0], -1, np.int32)
        place[self.candidates] = np.arange(len(self.candidates), dtype=np.int32)
        return place


def scores(weights: Weights, before: int, accounts: Ints) -> Floats:
    """Scores of every candidate: accounts, candidates; minus infinity where owned."""
    every = weights.table.matrix(before)[accounts]
    products = weights.means.shape[0]
    owned = every[:, :products]
    group = weights.group[accounts]
    out = np.empty((len(accounts), len(weights.candidates)))
    for at in np.unique(group):
        mine = np.flatnonzero(group == at)
        out[mine] = every[mine] @ weights.sums[at]
    count = np.maximum(np.asarray(owned.sum(axis=1)), 1.0)
    out += weights.start
    out += (owned @ weights.means) / count[:, None]
    out += weights.offset[accounts][:, None]
    out[owned[:, weights.candidates].toarray() > 0] = -np.inf
    return out


def top(weights: Weights, before: int, accounts: Ints, most: int) -> tuple[Codes, Floats]:
    """The best candidates and their scores: accounts, `most`.

    Where fewer are left, the candidate is -1. Of equal scores the first candidate leads.
    """
    most = min(most, len(weights.candidates))
    chosen = np.full((len(accounts), most), -1, np.int32)
    value = np.full((len(accounts), most), -np.inf)
    if not most or not len(accounts):
        return chosen, value
    if len(weights.table.item) >= BIG and len(accounts) > BLOCK:
        from tools.adoption import kernels

        kernels.top(
            weights.table.first, weights.table.item, weights.group, weights.place, weights.sums,
            np.ascontiguousarray(weights.means), weights.start, weights.offset, accounts, most,
            chosen, value,
        )  # fmt: skip
        return chosen, value
    for begin in range(0, len(accounts), BLOCK):
        block = scores(weights, before, accounts[begin : begin + BLOCK])
        order = np.argsort(-block, axis=1, kind="stable")[:, :most]
        told = np.take_along_axis(block, order, 1)
        chosen[begin : begin + BLOCK] = np.where(np.isfinite(told), order, -1)
        value[begin : begin + BLOCK] = told
    return chosen, value
