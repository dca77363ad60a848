"""The embedded writer of a territory plan: it chooses, says what is not done, and leaves out.

A sentence is written only where the ledger carries it; tables hold the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from agent.claims import Filled, claim, quote
from agent.cycle.context import CycleContext, TerritoryParts
from agent.placing import quotable, weight
from agent.verifier.competitors import mentions_competitor
from domain.cycle import CycleDraft, CycleSection, DraftSentence, Figure
from domain.evidence import DocumentSource, Evidence, Ledger
from domain.plan import Claim, SlotFormat
from domain.territory_plan import ActionKind, FocusAccount, FocusKind, HealthRow

FOCUS_TOLD = 5
FIRST = 3
QUOTES = 2
_FOCUS: dict[FocusKind, str] = {
    "expansion": "{{name}} buys already, and {{amount}} {what} is there to win.",
    "whitespace": "{{name}} buys part of the range: lines it lacks are worth {{amount}}.",
    "displacement": "At {{name}} a competitor is told of in a published source; {{amount}} {what} "
    "hangs on it.",
    "new_logo": "{{name}} has never ordered; a potential of {{amount}} speaks for a first order.",
    "retention": "Keep {{name}}: {{amount}} {what} is at risk.",
}
_SMALL: dict[FocusKind, str] = {
    "expansion": "Little is there to win at {{name}}: {{amount}} {what}, worth a call, no visit.",
    "whitespace": "Lines that {{name}} lacks are worth {{amount}}: a line in its order, no visit.",
}
_WHAT = {
    "open_potential": "of open potential",
    "open_pipeline": "of open pipeline",
    "typical_order_amount": "of a usual order",
    "spend_lost_12m": "of spend lost in a year",
    "potential_p50": "of potential",
}
_ACTION: dict[ActionKind, str] = {
    "open_deal": "Open a deal with {{name}}",
    "call_account": "Call {{name}}",
    "visit_account": "Visit {{name}}, where no executive is on file",
    "meet_executive": "Meet {{contact}} of {{name}}",
    "raise_deal": "Raise the open deal with {{name}}",
    "set_quota": "Have a quota set for the quarter",
}


def territory_draft(context: CycleContext, parts: TerritoryParts, ledger: Ledger) -> CycleDraft:
    """Write the sentences of a territory plan.

    Keys: `summary.*`, `assess.*`, `focus.ACCOUNT`, `strategy.*`, `activities.*` and
    `action.METRIC`, which words the action of a red row of the scorecard.
    """
    teller = _Teller(context, parts, ledger)
    return CycleDraft(
        sentences=[
            DraftSentence(section=section, claim=told) for section, told in teller.sentences()
        ]
    )


Told = tuple[CycleSection, Claim]


class _Teller:
    def __init__(self, context: CycleContext, parts: TerritoryParts, ledger: Ledger) -> None:
        self._context = context
        self._parts = parts
        self._ledger = ledger
        self._head = context.head
        self._figures = {figure.metric: figure for figure in parts.tables.overview}

    def sentences(self) -> Iterator[Told]:
        focus = list(self._focus())
        yield from self._summary([told.key for _, told in focus])
        yield from self._assessment()
        yield from focus
        yield from self._strategy([told.key for _, told in focus])
        yield from self._activities()
        yield from self._actions()

    def _summary(self, focus: list[str]) -> Iterator[Told]:
        grows = self._slots(
            spend=("plan_spend_12m", "money_short"),
            wanted=("customer_target", "money_short"),
            growth=("customer_growth", "money_short"),
        )
        if grows:
            yield "summary", claim(
                "summary.growth", "metric", self._head,
                "The customer has a spend of {{spend}} a year; a target of {{wanted}} is set, a "
                "growth by {{growth}}.",
                slots=grows,
            )  # fmt: skip
        slots = self._slots(
            left=("gap_to_quota", "money_short"), quota=("quota_quarter", "money_short")
        )
        if slots:
            yield "summary", claim(
                "summary.quota", "metric", self._head,
                "{{left}} is left to book of the quarter's quota of {{quota}}.", slots=slots,
            )  # fmt: skip
        orders = self._slots(
            count=("regular_orders_due", "number"), worth=("regular_orders_amount", "money_short")
        )
        if orders and self._number("regular_orders_due"):
            yield "summary", claim(
                "summary.orders", "metric", self._head,
                "Regular orders due in the quarter: {{count}}, usually worth {{worth}} in all.",
                slots=orders,
            )  # fmt: skip
        gap = self._slots(
            coverage=("pipeline_coverage", "ratio"),
            wanted=("pipeline_coverage_target", "ratio"),
            gap=("pipeline_gap", "money_short"),
        )
        if gap and self._number("pipeline_gap"):
            yield "summary", claim(
                "summary.pipeline", "metric", self._head,
                "The open pipeline covers the quota {{coverage}} and {{wanted}} is wanted: "
                "{{gap}} of pipeline is missing.",
                slots=gap,
            )  # fmt: skip
        first = self._first(focus)
        if first is not None:
            yield "summary", first

    def _first(self, focus: list[str]) -> Claim | None:
        names = [
            name
            for item in self._parts.tables.focus[:FIRST]
            if (name := self._name_in_plan(item.account_id)) is not None
        ]
        if not names:
            return None
        slots: dict[str, Filled] = {
            f"account_{place}": (name, "name") for place, name in zip("abc", names, strict=False)
        }
        marks = [f"{{{{{name}}}}}" for name in slots]
        listed = marks[0] if len(marks) == 1 else ", ".join(marks[:-1]) + f" and {marks[-1]}"
        return claim(
            "summary.first", "recommendation", self._head, f"Begin with {listed}.",
            slots=slots, premises=tuple(focus[:FIRST]),
        )  # fmt: skip

    def _assessment(self) -> Iterator[Told]:
        slots = self._slots(
            accounts=("plan_accounts", "number"),
            potential=("plan_potential", "money_short"),
        )
        if slots:
            yield "assessment", claim(
                "assess.accounts", "metric", self._head,
                "{{accounts}} accounts hold a potential of {{potential}} a year.", slots=slots,
            )  # fmt: skip
        booked = self._slots(booked=("booked_quarter", "money_short"))
        if booked and self._number("booked_quarter"):
            yield "assessment", claim(
                "assess.booked", "metric", self._head,
                "Booked so far in the quarter: {{booked}}.", slots=booked,
            )  # fmt: skip
        undated = self._slots(count=("deals_undated", "number"))
        if undated and self._number("deals_undated"):
            yield "assessment", claim(
                "assess.undated", "metric", self._head,
                "Open deals without a date of close, which the pipeline leaves out: {{count}}.",
                slots=undated,
            )  # fmt: skip

    def _focus(self) -> Iterator[Told]:
        quoted = 0
        for item in self._parts.tables.focus[:FOCUS_TOLD]:
            told = self._focus_claim(item)
            if told is None:
                continue
            yield "opportunities", told
            sentence = self._best_sentence(item.account_id) if quoted < QUOTES else None
            if sentence is not None:
                quoted += 1
                yield (
                    "opportunities",
                    quote(
                        f"quote.{item.account_id}",
                        sentence,
                        self._cell_of,
                    ),
                )

    def _focus_claim(self, item: FocusAccount) -> Claim | None:
        entity = f"account:{item.account_id}"
        name = self._ledger.find(entity, "name")
        amount = self._evidence(item.amount)
        if name is None or amount is None or Decimal(amount.value) < 1:
            return None
        text = _FOCUS[item.kind]
        small = Decimal(amount.value) < Decimal(
            repr(self._context.side.coverage.whitespace.worth_a_visit)
        )
        if small and item.kind in ("expansion", "whitespace"):
            text = _SMALL[item.kind]
        text = text.replace("{what}", _WHAT.get(amount.metric, "of business"))
        return claim(
            f"focus.{item.account_id}", "metric", entity, text,
            name=(name, "name"), amount=(amount, "money_short"),
        )  # fmt: skip

    def _best_sentence(self, account: str) -> Evidence | None:
        entity = f"account:{account}/document:"
        context = self._context
        found = [
            (weight(item, context.side.as_of), item.id, item)
            for item in self._ledger.entries.values()
            if isinstance(item.source, DocumentSource)
            and item.metric == "sentence"
            and item.entity.startswith(entity)
            and quotable(item.value)
            and not mentions_competitor(item.value, context.vocabulary)
        ]
        best = max(found, key=lambda entry: entry[:2], default=None)
        return best[2] if best is not None and best[0] > 0 else None

    def _cell_of(self, metric: str, entity: str) -> Evidence | None:
        return self._ledger.find(entity, metric)

    def _strategy(self, focus: list[str]) -> Iterator[Told]:
        wide = [row for row in self._parts.tables.segments if self._value(row.open_potential) > 0]
        best = max(wide, key=lambda row: self._value(row.open_potential), default=None)
        if best is not None:
            open_, accounts = self._evidence(best.open_potential), self._evidence(best.accounts)
            if open_ is not None and accounts is not None:
                yield "strategy", claim(
                    "strategy.where", "metric", open_.entity,
                    "The tier with most room holds {{open}} of open potential, in {{accounts}} "
                    "accounts.",
                    open=(open_, "money_short"), accounts=(accounts, "number"),
                )  # fmt: skip
        unserved = [row for row in self._parts.tables.activities if row.automated]
        for row in unserved:
            accounts = self._evidence(row.accounts)
            if accounts is not None and Decimal(accounts.value):
                yield "strategy", claim(
                    f"strategy.automated.{row.tier}", "recommendation", accounts.entity,
                    "Spend no time in person on the {{accounts}} accounts of the automated tier.",
                    accounts=(accounts, "number"),
                )  # fmt: skip
        if focus:
            yield "strategy", claim(
                "strategy.focus", "recommendation", self._head,
                "Where a week is full, touches of the focus accounts go before all others.",
                premises=tuple(focus[:FIRST]),
            )  # fmt: skip

    def _activities(self) -> Iterator[Told]:
        for calendar in self._parts.calendars:
            needed, selling = (
                self._evidence(calendar.needed_hours), self._evidence(calendar.selling_hours)
            )  # fmt: skip
            missing = self._evidence(calendar.missing_hours)
            if needed is None or selling is None or missing is None:
                continue
            if Decimal(missing.value):
                yield "activities", claim(
                    f"activities.hours.{calendar.rep_id}", "metric", needed.entity,
                    "The hours do not suffice: cadence, visits and plays ask for {{needed}}, "
                    "{{selling}} are there, and {{missing}} are missing; the end of the list of "
                    "accounts goes without.",
                    needed=(needed, "hours"), selling=(selling, "hours"),
                    missing=(missing, "hours"),
                )  # fmt: skip
            else:
                yield "activities", claim(
                    f"activities.hours.{calendar.rep_id}", "metric", needed.entity,
                    "Cadence, visits and plays take {{needed}} of the {{selling}} hours left: all "
                    "of it fits.",
                    needed=(needed, "hours"), selling=(selling, "hours"),
                )  # fmt: skip

    def _actions(self) -> Iterator[Told]:
        for row in self._parts.tables.scorecard:
            told = self._action(row) if row.action is not None else None
            if told is not None:
                yield "metrics", told

    def _action(self, row: HealthRow) -> Claim | None:
        action = row.action
        assert action is not None
        current, target = self._evidence(row.current), self._evidence(row.target)
        measured = tuple(item for item in (current, target) if item is not None)
        if action.account_id is None:
            return claim(
                f"action.{row.metric}", "recommendation", self._head, _ACTION[action.kind] + ".",
                cites=measured,
            )  # fmt: skip
        entity = f"account:{action.account_id}"
        name = self._ledger.find(entity, "name")
        if name is None:
            return None
        slots: dict[str, Filled] = {"name": (name, "name")}
        text, kind = _ACTION[action.kind], action.kind
        if kind == "meet_executive":
            contact = self._ledger.find(f"{entity}/contact:{action.contact_id}", "name")
            if contact is None:
                text = "Meet an executive of {{name}}"
            else:
                slots["contact"] = (contact, "name")
        amount = None if action.amount is None else self._evidence(action.amount)
        if amount is not None and Decimal(amount.value) > 0:
            slots["amount"] = (amount, "money_short")
            text += ", with {{amount}} of open potential"
        return claim(
            f"action.{row.metric}", "recommendation", entity, text + ".", slots=slots,
            cites=measured,
        )  # fmt: skip

    def _name_in_plan(self, account: str) -> Evidence | None:
        return self._ledger.find(f"{self._head}/account:{account}", "name")

    def _evidence(self, figure: Figure) -> Evidence | None:
        if figure.evidence_id is None or figure.evidence_id not in self._ledger:
            return None
        return self._ledger[figure.evidence_id]

    def _slots(self, **wanted: tuple[str, SlotFormat]) -> dict[str, Filled]:
        """Fill slots with figures of the overview; nothing where one of them is unknown."""
        filled: dict[str, Filled] = {}
        for name, (metric, form) in wanted.items():
            figure = self._figures.get(metric)
            item = None if figure is None else self._evidence(figure)
            if item is None:
                return {}
            filled[name] = (item, form)
        return filled

    def _number(self, metric: str) -> Decimal:
        figure = self._figures.get(metric)
        return Decimal(0) if figure is None else self._value(figure)

    def _value(self, figure: Figure) -> Decimal:
        return Decimal(figure.value or "0")
