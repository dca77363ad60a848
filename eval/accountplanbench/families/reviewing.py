"""What changed between two books of one company, for who asks."""

from __future__ import annotations

from eval.accountplanbench.hidden import visible_text
from eval.accountplanbench.later import Later, reps_with_changes
from eval.accountplanbench.rules import REVOPS, person_id, scope_of
from eval.accountplanbench.setting import Made, Setting
from eval.task import SECTIONS, Ask, Key


def review(setting: Setting, later: Later) -> Made:
    """A review of a team by its manager, of everybody, or of a rep's own quarter."""
    world, book = setting.world, later.world.book
    managers = [rep for rep in world.book.reps if rep.function == "manager"]
    sellers = [rep.rep_id for rep in world.book.sellers() if book.rep(rep.rep_id).active_to is None]
    rep_id = None
    if setting.number % 4 in (0, 1):
        person = person_id(managers[setting.turn % len(managers)])
    elif setting.number % 4 == 2:
        rep_id = reps_with_changes(later, sellers)[0]
        person = person_id(world.book.rep(rep_id))
    else:
        person = REVOPS
    scope = scope_of(book, person)
    ask = Ask(kind="review", person=person, rep_id=rep_id)
    task = setting.task(ask, person).model_copy(update={"later_book": book.name})
    key = Key(
        task_id=setting.task_id,
        changes=tuple(item.change for item in later.changes if item.is_seen_by(scope)),
        unchanged=tuple(item.change for item in later.near_misses if item.is_seen_by(scope)),
        sections=SECTIONS["review"],
    )
    return Made(world, task, key, also_seen=visible_text(book, scope))
