"""People, ids and requests that tests of the doors share."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from api.settings import Settings

TOKEN = "a-token-for-tests"
MANAGER, REP, FOREIGN_REP, FOREIGN_MANAGER, REVOPS = (
    "harriet.okonjo",
    "tobias.renner",
    "lucien.marchetti",
    "ilse.brandtner",
    "ines.moreau",
)
ACCOUNT = "A-697"  # Brakes and Gears, owned by the rep R-282
BEST = "Global Bike Retailers"  # the best-ranked account of the example
SECTIONS = (
    "where_we_stand",
    "why_now",
    "buying_group",
    "whitespace",
    "competition",
    "plays",
    "risks",
)
VARIABLES = tuple(str(field.validation_alias) for field in Settings.model_fields.values())


class Ended(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, which must be exactly one JSON value."""
        return json.loads(self.out)


Command = Callable[..., Ended]


def approval(view: dict, **more: object) -> dict:
    """The request that approves every section of a plan as it was read."""
    return {
        "version": view["version"],
        "plan_hash": view["plan_hash"],
        "verdict": "approved",
        "sections": [{"section": key, "verdict": "approved"} for key in SECTIONS],
        **more,
    }
