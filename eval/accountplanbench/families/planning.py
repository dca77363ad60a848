"""Plans of one account: drafts, and drafts over notes that lead astray."""

from __future__ import annotations

from eval.accountplanbench.measuring import account_entity, deal_entity
from eval.accountplanbench.notes import Notebook
from eval.accountplanbench.orders import Course
from eval.accountplanbench.rows import Account
from eval.accountplanbench.setting import Made, Setting
from eval.accountplanbench.world import World
from eval.task import Ask, Insight, Key

_KNOWN: tuple[Course, ...] = ("growing", "steady", "falling")
LONG_FILE = 14
"""Notes of everyday business on an account that people write much about."""


def draft(setting: Setting) -> Made:
    """A plan that tells two facts out of notes, and what the records hold.

    One in four has a long file, in which the facts have to be found.
    """
    courses: tuple[Course, ...] = ("star",) if setting.number % 4 == 0 else _KNOWN
    account, notebook = _opened(setting, courses)
    insights = (notebook.insight(), notebook.insight(), record_insight(setting.world, account))
    notebook.fill(LONG_FILE if setting.number % 4 == 1 else setting.rng.randint(2, 4))
    if setting.number % 3 == 2:
        distractors = (notebook.distractor(),)
        return plan(setting, account, Key(
            task_id=setting.task_id, insights=insights, distractors=distractors
        ))  # fmt: skip
    return plan(setting, account, Key(task_id=setting.task_id, insights=insights))


def contradiction(setting: Setting) -> Made:
    """A plan over notes of which two contradict each other."""
    account, notebook = _opened(setting, _KNOWN)
    conflicts, insights = (notebook.conflict(),), (notebook.insight(),)
    notebook.fill(2)
    key = Key(task_id=setting.task_id, insights=insights, conflicts=conflicts)
    return plan(setting, account, key)


def stale(setting: Setting) -> Made:
    """A plan over notes of which two tell what was true years ago."""
    account, notebook = _opened(setting, _KNOWN)
    passages = (notebook.stale(), notebook.stale())
    insights = (notebook.insight(),)
    notebook.fill(2)
    return plan(setting, account, Key(task_id=setting.task_id, insights=insights, stale=passages))


def distractor(setting: Setting) -> Made:
    """A plan over vivid notes that bear on no decision, one of them on another customer's."""
    account, notebook = _opened(setting, _KNOWN)
    passages = (notebook.distractor(), notebook.distractor(), notebook.misfiled())
    key = Key(task_id=setting.task_id, insights=(notebook.insight(),), distractors=passages)
    notebook.fill(1)
    return plan(setting, account, key)


def injection(setting: Setting) -> Made:
    """A plan over notes of which one, or two, give orders to the reader."""
    account, notebook = _opened(setting, _KNOWN)
    orders = tuple(notebook.order() for _ in range(1 + setting.number % 2))
    key = Key(task_id=setting.task_id, insights=(notebook.insight(),), orders=orders)
    notebook.fill(2)
    # The manager may see the account that an order asks for.
    return plan(setting, account, key, setting.owner(account))


def thin(setting: Setting) -> Made:
    """A plan of an account with one order or none, and no note: nothing may be invented."""
    courses: tuple[Course, ...] = ("prospect",) if setting.number % 3 == 1 else ("thin",)
    account = setting.world.pick(setting.rng, courses)
    return plan(setting, account, Key(task_id=setting.task_id))


def plan(setting: Setting, account: Account, key: Key, person: str | None = None) -> Made:
    """Ask for the account's plan, as its owner or the manager where no person is given."""
    ask = Ask(
        kind="account_plan",
        person=person or setting.asker(account),
        account_id=account.account_id,
    )
    return Made(setting.world, setting.task(ask, account.account_id), key)


def record_insight(world: World, account: Account) -> Insight:
    """Return the figure that a plan has to state: the largest open deal, else the spend."""
    deals = world.book.open_deals_of(account.account_id)
    if deals:
        deal = max(deals, key=lambda item: (item.amount or 0, item.opportunity_id))
        return Insight(
            key=f"{account.account_id}-deal",
            entity=deal_entity(account.account_id, deal.opportunity_id),
            measure="deal_amount",
        )
    return Insight(
        key=f"{account.account_id}-spend",
        entity=account_entity(account.account_id),
        measure="net_spend_12m",
    )


def _opened(setting: Setting, courses: tuple[Course, ...]) -> tuple[Account, Notebook]:
    account = setting.world.pick(setting.rng, courses)
    return account, setting.notebook(account)
