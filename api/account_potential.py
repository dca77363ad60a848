"""What one account could spend, what that rests on, and the peers its reader may see."""

from __future__ import annotations

from typing import Any

import pandas as pd

from api.reading import Reading
from domain.principal import Principal
from domain.record import Record

PEERS = 5


class PotentialFactor(Record):
    """What one fact multiplies potential by; `value` is empty where the fact is unknown."""

    fact: str
    value: str
    factor: float


class NamedPeer(Record):
    """An active account much like this one, within the reader's scope.

    `distance` is 0 where both are alike in every fact that moves spend; each 0.7 of it
    stands for about a factor of two. `net_spend_12m` is in the book's currency.
    """

    account_id: str
    name: str
    distance: float
    net_spend_12m: float


class AccountPotential(Record):
    """Potential a year in the book's currency; amounts are null where it is unknown.

    `method` is how the book's potential is told: `peer quantiles` or `regression`. By the
    latter, `base` times every factor less `unit` is P75; otherwise `factors` are empty.
    """

    method: str
    basis: str | None
    p50: float | None
    p75: float | None
    p90: float | None
    open_potential: float | None
    peer_group: str | None
    base: float | None
    unit: float | None
    factors: tuple[PotentialFactor, ...]
    peers: tuple[NamedPeer, ...]


def account_potential(reading: Reading, principal: Principal, account_id: str) -> AccountPotential:
    """Tell one account's potential; the caller has seen that it lies in the scope."""
    found = reading.analyses.potential
    row: Any = found.table.loc[account_id]
    known: Any = found.facts.table.loc[account_id]
    base = _number(row.get("potential_base"))
    factors = [
        PotentialFactor(
            fact=fact,
            value="" if pd.isna(known[fact]) else str(known[fact]),
            factor=round(float(row[f"potential_factor:{fact}"]), 6),
        )
        for fact in (found.factors if base is not None else ())
    ]
    owners = reading.book.owners
    within = [account for account, owner in owners.items() if principal.scope.covers(owner)]
    names = found.facts.table["name"]
    peers = [
        NamedPeer(
            account_id=str(peer["peer_id"]),
            name=str(names[peer["peer_id"]]),
            distance=round(float(peer["distance"]), 6),
            net_spend_12m=round(float(peer["peer_spend"]), 2),
        )
        for peer in found.peers(account_id, within=within, k=PEERS).to_dict("records")
    ]
    return AccountPotential(
        method=found.method,
        basis=None if pd.isna(row["potential_basis"]) else str(row["potential_basis"]),
        p50=_number(row["potential_p50"]),
        p75=_number(row["potential_p75"]),
        p90=_number(row["potential_p90"]),
        open_potential=_number(row["open_potential"]),
        peer_group=None if pd.isna(row["peer_group"]) else str(row["peer_group"]),
        base=base,
        unit=_number(row.get("potential_unit")),
        factors=tuple(factors),
        peers=tuple(peers),
    )


def _number(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else round(float(value), 2)
