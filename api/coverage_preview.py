"""What a changed coverage model would do on the current book, before anybody adopts it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.cause_lines import CauseLine, RuleLine, cause_lines, rule_lines
from domain.coverage import parse_coverage
from domain.errors import NotPermitted
from domain.principal import Principal
from domain.record import Record

if TYPE_CHECKING:
    from api.workspace import Workspace
    from tools.strategy import Shift


class PreviewedAccount(Record):
    """One account whose tier, score or rank would differ; ranks count within the scope."""

    account_id: str
    name: str
    owner_id: str | None
    tier_before: str
    tier: str
    score_before: int
    score: int
    rank_before: int
    rank: int
    tier_causes: tuple[CauseLine, ...]
    score_causes: tuple[CauseLine, ...]
    rank_causes: tuple[CauseLine, ...]


class TierTotal(Record):
    """Accounts of one tier within the scope, before and after."""

    tier: str
    label: str
    before: int
    after: int


class RepHours(Record):
    """Hours that a rep's accounts ask for in the period, before and after."""

    rep_id: str
    name: str
    needed_before: float
    needed: float
    selling_before: float
    selling: float


class CoveragePreview(Record):
    """What would move. `accounts` holds exactly those that do, as far as they may be seen."""

    coverage_hash_before: str
    coverage_hash: str
    changes: tuple[RuleLine, ...]
    accounts: tuple[PreviewedAccount, ...]
    tiers: tuple[TierTotal, ...]
    hours: tuple[RepHours, ...]
    summary: str


def preview(
    workspace: Workspace, principal: Principal, text: str, *, source: str
) -> CoveragePreview:
    """Read the current book under another coverage model and compare; nothing is stored.

    Raises
    ------
    CoverageInvalid
        When the text cannot be used; ColumnsMissing when it reads a fact there is not.
    NotFound
        While there is no book.
    NotPermitted
        When the rules of comparable accounts differ and the person does not see every
        account: other people's spending could be told from the answers.
    """
    from tools.analyses import analyse
    from tools.strategy import strategy

    model = parse_coverage(text, source=source)
    reading = workspace.reading(principal)
    if model.peers != reading.coverage.peers and not principal.scope.everything:
        raise NotPermitted(
            "This model chooses comparable accounts in another way, and its preview would tell "
            "of accounts that you do not see.",
            hint="Keep [peers] as it is, or ask RevOps for the preview.",
        )
    found = strategy(
        reading.analyses,
        analyse(reading.book, model, reading.findings, reading.earlier),
        reading.coverage,
        model,
        seen=principal.scope.covers,
    )
    names = dict(
        zip(reading.book["accounts"]["account_id"], reading.book["accounts"]["name"], strict=True)
    )
    reps = dict(zip(reading.book["reps"]["rep_id"], reading.book["reps"]["name"], strict=True))
    return CoveragePreview(
        coverage_hash_before=reading.coverage.hash,
        coverage_hash=model.hash,
        changes=rule_lines(found.changes),
        accounts=tuple(
            PreviewedAccount(
                account_id=shift.account_id,
                name=str(names[shift.account_id]),
                owner_id=reading.book.owners[shift.account_id],
                tier_before=shift.tier_before,
                tier=shift.tier,
                score_before=shift.score_before,
                score=shift.score,
                rank_before=shift.rank_before,
                rank=shift.rank,
                tier_causes=cause_lines(shift.tier_causes),
                score_causes=cause_lines(shift.score_causes),
                rank_causes=cause_lines(shift.rank_causes),
            )
            for shift in found.shifts
        ),
        tiers=tuple(
            TierTotal(
                tier=str(key),
                label=row["label"],
                before=int(row["before"]),
                after=int(row["after"]),
            )
            for key, row in found.tiers.iterrows()
        ),
        hours=tuple(
            RepHours(
                rep_id=str(rep),
                name=str(reps[rep]),
                **{str(name): float(value) for name, value in row.items()},
            )
            for rep, row in found.hours.iterrows()
        ),
        summary=_summary(found.shifts, len(found.changes)),
    )


def _summary(shifts: tuple[Shift, ...], changed: int) -> str:
    if not changed:
        return "The rules are the same: nothing moves."
    tier = sum(shift.tier != shift.tier_before for shift in shifts)
    score = sum(shift.score != shift.score_before for shift in shifts)
    rank = sum(shift.rank != shift.rank_before for shift in shifts)
    rules = f"{changed} rule{'' if changed == 1 else 's'} differ{'s' if changed == 1 else ''}"
    if not shifts:
        return f"{rules}, and no account moves."
    return (
        f"{rules}: {score:,} account{'' if score == 1 else 's'} would have another score, "
        f"{tier:,} another tier, {rank:,} another rank."
    )
