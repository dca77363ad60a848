"""Which findings of approved plans a book still needs, and why the others are not applied."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pandas as pd

from domain.book import Book
from domain.coverage import CoverageModel
from domain.findings import (
    ApprovedFinding,
    FindingState,
    OpportunityFinding,
    PotentialFinding,
    RelationshipFinding,
    about,
    same_name,
)
from tools.past_deals import CLOSED

SAME_DEAL_DAYS = 31  # a deal of the same amount that closes this near is the same deal


@dataclass(frozen=True)
class JudgedFinding:
    """A finding of an approved plan, whether the book still needs it, and why not.

    `in_force` findings are applied. `stale` ones are older than a person's word may be,
    `in_crm` ones the book says by now itself, `replaced` ones a later approval speaks
    about, `lapsed` ones are deals past their expected close, `ahead` ones were said after
    the book's date, `no_account` ones are about an account the book does not hold.
    """

    approved: ApprovedFinding
    state: FindingState
    why: str


def judge_findings(
    book: Book, coverage: CoverageModel, approved: Iterable[ApprovedFinding]
) -> tuple[JudgedFinding, ...]:
    """Say of every finding whether it enters the analyses of this book.

    Parameters
    ----------
    book
        Contacts and opportunities say what the CRM knows by now; `as_of` is today.
    coverage
        `freshness`: when a person's statement is stale.
    approved
        Findings of approved versions, in any order.

    Returns
    -------
    tuple of JudgedFinding
        In order of approval, then number. Of two findings in force about the same thing
        the one approved later holds.
    """
    listed = sorted(approved, key=lambda item: (item.sequence, item.plan_id, item.number))
    judged = [JudgedFinding(item, *_state(book, coverage, item)) for item in listed]
    last: dict[tuple[str, str], ApprovedFinding] = {}
    for one in judged:
        if one.state == "in_force":
            last[_subject(book, one.approved)] = one.approved
    return tuple(_unless_replaced(book, one, last) for one in judged)


def in_force(judged: Iterable[JudgedFinding]) -> tuple[ApprovedFinding, ...]:
    """The findings that are applied."""
    return tuple(one.approved for one in judged if one.state == "in_force")


def contact_of(book: Book, account_id: str, finding: RelationshipFinding) -> str | None:
    """The contact a finding is about: by id, else by name at the account; None for neither."""
    listed = book.of_account("contacts", account_id)
    if finding.contact_id in listed:
        return finding.contact_id
    rows = book.rows("contacts")
    wanted = same_name(finding.name)
    return next((key for key in listed if same_name(str(rows[key]["name"])) == wanted), None)


def _unless_replaced(
    book: Book, one: JudgedFinding, last: Mapping[tuple[str, str], ApprovedFinding]
) -> JudgedFinding:
    holds = last.get(_subject(book, one.approved))
    if one.state != "in_force" or holds is None or holds == one.approved:
        return one
    return JudgedFinding(one.approved, "replaced", f"a later finding holds, of {holds.basis}")


def _subject(book: Book, item: ApprovedFinding) -> tuple[str, str]:
    if isinstance(item.finding, RelationshipFinding):
        contact = contact_of(book, item.account_id, item.finding)
        if contact is not None:
            return item.account_id, f"contact {contact}"
    return item.account_id, about(item.finding)


def _state(book: Book, coverage: CoverageModel, item: ApprovedFinding) -> tuple[FindingState, str]:
    finding = item.finding
    days = (book.as_of - finding.said_on).days
    age = coverage.freshness.age("human", days)
    if item.account_id not in book.owners:
        return "no_account", f"the book of {book.as_of} does not hold the account"
    if days < 0:
        return "ahead", f"it was said after the book's date, {book.as_of}"
    if not isinstance(finding, PotentialFinding):
        told = told_by_book(book, item.account_id, finding)
        if told:
            return "in_crm", told
    if age.stale:
        most = f"may be {age.limit}" if age.limit is not None else f"weighs too little ({age.told})"
        return "stale", f"it is {days} days old and {most}; to go on, say it again in a new version"
    if isinstance(finding, OpportunityFinding) and finding.closes < book.as_of:
        return "lapsed", f"it was to close by {finding.closes}, and the CRM holds no such deal"
    return "in_force", ""


def told_by_book(
    book: Book, account_id: str, finding: RelationshipFinding | OpportunityFinding
) -> str:
    """Say which row of the CRM says the same by now; empty where none does."""
    if isinstance(finding, RelationshipFinding):
        return _told_contact(book, account_id, finding)
    return _told_deal(book, account_id, finding)


def _told_contact(book: Book, account_id: str, finding: RelationshipFinding) -> str:
    """Which contact of the book says all of it, in words; empty for none."""
    contact = contact_of(book, account_id, finding)
    if contact is None:
        return ""
    row = book.rows("contacts")[contact]
    for field in ("level", "role", "attitude"):
        claimed = getattr(finding, field)
        if claimed is not None and row[field] != claimed:
            return ""
    if finding.met_on is not None:
        met = row["last_contact"]
        if pd.isna(met) or met.date() < finding.met_on:
            return ""
    return f"contact {contact} of the CRM says so by now"


def _told_deal(book: Book, account_id: str, finding: OpportunityFinding) -> str:
    """Which opportunity of the book is the same deal, in words; empty for none."""
    for key in book.of_account("opportunities", account_id):
        row = book.rows("opportunities")[key]
        known = pd.isna(row["opened"]) or row["opened"].date() <= book.as_of
        if known and _same_deal(row, finding):
            return f"opportunity {key} of the CRM is this deal"
    return ""


def _same_deal(row: Mapping[str, Any], finding: OpportunityFinding) -> bool:
    # A deal of that name that ended before this was said is an earlier one.
    over = row["stage"] in CLOSED and not pd.isna(row["closes"])
    earlier = over and row["closes"].date() < finding.said_on
    if same_name(str(row["name"])) == same_name(finding.name):
        return not earlier
    known = not (pd.isna(row["amount"]) or pd.isna(row["closes"]) or pd.isna(row["opened"]))
    if finding.amount is None or not known:
        return False
    near = abs(row["closes"].date() - finding.closes) <= timedelta(days=SAME_DEAL_DAYS)
    lately = row["opened"].date() >= finding.said_on
    return near and lately and abs(float(row["amount"]) - float(finding.amount)) < 0.005
