"""The names and words of one book, as the verifier needs them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from domain.book import Book
from domain.coverage import CoverageModel
from domain.vocabulary import Vocabulary

SHORTEST_LAST_NAME = 4
"""Letters a last name needs before it counts as an alias of its own."""

COMMON_WORDS = frozenset(
    """baker bell best bishop black booth brand brook brown bush butler carpenter carter chance
    chase church cook cooper cross dean drew east farmer field fields fisher flood ford forest
    fox france frank french frost gardener gates gold good grant gray green grey hall hand hardy
    hart hill holiday holland home house hunt hunter joy judge just keen king knight lamb lane
    law light little long love low major march marks marsh mason may mays mean miles mill miller
    moon moore more most north noble page park parks parker peace plan pool pope porter post
    potter powers price prince quick rain read reed rice rich rivers rose rush sales sharp shepherd
    short silver singer small smart snow south spring stone store street strong summer swift
    taylor todd town trade turner walker wall walls ward waters weaver weeks west white wild wise
    wolf wood woods worth young""".split()
)
"""Last names that are words as well: alone they name nobody."""

COUNTRIES = {
    "AT": "Austria", "AU": "Australia", "BE": "Belgium", "BR": "Brazil", "CA": "Canada",
    "CH": "Switzerland", "CN": "China", "DE": "Germany", "DK": "Denmark", "ES": "Spain",
    "FI": "Finland", "FR": "France", "GB": "United Kingdom", "IE": "Ireland", "IN": "India",
    "IT": "Italy", "JP": "Japan", "KR": "South Korea", "MX": "Mexico", "NL": "Netherlands",
    "NO": "Norway", "NZ": "New Zealand", "PL": "Poland", "PT": "Portugal", "SE": "Sweden",
    "SG": "Singapore", "US": "United States", "ZA": "South Africa",
}  # fmt: skip
REGIONS_OF_THE_WORLD = (
    "North America", "South America", "Latin America", "Europe", "Asia", "Pacific", "Africa",
    "Middle East", "American", "European", "North American", "Northeast", "Northwest",
    "Southeast", "Southwest", "Central", "Northern", "Southern", "Eastern", "Western",
)  # fmt: skip
_NAME_PARTS = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def build_vocabulary(book: Book, coverage: CoverageModel) -> Vocabulary:
    """Collect every registered name, and every capitalised word that needs no evidence.

    Parameters
    ----------
    book
        Names of accounts, contacts, reps and products become aliases, and so do last
        names of four letters or more that are no common word and no place. Segments,
        industries, regions, countries, cities, product categories and lines, territories
        and teams become words.
    coverage
        The company's name and its competitors become aliases, tier labels and the words
        of the strategy become words.

    Returns
    -------
    Vocabulary
        `aliases` map each name to its entities, sorted; a name several things bear maps
        to all of them.
    """
    words = _words(book, coverage)
    aliases: dict[str, set[str]] = {}

    def add(name: str, entity: str) -> None:
        cleaned = " ".join(name.split())
        if cleaned:
            aliases.setdefault(cleaned, set()).add(entity)

    for key, name in _pairs(book, "accounts", "account_id", "name"):
        add(name, f"account:{key}")
    contacts = book["contacts"]
    if len(contacts):
        for key, account, name in zip(
            contacts["contact_id"], contacts["account_id"], contacts["name"], strict=True
        ):
            _person(add, str(name), f"account:{account}/contact:{key}", words)
    for key, name in _pairs(book, "reps", "rep_id", "name"):
        _person(add, name, f"rep:{key}", words)
    for key, name in _pairs(book, "products", "product_id", "name"):
        if name not in words:
            add(name, f"product:{key}")
    add(coverage.company.name, "company")
    for name in coverage.company.competitors:
        add(name, "competitor")
    return Vocabulary(
        aliases={name: tuple(sorted(aliases[name])) for name in sorted(aliases)},
        words=words,
        competitors=frozenset(coverage.company.competitors),
        lines=frozenset(
            name
            for column in ("category", "subcategory")
            if column in book["products"]
            for name in _values(book["products"][column].dropna().unique())
        ),
    )


def _person(add: Callable[[str, str], None], name: str, entity: str, words: frozenset[str]) -> None:
    add(name, entity)
    parts = _NAME_PARTS.findall(name)
    if len(parts) < 2:
        return
    last = parts[-1]
    if len(last) >= SHORTEST_LAST_NAME and last.lower() not in COMMON_WORDS and last not in words:
        add(last, entity)


def _words(book: Book, coverage: CoverageModel) -> frozenset[str]:
    found: set[str] = set(REGIONS_OF_THE_WORLD)
    for table, columns in (
        ("accounts", ("industry", "segment", "product_focus", "country", "region", "city")),
        ("reps", ("team", "base_city")),
        ("products", ("category", "subcategory")),
        ("territories", ("name", "country", "group")),
        ("documents", ("segment",)),
    ):
        frame = book[table]
        for column in columns:
            if column in frame:
                found.update(_values(frame[column].dropna().unique()))
    found.update(COUNTRIES[code] for code in sorted(found) if code in COUNTRIES)
    found.update(tier.label for tier in coverage.tiers)
    for segment in coverage.strategy.target_segments:
        found.add(segment.name)
    return frozenset(found)


def _values(values: Iterable[object]) -> set[str]:
    return {" ".join(str(value).split()) for value in values} - {""}


def _pairs(book: Book, table: str, key: str, name: str) -> Iterable[tuple[str, str]]:
    frame = book[table].dropna(subset=[name]) if len(book[table]) else book[table]
    return [(str(a), str(b)) for a, b in zip(frame[key], frame[name], strict=True)]
