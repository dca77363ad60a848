"""Adopting a coverage model: a person's decision, with a reason, in the chain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.deciding import LONGEST_TEXT
from domain.coverage import parse_coverage
from domain.decision import DecisionRequest
from domain.errors import InvalidInput, NotFound, NotPermitted
from domain.principal import Principal
from domain.record import Record, text_hash

if TYPE_CHECKING:
    from api.workspace import Workspace

SUBJECT = "rules"
"""What decisions on the coverage model are filed under: a workspace has one at a time."""


class Adoption(Record):
    """What adopting did. `changed` is false where the text was the current one already.

    `decision_id` and `sequence` name the row of the chain; null without a change.
    """

    coverage_hash: str
    text_hash: str
    changed: bool
    decision_id: str | None
    sequence: int | None
    summary: str


def adopt(
    workspace: Workspace, principal: Principal, text: str, *, reason: str, source: str
) -> Adoption:
    """Make a text the current coverage model, recorded with person, reason and hash.

    Raises
    ------
    NotPermitted
        Unless the person sees every account and is RevOps or a manager.
    InvalidInput
        Without a reason, or with one that is too long.
    CoverageInvalid, ColumnsMissing
        When the text cannot be used, by itself or on the current book.
    """
    from tools.analyses import analyse

    if not principal.may_set_rules:
        can = [
            person.name
            for person in workspace.people
            if person.scope.everything and {"revops", "manager"} & set(person.roles)
        ]
        raise NotPermitted(
            f"{principal.name} does not adopt coverage models; RevOps and managers who see every "
            "account do.",
            hint=f"Ask {' or '.join(can) or 'someone with the role revops'}.",
            who_can=can,
        )
    why = reason.strip()
    if not why:
        raise InvalidInput(
            "A coverage model is adopted with a reason, and there is none.",
            hint="Say why in a sentence: -m REASON.",
        )
    if len(why) > LONGEST_TEXT:
        raise InvalidInput(
            f"The reason has {len(why):,} characters; {LONGEST_TEXT:,} is the most.",
            hint="Shorten it.",
        )
    model = parse_coverage(text, source=source)
    store = workspace.store
    with workspace.running("import"):
        try:
            current: str | None = store.coverage.current_text(principal)
        except NotFound:
            current = None
        if current == text:
            return Adoption(
                coverage_hash=model.hash,
                text_hash=text_hash(text),
                changed=False,
                decision_id=None,
                sequence=None,
                summary=f"{source} is the current coverage model already: nothing was changed.",
            )
        try:
            reading = workspace.reading(principal)
        except NotFound:
            pass
        else:
            analyse(reading.book, model, reading.findings, reading.earlier)
        store.coverage.keep(principal, text)
        decision = store.decisions.decide(
            principal,
            "coverage",
            SUBJECT,
            DecisionRequest(
                version=len(store.decisions.on(principal, "coverage", SUBJECT)) + 1,
                verdict="approved",
                reason=why,
            ),
            subject_hash=text_hash(text),
            ledger_root="",
            coverage_hash=model.hash,
            now=store.clock(),
        )
    return Adoption(
        coverage_hash=model.hash,
        text_hash=text_hash(text),
        changed=True,
        decision_id=decision.decision_id,
        sequence=decision.sequence,
        summary=f"{source} is the coverage model now (rules {model.hash[:12]}), adopted by "
        f"{principal.name}: {why}",
    )
