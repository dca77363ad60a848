"""Find companies of the market that are accounts already, are listed twice, or have no source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import pandas as pd
from rapidfuzz import fuzz, process

from crm.duplicates import core_name, set_apart
from crm.findings import NAMED, finding, ids, listed, many
from domain.book import QualityFinding

ALREADY, TWICE, UNSOURCED = "already_an_account", "company_listed_twice", "company_without_source"

_Block = tuple[str, ...]


def doubtful_companies(
    tables: Mapping[str, pd.DataFrame], *, similarity: float = 92.0
) -> list[QualityFinding]:
    """Return which market companies are no news, and which a plan may not name.

    A company is taken for an account, or for a company listed before it, when their core
    names are alike and they stand in one city, or when the names are equal and one of
    them has no city; a parent named for it does not matter. Like names elsewhere are
    branches. The `duplicate` finding of accounts rests on the same likeness.

    Parameters
    ----------
    tables
        `accounts` and `market_companies`.
    similarity
        Least likeness of two core names, 0 to 100.

    Returns
    -------
    list
        At most three findings. The rows of `already_an_account` hold the companies and
        the accounts they are, so that its words reach only who sees all of them.
    """
    companies, accounts = tables["market_companies"], tables["accounts"]
    if companies.empty:
        return []
    both = pd.concat(
        [
            accounts.rename(columns={"account_id": "key"})[["key", "name", "country", "city"]],
            companies.rename(columns={"company_id": "key"})[["key", "name", "country", "city"]],
        ],
        ignore_index=True,
    )
    known = _twins(both, len(accounts), similarity)
    already = {company: twin for company, twin in known.items() if twin < len(accounts)}
    twice = {company: twin for company, twin in known.items() if twin >= len(accounts)}
    keys = both["key"].tolist()
    found = []
    if already:
        pairs = [f"{keys[one]} is {keys[other]}" for one, other in sorted(already.items())]
        count = len(already)
        words = "is an account" if count == 1 else "are accounts"
        found.append(
            finding(
                ALREADY,
                "market_companies",
                "warning",
                "doubtful",
                sorted({keys[at] for pair in already.items() for at in pair}),
                f"{many(count, 'company', 'companies')} of the market data {words} already: "
                f"{listed(pairs)}.",
                "They count once, as accounts, and are not told as whitespace.",
            )
        )
    if twice:
        pairs = [f"{keys[one]} is {keys[other]}" for one, other in sorted(twice.items())]
        found.append(
            finding(
                TWICE,
                "market_companies",
                "notice",
                "doubtful",
                sorted(keys[one] for one in twice),
                f"{many(len(twice), 'company', 'companies')} of the market data listed twice: "
                f"{listed(pairs)}.",
                "The later row is not counted.",
            )
        )
    return found + _unsourced(companies)


def _twins(both: pd.DataFrame, accounts: int, similarity: float) -> dict[int, int]:
    """Return, for each company that stands earlier in `both` under a like name, that place."""
    names = [core_name(name) for name in both["name"]]
    blocks: dict[_Block, list[int]] = defaultdict(list)
    for at, (country, city) in enumerate(zip(both["country"], both["city"], strict=True)):
        land = country if isinstance(country, str) else ""
        if isinstance(city, str):
            blocks["city", land, core_name(city)].append(at)
        blocks["name", names[at]].append(at)
    found: dict[int, int] = {}
    lands, cities = both["country"].tolist(), both["city"].tolist()
    for (kind, *_), places in blocks.items():
        for at in (place for place in places if place >= accounts):
            earlier = [place for place in places if place < at]
            for other in _like(names, at, earlier, similarity if kind == "city" else 100.0):
                if kind == "name" and not _same_land_unplaced(lands, cities, at, other):
                    continue
                if other < found.get(at, len(both)):
                    found[at] = other
    return found


def _like(names: list[str], at: int, others: list[int], similarity: float) -> list[int]:
    if not others:
        return []
    known = [names[other] for other in others]
    (by_words,) = process.cdist([names[at]], known, scorer=fuzz.token_sort_ratio)
    joined = [name.replace(" ", "") for name in (names[at], *known)]
    (by_letters,) = process.cdist(joined[:1], joined[1:], scorer=fuzz.ratio)
    return [
        other
        for other, words, letters in zip(others, by_words, by_letters, strict=True)
        if max(words, letters) >= similarity and not set_apart(names[at], names[other])
    ]


def _same_land_unplaced(lands: list[object], cities: list[object], a: int, b: int) -> bool:
    known = [land for land in (lands[a], lands[b]) if isinstance(land, str)]
    bare = not isinstance(cities[a], str) or not isinstance(cities[b], str)
    return bare and len(set(known)) < 2


def _unsourced(companies: pd.DataFrame) -> list[QualityFinding]:
    rows = companies[companies[["source", "observed"]].isna().any(axis=1)]
    if rows.empty:
        return []
    named = ids(rows, "company_id")
    return [
        finding(
            UNSOURCED,
            "market_companies",
            "notice",
            "blank",
            named,
            f"{many(len(rows), 'company', 'companies')} of the market data without a source or a "
            f"date: {', '.join(named[:NAMED])}{' …' if len(named) > NAMED else ''}.",
            "They count in the market, and no plan names them.",
        )
    ]
