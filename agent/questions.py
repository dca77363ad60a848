"""The questions of an account: which of two sentences in its own notes holds.

A plan tells the same pairs as unknowns; here every document of the account is read, not
only the passages that a plan retrieved, so that a plan never knows a pair that nobody
is asked about. What screening leaves out of plans is not asked about either.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from agent.cells import sentences_of, whole_document, whole_sentences
from agent.contradictions import Said, disagreeing
from agent.screening import screen
from domain.book import Book
from domain.coverage import CoverageModel
from domain.evidence import DocumentSource, Evidence, Ledger, texts_behind
from domain.question import Question, Side, question_id
from domain.vocabulary import Vocabulary

MOST_QUESTIONS = 10
"""More of one account are not asked at once: talk to the account instead."""


def questions_about(
    book: Book, coverage: CoverageModel, vocabulary: Vocabulary, account_id: str
) -> tuple[Question, ...]:
    """Return the questions of one account.

    An unowned account has nobody to ask. Contradictions in documents about a segment are
    no question to a rep.
    """
    documents = book.of_account("documents", account_id)
    if book.owners[account_id] is None or len(documents) < 2:
        return ()
    # Cheaper than evidence and screening, and what has no pair whole has none after both.
    rows = book.rows("documents")
    entity = f"account:{account_id}"
    said = [
        Said(key, text[start:end], entity, author if isinstance(author, str) else None)
        for key in documents
        for text, author in ((str(rows[key]["text"]), rows[key]["author"]),)
        for start, end in whole_sentences(text)
    ]
    if next(disagreeing(said, vocabulary), None) is None:
        return ()
    sentences = [one for key in documents for one in document_sentences(book, key)]
    ledger = Ledger.of(sentences, texts_behind(sentences, book.texts), vocabulary)
    return questions_of(ledger, book, account_id, coverage)


def questions_of(
    ledger: Ledger, book: Book, account_id: str, coverage: CoverageModel
) -> tuple[Question, ...]:
    """Return the questions between sentences of a ledger about one owned account.

    In order of the newer side's date, the newest first; at most `MOST_QUESTIONS`.
    """
    owner = book.owners[account_id]
    assert owner is not None  # an unowned account is not asked about
    name = str(book.rows("accounts")[account_id]["name"])
    screened = screen(ledger, account_id, coverage, as_of=book.as_of, most_conflicts=MOST_QUESTIONS)
    asked = []
    for pair in screened.conflicts:
        if not all(item.is_about(f"account:{account_id}") for item in pair):
            continue
        first, second = in_order(pair)
        asked.append(
            Question(
                question_id=question_id(account_id, first.id, second.id),
                account_id=account_id,
                account_name=name,
                owner_id=owner,
                first=_side(first),
                second=_side(second),
            )
        )
    asked.sort(key=lambda item: item.question_id)
    asked.sort(key=lambda item: item.second.said_on or date.min, reverse=True)
    return tuple(asked)


def in_order(pair: Sequence[Evidence]) -> tuple[Evidence, Evidence]:
    """Return two sentences, the older one first; undated ones count as oldest."""
    first, second = sorted(pair, key=lambda item: (item.dated() or date.min, item.id))
    return first, second


def document_sentences(book: Book, document_id: str) -> Iterator[Evidence]:
    """Yield the sentences of a whole document of an account, as plans cite them."""
    yield from sentences_of(book, [whole_document(book, document_id)])


def _side(sentence: Evidence) -> Side:
    source = sentence.source
    assert isinstance(source, DocumentSource)
    return Side(
        evidence_id=sentence.id,
        document_id=source.document_id,
        title=source.title,
        author=source.author,
        said_on=source.published,
        text=sentence.value,
    )
