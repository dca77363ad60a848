"""Finding accounts by name, place or kind of business, as people type them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pydantic import Field

from agent.chat.context import ChatContext
from agent.chat.scope import accounts_in_scope
from agent.chat.tool import Arguments, Told, Tool
from agent.chat.tools.looked_up import Given, LookedUp
from agent.chat.tools.pieces import cell_of
from agent.vocabulary import COUNTRIES
from domain.chat import AnswerTable, Focus, Offer
from domain.plan import SlotFormat

USUAL, MOST = 6, 20
MOST_TOLD = 3
MOST_WORDS = 12
LONGEST_WORD = 40
EDITS = ((4, 0), (7, 1))
"""Letters below which so many slips are forgiven in a word; `MOST_EDITS` in longer ones."""
MOST_EDITS = 2
NAME_WEIGHT, FIELD_WEIGHT = 1.0, 0.8
FILLER = frozenset(
    "a an the in of at for with and or to from by near all any my our me account accounts "
    "customer customers company companies find show list which what who where is are".split()
)
COLUMNS: tuple[tuple[str, str, SlotFormat], ...] = (
    ("Tier", "tier", "name"),
    ("Rank", "rank", "number"),
    ("Expected value a year", "expected_value", "money_short"),
    ("Net spend, 12 months", "net_spend_12m", "money_short"),
    ("Last order", "last_order_date", "date"),
)
_WORD = re.compile(r"[^\W_]+")


class FindAccounts(Arguments):
    """What `find_accounts` is given."""

    query: str = Field(description="Parts of a name, a city, region, country or kind of business.")
    limit: int | None = Field(description="Most accounts to list, 1 to 20; null for the usual 6.")


class Entry(NamedTuple):
    """One account's words: those of its name, and those of the other fields."""

    account_id: str
    name: frozenset[str]
    fields: frozenset[str]


class Match(NamedTuple):
    """How well an account fits a query: words met, likeness from 0 to 1, whole name met."""

    account_id: str
    met: int
    likeness: float
    whole_name: bool = False


def find_accounts(context: ChatContext, arguments: FindAccounts) -> Told:
    """List the accounts in scope that a query means, best first.

    Words may be mistyped. Where no account meets every word, those that meet most come,
    and that is said. Nothing outside the scope is looked at.
    """
    limit = min(max(arguments.limit or USUAL, 1), MOST)
    wanted = words_of(arguments.query)
    matches = accounts_by_id(context, arguments.query)
    whole = bool(matches)
    if not wanted and not matches:
        return Told(question="Which account? Give part of its name, a city or a kind of business.")
    if not matches:
        matches = match_accounts(context, wanted)
        whole = bool(matches) and matches[0].met == len(wanted)
    if not matches:
        return Told(
            notes=("No account among those you see is called so or lies there.",),
            note="none found",
            offers=(Offer(label="The accounts of this week", text="/week"),),
        )
    found = [match.account_id for match in matches[:limit]]
    look = LookedUp(context)
    for number, account_id in enumerate(found):
        _tell(look, account_id, told=number < MOST_TOLD)
    notes = [] if whole else ["None meets every word; these are the nearest."]
    if len(matches) > limit:
        notes.append("There are more; a further word would narrow them down.")
    return Told(
        evidence=look.evidence,
        shown=look.shown,
        claims=tuple(look.claims),
        tables=(_table(look, found),) if len(found) > 1 else (),
        notes=tuple(notes),
        rows=len(matches),
        note=f"{len(found)} of {len(accounts_in_scope(context))} accounts",
        offers=_offers(look, found),
        focus=Focus(accounts=tuple(found[:MOST_TOLD]), command="find"),
    )


def words_of(text: str) -> list[str]:
    """Return the words of a query that may name something, without accents, in lower case."""
    found = [word[:LONGEST_WORD] for word in _split(text[:1_000])]
    return list(dict.fromkeys(word for word in found if word not in FILLER))[:MOST_WORDS]


def match_accounts(context: ChatContext, wanted: Sequence[str]) -> list[Match]:
    """Return the accounts in scope that meet as many of the words as any does, best first.

    Among equals those come first whose whole name was said, then those of better rank.
    """
    entries = _entries(context)
    known = sorted({word for entry in entries for word in (*entry.name, *entry.fields)})
    alike = {word: _alike(word, known) for word in wanted}
    meant = {other for found in alike.values() for other in found}
    matches = []
    for entry in entries:
        scores = [_likeness(entry, alike[word]) for word in wanted]
        met = sum(score > 0 for score in scores)
        if met:
            likeness = round(sum(scores) / len(wanted), 3)
            whole = entry.name <= meant | FILLER
            matches.append(Match(entry.account_id, met, likeness, whole))
    most = max((match.met for match in matches), default=0)
    # Half of the words at least: one common word of five names nothing.
    if 2 * most < len(wanted):
        return []
    kept = [match for match in matches if match.met == most]
    return sorted(kept, key=lambda match: (-match.likeness, not match.whole_name))


def accounts_by_id(context: ChatContext, query: str) -> list[Match]:
    """Return the accounts in scope whose id the query names, in the order of the query."""
    ids = {account.casefold(): account for account in accounts_in_scope(context)}
    typed = (word.strip(".,;:!?()\"'").casefold() for word in query[:1_000].split())
    return [Match(ids[word], 1, 1.0) for word in dict.fromkeys(typed) if word in ids]


def _alike(word: str, known: Sequence[str]) -> Mapping[str, float]:
    """Return the known words that a typed word may stand for, with their likeness, 0 to 1."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    slips = next((edits for below, edits in EDITS if len(word) < below), MOST_EDITS)
    near = process.extract(word, known, scorer=OSA.distance, score_cutoff=slips, limit=None)
    found = {other: 1 - slip / len(word) for other, slip, _ in near}
    if len(word) > 2:
        found |= {other: 0.95 for other in known if other.startswith(word) and other != word}
    return found


def _likeness(entry: Entry, alike: Mapping[str, float]) -> float:
    by_name = max((alike.get(word, 0.0) for word in entry.name), default=0.0)
    by_field = max((alike.get(word, 0.0) for word in entry.fields), default=0.0)
    return max(by_name * NAME_WEIGHT, by_field * FIELD_WEIGHT)


def _entries(context: ChatContext) -> Sequence[Entry]:
    """The words of every account in scope, in order of rank; made once a turn."""
    found = context.kept.get("account_words")
    if found is None:
        rows = context.book.rows("accounts")
        tiers = context.analyses.tiers.table["label"]
        found = context.kept["account_words"] = tuple(
            Entry(
                account,
                frozenset(_split(str(rows[account]["name"]))),
                frozenset(_split(_fields(rows[account], str(tiers[account])))),
            )
            for account in accounts_in_scope(context)
        )
    return tuple(found)


def _fields(row: Mapping[str, object], tier: str) -> str:
    told = [row[name] for name in ("city", "segment", "region", "product_focus", "country")]
    country = COUNTRIES.get(str(row["country"]), "")
    return " ".join([country, tier, *(text for text in told if isinstance(text, str))])


def _split(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return [_singular(word) for word in _WORD.findall(plain)]


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith("ss") else word


def _tell(look: LookedUp, account_id: str, *, told: bool) -> None:
    """Look an account's line up, and say it where it is among the first."""
    entity = f"account:{account_id}"
    name = look.account(account_id)
    kind = look.field("accounts", account_id, entity, "segment", "name")
    city = look.field("accounts", account_id, entity, "city", "name")
    cells = {metric: look.cell(entity, metric) for _, metric, _ in COLUMNS}
    if not told:
        return
    named: dict[str, Given] = {"name": (name, "name"), "tier": (cells["tier"], "name")}
    lead = "{{name}}"
    if kind is not None:
        named["kind"], lead = (kind, "name"), lead + ", {{kind}}"
    if city is not None:
        named["city"], lead = (city, "name"), lead + " in {{city}}"
    lead += "," if kind is not None or city is not None else ""
    ranked: dict[str, Given] = {
        **named, "rank": (cells["rank"], "number"), "of": (look.cell(entity, "rank_of"), "number"),
    }  # fmt: skip
    key = f"found.{account_id}"
    text = lead + " is {{tier}} and ranks {{rank}} of {{of}} among its owner's accounts."
    if not look.say(key, "metric", entity, text, slots=ranked):
        look.say(key, "fact", entity, lead + " is {{tier}}.", slots=named)


def _table(look: LookedUp, found: Sequence[str]) -> AnswerTable:
    rows = []
    for account_id in found:
        entity = f"account:{account_id}"
        city = look.field("accounts", account_id, entity, "city", "name")
        rows.append(
            (
                cell_of(look.account(account_id), "name"),
                cell_of(city, "name"),
                *(cell_of(look.cell(entity, metric), form) for _, metric, form in COLUMNS),
            )
        )
    return AnswerTable(
        title="Accounts found",
        columns=("Account", "City", *(label for label, _, _ in COLUMNS)),
        rows=tuple(rows),
    )


def _offers(look: LookedUp, found: Sequence[str]) -> tuple[Offer, ...]:
    if len(found) == 1:
        return (
            Offer(label="The account in short", text=f"/brief {found[0]}"),
            Offer(label="Why it stands where it stands", text=f"/why {found[0]}"),
            Offer(label="Who decides there", text=f"/people {found[0]}"),
            Offer(label="Its plan", text=f"/plan {found[0]}"),
        )
    return tuple(
        Offer(label=f"{name.value}, in short", text=f"/brief {account_id}")
        for account_id in found[:4]
        if (name := look.account(account_id)) is not None
    )


TOOL = Tool(
    name="find_accounts",
    command="find",
    description=(
        "Find accounts by part of a name, city, region, country, kind of business or tier; "
        "spelling need not be exact. Gives the ids that other tools take."
    ),
    arguments=FindAccounts,
    run=find_accounts,
)
