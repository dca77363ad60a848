"""The chain over decisions: salted digests of payloads, and a hash of every row."""

from __future__ import annotations

import hashlib
from typing import Any, Literal

import sqlalchemy as sa

from domain.record import Record, content_hash
from store.decided_content import BOUND, orphan_approvals, subject_hashes
from store.schema import chain_heads, decision_payloads, decisions, effects

GENESIS = "0" * 64
"""What the first decision of a workspace names as the one before it."""

_HASHED = tuple(column.name for column in decisions.columns if column.name != "row_hash")


class ChainFault(Record):
    """One thing wrong with the chain, and the row it concerns.

    `sequence` is null where the row's place in the chain is not known.
    """

    sequence: int | None
    decision_id: str | None
    kind: Literal[
        "altered_row",
        "altered_payload",
        "missing_payload",
        "missing_row",
        "broken_link",
        "altered_head",
        "altered_subject",
        "orphan_effect",
        "orphan_approval",
    ]
    message: str


def digest_payload(salt: bytes, payload: str) -> str:
    """Return the digest that stands in the chain for a payload."""
    return hashlib.sha256(salt + payload.encode()).hexdigest()


def hash_row(row: dict[str, Any]) -> str:
    """Return the hash over every field of a decision, the previous hash included."""
    return content_hash({name: row[name] for name in _HASHED})


def faults(connection: sa.Connection, workspace: str) -> list[ChainFault]:
    """Walk the whole chain of a workspace; an empty list means that it holds."""
    found: list[ChainFault] = []
    payloads = {
        row.decision_id: row
        for row in connection.execute(
            decision_payloads.select().where(decision_payloads.c.workspace_id == workspace)
        )
    }
    subjects = subject_hashes(connection, workspace)
    rows = connection.execute(
        decisions.select()
        .where(decisions.c.workspace_id == workspace)
        .order_by(decisions.c.sequence)
    ).all()
    expected, previous = 1, GENESIS
    for row in rows:
        found += _gap(expected, row.sequence)
        if row.sequence == expected and row.previous != previous:
            found.append(_fault(row, "broken_link", "does not name the decision before it"))
        if hash_row(row._asdict()) != row.row_hash:
            found.append(_fault(row, "altered_row", "was altered: its fields no longer hash to it"))
        found += _payload_faults(row, payloads.pop(row.decision_id, None))
        if row.subject_kind in BOUND:
            key = (row.subject_kind, row.subject_id, row.subject_version)
            if subjects.get(key) != row.subject_hash:
                found.append(
                    _fault(
                        row,
                        "altered_subject",
                        f"binds other content than version {row.subject_version} of "
                        f"{row.subject_kind} {row.subject_id} has now",
                    )
                )
        expected, previous = row.sequence + 1, row.row_hash
    found += _head_faults(connection, workspace, expected - 1, previous)
    found += [
        ChainFault(
            sequence=None,
            decision_id=decision_id,
            kind="missing_row",
            message=f"Decision {decision_id} is missing: its payload is there, its row is not.",
        )
        for decision_id in sorted(payloads)
    ]
    found += _effect_faults(connection, workspace)
    return found + [
        ChainFault(sequence=None, decision_id=None, kind="orphan_approval", message=told)
        for told in orphan_approvals(connection, workspace)
    ]


def _gap(expected: int, sequence: int) -> list[ChainFault]:
    return [
        ChainFault(
            sequence=missing,
            decision_id=None,
            kind="missing_row",
            message=f"Decision number {missing} is missing from the chain.",
        )
        for missing in range(expected, sequence)
    ]


def _fault(row: Any, kind: Any, what: str) -> ChainFault:
    return ChainFault(
        sequence=row.sequence,
        decision_id=row.decision_id,
        kind=kind,
        message=f"Decision number {row.sequence} ({row.decision_id}) {what}.",
    )


def _payload_faults(row: Any, payload: Any) -> list[ChainFault]:
    if payload is None:
        return [_fault(row, "missing_payload", "has lost its payload without being erased")]
    if payload.payload is None:
        if payload.erased_at is None:
            return [_fault(row, "missing_payload", "has lost its payload without being erased")]
        return []
    if payload.salt is None or digest_payload(payload.salt, payload.payload) != row.payload_digest:
        return [_fault(row, "altered_payload", "has a payload that was altered")]
    return []


def _head_faults(
    connection: sa.Connection, workspace: str, sequence: int, row_hash: str
) -> list[ChainFault]:
    head = connection.execute(
        chain_heads.select().where(chain_heads.c.workspace_id == workspace)
    ).first()
    if head is None:
        if sequence == 0:
            return []
        message = "The head of the chain is missing: rows may have been cut off its end."
        return [ChainFault(sequence=None, decision_id=None, kind="altered_head", message=message)]
    if head.sequence > sequence:
        return _gap(sequence + 1, head.sequence + 1)
    if head.sequence != sequence or head.row_hash != row_hash:
        message = (
            f"The head of the chain names decision number {head.sequence} with another hash "
            f"than the last row, number {sequence}, has."
        )
        return [
            ChainFault(
                sequence=head.sequence, decision_id=None, kind="altered_head", message=message
            )
        ]
    return []


def _effect_faults(connection: sa.Connection, workspace: str) -> list[ChainFault]:
    rows = connection.execute(
        sa.select(effects.c.decision_id)
        .outerjoin(
            decisions,
            sa.and_(
                decisions.c.workspace_id == effects.c.workspace_id,
                decisions.c.decision_id == effects.c.decision_id,
            ),
        )
        .where(effects.c.workspace_id == workspace, decisions.c.decision_id.is_(None))
        .order_by(effects.c.decision_id)
    )
    return [
        ChainFault(
            sequence=None,
            decision_id=row.decision_id,
            kind="orphan_effect",
            message=f"An effect names decision {row.decision_id}, which is not in the chain.",
        )
        for row in rows
    ]
