"""The form for questions: whichever field shares most words with the question."""

from __future__ import annotations

import re
from collections.abc import Iterator

from eval.answer import Answer
from eval.ground import Ground
from eval.solvers.fields import Field, Row, fields, rows_of
from eval.task import Ask, Task

_SHORTEST_WORD = 3


def question(task: Task, ground: Ground) -> Answer:
    """Answer from the field of the account, its people and deals, or the rep, that fits best.

    Some field always does. Only where no row can be found at all is there no answer.
    """
    words = _words(task.ask.text)
    found = max(
        _fields(task.ask, ground), key=lambda field: len(words & _described(field)), default=None
    )
    if found is None:
        return Answer(task_id=task.task_id, abstained=True)
    return Answer(task_id=task.task_id, statements=(found.statement("s1"),))


def _fields(ask: Ask, ground: Ground) -> Iterator[Field]:
    """Yield what may be answered with; of equals the first wins."""
    if ask.rep_id:
        rep = ground.table("reps").get(ask.rep_id, {})
        yield from fields("reps", rep)
        for quota in rows_of(ground, "quotas", rep_id=ask.rep_id):
            yield from fields("quotas", quota)
    for account in _accounts(ask, ground):
        yield from fields("accounts", account)
        for table in ("contacts", "opportunities"):
            for row in rows_of(ground, table, account_id=account["account_id"]):
                yield from fields(table, row)


def _accounts(ask: Ask, ground: Ground) -> list[Row]:
    """Return the account that is meant: by its id, else by its name, else simply the first."""
    accounts = ground.table("accounts")
    if ask.account_id is not None and ask.account_id in accounts:
        return [accounts[ask.account_id]]
    text = ask.text.casefold()
    named = [row for row in accounts.values() if (row.get("name") or "\n").casefold() in text]
    return named or ([] if ask.rep_id else list(accounts.values())[:1])


def _described(field: Field) -> frozenset[str]:
    return _words(f"{field.table} {field.name.replace('_', ' ')} {field.of}")


def _words(text: str) -> frozenset[str]:
    """Return the words of a text without their endings: four letters tell them apart."""
    found = re.findall(r"[^\W_]+", text.casefold())
    return frozenset(word[:4] for word in found if len(word) >= _SHORTEST_WORD)
