"""Find accounts that are one company entered more than once."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from datetime import date
from itertools import combinations

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from crm.findings import finding, listed, thousands
from crm.spend import spend_12m
from domain.book import QualityFinding

LEGAL_FORMS = frozenset(
    "ab ag as bv co company corp corporation gmbh inc incorporated kg limited llc llp ltd nv oy "
    "plc pte pty sa sarl sas sl spa srl".split()
)
_DIRECTIONS = frozenset("north south east west northern southern eastern western".split())
_NOT_A_WORD = re.compile(r"[\W_]+")


def core_name(name: str) -> str:
    """Return a name without case, accents, punctuation and legal form.

    `Brakes & Gears, Inc.` and `BRAKES AND GEARS` come out the same. A name that is
    nothing but a legal form keeps it.
    """
    plain = unicodedata.normalize("NFKD", name.casefold().replace("&", " and "))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    # An apostrophe or a dot joins: S.A. is SA and Joe's is Joes.
    words = _NOT_A_WORD.sub(" ", re.sub(r"['’.]", "", plain)).split()
    return " ".join([word for word in words if word not in LEGAL_FORMS] or words)


def duplicate_accounts(
    tables: Mapping[str, pd.DataFrame],
    as_of: date,
    *,
    currency: str = "USD",
    similarity: float = 92.0,
) -> list[QualityFinding]:
    """Return one finding per group of accounts that look like one company.

    Two accounts are taken for one when their core names are alike and they stand in one
    place (same country with the same postal code or city, or the same coordinates), or
    when the names are equal and one of them has no address at all. Equal names at
    different addresses are branches, and so are members of one family; names whose
    numbers differ are different shops.

    Parameters
    ----------
    tables
        `accounts` and `orders`.
    as_of
        The 12 months before it count as spend.
    similarity
        Least likeness of two core names, 0 to 100: the greater of rapidfuzz's token sort
        ratio and its ratio without blanks.
    """
    accounts = tables["accounts"]
    names = [core_name(name) for name in accounts["name"]]
    parents = accounts["parent_id"].tolist()
    keys = accounts["account_id"].tolist()
    pairs: set[tuple[int, int]] = set()
    for places in _same_place(accounts):
        first, second = np.nonzero(np.triu(_alike([names[i] for i in places], similarity), k=1))
        pairs.update((places[a], places[b]) for a, b in zip(first, second, strict=True))
    pairs.update(_same_name_without_address(accounts, names))
    real = [
        (a, b)
        for a, b in sorted(pairs)
        if not set_apart(names[a], names[b]) and not _family(a, b, keys, parents)
    ]
    spend = spend_12m(tables["orders"], as_of)
    return [_finding(accounts.iloc[group], spend, currency) for group in _groups(real)]


def _alike(names: list[str], similarity: float) -> np.ndarray:
    """Say which names are alike: words in any order, or run together (`West Side`, `Westside`)."""
    joined = [name.replace(" ", "") for name in names]
    by_words = process.cdist(names, names, scorer=fuzz.token_sort_ratio, score_cutoff=similarity)
    by_letters = process.cdist(joined, joined, scorer=fuzz.ratio, score_cutoff=similarity)
    alike: np.ndarray = (by_words > 0) | (by_letters > 0)
    return alike


def _same_place(accounts: pd.DataFrame) -> list[list[int]]:
    """Return positions of accounts by place; an account may stand in several."""
    blocks: dict[tuple[Hashable, ...], list[int]] = defaultdict(list)
    columns = ("country", "city", "postal_code", "latitude", "longitude", "location_precision")
    rows = zip(*(accounts[name].tolist() for name in columns), strict=True)
    for place, (country, city, postal, latitude, longitude, precision) in enumerate(rows):
        land = country if isinstance(country, str) else ""
        if isinstance(city, str):
            blocks["city", land, core_name(city)].append(place)
        if isinstance(postal, str):
            blocks["postal", land, re.sub(r"\W", "", postal).casefold()].append(place)
        if not np.isnan(latitude) and not np.isnan(longitude) and precision != "region centroid":
            blocks["point", round(latitude, 2), round(longitude, 2)].append(place)
    return [places for places in blocks.values() if len(places) > 1]


def _same_name_without_address(
    accounts: pd.DataFrame, names: list[str]
) -> Iterable[tuple[int, int]]:
    bare = (accounts["city"].isna() & accounts["postal_code"].isna()).tolist()
    lands = [land if isinstance(land, str) else "" for land in accounts["country"]]
    by_name: dict[str, list[int]] = defaultdict(list)
    for place, name in enumerate(names):
        by_name[name].append(place)
    for places in by_name.values():
        for a, b in combinations(places, 2):
            if (bare[a] or bare[b]) and (lands[a] == lands[b] or "" in (lands[a], lands[b])):
                yield a, b


def set_apart(one: str, other: str) -> bool:
    """Say whether a number or a direction tells two shops apart (`Store 1`, `Store North`)."""
    numbers, sides = (
        [sorted(word for word in name.split() if belongs(word)) for name in (one, other)]
        for belongs in (lambda word: any(map(str.isdigit, word)), _DIRECTIONS.__contains__)
    )
    return numbers[0] != numbers[1] or (all(sides) and sides[0] != sides[1])


def _family(a: int, b: int, keys: list[str], parents: list[object]) -> bool:
    same_parent = isinstance(parents[a], str) and parents[a] == parents[b]
    return same_parent or parents[a] == keys[b] or parents[b] == keys[a]


def _groups(pairs: list[tuple[int, int]]) -> list[list[int]]:
    group_of: dict[int, set[int]] = {}
    for a, b in pairs:
        merged = group_of.get(a, {a}) | group_of.get(b, {b})
        for place in merged:
            group_of[place] = merged
    seen = {id(group): sorted(group) for group in group_of.values()}
    return sorted(seen.values())


def _finding(group: pd.DataFrame, spend: Mapping[str, float], currency: str) -> QualityFinding:
    keys = sorted(group["account_id"])
    owners = dict(zip(group["account_id"], group["owner_id"], strict=True))
    # What most of the money is booked on stays; among equals an owned account, then the lowest id.
    stays = min(keys, key=lambda key: (-spend.get(key, 0.0), not isinstance(owners[key], str), key))
    moved = sum(spend.get(key, 0.0) for key in keys if key != stays)
    to = owners[stays] if isinstance(owners[stays], str) else "nobody (the account is unowned)"
    if moved:
        effect = f"moves {thousands(moved, currency)} of 12-month spend to {to}"
    else:
        effect = f"moves no spend and leaves {stays} with {to}"
    named = sorted({owner for owner in owners.values() if isinstance(owner, str)})
    twice = f", covered twice by {listed(named)}" if len(named) > 1 else ""
    place = next((city for city in group["city"] if isinstance(city, str)), None)
    where = f" in {place}" if place else ""
    return finding(
        "duplicate",
        "accounts",
        "warning",
        "doubtful",
        keys,
        f"{listed(keys)} look like one company{where}: {listed(sorted(group['name']))}{twice}.",
        f"Merging these {len(keys)} {effect}; until then its potential and hours count "
        f"{'twice' if len(keys) == 2 else f'{len(keys)} times'}.",
    )
