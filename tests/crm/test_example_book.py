from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import pytest

from crm.importer import import_book
from domain.book import Book

EXAMPLE = Path(__file__).parents[2] / "examples" / "adventureworks"


@cache
def example() -> Book:
    return import_book(EXAMPLE)


def traps() -> list[dict[str, object]]:
    planted = tomllib.loads((EXAMPLE / "planted.toml").read_text(encoding="utf-8"))
    found = planted["trap"]
    assert isinstance(found, list)
    return found


def test_the_example_imports_whole() -> None:
    book = example()
    rows = book.quality.rows_by_table
    assert rows["orders"] == 60_855
    assert rows["accounts"] >= 701
    assert not [finding for finding in book.quality.findings if finding.severity == "error"]


def test_the_territory_called_na_keeps_its_name() -> None:
    assert "NA" in set(example()["territories"]["name"])


def test_every_trap_planted_for_the_quality_report_is_found() -> None:
    missed = []
    for trap in traps():
        if trap["expect"] != "quality":
            continue
        rows = trap["rows"]
        assert isinstance(rows, list)
        if not any(
            finding.code == trap["kind"] and set(rows) <= set(finding.rows)
            for finding in example().quality.findings
        ):
            missed.append(trap)
    assert missed == []


def test_no_two_companies_are_taken_for_one() -> None:
    planted = {
        tuple(sorted(trap["rows"]))  # type: ignore[call-overload]
        for trap in traps()
        if trap["kind"] == "duplicate"
    }
    found = {f.rows for f in example().quality.findings if f.code == "duplicate"}
    assert found == planted


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("contradiction", "documents_contradict"),
        ("stale_fact", "stale_document"),
        ("instruction_in_note", "instructions_in_text"),
    ],
)
def test_doubtful_documents_are_reported_too(kind: str, code: str) -> None:
    found = [set(f.rows) for f in example().quality.findings if f.code == code]
    for trap in traps():
        documents = trap.get("document_ids", [])
        assert isinstance(documents, list)
        if trap["kind"] == kind and "metric" not in trap:
            assert any(set(documents) <= rows for rows in found), trap


def test_competitive_documents_without_a_source_are_reported() -> None:
    documents = example()["documents"]
    competitive = documents[documents["kind"] == "competitive"]
    unsourced = competitive[competitive[["publisher", "uri", "published"]].isna().any(axis=1)]
    (finding,) = [f for f in example().quality.findings if f.code == "intel_without_source"]
    assert set(finding.rows) == set(unsourced["document_id"])
    assert "every approved plan" in finding.consequence
