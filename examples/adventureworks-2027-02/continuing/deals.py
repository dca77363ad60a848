"""Deals of the quarter: won, lost, moved by a few days, progressed, new."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from continuing.book import AS_OF, EARLIER, SEED, Row, day
from continuing.planted import DEALS, LEAVER, MERGED, NEW_DEALS, PIPELINE_KEPT_BUT, owner_on

_NEXT = {"prospecting": "qualification", "qualification": "proposal", "proposal": "negotiation"}
_NAMES = ("Next quarterly order", "Summer range", "Frame programme", "Spring top-up")
_CLOSED = ("won", "lost")


def carry_on(
    deals: list[Row],
    owners: Mapping[str, str],
    orders: Mapping[str, list[tuple[date, Decimal]]],
    last_amounts: Mapping[str, Decimal],
) -> list[Row]:
    """Return every deal, closed ones with the day and amount they closed at.

    A deal due in the quarter is won with the order that came within ten days of its date.
    Each rep's open pipeline is filled up again to about what it was, but for the planted.
    """
    before = _open_by_rep(deals)
    after = [_went(dict(row), orders, Random(f"{SEED}/deal/{row['Id']}")) for row in deals]
    after += [_new_row(*row) for row in NEW_DEALS]
    for row in after:
        row["AccountId"] = MERGED.get(row["AccountId"], row["AccountId"])
        row["OwnerId"] = owner_on(row["AccountId"], row["OwnerId"], AS_OF)
    for rep, had in sorted(before.items()):
        wanted = had + PIPELINE_KEPT_BUT.get(rep, 0)
        after += _filled(rep, wanted, after, owners, last_amounts)
    return sorted(after, key=lambda row: row["Id"])


def _open_by_rep(deals: list[Row]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for row in deals:
        if row["StageName"] not in _CLOSED:
            found[row["OwnerId"]] = found.get(row["OwnerId"], Decimal(0)) + Decimal(row["Amount"])
    return found


def _went(row: Row, orders: Mapping[str, list[tuple[date, Decimal]]], random: Random) -> Row:
    if row["Id"] in DEALS:
        row.update(DEALS[row["Id"]])
        return row
    closes = day(row["CloseDate"])
    near = [o for o in orders.get(row["AccountId"], ()) if abs((o[0] - closes).days) <= 10]
    if near and closes <= AS_OF + timedelta(days=10):
        when, amount = near[0]
        row.update(StageName="won", CloseDate=when.isoformat(), Amount=f"{amount:.2f}")
    elif closes <= AS_OF - timedelta(days=7):
        stage = "won" if random.random() < 0.4 else "lost"
        row.update(StageName=stage, CloseDate=max(closes, EARLIER + timedelta(days=5)).isoformat())
    else:
        if closes <= AS_OF:
            row["CloseDate"] = (AS_OF + timedelta(days=random.randint(1, 5))).isoformat()
        if random.random() < 0.35 and row["StageName"] in _NEXT:
            row["StageName"] = _NEXT[row["StageName"]]
    return row


def _filled(
    rep: str,
    wanted: Decimal,
    deals: list[Row],
    owners: Mapping[str, str],
    last_amounts: Mapping[str, Decimal],
) -> list[Row]:
    """Return new deals of a rep, at the accounts with the largest last orders and no open deal."""
    random = Random(f"{SEED}/new/{rep}")
    busy = {row["AccountId"] for row in deals if row["StageName"] not in _CLOSED}
    has = _open_by_rep(deals).get(rep, Decimal(0))
    mine = [key for key, owner in owners.items() if owner_on(key, owner, AS_OF) == rep]
    free = sorted(set(mine) - busy, key=lambda key: (-last_amounts.get(key, Decimal(0)), key))
    new = []
    until = LEAVER[1] if rep == LEAVER[0] else AS_OF
    for account in free:
        short = wanted - has
        amount = min(short, last_amounts.get(account, Decimal(0)))
        amount = (amount / 500).to_integral_value() * 500
        if amount < 4000:
            break
        opened = until - timedelta(days=random.randint(3, 50))
        closes = AS_OF + timedelta(days=random.randint(12, 120))
        same = [row for row in deals if row["Id"].startswith(f"O-{account[2:]}-")]
        name = f"O-{account[2:]}-{len(same) + 1}"
        stage = random.choice(("prospecting", "qualification", "qualification", "proposal"))
        new.append(
            _new_row(name, account, rep, random.choice(_NAMES), stage, int(amount), opened, closes)
        )
        has += amount
    return new


def _new_row(
    key: str,
    account: str,
    owner: str,
    name: str,
    stage: str,
    amount: int,
    opened: date | str,
    closes: date | str,
) -> Row:
    return {
        "Id": key,
        "AccountId": account,
        "OwnerId": owner,
        "Name": name,
        "StageName": stage,
        "Amount": f"{amount:.2f}",
        "CreatedDate": str(opened),
        "CloseDate": str(closes),
    }
