"""Accounts in rank order, and one account with everything that is known of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from api.account_potential import AccountPotential, account_potential
from api.movements import MovementLine, movement_line
from api.reading import Reading
from domain.errors import NotFound
from domain.principal import Principal
from domain.record import Record

if TYPE_CHECKING:
    from api.workspace import Workspace


class ScorePart(Record):
    """Points for one fact; the parts and the base add up to the score."""

    fact: str
    dimension: str
    label: str
    value: str
    bin: str
    points: int


class ScoreAnswer(Record):
    """One account's score in parts."""

    account_id: str
    name: str
    score: int
    base: int
    parts: tuple[ScorePart, ...]


class RankedAccount(Record):
    """One account of the ranking; amounts in the book's currency a year.

    `rank` counts within what the person may see, `owner_rank` among the owner's accounts
    (null when unowned). `potential` is its P50, `expected_value` that
    times the win probability; all amounts are null where fewer than five accounts
    compare. `plan_depth` is what the tier gets: full, light or none.

    `held` says that the last book keeps the tier's potential from crossing a bound.
    `within_capacity` says whether the owner's hours reach the account (null when unowned),
    `cut_note` how many are taken with it. `lift_note`, `hold_note` and `movement` are told
    with the parts, and null without.
    """

    account_id: str
    name: str
    rank: int
    owner_rank: int | None
    owner_rank_of: int | None
    owner_id: str | None
    owner_name: str | None
    territory_id: str | None
    segment: str | None
    city: str | None
    tier: str
    tier_label: str
    tier_note: str
    plan_depth: str
    score: int
    base: int
    parts: tuple[ScorePart, ...] | None
    win_probability: float
    potential: float | None
    potential_p75: float | None
    potential_p90: float | None
    open_potential: float | None
    expected_value: float | None
    net_spend_12m: float | None
    peer_count: int | None
    peer_group: str | None
    held: bool = False
    within_capacity: bool | None = None
    cut_note: str | None = None
    lift_note: str | None = None
    hold_note: str | None = None
    movement: MovementLine | None = None


class Gap(Record):
    """A product line the account could still buy; `worth` in currency a year.

    `because` says in words what speaks for it.
    """

    line: str
    peer_share: float
    peer_p75: float
    chance: float
    worth: float
    own_spend_12m: float
    because: str | None


class AccountRecord(Record):
    """One account: its place in the ranking, its score, potential, whitespace and its plan."""

    account: RankedAccount
    potential: AccountPotential
    score_answer: ScoreAnswer
    gaps: tuple[Gap, ...]
    facts: dict[str, str]
    plan_id: str | None


def rank(
    workspace: Workspace,
    principal: Principal,
    *,
    top: int | None,
    territory: str | None,
    explain: bool,
) -> list[RankedAccount]:
    """Return the accounts within the scope, best first.

    Raises
    ------
    NotFound
        When `territory` names no territory of the book.
    """
    reading = workspace.reading(principal)
    wanted = None if territory is None else territory_id(reading, territory)
    found = [
        line
        for line in in_scope(reading, principal)
        if wanted is None or line.territory_id == wanted
    ][:top]
    return [_explained(reading, line) for line in found] if explain else found


def account(workspace: Workspace, principal: Principal, account_id: str) -> AccountRecord:
    """Return one account; NotFound outside the scope, in the words for a missing one."""
    reading = workspace.reading(principal)
    if not principal.scope.covers(reading.book.owners.get(account_id)):
        raise no_such_account(account_id)
    if account_id not in reading.book.owners:
        raise no_such_account(account_id)
    line = next(item for item in in_scope(reading, principal) if item.account_id == account_id)
    ranked = _explained(reading, line)
    kept = workspace.store.plans.list(principal, account_id=account_id)
    facts = reading.analyses.facts.table.loc[account_id]
    return AccountRecord(
        account=ranked,
        potential=account_potential(reading, principal, account_id),
        score_answer=ScoreAnswer(
            account_id=account_id,
            name=ranked.name,
            score=ranked.score,
            base=ranked.base,
            parts=ranked.parts or (),
        ),
        gaps=tuple(_gaps(reading, account_id)),
        facts={str(name): _printed(value) for name, value in facts.items() if pd.notna(value)},
        plan_id=kept[0].plan_id if kept else None,
    )


def no_such_account(account_id: str) -> NotFound:
    """Say that an account is missing: the same words whether it is absent or foreign."""
    return NotFound(
        f"There is no account {account_id!r} in the book.",
        hint="List accounts with `cadastre accounts rank`.",
    )


def ranked_accounts(reading: Reading) -> tuple[RankedAccount, ...]:
    """Return every account of a book in order of rank, without parts; see `Reading.ranked`."""
    analyses = reading.analyses
    order = list(analyses.ranks.order)
    rows = reading.book["accounts"].set_index("account_id").loc[order].to_dict("index")
    tiers = analyses.tiers.table.loc[order].to_dict("index")
    scores = analyses.score.table.loc[order].to_dict("index")
    potentials = analyses.potential.table.loc[order].to_dict("index")
    ranks = analyses.ranks.table.loc[order].to_dict("index")
    cuts = analyses.cut.by_account.loc[order].to_dict("index")
    spend = analyses.facts.table["net_spend_12m"].to_dict()
    reps = reading.book["reps"]
    names = dict(zip(reps["rep_id"], reps["name"], strict=True))
    depth = {tier.key: tier.plan for tier in reading.coverage.tiers}
    lines = []
    for place, account_id in enumerate(order, start=1):
        row, tier, potential = rows[account_id], tiers[account_id], potentials[account_id]
        owner, cut = _text(row["owner_id"]), cuts[account_id]
        lines.append(
            RankedAccount(
                account_id=account_id,
                name=str(row["name"]),
                rank=place,
                owner_rank=_count(ranks[account_id]["rank"]),
                owner_rank_of=_count(ranks[account_id]["rank_of"]),
                owner_id=owner,
                owner_name=names.get(owner) if owner else None,
                territory_id=_text(row["territory_id"]),
                segment=_text(row["segment"]),
                city=_text(row["city"]),
                tier=str(tier["tier"]),
                tier_label=str(tier["label"]),
                tier_note=str(tier["tier_note"]),
                plan_depth=depth[str(tier["tier"])],
                score=int(scores[account_id]["score"]),
                base=int(scores[account_id]["base"]),
                parts=None,
                win_probability=float(tier["win_probability"]),
                potential=_number(potential["potential_p50"]),
                potential_p75=_number(potential["potential_p75"]),
                potential_p90=_number(potential["potential_p90"]),
                open_potential=_number(potential["open_potential"]),
                expected_value=_number(tier["expected_value"]),
                net_spend_12m=_number(spend[account_id]),
                peer_count=_count(potential["peer_count"]),
                peer_group=_text(potential["peer_group"]),
                held=bool(tier["held"]),
                within_capacity=(
                    None if pd.isna(cut["within_capacity"]) else bool(cut["within_capacity"])
                ),
                cut_note=_text(cut["cut_note"]),
            )
        )
    return tuple(lines)


def score_parts(reading: Reading) -> dict[str, tuple[ScorePart, ...]]:
    """Return the parts of every score, in the card's order; see `Reading.parts`."""
    score = reading.analyses.score
    points, bins = score.points.to_dict("index"), score.bins.to_dict("index")
    values = score.values.to_dict("index")
    return {
        str(account): tuple(
            ScorePart(
                fact=rule.fact,
                dimension=rule.dimension,
                label=rule.label,
                value=str(values[account][rule.fact]),
                bin=str(bins[account][rule.fact]),
                points=int(of_account[rule.fact]),
            )
            for rule in score.rules
        )
        for account, of_account in points.items()
    }


def in_scope(reading: Reading, principal: Principal) -> list[RankedAccount]:
    """Cut the ranking to the scope and count anew: a place must not tell of other accounts."""
    if principal.scope.everything:
        return list(reading.ranked)
    mine = [line for line in reading.ranked if principal.scope.covers(line.owner_id)]
    return [line.model_copy(update={"rank": place}) for place, line in enumerate(mine, start=1)]


def _explained(reading: Reading, line: RankedAccount) -> RankedAccount:
    analyses = reading.analyses
    notes = analyses.changes.notes.loc[line.account_id]
    found = analyses.movement
    move = found.moves.get(line.account_id) if found is not None else None
    return line.model_copy(
        update={
            "parts": reading.parts[line.account_id],
            "lift_note": _text(notes["lift_note"]),
            "hold_note": _text(notes["hold_note"]),
            "movement": movement_line(found, move) if found and move and move.moved else None,
        }
    )


def _gaps(reading: Reading, account_id: str) -> Iterator[Gap]:
    table = reading.analyses.whitespace.gaps_table
    for entity in reading.analyses.whitespace.gaps(account_id):
        row: Any = table.loc[entity.removeprefix("account:")]
        yield Gap(
            line=str(row["line"]),
            peer_share=round(float(row["peer_share"]), 6),
            peer_p75=round(float(row["peer_p75"]), 2),
            chance=round(float(row["chance"]), 6),
            worth=round(float(row["worth"]), 2),
            own_spend_12m=round(float(row["own_spend_12m"]), 2),
            because=_text(row["because"]),
        )


def territory_id(reading: Reading, named: str) -> str:
    """Return the id of a territory given by id or, in any case, by name; NotFound else."""
    table = reading.book["territories"]
    for key, name in zip(table["territory_id"], table["name"], strict=True):
        if named == key or named.casefold() == str(name).casefold():
            return str(key)
    known = ", ".join(
        f"{key} ({name})" for key, name in zip(table["territory_id"], table["name"], strict=True)
    )
    raise NotFound(
        f"There is no territory {named!r} in the book.", hint=f"There are {known or 'none'}."
    )


def _text(value: Any) -> str | None:
    return None if pd.isna(value) else str(value)


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else round(float(value), 2)


def _count(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


def _printed(value: Any) -> str:
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return f"{value:.2f}".removesuffix(".00") if isinstance(value, float) else str(value)
