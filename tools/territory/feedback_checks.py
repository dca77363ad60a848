"""Who may answer what about an account of a design."""

from __future__ import annotations

from datetime import date

from domain.assignment import DesignPoint, Feedback
from domain.coverage import CoverageModel
from domain.errors import InvalidInput, NotFound, NotPermitted
from tools.territory.case import Case


def check_feedback(
    case: Case, point: DesignPoint, feedback: Feedback, coverage: CoverageModel, *, as_of: date
) -> None:
    """Refuse an answer that cannot be meant.

    Raises
    ------
    NotFound
        When the design does not hold the account.
    NotPermitted
        When the rep neither owns the account nor would get it.
    InvalidInput
        When "keep" is said of an account without an owner, a relationship is told by
        somebody else than the owner, begins after the book's date or lacks its day, or
        the tier is missing or the one the account has.
    UnknownTier
        When the coverage model has no such tier.
    """
    owner, proposed = owner_of(case, feedback.account_id), proposed_rep(case, point, feedback)
    name = name_of(case, feedback.account_id)
    if feedback.rep_id not in (owner, proposed):
        raise NotPermitted(
            f"{feedback.rep_id} neither owns {name} nor would get it in this design.",
            hint="Reps answer for their own accounts and for those they would get.",
            account_id=feedback.account_id,
        )
    if feedback.answer == "keep" and owner is None:
        raise InvalidInput(
            f"{name} has no owner among the reps, so it cannot be kept where it is.",
            hint="Answer agree or too_far.",
        )
    if feedback.answer == "wrong_tier":
        _check_tier(case, feedback, coverage)
    if feedback.answer == "relationship_since":
        _check_since(feedback, owner, name, as_of)


def _check_tier(case: Case, feedback: Feedback, coverage: CoverageModel) -> None:
    name = name_of(case, feedback.account_id)
    if feedback.tier is None:
        raise InvalidInput(
            f"The answer on {name} names no tier.",
            hint=f"Name one of {', '.join(tier.key for tier in coverage.tiers)}.",
        )
    coverage.tier(feedback.tier)
    if feedback.tier == case.accounts.at[feedback.account_id, "tier"]:
        raise InvalidInput(
            f"{name} already is {feedback.tier}.", hint="Name the tier it should be instead."
        )


def _check_since(feedback: Feedback, owner: str | None, name: str, as_of: date) -> None:
    if feedback.rep_id != owner:
        raise InvalidInput(
            f"{feedback.rep_id} does not own {name}: a relationship counts for the owner.",
            hint="Answer agree, and give the relationship as the reason.",
        )
    if feedback.since is None:
        raise InvalidInput(
            f"The answer on {name} names no day.", hint="Say since when, as 2021-03-01."
        )
    if feedback.since > min(as_of, feedback.said_on):
        raise InvalidInput(
            f"The relationship with {name} would begin on {feedback.since.isoformat()}, in the "
            f"future of the book ({as_of.isoformat()}).",
            hint="Give the day it began.",
        )


def owner_of(case: Case, account_id: str) -> str | None:
    """Return the owner among the reps of the design; None for nobody or somebody who left.

    Raises NotFound when the design does not hold the account.
    """
    if account_id not in case.accounts.index:
        raise NotFound(
            f"The design has no account {account_id}.",
            hint="Accounts left as they are stand under unplaced, with the reason.",
        )
    row = case.accounts.loc[account_id]
    known = bool(row["owner_known"]) and row["owner_id"] in {rep.rep_id for rep in case.reps}
    return str(row["owner_id"]) if known else None


def proposed_rep(case: Case, point: DesignPoint, feedback: Feedback) -> str | None:
    """Return the rep whom the design gives the account; None for nobody."""
    rep = point.assignment[list(case.accounts.index).index(feedback.account_id)]
    return case.reps[rep].rep_id if rep >= 0 else None


def unit_of(case: Case, account_id: str) -> int:
    """Return the unit that an account is in, alone or with its family."""
    return int(case.accounts["unit"].to_dict()[account_id])


def name_of(case: Case, account_id: str) -> str:
    """Return an account's name."""
    return str(case.accounts["name"].to_dict()[account_id])


def too_far_for(case: Case, point: DesignPoint, feedback: Feedback) -> str | None:
    """Return the rep who is too far: who says so of a gain, else whom the design proposes.

    A rep who would get the account speaks of themselves, whatever was designed since; the
    owner speaks of whoever is to get it.
    """
    if feedback.rep_id != owner_of(case, feedback.account_id):
        return feedback.rep_id
    return proposed_rep(case, point, feedback)
