"""Sentences of an account's notes, screened as plans screen them, and their quotations.

What is looked up never depends on what a note says: the questions are asked before any
of it is read, and the words found are only ever quoted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from agent.case import Case
from agent.cells import cited, records, sentences_of
from agent.chat.checking import ledger_of
from agent.chat.context import ChatContext
from agent.chat.tools.looked_up import LookedUp
from agent.claims import claim, quote
from agent.placing import Placed, place_sentences
from agent.screening import Screened, screen
from agent.verifier.competitors import mentions_competitor
from agent.verifier.quotes import FEWEST_CONTENT_WORDS
from agent.verifier.words import count_content_words
from domain.evidence import DocumentSource, Evidence, Unit
from domain.plan import Claim, Omission

MOST_READ = 90
"""Sentences looked at in one search: each is held against every other for contradictions."""
LONGEST_SENTENCE = 600
"""Characters; a longer sentence is no quotation that a reader takes in."""
DOCUMENT_FIELDS: tuple[tuple[str, Unit], ...] = (
    ("author", "name"), ("publisher", "name"), ("published", "date"),
)  # fmt: skip


class Read(NamedTuple):
    """Sentences in the order they were found, and what screening made of them."""

    found: tuple[Evidence, ...]
    screened: Screened

    @property
    def sayable(self) -> frozenset[str]:
        """Ids of the sentences that may be quoted, contradictory ones included."""
        pairs = (item.id for pair in self.screened.conflicts for item in pair)
        return frozenset((*(item.id for item in self.screened.usable), *pairs))


def read_about(context: ChatContext, about: str, passages: Iterable[Evidence]) -> Read:
    """Cut passages about one account or segment into sentences and screen them.

    Parameters
    ----------
    about
        An account's entity, or a segment's; of an account, passages about its segment
        may be among them.
    passages
        Spans of documents, best first; those of texts that the book no longer holds and
        those out of scope are dropped.
    """
    book, documents = context.book, dict[str, list[Evidence]]()
    for passage in passages:
        source = passage.source
        if isinstance(source, DocumentSource) and source.document_hash in book.texts:
            documents.setdefault(passage.entity, []).append(passage)
    found: dict[str, Evidence] = {}
    for touched in documents.values():
        for sentence in sentences_of(book, touched):
            if len(found) < MOST_READ and may_be_quoted(context, sentence):
                found.setdefault(sentence.id, sentence)
    # Yearly figures are held against the orders on record.
    account_id = about.removeprefix("account:") if about.startswith("account:") else ""
    spend = cited(context.analyses, about, "net_spend_12m")[:1] if account_id else ()
    ledger = ledger_of(context, [*found.values(), *spend], {})
    return Read(
        tuple(found.values()),
        screen(ledger, account_id, context.coverage, as_of=book.as_of),
    )


def placed(case: Case, read: Read) -> Placed:
    """Choose the sentences about the account itself that are worth quoting, as a plan does."""
    own = [
        item
        for item in read.screened.usable
        if item.is_about(case.subject)
        and not mentions_competitor(item.value, case.ledger.vocabulary)
    ]
    people = {person.entity: person.name.value for person in case.people}
    return place_sentences(own, people, case.brief.as_of, vocabulary=case.ledger.vocabulary)


def may_be_quoted(context: ChatContext, sentence: Evidence) -> bool:
    """Say whether a sentence is in scope, long enough to be found again and not too long."""
    return (
        (not sentence.scope or context.principal.scope.covers(sentence.scope))
        and len(sentence.value) <= LONGEST_SENTENCE
        and count_content_words(sentence.value) >= FEWEST_CONTENT_WORDS
    )


def quote_of(look: LookedUp, key: str, sentence: Evidence) -> Claim:
    """Return a quotation with author and date, their evidence kept for it."""
    look.keep(sentence)
    assert isinstance(sentence.source, DocumentSource)
    document = sentence.source.document_id
    fields = {
        item.metric: item
        for item in records(
            look.context.book, "documents", document, sentence.entity, DOCUMENT_FIELDS,
            sentence.scope or None,
        )
        if look.may_be_said(item)
    }  # fmt: skip

    def cell(metric: str, entity: str) -> Evidence | None:
        found = fields.get(metric)
        if found is not None:
            look.keep_behind(found)
        return found

    return quote(key, sentence, cell)


def disagreement(look: LookedUp, key: str, pair: tuple[Evidence, Evidence]) -> Claim:
    """Return the claim that tells two contradictory sentences together."""
    look.keep(*pair)
    first, second = pair
    return claim(
        key, "quote", first.entity.split("/", 1)[0],
        "Notes disagree; ask which holds: “{{a}}” or “{{b}}”",
        a=(first, "text"), b=(second, "text"),
    )  # fmt: skip


def left_out_notes(omissions: Sequence[Omission], documents: Iterable[str]) -> list[str]:
    """Say how much of some documents was left out, by reason and without its words."""
    wanted = set(documents)
    reasons = Counter(
        item.reason.partition(";")[0].partition(":")[0]
        for item in omissions
        if item.what.rpartition(" in ")[2] in wanted
    )
    return [
        f"Left out of {count} {'note' if count == 1 else 'notes'}: {reason}."
        for reason, count in sorted(reasons.items())
    ]


def document_of(sentence: Evidence) -> str:
    """Return the id of the document a sentence stands in."""
    assert isinstance(sentence.source, DocumentSource)
    return sentence.source.document_id
