"""Stored answers as their person may read them today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.chat import Answer, Turn
from domain.errors import NotFound
from domain.evidence import Ledger
from domain.principal import Principal

if TYPE_CHECKING:
    from api.workspace import Workspace

WITHHELD = (
    "This answer rested on accounts that you do not see any more, so it is not shown. Ask "
    "again for what can be said today."
)


def readable(
    workspace: Workspace, principal: Principal, turn: Turn
) -> tuple[Answer | None, Ledger]:
    """Return a turn's answer and the ledger it rests on.

    Accounts change hands: where the person may not read all of that ledger any more,
    nothing of the answer is given but a word that it is withheld.
    """
    nothing = Ledger.of(())
    answer = turn.answer
    if answer is None or not answer.ledger_root:
        return answer, nothing
    try:
        return answer, workspace.store.ledgers.ledger(principal, answer.ledger_root)
    except NotFound:
        return Answer(notes=(WITHHELD,), label=answer.label, as_of=answer.as_of), nothing
