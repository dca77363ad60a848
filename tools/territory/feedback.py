"""What reps answer to a design, as constraints of the next one once a person accepts it."""

from __future__ import annotations

from datetime import date

from domain.assignment import (
    Constraint,
    DesignPoint,
    Feedback,
    Forbid,
    Lock,
    Relationship,
    TierCorrection,
)
from domain.errors import Conflict, InvalidInput
from tools.territory.case import Case
from tools.territory.feedback_checks import check_feedback, name_of, owner_of, too_far_for
from tools.territory.feedback_price import FeedbackPrice, price_to_others

__all__ = ["FeedbackPrice", "check_feedback", "constraint_of", "price_to_others"]


def constraint_of(
    case: Case, point: DesignPoint, feedback: Feedback, *, until: date | None = None
) -> Constraint | None:
    """Return the constraint that an accepted answer becomes; None for "agree".

    Parameters
    ----------
    case, point
        What the answer was given on. "Keep" locks the account to its present owner, "too
        far" rules out who says so or, where the owner says so, whom `point` proposes, "wrong
        tier" corrects the tier, and "relationship since" dates the owner's relationship.
    feedback
        Accepted. The person who accepted it answers for the constraint.
    until
        Last day of a lock; the end of the planning period when not given.

    Raises
    ------
    Conflict
        When nobody has accepted the answer.
    InvalidInput
        When the account has no owner to keep it, nobody proposed, or a detail is missing.
    """
    if feedback.answer == "agree":
        return None
    if feedback.status != "accepted" or not feedback.settled_by:
        raise Conflict(
            f"The answer of {feedback.rep_id} on {feedback.account_id} is not accepted, so it "
            "binds nobody.",
            hint="Accept it first, with a reason.",
        )
    account, by = feedback.account_id, feedback.settled_by
    reason = f"{feedback.rep_id}: {feedback.reason}"
    if feedback.settled_reason:
        reason = f"{reason} (accepted: {feedback.settled_reason})"
    if feedback.answer == "keep":
        owner = owner_of(case, account)
        if owner is None:
            raise InvalidInput(
                f"{name_of(case, account)} has no owner among the reps to keep it.",
                hint="Lock it to a rep instead.",
            )
        last = until if until is not None else case.period.end
        return Lock(account_id=account, rep_id=owner, by=by, reason=reason, until=last)
    if feedback.answer == "too_far":
        distant = too_far_for(case, point, feedback)
        if distant is None:
            raise InvalidInput(
                f"This design gives {name_of(case, account)} to nobody.",
                hint="Settle the answer on the design it was given on.",
            )
        return Forbid(account_id=account, rep_id=distant, by=by, reason=reason)
    if feedback.answer == "wrong_tier":
        if feedback.tier is None:
            raise InvalidInput("The answer names no tier.", hint="Say which tier it should be.")
        return TierCorrection(account_id=account, tier=feedback.tier, by=by, reason=reason)
    if feedback.since is None:
        raise InvalidInput("The answer names no day.", hint="Say since when they know each other.")
    return Relationship(account_id=account, since=feedback.since, by=by, reason=reason)
