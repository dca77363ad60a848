"""People who spoke for us and no longer do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd

from domain.cycle import Figure
from tools.cycle.changed.accounts import SPEND
from tools.cycle.changed.found import Found, found
from tools.cycle.changed.ground import Ground, day_of, figure

_ROLES = ("champion", "executive sponsor")
GONE, MOVED, OPPOSED, SILENT = "no longer on file", "works elsewhere", "opposed", "silent"


def champions_gone(ground: Ground, merged: Mapping[str, str]) -> list[Found]:
    """Tell champions who are gone, moved to another account, are opposed or fell silent.

    A champion is a contact whose role is champion or executive sponsor, or who is supportive
    and of high influence, at the earlier book. Silent is whose last contact was not older
    than `review.silent_champion_days` at the earlier book and is at the later; one whom
    nobody had met cannot fall silent. Who comes along when accounts are merged stays.
    """
    limit = ground.after.coverage.review.silent_champion_days
    was = ground.before.book["contacts"]
    warm = (was["attitude"] == "supportive") & (was["influence"] == "high")
    was = was[was["role"].isin(_ROLES) | warm].reset_index(drop=True)
    # An account that was taken over is where its people are now.
    account = was["account_id"].replace(dict(merged))
    was = was.assign(account_id=account)[account.isin(ground.holders)].reset_index(drop=True)
    if was.empty:
        return []
    now = ground.after.book["contacts"].set_index("contact_id").reindex(was["contact_id"])
    now = now.reset_index()
    met, still = was["last_contact"], now["last_contact"].fillna(was["last_contact"])
    silent = _older(still, ground.after.as_of, limit) & met.notna()
    silent &= ~_older(met, ground.before.as_of, limit)
    states = np.select(
        [
            now["name"].isna(),
            now["account_id"] != was["account_id"],
            (now["attitude"] == "opposed") & (was["attitude"] != "opposed"),
            silent,
        ],
        [GONE, MOVED, OPPOSED, SILENT],
        "",
    )
    people = was.assign(until=still, state=states)[states != ""].to_dict("records")
    told = [_gone(ground, person, limit) for person in people]
    return sorted(told, key=lambda item: item.row.subject)


def _gone(ground: Ground, person: Mapping[Any, Any], limit: int) -> Found:
    state, until = str(person["state"]), day_of(person["until"])
    account, contact = str(person["account_id"]), str(person["contact_id"])
    rep = ground.holders[account]
    scope = ground.owners[account] or ""
    entity = f"account:{account}/contact:{contact}"

    def cell(field: str, value: Any, *, earlier: bool) -> Any:
        unit: Any = "date" if field == "last_contact" else "text"
        return ground.record(
            "contacts", contact, field, value, unit, entity, scope, earlier=earlier
        )

    parents = [
        cell(field, person[field], earlier=True)
        for field in ("role", "attitude", "influence")
        if isinstance(person[field], str)
    ]
    role = person["role"] if person["role"] in _ROLES else "supportive, of high influence"
    behind = []
    on = None
    if state == OPPOSED:
        behind = [cell("attitude", "opposed", earlier=False)]
    if state == SILENT:
        assert until is not None  # who was never met cannot fall silent
        behind = [cell("last_contact", until, earlier=False)]
        on = until + timedelta(days=limit + 1)
    before = ground.worked(entity, "standing", role, "text", scope, parents, earlier=True)
    after = ground.worked(entity, "standing", state, "text", scope, behind)
    amount = ground.cite(account, "net_spend_12m")
    name = ground.name("contacts", contact, person["name"], entity, scope)
    return found(
        "champion_gone", entity, rep=rep, account=account,
        before=Figure.of(before, "Standing"), after=Figure.of(after, "Standing"),
        amount=figure(amount, "net_spend_12m", SPEND, "money", "no orders are known"), on=on,
        cited=[
            after, *behind, *amount[:1], before, *parents, name, ground.account_name(account, rep)
        ],
        behind=amount[1:],
    )  # fmt: skip


def _older(days: pd.Series, as_of: Any, limit: int) -> pd.Series:
    return days < pd.Timestamp(as_of) - timedelta(days=limit)
