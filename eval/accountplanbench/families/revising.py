"""Plans under a constraint that a person sets in their own words."""

from __future__ import annotations

from datetime import timedelta

from eval.accountplanbench.notes import Notebook
from eval.accountplanbench.orders import Course
from eval.accountplanbench.periods import planning_week
from eval.accountplanbench.rows import Account
from eval.accountplanbench.setting import Made, Setting
from eval.accountplanbench.telling import in_words
from eval.accountplanbench.texts.writing import Facts
from eval.task import Ask, Constraint, Key

_KNOWN: tuple[Course, ...] = ("growing", "steady", "falling")
_DEMANDS = ("hours_at_most", "not_contact", "due_by", "no_steps_of", "steps_at_most")
_KINDS = ("visit", "call", "demo", "email")


def revise(setting: Setting) -> Made:
    """A plan that has to keep to one demand, and still tells what a plan without it would."""
    world = setting.world
    demand = _DEMANDS[setting.turn % len(_DEMANDS)]
    account = world.pick(
        setting.rng, _KNOWN, where=lambda item: len(world.book.contacts_of(item.account_id)) > 1
    )
    notebook = setting.notebook(account)
    insights = (notebook.insight(),)
    notebook.fill(2)
    facts, constraint = _demanded(setting, notebook, account, demand)
    ask = Ask(
        kind="revision",
        person=setting.asker(account),
        account_id=account.account_id,
        text=notebook.write(demand, facts).text,
    )
    key = Key(task_id=setting.task_id, insights=insights, constraints=(constraint,))
    return Made(world, setting.task(ask, account.account_id), key)


def _demanded(
    setting: Setting, notebook: Notebook, account: Account, demand: str
) -> tuple[Facts, Constraint]:
    """Return the facts to ask with and what they come to as a rule."""
    rng, world = setting.rng, setting.world
    if demand == "hours_at_most":
        hours = rng.randint(3, 8)
        return notebook.about(quantity=hours), Constraint(kind="hours_at_most", value=str(hours))
    if demand == "steps_at_most":
        steps = rng.randint(2, 3)
        return notebook.about(quantity=steps), Constraint(kind="steps_at_most", value=str(steps))
    if demand == "no_steps_of":
        kind = _KINDS[setting.turn // len(_DEMANDS) % len(_KINDS)]
        return notebook.about(target=kind), Constraint(kind="no_steps_of", value=kind)
    if demand == "due_by":
        assert account.owner_id is not None
        week = planning_week(world.book, account.owner_id)
        day = week.starts + timedelta(days=7 * rng.randint(3, 6) + 4)
        return notebook.about(day=in_words(day)), Constraint(kind="due_by", value=day.isoformat())
    people = world.book.contacts_of(account.account_id)
    person = next(item for item in people if item.name == notebook.facts.contact)
    constraint = Constraint(kind="not_contact", value=person.contact_id)
    return notebook.about(target=person.name), constraint
