"""Accounts that somebody would like to have: no trigger, and told as not proposed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from domain.assignment import WantsAccount
from domain.evidence import DocumentSource, Evidence
from domain.record import text_hash
from domain.review import NotProposed
from tools.cycle.side import Side
from tools.territory.events import NO_TRIGGER

WANTS = re.compile(
    r"\b(?:wants?|asks?|asked|asking|would (?:like|love)|wishes|hopes)\b[^.!?;]{0,20}?"
    r"\b(?:to (?:own|take over|have|get)|for) (?:the|this|that|her|his|their) (?:hot )?account\b"
    r"|\b(?:could|should|might|may) (?:move|go|pass|be moved|be given) to (?:him|her|me)\b"
    r"|\bgive (?:me|him|her) (?:the|this|that) (?:hot )?account\b"
    r"|\bhot account\b",
    re.IGNORECASE,
)
"""What a wish sounds like. A sentence that is none and sounds like one is quoted, no more."""
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
_OURS = frozenset({"note", "call_summary", "email"})


@dataclass(frozen=True)
class Wish:
    """A sentence of a document in which somebody of ours would like an account."""

    account_id: str
    account_name: str
    rep_id: str | None
    rep_name: str | None
    evidence: tuple[Evidence, ...]

    @property
    def key(self) -> tuple[str, str]:
        """What wishes are ordered by."""
        return self.account_id, self.rep_id or ""

    @property
    def event(self) -> WantsAccount | None:
        """The wish as an event, which every scenario refuses; None where nobody is named."""
        if self.rep_id is None:
            return None
        return WantsAccount(account_id=self.account_id, rep_id=self.rep_id)

    def refused(self) -> NotProposed:
        """Tell it as not proposed, with the rule that says so."""
        whom = self.rep_name or self.rep_id or "the rep who asked for it"
        return NotProposed(
            what=f"Giving {self.account_name} to {whom}",
            rule=NO_TRIGGER,
            evidence=tuple(item.id for item in self.evidence),
        )


def wishes_of(before: Side, after: Side, reps: Collection[str]) -> tuple[Wish, ...]:
    """Find wishes in what our own people wrote since the older book.

    Parameters
    ----------
    before, after
        The two books. Read are internal notes, call summaries and e-mails that only the
        newer one holds.
    reps
        The review's reps: documents about other reps' accounts are not read.

    Returns
    -------
    tuple of Wish
        One for each account and author, with the first sentence that says it, by account
        and rep. `rep_id` is the author where a rep is so called, else None.
    """
    old, owners = set(before.book.rows("documents")), after.book.owners
    names = {str(row["name"]): rep for rep, row in after.book.rows("reps").items()}
    wanted = set(reps)
    found: dict[tuple[str, str], Wish] = {}
    for document_id, row in after.book.rows("documents").items():
        account = row["account_id"]
        if document_id in old or not isinstance(account, str) or owners.get(account) not in wanted:
            continue
        if row["author_class"] != "internal" or row["kind"] not in _OURS:
            continue
        author = row["author"] if isinstance(row["author"], str) else None
        rep = names.get(author or "")
        for evidence in _sentences(document_id, row, owners[account] or ""):
            found.setdefault(
                (account, rep or ""),
                Wish(account, str(after.book.account(account)["name"]), rep, author, (evidence,)),
            )
    return tuple(found[key] for key in sorted(found))


def _sentences(document_id: str, row: Any, scope: str) -> Iterator[Evidence]:
    text = str(row["text"])
    for match in _SENTENCE.finditer(text):
        if not WANTS.search(match.group()):
            continue
        start = match.start() + len(match.group()) - len(match.group().lstrip())
        end = match.start() + len(match.group().rstrip())
        yield Evidence(
            entity=f"account:{row['account_id']}/document:{document_id}",
            metric="sentence",
            value=text[start:end],
            unit="text",
            source=DocumentSource(
                document_hash=text_hash(text),
                start=start,
                end=end,
                document_id=document_id,
                document_kind=str(row["kind"]),
                title=str(row["title"]),
                author=row["author"] if isinstance(row["author"], str) else None,
                author_class=row["author_class"],
                published=_day(row["published"]),
                retrieved=_day(row["retrieved"]),
            ),
            scope=scope,
        )


def _day(value: Any) -> Any:
    return None if pd.isna(value) else pd.Timestamp(value).date()
