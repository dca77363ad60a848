"""What moved since the last book, account by account, and which input moved it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Literal

import pandas as pd

from domain.coverage import CoverageModel
from domain.evidence import Evidence
from tools.cells import Cite, Metric, Reading, cell, missing
from tools.facts import Facts
from tools.rule_changes import rule_changes
from tools.score import Score
from tools.standing import Standing
from tools.tier_causes import Cause, score_causes, tier_causes
from tools.tiers import Tiers

VERSION = 1
METRICS: Mapping[str, Metric] = {
    "movement_note": Metric("movement_note", "text"),
    "tier_before": Metric("tier_before", "name"),
    "score_before": Metric("score_before", "points"),
}


@dataclass(frozen=True)
class Move:
    """One account then and now; what it lacks on a side is None.

    `kind` is `known` for an account of both books, `new` or `gone` else. A tier or score
    that differs has its causes; the points of `score_causes` add up to the difference.
    `held` says that the last book keeps its potential from crossing a bound. `owner_id` is
    the owner now, of a gone account the last one.
    """

    account_id: str
    kind: Literal["known", "new", "gone"]
    owner_id: str | None
    name: str
    name_before: str | None = None
    tier_before: str | None = None
    tier: str | None = None
    label_before: str | None = None
    label: str | None = None
    score_before: int | None = None
    score: int | None = None
    held: bool = False
    tier_causes: tuple[Cause, ...] = ()
    score_causes: tuple[Cause, ...] = ()

    @property
    def renamed(self) -> bool:
        """Whether its name differs from the last book's."""
        return self.kind == "known" and self.name != self.name_before

    @property
    def moved(self) -> bool:
        """Whether there is anything to tell of it."""
        return (
            self.kind != "known"
            or self.renamed
            or self.held
            or self.tier != self.tier_before
            or self.score != self.score_before
        )


@dataclass(frozen=True)
class Movement:
    """What moved since the book of `since`; `moves` holds every account of either book."""

    since: date
    moves: Mapping[str, Move]
    reading: Reading

    def moved(self) -> tuple[Move, ...]:
        """Return the accounts that have something to tell, in the book's order, gone last."""
        return tuple(move for move in self.moves.values() if move.moved)

    def note(self, account_id: str) -> str | None:
        """Say what moved of an account; None where nothing did or it is unknown."""
        move = self.moves.get(account_id)
        if move is None or not move.moved:
            return None
        return "; ".join(_sentences(move, self.since))

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row per account of the present book that has something to tell."""
        rows = [move for move in self.moved() if move.kind != "gone"]
        index = pd.Index([move.account_id for move in rows], name="account_id")
        notes = [self.note(move.account_id) for move in rows]
        labels = [move.label_before for move in rows]
        scores = [move.score_before for move in rows]
        return pd.DataFrame(
            {
                "movement_note": pd.Series(notes, index, dtype="str"),
                "tier_before": pd.Series(labels, index, dtype="str"),
                "score_before": pd.Series(scores, index, dtype="Int64"),
            }
        )

    def cite(self, entity: str, metric: str, cite: Cite | None = None) -> Evidence:
        """Cite what moved of an account of the present book; NotCitable where nothing did."""
        if metric not in METRICS or not entity.startswith("account:"):
            raise missing(entity, metric)
        how, ask = METRICS[metric], cite or self.cite
        return cell(self.table, self.reading, "movement", VERSION, entity, how, ask)


def movement(
    facts: Facts, score: Score, tiers: Tiers, coverage: CoverageModel, previous: Standing
) -> Movement:
    """Compare every account with where it stood in the last book.

    Parameters
    ----------
    facts, score, tiers, coverage
        The present book under its rules.
    previous
        The last book under the rules that held then.

    Returns
    -------
    Movement
        Accounts are the same where their id is. No tier and no score differs without a
        cause: what differs was computed from inputs, and some of them differ.
    """
    index = facts.table.index
    both = index[previous.accounts.index.get_indexer(index) >= 0]
    changes = rule_changes(previous.coverage, coverage)
    causes = tier_causes(
        replace(
            previous.placing,
            states=previous.placing.states.loc[both],
            earlier=previous.placing.earlier[previous.accounts.index.get_indexer(both)],
        ),
        replace(
            tiers.placing,
            states=tiers.placing.states.loc[both],
            earlier=tiers.placing.earlier[index.get_indexer(both)],
        ),
        changes,
    )
    points = score_causes(previous.score, score, both, changes)
    now = _rows(facts.table, tiers.table, score)
    then = _rows(previous.accounts, previous.tiers, previous.score)
    moves: dict[str, Move] = {}
    for account, row in now.items():
        before = then.get(account)
        moves[account] = Move(
            account_id=account,
            kind="known" if before else "new",
            owner_id=row.owner,
            name=row.name,
            name_before=before.name if before else None,
            tier_before=before.tier if before else None,
            tier=row.tier,
            label_before=before.label if before else None,
            label=row.label,
            score_before=before.score if before else None,
            score=row.score,
            held=row.held,
            tier_causes=causes.get(account, ()),
            score_causes=points.get(account, ()),
        )
    for account, row in then.items():
        if account not in now:
            moves[account] = Move(
                account_id=account,
                kind="gone",
                owner_id=row.owner,
                name=row.name,
                name_before=row.name,
                tier_before=row.tier,
                label_before=row.label,
                score_before=row.score,
            )
    return Movement(previous.as_of, moves, replace(tiers.reading, earlier=previous.hash))


@dataclass(frozen=True)
class _Row:
    name: str
    owner: str | None
    tier: str
    label: str
    score: int
    held: bool


def _rows(accounts: pd.DataFrame, tiers: pd.DataFrame, score: Score) -> dict[str, _Row]:
    columns = zip(
        map(str, accounts.index),
        accounts["name"].tolist(),
        accounts["owner_id"].tolist(),
        tiers["tier"].reindex(accounts.index).tolist(),
        tiers["label"].reindex(accounts.index).tolist(),
        score.table["score"].reindex(accounts.index).tolist(),
        tiers["held"].reindex(accounts.index).tolist(),
        strict=True,
    )
    return {
        account: _Row(
            str(name), None if pd.isna(owner) else str(owner), str(tier), str(label), int(total),
            bool(held),
        )
        for account, name, owner, tier, label, total, held in columns
    }  # fmt: skip


def _sentences(move: Move, since: date) -> Iterator[str]:
    day = f"{since.day} {since:%b %Y}"
    if move.kind == "new":
        yield f"New since {day}"
        return
    if move.kind == "gone":
        yield f"Gone since {day}: {move.label_before}, {move.score_before} points"
        return
    if move.tier != move.tier_before:
        why = ", ".join(cause.words for cause in move.tier_causes)
        yield f"{move.label}, was {move.label_before} on {day}: {why}"
    if move.score != move.score_before:
        why = ", ".join(cause.words for cause in move.score_causes)
        yield f"score {move.score}, was {move.score_before}: {why}"
    if move.held and move.tier == move.tier_before:
        yield f"{move.label} as on {day}, held: its potential has passed a bound by too little"
    if move.renamed:
        yield f"named {move.name_before} on {day}"
