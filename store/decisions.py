"""Decisions: one append-only table for every kind of subject, where the first insert wins."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any, get_args

import sqlalchemy as sa

from domain.decision import Decision, DecisionRequest, SubjectKind
from domain.errors import AlreadyDecided, NotPermitted
from domain.principal import Principal
from domain.record import Record, canonical_json, content_hash
from store.chain import GENESIS, ChainFault, digest_payload, faults, hash_row
from store.clock import stamp
from store.coverage_models import put_in_force
from store.database import Database
from store.decision_rows import all_decisions, covers, decision_of, visible_decision
from store.decision_subjects import not_what_was_read, visible_subject
from store.schema import chain_heads, decision_payloads, decisions


class Erasure(Record):
    """A decision whose reason and comments were erased, when and by whom."""

    decision_id: str
    sequence: int
    erased_at: str
    erased_by: str


class Decisions:
    """The decisions of every workspace.

    Here only the integrity of the record is kept: whether blockers stand, or whether a
    person may decide on their own plan, is asked before. A decision on a plan falls under
    the scope of the plan version's owner, one on a scenario, a territory plan or a review
    (and on what a review recommends) is seen by who sees all its reps; one on a coverage
    model belongs to the workspace and is seen by people whose scope is everything.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def decide(
        self,
        principal: Principal,
        kind: SubjectKind,
        subject_id: str,
        request: DecisionRequest,
        *,
        subject_hash: str,
        ledger_root: str,
        coverage_hash: str,
        now: datetime,
    ) -> Decision:
        """Record a person's verdict on one version; the same request again gives the same row.

        Parameters
        ----------
        subject_hash, ledger_root, coverage_hash
            What the verdict binds. For a plan or a scenario they must be those frozen in
            that version; for a coverage model, `subject_hash` is that of a kept text, which an
            approval makes the current one in the same stroke.
        now
            Audit time, with a time zone.

        Raises
        ------
        NotFound
            When the subject or the version is missing or outside the scope.
        NotPermitted
            When the person does not decide.
        AlreadyDecided
            When a decision on this version came first; `facts` name it.
        PlanSuperseded, ScenarioSuperseded
            When a newer version exists, or the content is not what the person read.
        DecisionRefused
            When the version of a scenario was not sent for a decision.
        """
        if kind not in get_args(SubjectKind):
            raise ValueError(f"Nothing of the kind {kind!r} is decided on.")
        workspace = principal.workspace
        payload = canonical_json(request)
        with self._database.writing(durable=True) as connection:
            subject = visible_subject(connection, principal, kind, subject_id)
            allowed = principal.may_set_rules if kind == "coverage" else principal.may_decide
            if not allowed:
                raise NotPermitted(
                    f"{principal.name} does not decide; managers do.",
                    hint="Ask a manager whose accounts include this one to decide.",
                    person=principal.person,
                    roles_needed=["manager"],
                )
            first = connection.execute(
                all_decisions(workspace).where(
                    decisions.c.subject_kind == kind,
                    decisions.c.subject_id == subject_id,
                    decisions.c.subject_version == request.version,
                )
            ).first()
            if first is not None:
                if first.decided_by == principal.person and first.payload == payload:
                    return decision_of(first)
                raise _already_decided(first)
            if subject is not None:
                subject.demand(request, subject_hash, ledger_root, coverage_hash)
            elif request.plan_hash is not None and request.plan_hash != subject_hash:
                raise not_what_was_read(kind, subject_id, request.version)
            head = connection.execute(
                chain_heads.select().where(chain_heads.c.workspace_id == workspace)
            ).first()
            salt = secrets.token_bytes(16)
            row = {
                "workspace_id": workspace,
                "sequence": head.sequence + 1 if head is not None else 1,
                "decision_id": "D-"
                + content_hash([workspace, kind, subject_id, request.version])[:12],
                "subject_kind": kind,
                "subject_id": subject_id,
                "subject_version": request.version,
                "subject_hash": subject_hash,
                "owner_id": "" if subject is None else subject.owner_id,
                "ledger_root": ledger_root,
                "coverage_hash": coverage_hash,
                "verdict": request.verdict,
                "decided_by": principal.person,
                "decided_at": stamp(now),
                "payload_digest": digest_payload(salt, payload),
                "previous": head.row_hash if head is not None else GENESIS,
            }
            row["row_hash"] = hash_row(row)
            connection.execute(decisions.insert().values(**row))
            connection.execute(
                decision_payloads.insert().values(
                    workspace_id=workspace,
                    decision_id=row["decision_id"],
                    salt=salt,
                    payload=payload,
                )
            )
            connection.execute(
                sa.text(
                    "INSERT INTO chain_heads (workspace_id, sequence, row_hash) "
                    "VALUES (:workspace_id, :sequence, :row_hash) ON CONFLICT (workspace_id) "
                    "DO UPDATE SET sequence = excluded.sequence, row_hash = excluded.row_hash"
                ),
                row,
            )
            if kind == "coverage" and request.verdict == "approved":
                put_in_force(connection, workspace, subject_hash)
            stored = connection.execute(
                all_decisions(workspace).where(decisions.c.sequence == row["sequence"])
            ).one()
        return decision_of(stored)

    def get(self, principal: Principal, decision_id: str) -> Decision:
        """Return a stored decision; NotFound outside the scope."""
        with self._database.reading() as connection:
            return decision_of(visible_decision(connection, principal, decision_id))

    def on(self, principal: Principal, kind: SubjectKind, subject_id: str) -> list[Decision]:
        """Return the decisions on one subject, oldest first; empty outside the scope."""
        query = all_decisions(principal.workspace).where(
            decisions.c.subject_kind == kind, decisions.c.subject_id == subject_id
        )
        return self._visible(principal, query)

    def log(
        self,
        principal: Principal,
        since: datetime | None = None,
        *,
        decided_by: str | None = None,
        limit: int | None = None,
    ) -> list[Decision]:
        """Return the decisions within the scope, oldest first.

        Parameters
        ----------
        since
            Leaves out what was decided earlier.
        decided_by
            Keeps the decisions of one person.
        limit
            Keeps only the newest so many.
        """
        query = all_decisions(principal.workspace)
        if since is not None:
            query = query.where(decisions.c.decided_at >= stamp(since))
        if decided_by is not None:
            query = query.where(decisions.c.decided_by == decided_by)
        found = self._visible(principal, query)
        return found if limit is None else found[max(0, len(found) - limit) :]

    def erase_payload(self, principal: Principal, decision_id: str, now: datetime) -> Decision:
        """Erase the reason and comments of a decision for good; erasing twice is once.

        The row, its digest and the chain stay. The salt goes too, so that short reasons
        cannot be guessed from the digest.

        Raises
        ------
        NotFound
            Outside the scope.
        NotPermitted
            Unless the person is a manager or RevOps.
        """
        with self._database.writing(durable=True) as connection:
            row = visible_decision(connection, principal, decision_id)
            if not (principal.may_decide or principal.may_load):
                raise NotPermitted(
                    f"{principal.name} may not erase what was said in a decision.",
                    hint="Ask a manager or RevOps.",
                )
            if row.erased_at is None:
                connection.execute(
                    decision_payloads.update()
                    .where(
                        decision_payloads.c.workspace_id == principal.workspace,
                        decision_payloads.c.decision_id == decision_id,
                    )
                    .values(
                        payload=None,
                        salt=None,
                        erased_at=stamp(now),
                        erased_by=principal.person,
                    )
                )
        self._database.forget_freed_pages()
        return self.get(principal, decision_id)

    def erased(self, principal: Principal) -> list[Erasure]:
        """Return the erased decisions within the scope, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                all_decisions(principal.workspace)
                .where(decision_payloads.c.erased_at.is_not(None))
                .order_by(decisions.c.sequence)
            ).all()
        return [
            Erasure(
                decision_id=row.decision_id,
                sequence=row.sequence,
                erased_at=row.erased_at,
                erased_by=row.erased_by,
            )
            for row in rows
            if covers(principal, row)
        ]

    def verify(self, principal: Principal) -> list[ChainFault]:
        """Check the whole chain, its payloads and the plan content it binds.

        Returns
        -------
        list[ChainFault]
            Empty when everything holds. Erased payloads are no fault; `erased` lists them.

        Raises
        ------
        NotPermitted
            Unless the person's scope is everything: the chain runs over all reps' plans.
        """
        if not principal.scope.everything:
            raise NotPermitted(
                f"The chain of decisions runs over every rep's plans, and {principal.name} "
                "does not see them all.",
                hint="Ask someone whose scope is everything, such as RevOps.",
            )
        with self._database.reading() as connection:
            return faults(connection, principal.workspace)

    def _visible(self, principal: Principal, query: sa.Select[Any]) -> list[Decision]:
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(decisions.c.sequence)).all()
        return [decision_of(row) for row in rows if covers(principal, row)]


def _already_decided(row: Any) -> AlreadyDecided:
    return AlreadyDecided(
        f"Version {row.subject_version} of {row.subject_kind} {row.subject_id} was already "
        f"{row.verdict} by {row.decided_by} on {row.decided_at[:10]} at {row.decided_at[11:16]} "
        "UTC.",
        hint="Read that decision; another one needs a new version.",
        decision_id=row.decision_id,
        verdict=row.verdict,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
    )
