"""Texts written by hand for this example, and what they are planted for."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from making.source import account_id

_TOUCH = {"call_summary": "call", "email": "email", "note": "visit"}


@dataclass(frozen=True)
class Contact:
    """A person at an account; `met` is False where nobody of ours has met them."""

    contact_id: str
    name: str
    title: str
    role: str
    level: str
    influence: str
    attitude: str
    met: bool = True


@dataclass(frozen=True)
class Document:
    """A text with its origin. `account` or `segment` is blank."""

    document_id: str
    account: str
    segment: str
    kind: str
    title: str
    author: str
    author_class: str
    publisher: str
    uri: str
    published: date | None
    retrieved: date | None
    text: str


@dataclass(frozen=True)
class Touch:
    """A touch that a document tells of."""

    contact_id: str
    kind: str
    occurred: date
    subject: str


@dataclass(frozen=True)
class Opportunity:
    """A deal; `owner` is the account's owner unless it is named."""

    opportunity_id: str
    name: str
    stage: str
    amount: float
    opened: date
    closes: date


@dataclass
class Story:
    """Everything written for one account."""

    account_id: str
    touches: int
    contacts: list[Contact] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    told: list[Touch] = field(default_factory=list)
    opportunities: list[Opportunity] = field(default_factory=list)


@dataclass
class Authored:
    """All stories, published documents, signs of interest, insights and traps."""

    stories: dict[str, Story]
    documents: list[Document]
    insights: list[dict[str, object]]
    traps: list[dict[str, object]]
    signals: list[tuple[str, str, int, date, str]]


def read_authored(folder: Path, owners: dict[str, str], names: dict[str, str]) -> Authored:
    """Read every TOML file of `folder`; `names` are our people's names by rep id."""
    authored = Authored({}, [], [], [], [])
    for path in sorted(folder.glob("*.toml")):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        for item in data.get("account", []):
            key = account_id(item["id"])
            authored.stories[key] = _story(key, item, names.get(owners.get(key, ""), ""))
            authored.insights += _insights(key, item)
            authored.signals += [(key, *row) for row in item.get("intent", [])]
        for item in data.get("document", []):
            account = account_id(item["account"]) if "account" in item else ""
            authored.documents.append(_published(item["id"], account, item))
        authored.signals += [
            (account_id(signal["row"][0]), *signal["row"][1:]) for signal in data.get("signal", [])
        ]
        authored.traps += data.get("trap", [])
    return authored


def _story(key: str, item: dict[str, Any], owner: str) -> Story:
    number = key.removeprefix("A-")
    story = Story(key, item["touches"])
    for place, row in enumerate(item["contacts"], start=1):
        name, title, role, level, influence, attitude, *rest = row
        story.contacts.append(
            Contact(
                f"C-{number}-{place}",
                name,
                title,
                role,
                level,
                influence,
                attitude,
                met=rest != ["not met"],
            )
        )
    for place, row in enumerate(item.get("opportunities", []), start=1):
        story.opportunities.append(Opportunity(f"O-{number}-{place}", *row))
    for place, document in enumerate(item.get("document", []), start=1):
        document_id = f"D-{number}-{place}"
        by = document.get("by", "rep")
        if by == "external":
            story.documents.append(_published(document_id, key, document))
            continue
        contact = story.contacts[document.get("with", by if isinstance(by, int) else 1) - 1]
        customer = isinstance(by, int)
        author = story.contacts[by - 1].name if customer else owner if by == "rep" else by
        story.documents.append(
            Document(
                document_id,
                key,
                "",
                document["kind"],
                document["title"],
                author,
                "customer" if customer else "internal",
                "",
                "",
                document["date"],
                document["date"],
                document["text"].strip(),
            )
        )
        kind = document.get("touch", _TOUCH.get(document["kind"], ""))
        if kind and kind != "none":
            told = Touch(contact.contact_id, kind, document["date"], document["title"])
            story.told.append(told)
    return story


def _published(document_id: str, account: str, item: dict[str, Any]) -> Document:
    return Document(
        document_id,
        account,
        item.get("segment", ""),
        item["kind"],
        item["title"],
        item.get("author", item.get("publisher", "")),
        item.get("author_class", "external"),
        item.get("publisher", ""),
        item.get("uri", ""),
        item.get("date"),
        item.get("retrieved"),
        item["text"].strip(),
    )


def _insights(key: str, item: dict[str, Any]) -> list[dict[str, object]]:
    number = key.removeprefix("A-")
    rows: list[dict[str, object]] = []
    for place, document in enumerate(item.get("document", []), start=1):
        if "insight" in document:
            name, section, phrase, why = document["insight"]
            rows.append(
                {
                    "account_id": key,
                    "key": name,
                    "document_id": f"D-{number}-{place}",
                    "must_contain": phrase,
                    "section": section,
                    "why": why,
                }
            )
    for name, section, metric, why in item.get("measured", []):
        rows.append(
            {
                "account_id": key,
                "key": name,
                "metric": metric,
                "section": section,
                "why": why,
            }
        )
    return rows
