"""Where every account of an earlier book stood: what the next book is held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from domain.coverage import CoverageModel, Tier
from domain.record import content_hash, text_hash
from tools.score import Score
from tools.tier_rules import NO_EARLIER, Placing, reached


@dataclass(frozen=True)
class Standing:
    """Tiers and scores of one book, under the rules it was read under.

    `accounts` is indexed by `account_id` with `name` and `owner_id`; `tiers` is the table
    of `tools.tiers.Tiers` and `placing` what decided it; `arguments` is the hash of what
    the tiers were computed from.
    """

    book_id: str
    as_of: date
    coverage: CoverageModel
    accounts: pd.DataFrame
    tiers: pd.DataFrame
    placing: Placing
    score: Score
    arguments: str

    @cached_property
    def hash(self) -> str:
        """64 hexadecimal digits over what the tiers came from and what they are."""
        lines = zip(
            map(str, self.tiers.index),
            map(str, self.tiers["tier"]),
            map(str, self.tiers["potential_tier"]),
            strict=True,
        )
        stood = text_hash("\n".join(sorted("\x1f".join(line) for line in lines)))
        return content_hash([self.arguments, stood])

    def reach(self, accounts: pd.Index[str], tiers: Sequence[Tier]) -> np.ndarray:
        """Number of the tier that each account's potential reached; `NO_EARLIER` if unknown.

        Where the bounds of the tiers are others than they were, the earlier potential is
        held against today's: people who move a bound mean it, and nothing is held back.
        """
        potential = self.placing.states["potential"].astype("float64")
        if _bounds(tiers) == _bounds(self.placing.tiers):
            number = {tier.key: at for at, tier in enumerate(tiers)}
            at = self.tiers["potential_tier"].map(number)
        else:
            plain = Placing(self.placing.states, tuple(tiers), np.full(len(potential), NO_EARLIER))
            at = pd.Series(reached(plain).argmax(axis=1), index=potential.index)
        known = at.where(potential.notna()).reindex(accounts)
        return known.fillna(NO_EARLIER).to_numpy(dtype=int)


def _bounds(tiers: Sequence[Tier]) -> list[tuple[str, float, bool]]:
    return [(tier.key, tier.bound, tier.potential_over is not None) for tier in tiers]
