"""A stored version of a territory plan or a review."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from domain.cycle import CycleStatus
from domain.record import Record
from domain.review import ReviewContent
from domain.territory_plan import TerritoryPlanContent

CycleContent = Annotated[TerritoryPlanContent | ReviewContent, Field(discriminator="kind")]


class CycleVersion(Record):
    """One stored version: the content, and what the record adds to it."""

    plan_id: str
    version: int
    base_version: int | None
    status: CycleStatus
    content: CycleContent
    created_at: str
    created_by: str
    run_id: str | None
