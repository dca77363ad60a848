"""Find documents about one account that say the same thing with another name, number or date."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterator
from difflib import SequenceMatcher
from itertools import combinations

import pandas as pd
from rapidfuzz import fuzz

from crm.findings import finding
from domain.book import QualityFinding

SHARED_WORDS = 5
SHARED_PART = 0.5
_CLAUSE_END = re.compile(r"[.!?;:,]+\s+|[.!?]+$|\n+")
_WORD = re.compile(r"[\w'’\-%€$£]+(?:[.,]\d+)*")
_DENIAL = frozenset("not no never cannot without neither nor isn't won't doesn't don't".split())
_LONGEST = 400
_SET_PHRASE = 50


def conflicting_documents(documents: pd.DataFrame) -> list[QualityFinding]:
    """Return one finding per pair of documents that contradict each other word for word.

    Two clauses (up to the next mark of punctuation) contradict each other when they share
    at least five words and half of their words, in order, three of them in a row, and what
    differs is a name, a number or a month on both sides, or a denial. The rule finds
    restatements, not disagreements in other words; finding none proves nothing.

    Parameters
    ----------
    documents
        The documents table. Only documents about the same account, or the same segment,
        are compared.
    """
    findings = []
    for _, group in _by_subject(documents):
        clauses = [
            (document, clause)
            for document, text in zip(group["document_id"], group["text"], strict=True)
            for clause in _clauses(text)
        ]
        told: set[tuple[str, str]] = set()
        for a, b in _candidates([clause for _, clause in clauses]):
            (one, first), (other, second) = clauses[a], clauses[b]
            pair = (one, other)
            if one == other or pair in told or not _contradict(first, second):
                continue
            told.add(pair)
            findings.append(_finding(one, first, other, second))
    return findings


def _candidates(clauses: list[str]) -> list[tuple[int, int]]:
    """Return pairs of clauses with three words in a row in common, other than set phrases."""
    places: dict[tuple[str, ...], set[int]] = defaultdict(set)
    for place, clause in enumerate(clauses):
        words = [word.casefold() for word in _WORD.findall(clause)]
        for start in range(len(words) - 2):
            places[tuple(words[start : start + 3])].add(place)
    pairs: set[tuple[int, int]] = set()
    for found in places.values():
        if 1 < len(found) <= _SET_PHRASE:
            pairs.update(combinations(sorted(found), 2))
    return sorted(pairs)


def _by_subject(documents: pd.DataFrame) -> Iterator[tuple[Hashable, pd.DataFrame]]:
    yield from documents.dropna(subset=["account_id"]).groupby("account_id")
    about_segment = documents[documents["account_id"].isna() & documents["segment"].notna()]
    yield from about_segment.groupby("segment")


def _clauses(text: str) -> Iterator[str]:
    for clause in _CLAUSE_END.split(text):
        bare = clause.strip()
        if len(bare) <= _LONGEST and len(_WORD.findall(bare)) > SHARED_WORDS:
            yield bare


def _contradict(first: str, second: str) -> bool:
    if fuzz.ratio(first, second, score_cutoff=100 * SHARED_PART) == 0 or first == second:
        return False
    one, other = _WORD.findall(first), _WORD.findall(second)
    if [word.casefold() for word in one] == [word.casefold() for word in other]:
        return False
    shared = 0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    for kind, start, end, begin, stop in matcher.get_opcodes():
        if kind == "equal":
            shared += end - start
        elif not _facts_differ(one[start:end], other[begin:stop], opens=start == begin == 0):
            return False
    return shared >= max(SHARED_WORDS, SHARED_PART * max(len(one), len(other)))


def _facts_differ(left: list[str], right: list[str], *, opens: bool) -> bool:
    """Say whether two stretches are different facts of one kind, or a denial."""
    if all(word.casefold() in _DENIAL for word in left + right):
        return True
    if not left or not right:
        return False
    # A sentence opens with a capital whatever the word: one word there may be no name.
    if opens and len(left) == len(right) == 1 and not _number(left[0]):
        return False
    return all(map(_number, left + right)) or all(map(_name_or_number, left + right))


def _number(word: str) -> bool:
    return any(map(str.isdigit, word))


def _name_or_number(word: str) -> bool:
    return word[0].isupper() or _number(word)


def _finding(one: str, first: str, other: str, second: str) -> QualityFinding:
    return finding(
        "documents_contradict",
        "documents",
        "warning",
        "contradicted",
        sorted((one, other)),
        f"{one} says “{first}” and {other} says “{second}”.",
        "Neither is taken for true: a plan cites both or neither.",
    )
