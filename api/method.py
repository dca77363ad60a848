"""How score, potential and whitespace did in the past: the answer, the report, the card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.errors import NotFound
from domain.method import MethodHistory
from domain.principal import Principal
from domain.record import Record

if TYPE_CHECKING:
    from api.workspace import Workspace


class ProposedCard(Record):
    """The score card that history proposes, as the `[score]` part of a coverage model."""

    verdict: str
    told: str
    text: str


def history(workspace: Workspace, principal: Principal) -> MethodHistory:
    """Return the tests on the past of the current book; NotFound while there is none.

    They are about the whole book and name no account, so everyone may read them.
    """
    return workspace.reading(principal).method


def report(workspace: Workspace, principal: Principal) -> str:
    """Return the same as an HTML file."""
    from api.method_report import html

    reading = workspace.reading(principal)
    return html(reading.method, company=reading.coverage.company.name)


def proposed_card(workspace: Workspace, principal: Principal) -> ProposedCard:
    """Return the card that history proposes; nothing changes until a person adopts it.

    Raises
    ------
    NotFound
        When history proposes none; the message says why.
    """
    from domain.card import card_toml

    score = history(workspace, principal).score
    if score.proposed is None:
        raise NotFound(
            f"History proposes no other card: {score.told}",
            hint="The tests are in `cadastre method report`.",
        )
    return ProposedCard(verdict=score.verdict, told=score.told, text=card_toml(score.proposed))
