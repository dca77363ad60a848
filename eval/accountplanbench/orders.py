"""How accounts order: days, amounts and returns of three years, by rhythm and course."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Literal

from eval.accountplanbench.industries import Rhythm
from eval.accountplanbench.rows import OrderLine, Product

Course = Literal["star", "growing", "steady", "falling", "dormant", "thin", "prospect"]
"""What has become of an account. `star`: large, growing, in touch with everybody. `thin`: one
order, and nothing told of it. `prospect`: none."""

_GROWTH = {"star": 1.42, "growing": 1.3, "steady": 1.04, "falling": 0.66, "dormant": 0.8}
_HISTORY_DAYS = 1_060
_YEAR = 365
_TO_THE_DAY = 0.4
"""How many buyers ordered a year ago to the day: it counts to the year before."""


@dataclass(frozen=True)
class Buyer:
    """What is needed to write an account's orders: who, how much a year, how often, from whom."""

    account_id: str
    rep_id: str | None
    course: Course
    spend: int
    gap: int
    products: Sequence[Product]


class OrderBook:
    """Writes order lines with running ids."""

    def __init__(self, as_of: date, rhythm: Rhythm, rng: Random) -> None:
        self.lines: list[OrderLine] = []
        self._as_of = as_of
        self._rhythm = rhythm
        self._rng = rng
        self._orders = 0

    def fill(self, buyer: Buyer) -> None:
        """Write everything that a buyer ordered, the earliest first, and what came back."""
        days = sorted(self._days(buyer))
        for day in days:
            self._order(buyer, day)
        recent = len(days) > 5 and days[-3] > self._as_of - timedelta(days=330)
        if recent and self._rng.random() < 0.35:
            self._return(buyer, days)

    def _days(self, buyer: Buyer) -> list[date]:
        rng, as_of = self._rng, self._as_of
        if buyer.course == "prospect":
            return []
        if buyer.course == "thin":
            return [as_of - timedelta(days=rng.randint(30, 300))]
        last = rng.randint(4, buyer.gap - 3)
        if buyer.course == "dormant":
            last += rng.randint(420, 640)
        tenders = self._rhythm == "tenders"
        jitter = buyer.gap // 3 if tenders else 1 if buyer.gap < 40 else 2
        backs = [
            max(back + (rng.randint(-jitter, jitter) if index else 0), 1)
            for index, back in enumerate(range(last, _HISTORY_DAYS, buyer.gap))
        ]
        if buyer.course != "dormant" and rng.random() < _TO_THE_DAY:
            nearest = min(range(len(backs)), key=lambda index: abs(backs[index] - _YEAR))
            backs[nearest] = _YEAR
        return [as_of - timedelta(days=back) for back in backs]

    def _order(self, buyer: Buyer, day: date) -> None:
        self._orders += 1
        total = self._amount(buyer, day)
        chosen = self._rng.sample(buyer.products, min(len(buyer.products), self._rng.randint(1, 3)))
        shares = [self._rng.uniform(0.5, 1.5) for _ in chosen]
        for product, share in zip(chosen, shares, strict=True):
            self._line(buyer, self._orders, product, day, total * share / sum(shares))

    def _amount(self, buyer: Buyer, day: date) -> float:
        """Return what an order of that day comes to: the year's spend, by trend and season."""
        years = (self._as_of - day).days / 365
        trend = math.pow(_GROWTH.get(buyer.course, 1.0), 0.5 - years)
        season = 1.0
        if self._rhythm == "seasonal":
            season = 1 + 0.45 * math.sin(2 * math.pi * (day.timetuple().tm_yday - 172) / 365)
        parts = max(buyer.gap, 1) / 365 if buyer.course != "thin" else 0.3
        return buyer.spend * parts * trend * season * self._rng.uniform(0.88, 1.12)

    def _line(
        self, buyer: Buyer, order: int, product: Product, day: date, amount: float
    ) -> OrderLine:
        line = OrderLine(
            order_line_id=f"L-{len(self.lines) + 1:05d}",
            order_id=f"S-{order:05d}",
            account_id=buyer.account_id,
            rep_id=buyer.rep_id,
            product_id=product.product_id,
            ordered=day,
            quantity=max(1, round(amount / float(product.list_price))),
            amount=Decimal(round(amount * 100)).scaleb(-2),
        )
        self.lines.append(line)
        return line

    def _return(self, buyer: Buyer, days: Sequence[date]) -> None:
        """Take a part of the last order but two back, between it and the next.

        It bears the number of that order, lies in the same twelve months and before the last
        order, so that neither the number of orders nor the day of the last depends on whether
        a return counts as an order.
        """
        day = days[-3]
        line = next(
            item
            for item in self.lines
            if item.account_id == buyer.account_id and item.ordered == day
        )
        back = day + timedelta(days=min(6, (days[-2] - day).days - 1))
        self.lines.append(
            OrderLine(
                order_line_id=f"L-{len(self.lines) + 1:05d}",
                order_id=line.order_id,
                account_id=line.account_id,
                rep_id=line.rep_id,
                product_id=line.product_id,
                ordered=back,
                quantity=-1,
                amount=-(line.amount * Decimal("0.15")).quantize(Decimal("0.01")),
            )
        )
