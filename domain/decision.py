"""Decisions: a named person's verdict on one version of one thing, with a reason."""

from __future__ import annotations

from typing import Literal

from domain.plan import SectionKey
from domain.record import Record

Verdict = Literal["approved", "returned", "rejected"]
SubjectKind = Literal["plan", "scenario", "coverage", "territory", "review", "adjustment"]
"""What is decided on. An `adjustment` is one recommendation of a review; its subject id is
`review_id/number` and its version the review's."""
SectionVerdictKind = Literal["approved", "change_requested"]


class SectionVerdict(Record):
    """A verdict on one section; `comment` says what to change."""

    section: SectionKey
    verdict: SectionVerdictKind
    comment: str = ""


class Waiver(Record):
    """A blocker lifted in writing. For hours, `reason` must name the hours missing."""

    code: str
    claim: str | None = None
    reason: str


class DecisionRequest(Record):
    """What a person sends. `version` is the version they read; `plan_hash` may pin it."""

    version: int
    verdict: Verdict
    reason: str = ""
    sections: tuple[SectionVerdict, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    plan_hash: str | None = None


class Decision(Record):
    """A stored decision. Rows are never changed; `previous` and `row_hash` chain them.

    The chain covers the salted digest of the payload (reason, section comments, waivers),
    not the payload, so that a payload can be erased and the chain still verifies: then
    `request` is null.
    """

    decision_id: str
    sequence: int
    subject_kind: SubjectKind
    subject_id: str
    subject_version: int
    subject_hash: str
    ledger_root: str
    coverage_hash: str
    verdict: Verdict
    decided_by: str
    decided_at: str
    payload_digest: str
    previous: str
    row_hash: str
    request: DecisionRequest | None
