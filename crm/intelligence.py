"""Find documents that may not be relied on as they stand, and texts that address a program."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import pandas as pd

from crm.findings import finding, ids, listed, many
from domain.book import QualityFinding
from domain.tables import TABLE_BY_NAME

INSTRUCTIONS = re.compile(
    r"""
    \b(?:ignore|disregard|forget|override|bypass)\b.{0,40}
        \b(?:instruction|rule|prompt|guideline|check|polic|everything\ (?:above|before))
    | \b(?:system|developer)\s+(?:prompt|message|instruction|note)\b
    | ^\s*(?:system|assistant|developer)\s*[:>]
    | <\s*/?\s*(?:system|assistant|instructions?)\b | \[/?INST\] | <\|
    | \byou\s+are\s+(?:now|a|an)\s+(?:\w+\s+){0,3}
        (?:assistant|ai|model|agent|bot|writer|planner|different)\b
    | \b(?:ai|llm|language\s+model|assistant|planning\s+(?:agent|tool)|copilot|chatbot)s?\b
        .{0,40}\b(?:must|should|shall|please|need\s+to|reading\s+this)\b
    | \b(?:note|message|instruction|order)s?\s+(?:to|for)\s+(?:the\s+|any\s+|your\s+)?
        (?:ai|llm|assistant|agent|planner|model|bot|software|program|planning\s+\w+)\b
    | \b(?:mark|set|treat|approve|publish|sign\s+off)\b.{0,30}\b(?:plan|draft)\b.{0,30}
        \b(?:approved|verified|without|automatically|immediately|at\s+once|now)\b
    | \bdo\s+not\s+(?:tell|mention|show|reveal|cite|ask)\b.{0,40}
        \b(?:user|reader|manager|rep|human|source|approval|person)
    """,
    re.IGNORECASE | re.VERBOSE | re.MULTILINE | re.DOTALL,
)
_HIDDEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]")
_WRITTEN = (
    ("documents", ("title", "author", "publisher", "uri", "text")),
    ("activities", ("subject",)),
    ("opportunities", ("name",)),
    ("accounts", ("name",)),
    ("contacts", ("name", "title")),
    ("intent_signals", ("topic", "source")),
    ("market_companies", ("name", "source")),
)


def doubtful_documents(tables: Mapping[str, pd.DataFrame]) -> list[QualityFinding]:
    """Return intelligence without source, documents about nothing or twice, and odd texts.

    The search for instructions is a heuristic and only ever a notice: such a text is data
    like any other. Not finding one proves nothing.
    """
    documents = tables["documents"]
    return [
        *_without_source(documents),
        *_about_nothing(documents),
        *_twice(documents),
        *_not_web(documents),
        *_matching(
            tables,
            INSTRUCTIONS,
            "instructions_in_text",
            "whose text gives instructions to a program",
            "The text gives instructions; it is treated as data and followed by nothing.",
        ),
        *_matching(
            tables,
            _HIDDEN,
            "hidden_characters",
            "with characters that do not show",
            "What a reader sees differs from what is stored; quotes show the stored text.",
        ),
    ]


def stale_documents(
    documents: pd.DataFrame, as_of: date, days: Mapping[str, int]
) -> list[QualityFinding]:
    """Return documents older than their kind allows, one finding per kind.

    `days` gives the limit by kind. Documents without a date are not judged.
    """
    findings = []
    age = (pd.Timestamp(as_of) - documents["published"]).dt.days
    for kind, limit in sorted(days.items()):
        rows = documents[(documents["kind"] == kind) & (age > limit)]
        if not rows.empty:
            findings.append(
                finding(
                    "stale_document",
                    "documents",
                    "notice",
                    "doubtful",
                    ids(rows, "document_id"),
                    f"{many(len(rows), 'document')} of kind {kind} older than {limit} days.",
                    "What they say may have changed; a claim that rests on them alone is stale.",
                )
            )
    return findings


def _without_source(documents: pd.DataFrame) -> list[QualityFinding]:
    competitive = documents[documents["kind"] == "competitive"]
    needed = ("publisher", "uri", "published")
    rows = competitive[competitive[list(needed)].isna().any(axis=1)]
    if rows.empty:
        return []
    lacking = [name for name in needed if rows[name].isna().any()]
    return [
        finding(
            "intel_without_source",
            "documents",
            "warning",
            "blank",
            ids(rows, "document_id"),
            f"{many(len(rows), 'competitive document')} without {' or '.join(lacking)}.",
            f"{'It stays' if len(rows) == 1 else 'They stay'} out of every approved plan and "
            "every export until the source is given.",
        )
    ]


def _about_nothing(documents: pd.DataFrame) -> list[QualityFinding]:
    rows = documents[documents["account_id"].isna() & documents["segment"].isna()]
    if rows.empty:
        return []
    return [
        finding(
            "document_about_nothing",
            "documents",
            "notice",
            "blank",
            ids(rows, "document_id"),
            f"{many(len(rows), 'document')} about neither an account nor a segment.",
            "No plan finds them.",
        )
    ]


def _twice(documents: pd.DataFrame) -> list[QualityFinding]:
    alike = documents.duplicated(["account_id", "segment", "text"], keep=False)
    rows = documents[alike]
    if rows.empty:
        return []
    return [
        finding(
            "document_twice",
            "documents",
            "notice",
            "doubtful",
            ids(rows, "document_id"),
            f"{many(len(rows), 'document')} with a text that another one has word for word.",
            "Two copies are one source; they do not confirm each other.",
        )
    ]


def _not_web(documents: pd.DataFrame) -> list[QualityFinding]:
    uris = documents["uri"].dropna()
    odd = uris[~uris.str.match(r"(?i)https?://[^\s]+$").astype(bool)]
    rows = documents.loc[odd.index]
    rows = rows[rows["kind"].isin(["competitive", "market"])]
    if rows.empty:
        return []
    return [
        finding(
            "odd_uri",
            "documents",
            "notice",
            "doubtful",
            ids(rows, "document_id"),
            f"{many(len(rows), 'document')} with an address that is not on the web: "
            f"{listed(sorted(rows['uri']))}.",
            "The address is shown as text and not as a link.",
        )
    ]


def _matching(
    tables: Mapping[str, pd.DataFrame],
    pattern: re.Pattern[str],
    code: str,
    what: str,
    consequence: str,
) -> list[QualityFinding]:
    findings = []
    for name, columns in _WRITTEN:
        frame = tables[name]
        key = TABLE_BY_NAME[name].key
        hits: set[str] = set()
        for column in columns:
            for row, text in zip(frame[key], frame[column], strict=True):
                if isinstance(text, str) and pattern.search(text):
                    hits.add(row)
        if hits:
            message = f"{many(len(hits), 'row')} of {name} {what}."
            findings.append(
                finding(code, name, "notice", "doubtful", sorted(hits), message, consequence)
            )
    return findings
