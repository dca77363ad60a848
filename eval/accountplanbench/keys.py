"""The part of a key that follows from the ask and the book alone, whatever the family."""

from __future__ import annotations

from collections.abc import Iterator

from eval.accountplanbench.book import Book
from eval.accountplanbench.hidden import Secrets
from eval.accountplanbench.measuring import account_truths, rep_truths
from eval.accountplanbench.periods import planning_week, quarter_week
from eval.accountplanbench.rows import Account
from eval.accountplanbench.setting import Made
from eval.accountplanbench.world import World
from eval.task import SECTIONS, Ask, AskKind, Key, Task, Truth

WORDS_AT_MOST: dict[AskKind, int] = {
    "account_plan": 1_200,
    "revision": 1_200,
    "territory_plan": 2_000,
    "review": 2_000,
    "question": 120,
}
"""Reading time at 240 words a minute: five minutes for a plan of one account, about eight for
a quarter, half a minute for an answer."""
THIN_WORDS_AT_MOST = 600
_THIN = ("thin", "prospect")


def completed(made: Made, secrets: Secrets) -> Key:
    """Return the key with truths, secrets, period, owners, sections and length.

    What the family set itself stays as it is. Call it once the book is complete.
    """
    world, task, key = made.world, made.task, made.key
    ask = task.ask
    target = task.cluster.rpartition("/")[2]
    found: dict[str, object] = {
        "words_at_most": WORDS_AT_MOST[ask.kind],
        "secrets": secrets.of(ask.person, (ask.text, *ask.before, made.also_seen), target),
    }
    if not key.abstain:
        found |= _of_account(world, ask) | _of_rep(world, ask)
        truths = [*key.truths, *_truths(world, task)]
        found["truths"] = tuple({(item.entity, item.measure): item for item in truths}.values())
    kept = {
        name: value for name, value in found.items() if name == "truths" or not getattr(key, name)
    }
    return key.model_copy(update=kept)


def _of_account(world: World, ask: Ask) -> dict[str, object]:
    if ask.kind not in ("account_plan", "revision") or ask.account_id is None:
        return {}
    book, account = world.book, world.book.account(ask.account_id)
    assert account.owner_id is not None  # nobody plans an account that nobody owns
    found: dict[str, object] = {
        "week": planning_week(book, account.owner_id),
        "owners": owners(book, account.owner_id),
        "sections": tuple(sections(world, account, ask.kind)),
    }
    if world.courses[account.account_id] in _THIN:
        found["words_at_most"] = THIN_WORDS_AT_MOST
    return found


def _of_rep(world: World, ask: Ask) -> dict[str, object]:
    if ask.kind != "territory_plan" or ask.rep_id is None:
        return {}
    return {
        "week": quarter_week(world.book, ask.rep_id, world.industry.first_month),
        "owners": owners(world.book, ask.rep_id),
        "sections": SECTIONS["territory_plan"],
    }


def _truths(world: World, task: Task) -> Iterator[Truth]:
    """Yield what a plan or answer would state of its account or rep.

    A review tells of two books; what it states of each is no single truth.
    """
    ask = task.ask
    if ask.account_id is not None:
        yield from account_truths(world.book, ask.account_id)
    if ask.rep_id is not None and ask.kind == "territory_plan":
        yield from rep_truths(world.book, ask.rep_id, world.industry.first_month)
        for account in world.owned_by(ask.rep_id):
            yield from account_truths(world.book, account.account_id)


def owners(book: Book, rep_id: str) -> tuple[str, ...]:
    """Return who may own a step: the rep, the manager, and colleagues who support that team."""
    manager = book.rep(rep_id).manager_id
    team = [
        other.rep_id
        for other in book.reps
        if other.function != "rep" and manager in (other.rep_id, other.manager_id)
    ]
    return (rep_id, *sorted(team))


def sections(world: World, account: Account, kind: AskKind) -> Iterator[str]:
    """Yield the sections that the data can fill, in the order in which they are published.

    Competition is asked of nobody: hardly any book has a published source for it.
    """
    book = world.book
    people = book.contacts_of(account.account_id)
    lines = {
        product.subcategory
        for product in book.products
        for line in book.lines_of(account.account_id)
        if line.product_id == product.product_id
    }
    notes = [item for item in book.documents if item.account_id == account.account_id]
    known = {
        "where_we_stand": bool(lines),
        "why_now": bool(book.open_deals_of(account.account_id) or notes),
        "buying_group": bool(people),
        "whitespace": bool(lines) and len(lines) < len(world.industry.lines) - 1,
        "plays": True,
        "risks": any(person.attitude == "opposed" for person in people),
    }
    return (name for name in SECTIONS[kind] if known.get(name))
