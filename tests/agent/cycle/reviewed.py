"""A review's parts by hand, and its sentences as they stand under the verifier."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from agent.cells import records
from agent.cycle.context import ReviewParts
from agent.cycle.judging import judge
from agent.cycle.review_sentences import written
from agent.render import render
from agent.vocabulary import build_vocabulary
from domain.cycle import CycleOmission, Figure, Sentence
from domain.evidence import CalculationSource, Evidence, Ledger, Unit, texts_behind
from domain.period import Period
from domain.principal import Principal, Scope
from domain.review import Carried, Measure, PlayCount, QuarterData, Reading, TerritoryRow
from tools.cycle.adjustments import adjustments
from tools.cycle.side import Side
from tools.cycle.triggers import Triggers

QUARTER = Period(date(2026, 11, 1), date(2027, 1, 31))
MANAGER = Principal(
    person="ada",
    name="Ada",
    workspace="w",
    roles=frozenset({"manager"}),
    scope=Scope(everything=True),
)


class Told:
    """Figures of a quarter about one entity, with their evidence."""

    def __init__(self, entity: str, scope: str = "") -> None:
        self.entity, self.scope = entity, scope
        self.evidence: list[Evidence] = []

    def figure(self, metric: str, value: str | None, unit: Unit = "count") -> Figure:
        if value is None:
            return Figure.unknown(metric, metric, unit, "not planned")
        item = Evidence(
            entity=self.entity,
            metric=metric,
            value=value,
            unit=unit,
            period=str(QUARTER),
            source=CalculationSource(
                analysis="tracking", version=1, arguments_hash="0", pointer=metric
            ),
            scope=self.scope,
        )
        self.evidence.append(item)
        return Figure.of(item, metric)

    def measure(
        self, metric: str, unit: Unit, plan: str, due: str, actual: str, reading: Reading
    ) -> Measure:
        gap = str(Decimal(actual) - Decimal(plan))
        plan_, due_, actual_, gap_ = (
            self.figure(f"{metric}_{side}", value, unit)
            for side, value in (("plan", plan), ("due", due), ("actual", actual), ("gap", gap))
        )
        return Measure(
            metric=metric, label=metric, unit=unit, leading=metric != "bookings", plan=plan_,
            due=due_, actual=actual_, gap=gap_, reading=reading,
        )  # fmt: skip

    def plays(self, planned: int, done: int, late: int, dropped: int) -> PlayCount:
        left = planned - done - late - dropped
        counts = (("planned", planned), ("done", done), ("late", late), ("dropped", dropped))
        return PlayCount(
            **{name: self.figure(f"plays_{name}", str(count)) for name, count in counts},
            open=self.figure("plays_open", str(left)),
        )


def territory(
    rep: str,
    *,
    booked: tuple[str, str, Reading] = ("100000", "100000", "on track"),
    touches: tuple[str, str, Reading] = ("20", "20", "on track"),
    plays: tuple[int, int, int, int] = (8, 8, 0, 0),
) -> tuple[TerritoryRow, list[Evidence]]:
    """One rep's quarter: (due, actual, reading) of bookings and of touches, and the plays."""
    told = Told(f"rep:{rep}/quarter:2026Q4", rep)
    row = TerritoryRow(
        rep_id=rep,
        name=rep,
        plan_id=f"T-{rep}",
        plan_version=1,
        measures=(
            told.measure("bookings", "money", booked[0], *booked),
            told.measure("touches", "count", touches[0], *touches),
        ),
        plays=told.plays(*plays),
        adherence=told.figure("adherence", "0.9", "share"),
        drift=False,
    )
    return row, told.evidence


def quarter(
    rows: Iterable[tuple[TerritoryRow, list[Evidence]]], *, problem: bool | None = False
) -> tuple[QuarterData, list[Evidence]]:
    """The team's quarter over some territories."""
    listed = list(rows)
    told = Told("team/quarter:2026Q4")
    data = QuarterData(
        quarter="2026Q4",
        period_start=QUARTER.start,
        period_end=QUARTER.end,
        since=date(2026, 11, 13),
        as_of=date(2027, 2, 12),
        currency="USD",
        days=92,
        days_gone=92,
        team=(
            told.measure("bookings", "money", "200000", "200000", "150000", "behind"),
            told.measure("attainment", "share", "1", "1", "0.75", "behind"),
            told.measure("new_pipeline", "money", "90000", "90000", "40000", "behind"),
        ),
        territories=tuple(row for row, _ in listed),
        plays=told.plays(24, 13, 5, 2),
        sizes=(),
        spread=told.figure("attainment_spread", "0.4", "ratio"),
        groups="two groups" if problem else "one group",
        groups_told="",
        territory_problem=problem,
        plans_current=told.figure("plans_current", "0.5", "share"),
    )
    return data, [*told.evidence, *(item for _, found in listed for item in found)]


@dataclass(frozen=True)
class Reviewed:
    """A review's parts, what stands of its sentences, and what was left out."""

    parts: ReviewParts
    ledger: Ledger
    sentences: tuple[Sentence, ...]
    omissions: tuple[CycleOmission, ...]

    def text(self, key: str) -> str:
        found = next(item for item in self.sentences if item.claim.key == key)
        return "".join(part.text for part in render(found.claim, self.ledger, "USD"))

    def keys(self, prefix: str) -> list[str]:
        return [i.claim.key for i in self.sentences if i.claim.key.startswith(prefix)]


def review(
    before: Side,
    after: Side,
    found: Triggers,
    told: tuple[QuarterData, list[Evidence]],
    *,
    carried: Sequence[Carried] = (),
    more: Sequence[Evidence] = (),
    small: str = "10000",
) -> Reviewed:
    """Recommend, write and judge as the graph does."""
    data, evidence = told
    reps = sorted({*before.book.rows("reps"), *after.book.rows("reps")})
    advised = adjustments(before, after, found, data, (), reps=reps)
    parts = ReviewParts(
        data=data,
        triggers=found.rows,
        adjustments=advised.rows,
        not_proposed=advised.not_proposed,
        carried=tuple(carried),
    )
    named = [*evidence, *found.evidence, *advised.evidence, *more]
    for account, owner in after.book.owners.items():
        fields = (("name", "name"),)
        named += records(after.book, "accounts", account, f"account:{account}", fields, owner)
    for rep in after.book.rows("reps"):
        named += records(after.book, "reps", rep, f"rep:{rep}", (("name", "name"),), rep)
    ledger = Ledger.of(
        named,
        texts_behind(named, after.book.texts),
        build_vocabulary(after.book, after.coverage),
    )
    stand, omitted = judge(
        written(parts, ledger, small=Decimal(small)).sentences,
        ledger,
        MANAGER,
        after.coverage,
        as_of=after.as_of,
        period=QUARTER,
        currency="USD",
    )
    return Reviewed(parts, ledger, stand, omitted)
