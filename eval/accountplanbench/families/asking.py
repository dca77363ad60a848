"""Questions: ones that the book answers, and ones that nothing in it answers."""

from __future__ import annotations

from dataclasses import replace

from eval.accountplanbench.deals import line_of
from eval.accountplanbench.measuring import (
    account_entity,
    account_truths,
    contact_entity,
    deal_entity,
    rep_entity,
    rep_truths,
)
from eval.accountplanbench.orders import Course
from eval.accountplanbench.rows import Account
from eval.accountplanbench.setting import Made, Setting
from eval.accountplanbench.texts.writing import Facts
from eval.accountplanbench.world import World
from eval.task import Ask, Key, Truth

_KNOWN: tuple[Course, ...] = ("growing", "steady", "falling")
_MEASURES = (
    "net_spend_12m",
    "deal_amount",
    "last_contact",
    "orders_12m",
    "deal_closes",
    "accounts_owned",
    "last_order",
    "open_pipeline",
    "employees",
)


def chat(setting: Setting) -> Made:
    """A question of one measure. Every other one comes after a question about another account."""
    # The first is the one that has a twin: the twin moves its answer.
    # Of the others there are three in 60 tasks, so that three seeds in a row ask every measure.
    turn = setting.number - 1 + 3 * setting.seed
    measure = _MEASURES[0] if setting.number == 0 else _MEASURES[turn % len(_MEASURES)]
    account = _account(setting, measure)
    notebook = setting.notebook(account)
    notebook.fill(1)
    facts, entity = _subject(setting.world, account, notebook.facts, measure)
    truth = _truth(setting, account, entity, measure)
    before: tuple[str, ...] = ()
    if setting.number % 2:
        other = setting.world.pick(setting.rng, _KNOWN, account.owner_id)
        before = (setting.notebook(other).write("last_order").text,)
    text = notebook.write(measure, facts).text
    ask = Ask(kind="question", person=setting.owner(account), text=text, before=before)
    key = Key(task_id=setting.task_id, answers=(truth.value,), truths=(truth,))
    leans_on = entity.split("/")[0].split(":")[1]
    return Made(setting.world, setting.task(ask, leans_on), key)


def unanswerable(setting: Setting) -> Made:
    """A question about an account in sight, of something that no table or note holds."""
    account = setting.world.pick(setting.rng, _KNOWN)
    notebook = setting.notebook(account)
    notebook.fill(2)
    _, written = notebook.asked("unanswerable")
    ask = Ask(kind="question", person=setting.owner(account), text=written.text)
    key = Key(task_id=setting.task_id, abstain=True)
    return Made(setting.world, setting.task(ask, account.account_id), key)


def _account(setting: Setting, measure: str) -> Account:
    """Return an account of which the question has one answer."""
    book = setting.world.book

    def has_one(account: Account) -> bool:
        if measure in ("deal_amount", "deal_closes"):
            return len(book.open_deals_of(account.account_id)) == 1
        people = book.contacts_of(account.account_id)
        return measure != "last_contact" or any(person.last_contact for person in people)

    courses: tuple[Course, ...] = ("star",) if measure == "open_pipeline" else _KNOWN
    return setting.world.pick(setting.rng, courses, where=has_one)


def _subject(world: World, account: Account, facts: Facts, measure: str) -> tuple[Facts, str]:
    """Return the facts to ask with, and the entity that is asked about."""
    book = world.book
    if measure in ("deal_amount", "deal_closes"):
        (deal,) = book.open_deals_of(account.account_id)
        entity = deal_entity(account.account_id, deal.opportunity_id)
        return replace(facts, line=line_of(world, deal).name), entity
    if measure == "last_contact":
        person = next(c for c in book.contacts_of(account.account_id) if c.name == facts.contact)
        return facts, contact_entity(account.account_id, person.contact_id)
    if measure == "accounts_owned":
        assert account.owner_id is not None
        return facts, rep_entity(account.owner_id)
    return facts, account_entity(account.account_id)


def _truth(setting: Setting, account: Account, entity: str, measure: str) -> Truth:
    book, world = setting.world.book, setting.world
    assert account.owner_id is not None
    truths = [
        *account_truths(book, account.account_id),
        *rep_truths(book, account.owner_id, world.industry.first_month),
    ]
    return next(item for item in truths if (item.entity, item.measure) == (entity, measure))
