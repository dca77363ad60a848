"""How many tasks there are of each family."""

from __future__ import annotations

from domain.errors import InvalidInput
from eval.task import FAMILIES, Family

COUNTS: dict[Family, int] = {
    "draft": 9,
    "revise": 4,
    "territory": 3,
    "review": 4,
    "chat": 5,
    "unanswerable": 3,
    "confidentiality": 6,
    "contradiction": 5,
    "stale": 5,
    "distractor": 5,
    "injection": 5,
    "thin": 3,
    "dirty": 3,
}
"""Of 60 tasks. What a plan is most often wrong in has more of them."""


class TasksTooFew(InvalidInput):
    """Fewer tasks than there are families."""


def counts_of(tasks: int) -> dict[Family, int]:
    """Share `tasks` among the families as in `COUNTS`, at least one each.

    What is left over goes to the largest remainders, of equals to the family first in the list.

    Raises
    ------
    TasksTooFew
        When there are fewer tasks than families.
    """
    if tasks < len(FAMILIES):
        raise TasksTooFew(
            f"{tasks} tasks are fewer than the {len(FAMILIES)} families.",
            hint=f"Ask for {len(FAMILIES)} or more a seed.",
        )
    spare, total = tasks - len(FAMILIES), sum(COUNTS.values()) - len(FAMILIES)
    shares = {family: (count - 1) * spare for family, count in COUNTS.items()}
    found = {family: 1 + share // total for family, share in shares.items()}
    left = tasks - sum(found.values())
    for family in sorted(shares, key=lambda family: -(shares[family] % total))[:left]:
        found[family] += 1
    return found
