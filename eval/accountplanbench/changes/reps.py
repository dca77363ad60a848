"""Reps who join or leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from eval.accountplanbench.changes.ground import Ground
from eval.accountplanbench.measuring import rep_entity


def join(ground: Ground) -> None:
    """Let somebody join the team of the first rep."""
    new = replace(
        ground.after.sellers()[0],
        rep_id=f"R-{len(ground.after.reps) + 1:02d}",
        name=ground.later.world.names.person(),
        active_from=_day(ground),
    )
    ground.after.reps.append(new)
    ground.later.change("rep_joined", rep_entity(new.rep_id), new.rep_id)


def leave(ground: Ground) -> None:
    """Let the last rep leave; whose accounts wait for a new owner."""
    leaver = ground.after.sellers()[-1]
    leaver.active_to = _day(ground)
    ground.left = leaver.rep_id
    ground.later.change("rep_left", rep_entity(leaver.rep_id), leaver.rep_id)


def _day(ground: Ground) -> date:
    return ground.before.as_of + timedelta(days=ground.rng.randint(20, 60))
