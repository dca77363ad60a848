"""A rep's plan of the quarter: its figures, and which accounts come first."""

from __future__ import annotations

from collections.abc import Iterator

from eval.accountplanbench.measuring import rep_entity
from eval.accountplanbench.rules import person_id
from eval.accountplanbench.setting import Made, Setting
from eval.accountplanbench.world import World
from eval.task import Ask, Insight, Key


def territory(setting: Setting) -> Made:
    """The quarter of one rep, asked for by the rep or the manager."""
    world, rng = setting.world, setting.rng
    sellers = world.book.sellers()
    rep = sellers[(setting.number + rng.randrange(len(sellers))) % len(sellers)]
    person = person_id(rep)
    if setting.number % 3 == 1 and rep.manager_id is not None:
        person = person_id(world.book.rep(rep.manager_id))
    insights = tuple(
        Insight(key=f"{rep.rep_id}-{measure}", entity=rep_entity(rep.rep_id), measure=measure)
        for measure in ("accounts_owned", "quota")
    )
    key = Key(task_id=setting.task_id, insights=insights, ahead=tuple(_ahead(world, rep.rep_id)))
    ask = Ask(kind="territory_plan", person=person, rep_id=rep.rep_id)
    return Made(world, setting.task(ask, rep.rep_id), key)


def _ahead(world: World, rep_id: str) -> Iterator[tuple[str, str]]:
    """Yield pairs of a star and a small account of the rep that is dormant or hardly known.

    By every factor of the score card the star is no worse, and by most of them better: segment,
    potential and what is open of it, orders, growth, product lines, touches, interest, buying
    cycle, access, support and opposition. Of two that are alike in all of these but the last
    two, the one whose people are for us stands first.
    """
    mine = [account.account_id for account in world.owned_by(rep_id)]
    yield from (pair for pair in world.alikes if pair[0] in mine)
    for star in mine:
        for other in mine:
            if world.courses[star] == "star" and world.courses[other] in ("dormant", "thin"):
                yield star, other
