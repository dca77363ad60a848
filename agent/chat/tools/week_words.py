"""The coming week in sentences and a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from agent.chat.context import ChatContext
from agent.chat.tools.pieces import Pieces, cell_of, listed, number
from agent.claims import Filled, claim
from domain.chat import AnswerTable, TableCell
from domain.errors import NotCitable
from domain.evidence import Evidence
from domain.plan import Claim, SlotFormat
from tools.week_cells import DueAccount, Place, Week

NAMED = 3
_MISSED: tuple[tuple[Place, str, str], ...] = (
    ("no hours", "accounts_left_over", "beyond the free hours of that week"),
    ("below", "accounts_below", "below the line where the capacity of the period ends"),
)
_FORMS: Mapping[str, SlotFormat] = {
    "hours": "hours",
    "date": "date",
    "text": "text",
    "days": "days",
}


class WeekWords:
    """Writes what falls due; `pieces` holds the evidence that was used."""

    def __init__(self, context: ChatContext, found: Week, pieces: Pieces, limit: int) -> None:
        self._context = context
        self._found = found
        self._limit = limit
        self.pieces = pieces

    def shown(self, rep_id: str = "") -> tuple[DueAccount, ...]:
        """The accounts that are reached and told, in order."""
        return self._found.of("reached", rep_id or None)[: self._limit]

    def label(self, account_id: str) -> str:
        """An account's name, for an offer."""
        return self.pieces.label("accounts", account_id)

    def rep_label(self, rep_id: str) -> str:
        """A rep's name, for an offer."""
        return self.pieces.label("reps", rep_id)

    def of_rep(self, rep_id: str) -> list[Claim]:
        """One rep's hours, the accounts in order, and what is not reached."""
        claims = [self._hours(rep_id), self._counted(rep_id)]
        claims += [self._account(item) for item in self.shown(rep_id)]
        claims += self._not_reached(rep_id)
        return claims

    def of_team(self) -> list[Claim]:
        """The most pressing accounts over all reps."""
        return [self._account(item) for item in self.shown()] or [self._nothing()]

    def table(self, rep_id: str) -> AnswerTable | None:
        """The accounts told, one a row; None where there is none."""
        rows = []
        for item in self.shown(rep_id):
            entity = f"account:{item.account_id}"
            first = [cell_of(self.pieces.account(item.account_id), "name")]
            if not rep_id:
                first.append(cell_of(self.pieces.rep(item.rep_id), "name"))
            rows.append(
                (
                    *first,
                    cell_of(self.pieces.cell(entity, "tier"), "name"),
                    TableCell(text=listed(item.reasons)),
                    cell_of(self._day(item), "date"),
                    cell_of(self.pieces.cell(entity, "days_since_touch"), "days", "never"),
                    cell_of(self._cell(entity, "touch_hours"), "hours"),
                )
            )
        if not rows:
            return None
        who = () if rep_id else ("Rep",)
        columns = ("Account", *who, "Tier", "Due", "Date", "Last touch", "A touch takes")
        return AnswerTable(title="The coming week", columns=columns, rows=tuple(rows))

    def _cell(self, entity: str, metric: str) -> Evidence | None:
        try:
            return self.pieces.take(self._found.cite_all(entity, metric))
        except NotCitable:
            return None

    def _hours(self, rep_id: str) -> Claim:
        entity = f"rep:{rep_id}"
        slots = self._slots(
            entity,
            selling="week_selling_hours", planned="week_planned_hours", free="week_free_hours",
            start="week_start", end="week_end",
        )  # fmt: skip
        name = self.pieces.rep(rep_id)
        assert name is not None
        slots["name"] = (name, "name")
        planned, free = slots["planned"][0], slots["free"][0]
        text = "In the week from {{start}} to {{end}}, {{name}} has {{selling}} to sell in"
        if not number(planned):
            text += ", and no approved plan takes any hours of them"
            del slots["free"], slots["planned"]
            cites: tuple[Evidence, ...] = (planned,)
        elif number(free) < 0:
            text += "; approved plans take {{planned}}, which leaves {{free}}: more is promised "
            text += "than there is"
            cites = ()
        else:
            text += "; approved plans take {{planned}} of these hours and leave {{free}} free"
            cites = ()
        return claim("week.hours", "metric", entity, text + ".", slots=slots, cites=cites)

    def _counted(self, rep_id: str) -> Claim:
        entity = f"rep:{rep_id}"
        due, reached = (self._cell(entity, name) for name in ("accounts_due", "accounts_reached"))
        assert due is not None
        assert reached is not None
        if not number(due):
            return claim(
                "week.counted", "fact", entity,
                "No account has anything due in that week.", cites=(due,),
            )  # fmt: skip
        has = "account has" if number(due) == 1 else "accounts have"
        return claim(
            "week.counted", "metric", entity,
            f"{{{{due}}}} {has} something due; the hours reach {{{{reached}}}} of these accounts.",
            due=(due, "number"), reached=(reached, "number"),
        )  # fmt: skip

    def _nothing(self) -> Claim:
        due = [self._cell(f"rep:{rep}", "accounts_due") for rep in self._found.hours]
        first = next(item for item in due if item is not None)
        return claim(
            "week.nothing", "fact", first.entity,
            "No account has anything due in the week that the hours would reach.", cites=(first,),
        )  # fmt: skip

    def _account(self, item: DueAccount) -> Claim:
        """Say of one account where it stands and everything that falls due."""
        entity = f"account:{item.account_id}"
        name = self.pieces.account(item.account_id)
        assert name is not None
        slots: dict[str, Filled] = {"name": (name, "name")}
        cites: list[Evidence] = []
        lead = "{{name}}"
        tier, rank = self.pieces.cell(entity, "tier"), self.pieces.cell(entity, "rank")
        if tier is not None and rank is not None:
            slots |= {"tier": (tier, "name"), "rank": (rank, "number")}
            lead += " ({{tier}}, rank {{rank}})"
        reasons = [*self._plays(item, entity, slots), *self._deal(item, slots)]
        reasons += [*self._order(item, entity, slots), *self._cadence(item, entity, slots, cites)]
        return claim(
            f"week.{item.account_id}", "metric", entity, f"{lead}: {'; '.join(reasons)}.",
            slots=slots, cites=tuple(cites),
        )  # fmt: skip

    def _plays(self, item: DueAccount, entity: str, slots: dict[str, Filled]) -> Iterator[str]:
        if not item.plays:
            return
        found = self._slots(entity, kind="play_kind", due="play_due", play_hours="play_hours")
        slots |= found
        yield "its approved plan has a play of kind {{kind}} due on {{due}}, of {{play_hours}}"

    def _deal(self, item: DueAccount, slots: dict[str, Filled]) -> Iterator[str]:
        if item.deal is None:
            return
        entity = f"account:{item.account_id}/opportunity:{item.deal}"
        row, scope = ("opportunities", item.deal, entity), item.rep_id
        name = self.pieces.named(*row, scope=scope)
        amount = self.pieces.field(*row, "amount", "money", scope=scope)
        closes = self.pieces.field(*row, "closes", "date", scope=scope)
        assert name is not None
        assert closes is not None
        slots |= {"deal": (name, "name"), "closes": (closes, "date")}
        worth = ""
        if amount is not None:
            slots["amount"] = (amount, "money_short")
            worth = ", worth {{amount}},"
        late = closes.value < self._context.book.as_of.isoformat()
        when = "was to close on {{closes}} and is still open" if late else "closes on {{closes}}"
        yield f"the deal {{{{deal}}}}{worth} {when}"

    def _order(self, item: DueAccount, entity: str, slots: dict[str, Filled]) -> Iterator[str]:
        due = self.pieces.cell(entity, "next_order_due") if item.order else None
        if due is None:
            return
        slots["order_due"] = (due, "date")
        late = due.value < self._context.book.as_of.isoformat()
        if late:
            yield "its regular order was due on {{order_due}} and has not come"
        else:
            yield "its regular order is due on {{order_due}}"

    def _cadence(
        self, item: DueAccount, entity: str, slots: dict[str, Filled], cites: list[Evidence]
    ) -> Iterator[str]:
        if not item.silent:
            return
        every = self._cell(entity, "touch_every_days")
        assert every is not None
        slots["every"] = (every, "days")
        silent = self.pieces.cell(entity, "days_since_touch")
        if silent is None:
            met = self.pieces.cell(entity, "touches_90d")
            cites += [met] if met is not None else []
            yield "no touch is on record, and its tier asks for a touch every {{every}}"
            return
        slots["silent"] = (silent, "days")
        yield "the last touch was {{silent}} ago, and its tier asks for a touch every {{every}}"

    def _not_reached(self, rep_id: str) -> Iterator[Claim]:
        head = f"rep:{rep_id}"
        for place, metric, behind in _MISSED:
            missed, count = self._found.of(place, rep_id), self._cell(head, metric)
            if not missed or count is None:
                continue
            names = self._names(missed, head)
            noun = (
                "account with something due lies"
                if len(missed) == 1
                else ("accounts with something due lie")
            )
            among = "among them " if len(missed) > NAMED else ""
            yield claim(
                f"week.missed.{metric}", "metric", head,
                f"Not reached: {{{{count}}}} {noun} {behind}, {among}"
                f"{listed(f'{{{{{name}}}}}' for name in names)}.",
                slots={"count": (count, "number"), **names},
            )  # fmt: skip

    def _names(self, items: Sequence[DueAccount], under: str) -> dict[str, Filled]:
        found: dict[str, Filled] = {}
        for place, item in enumerate(items[:NAMED]):
            name = self.pieces.account(item.account_id, under)
            if name is not None:
                found[f"account_{place}"] = (name, "name")
        return found

    def _slots(self, entity: str, **metrics: str) -> dict[str, Filled]:
        found: dict[str, Filled] = {}
        for slot, metric in metrics.items():
            cell = self._cell(entity, metric)
            assert cell is not None
            found[slot] = (cell, _FORMS[cell.unit])
        return found

    def _day(self, item: DueAccount) -> Evidence | None:
        """The date of the weightiest dated reason."""
        entity = f"account:{item.account_id}"
        if item.plays:
            return self._cell(entity, "play_due")
        if item.deal is not None:
            part = f"{entity}/opportunity:{item.deal}"
            return self.pieces.field(
                "opportunities", item.deal, part, "closes", "date", scope=item.rep_id
            )
        return self.pieces.cell(entity, "next_order_due") if item.order else None
