"""A chat context over the example book with an empty desk: what reading a question needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, cast

from pydantic import JsonValue

from agent.chat.context import ChatContext, Desk, TurnRecords
from agent.vocabulary import build_vocabulary
from api.people import parse_people
from crm.importer import import_book
from domain.book import Book
from domain.chat import EventType
from domain.coverage import CoverageModel, parse_coverage
from domain.evidence import Evidence
from domain.vocabulary import Vocabulary
from tools.analyses import Analyses, analyse

EXAMPLE = Path(__file__).parents[2] / "examples" / "adventureworks"


class EmptyDesk:
    """A desk on which nothing lies."""

    def _nothing(self, *_: Any, **__: Any) -> tuple[()]:
        return ()

    plans = waiting = scenarios = _nothing


@cache
def _ground() -> tuple[Book, CoverageModel, Analyses, Vocabulary]:
    book = import_book(EXAMPLE)
    coverage = parse_coverage((EXAMPLE / "coverage.toml").read_text(encoding="utf-8"))
    return book, coverage, analyse(book, coverage), build_vocabulary(book, coverage)


def example_context(person: str) -> ChatContext:
    """Return what a turn of one of the example's people is given, without plans or scenarios."""
    book, coverage, analyses, vocabulary = _ground()
    people = parse_people((EXAMPLE / "people.toml").read_text(encoding="utf-8"))

    def nothing(account_id: str, query: str, k: int) -> Sequence[Evidence]:
        return ()

    def unheard(type: EventType, data: Mapping[str, JsonValue]) -> None:
        return None

    return ChatContext(
        principal=people.principal(person),
        book=book,
        coverage=coverage,
        analyses=analyses,
        vocabulary=vocabulary,
        retrieve=nothing,
        desk=cast(Desk, EmptyDesk()),
        records=cast(TurnRecords, None),
        tell=unheard,
    )
