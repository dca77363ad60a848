"""Deliberate errors: each says what is wrong, where, and what to do."""

from __future__ import annotations

import re
from typing import Any, ClassVar


class PlannerError(Exception):
    """Base of every error a user may meet.

    `status` is the HTTP status, `exit_code` the command line's, `hint` what to do
    next, and `facts` the machine-readable particulars.
    """

    status: ClassVar[int] = 400
    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str = "", **facts: Any) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.facts = facts

    @property
    def code(self) -> str:
        """The error's name in snake case: `PlanSuperseded` is `plan_superseded`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", type(self).__name__).lower()


class InvalidInput(PlannerError):
    """Malformed input: a file, a value or an argument."""

    status = 422


class ColumnsMissing(InvalidInput):
    """A table lacks columns that are needed."""


class ColumnsUnknown(InvalidInput):
    """A table has columns that nothing maps or ignores."""


class DuplicateIds(InvalidInput):
    """A key occurs more than once."""


class CoverageInvalid(InvalidInput):
    """The coverage model contradicts itself or holds an impossible value."""


class UnknownTier(InvalidInput):
    """A tier is on accounts but not in the coverage model."""


class NotCitable(PlannerError):
    """An analysis holds no such cell, or the cell is empty."""

    status = 404


class NotFound(PlannerError):
    """Nothing of that name within the reader's scope. Missing and foreign look alike."""

    status = 404


class ModelUnavailable(PlannerError):
    """A model was to be asked, and none is set or none answered."""

    status = 409


class SignInNeeded(PlannerError):
    """The request carries no session."""

    status = 401
    exit_code = 4


class NotPermitted(PlannerError):
    """The person may see the object but may not do this to it."""

    status = 403
    exit_code = 4


class Conflict(PlannerError):
    """The state moved on meanwhile."""

    status = 409


class PlanSuperseded(Conflict):
    """A newer version of the plan exists."""


class ScenarioSuperseded(Conflict):
    """A newer version of the scenario exists."""


class ScenarioStale(Conflict):
    """The scenario was designed on a book that is no longer the current one."""


class AlreadyDecided(Conflict):
    """Another decision on this version came first."""


class DecisionRefused(Conflict):
    """The verdict does not fit the plan: blockers stand, or sections disagree with it."""


class NoPlanForAccount(Conflict):
    """The account has no plan by rule: it is unowned, or its tier gets none."""


class ApprovalRequired(Conflict):
    """An approved plan was asked for and none is current."""

    exit_code = 5


class NoLaterBook(Conflict):
    """Something is to be held against what happened since, and no later book is there."""


class NothingToPlan(Conflict):
    """A quarter has no day or hour left that the rep could work."""


class Infeasible(Conflict):
    """No design keeps every hard rule; the message names the rules that clash.

    `facts` hold `conflict` (the smallest set of rules that cannot hold together) and
    `relaxations` (the cheapest ways out), each a list of sentences.
    """


class WrongTool(Conflict):
    """Balancing is of no use here; the message says why and what is."""


class NotATrigger(Conflict):
    """Territories are not redrawn off cycle for this; the message cites the rule."""


class HomeBusy(Conflict):
    """Another process owns the home folder."""


class Broken(PlannerError):
    """Stored state is damaged: the message names the row."""

    status = 500
