"""What each kind of trigger may open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from domain.review import TriggerKind

Opening = Literal["scenario", "plan", "territory_plan", "coverage"]

OPENS: Mapping[TriggerKind, tuple[Opening, ...]] = {
    "rep_left": ("scenario",),
    "rep_joined": ("scenario",),
    "family_changed": ("scenario", "plan"),
    "new_product": ("scenario", "territory_plan"),
    "potential_changed": ("scenario", "plan"),
    "owner_changed": ("plan",),
    "pipeline_changed": ("plan",),
    "deal_slipped": ("plan",),
    "renewal_slipped": ("plan",),
    "champion_gone": ("plan",),
    "competitor_appeared": ("plan", "territory_plan"),
    "strategy_changed": ("territory_plan",),
    "evidence_stale": ("plan",),
    "adherence_lost": ("territory_plan", "coverage"),
    "lock_expired": ("plan",),
}
"""Only what may redraw territories off cycle opens a scenario: a rep left or joined, an
acquisition, a new product, a major account that changed. Everything else changes how an
account or a quarter is worked, and waits for the next design where it asks for more. The
first of several is the usual one."""
