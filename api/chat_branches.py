"""The branches of a thread: one path through its turns, and where each stands among its like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.chat import Turn


@dataclass(frozen=True)
class Branch:
    """Where a turn stands among those asked in the same place; `earlier`, `later` are ids."""

    place: int
    of: int
    earlier: str | None
    later: str | None


def path_to(turns: Sequence[Turn], at: str | None) -> list[tuple[Turn, Branch]]:
    """Return the turns from the first question through `at` to its latest follower.

    Without `at`, or with one that is not there, the branch of the latest turn. Turns come
    in the order they were asked.
    """
    by_id = {turn.turn_id: turn for turn in turns}
    children: dict[str | None, list[Turn]] = {}
    for turn in turns:
        parent = turn.parent if turn.parent in by_id else None
        children.setdefault(parent, []).append(turn)
    if not turns:
        return []
    leaf = by_id.get(at or "", turns[-1])
    order = {turn.turn_id: place for place, turn in enumerate(turns)}
    leaf = _latest(leaf, children, order)
    path: list[tuple[Turn, Branch]] = []
    step: Turn | None = leaf
    while step is not None:
        parent = step.parent if step.parent in by_id else None
        path.append((step, _branch(step, children[parent])))
        step = by_id.get(parent or "")
    return path[::-1]


def _latest(
    turn: Turn, children: Mapping[str | None, list[Turn]], order: Mapping[str, int]
) -> Turn:
    """The last asked of a turn and everything that follows it."""
    found, waiting = turn, [turn]
    while waiting:
        step = waiting.pop()
        if order[step.turn_id] > order[found.turn_id]:
            found = step
        waiting += children.get(step.turn_id, [])
    return found


def _branch(turn: Turn, siblings: Sequence[Turn]) -> Branch:
    ids = [item.turn_id for item in siblings]
    place = ids.index(turn.turn_id)
    return Branch(
        place=place + 1,
        of=len(ids),
        earlier=ids[place - 1] if place else None,
        later=ids[place + 1] if place + 1 < len(ids) else None,
    )
