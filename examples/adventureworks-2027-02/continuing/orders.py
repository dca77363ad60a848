"""Orders of the quarter: each account's rhythm of the past, carried on with variation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from random import Random
from statistics import median

from continuing.book import AS_OF, EARLIER, SEED, Row, day
from continuing.planted import LATE_ORDERS, LEAVER, MISSING_ORDERS, ORDER_DAYS, owner_on

_FIRST_NUMBER = 90001
_LINES_AT_MOST = 9
_AGO = (EARLIER - timedelta(days=363), AS_OF - timedelta(days=364))
_LATE_UNTIL = date(2027, 1, 31)
_CENT = Decimal("0.01")


@dataclass
class _Order:
    day: date
    lines: list[Row]

    @property
    def amount(self) -> Decimal:
        return sum((Decimal(line["TotalPrice"]) for line in self.lines), Decimal(0))


def carry_on(
    lines: list[Row], owners: Mapping[str, str], off_sale: frozenset[str]
) -> tuple[list[Row], dict[str, list[tuple[date, Decimal]]]]:
    """Return the order lines of the quarter, and day and amount of each account's orders.

    Regular accounts (three gaps and more, spread at most a quarter of their median) order
    when they are due, some a few days late; the planted ones do not. The others may order.
    """
    history: dict[str, dict[date, _Order]] = {}
    for line in lines:
        when = day(line["EffectiveDate"])
        by_day = history.setdefault(line["AccountId"], {})
        by_day.setdefault(when, _Order(when, [])).lines.append(line)
    made: list[tuple[date, str, list[tuple[str, int, Decimal]]]] = []
    for account, by_day in sorted(history.items()):
        past = [order for _, order in sorted(by_day.items()) if order.amount > 0]
        if not past or not owners.get(account):
            continue
        random = Random(f"{SEED}/order/{account}")
        for when in _days(account, past, random):
            basket = _basket(past, when, off_sale, random)
            if basket:
                made.append((when, account, basket))
    rows: list[Row] = []
    told: dict[str, list[tuple[date, Decimal]]] = {}
    for number, (when, account, basket) in enumerate(sorted(made, key=lambda o: o[:2])):
        order = f"SO{_FIRST_NUMBER + number}"
        rep = owner_on(account, owners[account], when)
        for place, (product, quantity, amount) in enumerate(basket, start=1):
            rows.append(
                {
                    "Id": f"{order}-{place}",
                    "OrderId": order,
                    "AccountId": account,
                    "Rep__c": "" if (rep, when > LEAVER[1]) == (LEAVER[0], True) else rep,
                    "Product2Id": product,
                    "EffectiveDate": when.isoformat(),
                    "Quantity": str(quantity),
                    "TotalPrice": str(amount),
                }
            )
        total = sum((amount for _, _, amount in basket), Decimal(0))
        told.setdefault(account, []).append((when, total))
    return rows, told


def _days(account: str, past: list[_Order], random: Random) -> list[date]:
    gaps = [(b.day - a.day).days for a, b in pairwise(past)][-4:]
    last = past[-1].day
    if account in MISSING_ORDERS:
        return []
    if account in ORDER_DAYS:
        return [ORDER_DAYS[account]]
    if len(gaps) < 3 or max(gaps) - min(gaps) > 0.25 * median(gaps):
        return _irregular(past, random)
    interval = round(median(gaps))
    if (EARLIER - last).days > 2 * interval:  # the rhythm has ended
        return []
    days = []
    due = last + timedelta(days=interval)
    while True:
        shift = random.choice((-2, -1, -1, 0, 0, 0))
        if due <= _LATE_UNTIL and random.random() < 0.06:
            shift = random.randint(3, 9)
        when = _weekday(due + timedelta(days=LATE_ORDERS.get(account, shift)))
        if when <= EARLIER:
            when = _weekday(EARLIER + timedelta(days=random.randint(4, 21)))
        if when > AS_OF:
            return days
        days.append(when)
        due = when + timedelta(days=interval)


def _irregular(past: list[_Order], random: Random) -> list[date]:
    """Return a day for most accounts that ordered in this quarter a year ago, and few others."""
    ago = [order.day for order in past if _AGO[0] <= order.day <= _AGO[1]]
    if ago:
        when = _weekday(ago[-1] + timedelta(days=364))
        return [when] if EARLIER < when <= AS_OF and random.random() < 0.9 else []
    if (AS_OF - past[-1].day).days > 200 or random.random() > 0.1:
        return []
    return [_weekday(EARLIER + timedelta(days=random.randint(10, 85)))]


def _weekday(when: date) -> date:
    """Return the day itself, the Friday before a Saturday, the Monday after a Sunday."""
    return when + timedelta(days={5: -1, 6: 1}.get(when.weekday(), 0))


def _basket(
    past: list[_Order], when: date, off_sale: frozenset[str], random: Random
) -> list[tuple[str, int, Decimal]]:
    """Return products, quantities and amounts: the last basket at the size of a year ago."""
    pieces: dict[str, tuple[int, Decimal]] = {}
    for line in past[-1].lines:
        quantity = int(line["Quantity"])
        if line["Product2Id"] in off_sale or quantity <= 0:
            continue
        had = pieces.get(line["Product2Id"], (0, Decimal(0)))
        pieces[line["Product2Id"]] = (had[0] + quantity, had[1] + Decimal(line["TotalPrice"]))
    chosen = sorted(pieces.items(), key=lambda item: (-item[1][1], item[0]))[:_LINES_AT_MOST]
    base = sum((amount for _, (_, amount) in chosen), Decimal(0))
    if base <= 0:
        return []
    ago = when - timedelta(days=364)
    same = [order for order in past if abs((order.day - ago).days) <= 30]
    wanted = float(same[-1].amount if same else past[-1].amount) * random.uniform(0.9, 1.1)
    scale = wanted / float(base)
    basket = []
    for product, (quantity, amount) in sorted(chosen):
        count = max(1, round(quantity * scale))
        each = amount / quantity
        basket.append((product, count, (each * count).quantize(_CENT, ROUND_HALF_UP)))
    return basket
