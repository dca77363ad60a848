"""What a family does to a chance: members of buying families against everybody else."""

from __future__ import annotations

from dataclasses import dataclass

FEWEST_FAMILIES = 5


@dataclass(frozen=True)
class FamilyEffect:
    """How much more often members of buying families took something up than others.

    `factor` multiplies the book's rate; 1.0 where fewer than five families had anything
    to take up. `tried`, `took` count cases, `expected` what the book's rates foretold.
    """

    families: int
    tried: int
    took: int
    expected: float
    factor: float

    @property
    def known(self) -> bool:
        """Whether enough families tell."""
        return self.families >= FEWEST_FAMILIES


def family_effect(
    families: int, tried: int, took: int, expected: float, *, pseudo_count: float
) -> FamilyEffect:
    """Set what families took up against what the book's rates foretold.

    The factor is (took + k r) / (expected + k r), where r = expected / tried is the mean
    rate and k the pseudo-count: without cases it is 1, with many the plain ratio.
    """
    factor = 1.0
    if families >= FEWEST_FAMILIES and tried and expected > 0:
        lean = pseudo_count * expected / tried
        factor = (took + lean) / (expected + lean)
    return FamilyEffect(families, tried, took, round(expected, 6), round(factor, 6))
