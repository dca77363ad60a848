"""Rows that are wrong, double or missing, and plans that must come right all the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from eval.accountplanbench.families.planning import plan
from eval.accountplanbench.notes import Notebook
from eval.accountplanbench.rows import Account, Deal
from eval.accountplanbench.setting import Made, Setting
from eval.accountplanbench.world import World
from eval.task import Key, Passage


def dirty(setting: Setting) -> Made:
    """A plan of an account with five kinds of dirt around it.

    Orders dated after the book count for nothing, nor does a note of a day to come. The account
    stands in the book twice; the second row has its own orders, which are not the first one's.
    Its industry is blank, and a deal of it belongs to somebody who is not there.
    """
    world = setting.world
    account = world.pick(setting.rng, ("growing", "steady", "falling"))
    notebook = setting.notebook(account)
    insights = (notebook.insight(),)
    notebook.fill(2)
    account.industry = None
    _order_to_come(setting, account)
    _twice(setting, account)
    _orphans(world, account)
    key = Key(task_id=setting.task_id, insights=insights, distractors=(_note_to_come(notebook),))
    return plan(setting, account, key)


def _order_to_come(setting: Setting, account: Account) -> None:
    """Date an order into the next year, as a slip of the keyboard does."""
    book = setting.world.book
    last = max(book.lines_of(account.account_id), key=lambda line: line.ordered)
    book.orders.append(
        replace(
            last,
            order_line_id=f"{last.order_line_id}-X",
            order_id=f"{last.order_id}-X",
            ordered=last.ordered + timedelta(days=365),
            amount=last.amount * 3,
        )
    )


def _twice(setting: Setting, account: Account) -> None:
    """Enter the account a second time, with a small order of its own."""
    world = setting.world
    double = replace(
        account,
        account_id=f"{account.account_id}-2",
        name=f"{account.name} Ltd",
        employees=None,
        parent_id=None,
    )
    world.book.accounts.append(double)
    world.courses[double.account_id] = "thin"
    world.lines[double.account_id] = world.lines[account.account_id]
    world.used.add(double.account_id)
    line = world.book.lines_of(account.account_id)[0]
    world.book.orders.append(
        replace(
            line,
            order_line_id=f"{line.order_line_id}-Y",
            order_id=f"{line.order_id}-Y",
            account_id=double.account_id,
            ordered=world.book.as_of - timedelta(days=40),
        )
    )


def _orphans(world: World, account: Account) -> None:
    """Add a deal whose owner is unknown, one that closed in the future, and an order of nobody."""
    book = world.book
    number = len(book.opportunities) + 1
    day = book.as_of
    line = world.lines[account.account_id][0].name.lower()
    known = next(deal for deal in book.opportunities if deal.amount is not None)
    for index, (stage, owner, closes) in enumerate(
        (("qualification", "R-99", day - timedelta(days=30)), ("won", None, day + timedelta(60)))
    ):
        book.opportunities.append(
            Deal(
                opportunity_id=f"O-{number + index:03d}",
                account_id=account.account_id,
                owner_id=owner,
                name=world.industry.deals[index].format(line),
                stage=stage,
                amount=known.amount,
                opened=day + timedelta(days=5) if index else day - timedelta(days=90),
                closes=closes,
            )
        )
    lost = replace(
        book.orders[0],
        order_line_id=f"L-{account.account_id}",
        order_id=f"S-{account.account_id}",
        account_id="A-000",
    )
    book.orders.append(lost)


def _note_to_come(notebook: Notebook) -> Passage:
    """Plant a note dated after the book: nothing of that day can be known yet."""
    written = notebook.write(notebook.topic("insight"))
    day = notebook.world.book.as_of + timedelta(days=200)
    return Passage(
        document_id=notebook.put(written, day),
        text=written.span,
        about="dated after the book",
        wording=f"{written.topic}/{written.wording}",
        closed=written.closed,
    )
