"""A territory plan and a review, written by hand, with one of everything a page can show."""

from __future__ import annotations

from datetime import date

from domain.assignment import AccountChanged, RepLeaves
from domain.cycle import (
    CycleBlocker,
    CycleNotice,
    CycleOmission,
    CycleReport,
    CycleSection,
    Figure,
    Sentence,
)
from domain.cycle_version import CycleVersion
from domain.evidence import (
    CalculationSource,
    DocumentSource,
    Evidence,
    Ledger,
    RecordSource,
    Unit,
)
from domain.plan import Citation, Claim, Finding, Mark, Slot, SlotFormat, WriterNote
from domain.record import text_hash
from domain.review import (
    Adjustment,
    Carried,
    Measure,
    NotProposed,
    OpensCoverage,
    OpensScenario,
    OpensTerritoryPlan,
    PlayCount,
    QuarterData,
    Reading,
    ReviewContent,
    TerritoryRow,
    TierSize,
    Trigger,
)
from domain.territory_plan import (
    ActivityRow,
    CalendarItem,
    CalendarWeek,
    FocusAccount,
    GoalRow,
    HealthAction,
    HealthRow,
    MilestoneRow,
    RepCalendar,
    ResourceRow,
    SegmentRow,
    TargetRow,
    Targets,
    TerritoryPlanContent,
    TerritoryTables,
    Trip,
    UnitPlan,
    UnitStep,
    Unplaced,
)

QUARTER = "2026Q4"
REP, REP_NAME = "R-282", "Tobias Renner"
NAMES = {
    "account:A-697": "Brakes and Gears",
    "account:A-490": "Field Trip Store",
    "account:A-363": "First Bike Store",
    "account:A-205": "Valley Cyclists",
    "rep:R-281": "Marisol Vega",
    "rep:R-282": REP_NAME,
    "rep:R-290": "Ann <b>Odd</b>",
}
NOTE_TEXT = "The owner asked for delivery before the season, or we split the order."


class Facts:
    """Evidence as it is made up, and the ledger of all of it."""

    def __init__(self) -> None:
        self.made: dict[str, Evidence] = {}
        for entity, name in NAMES.items():
            self.record(entity, "name", name, "name")
        self.note = self.keep(
            Evidence(
                entity="account:A-697/document:D-1",
                metric="span",
                value=NOTE_TEXT,
                unit="text",
                period="2026-10-29",
                source=DocumentSource(
                    document_hash=text_hash(NOTE_TEXT),
                    start=0,
                    end=len(NOTE_TEXT),
                    document_id="D-1",
                    document_kind="note",
                    title="Store visit, Tooele",
                    author="T. Renner",
                    author_class="internal",
                    published=date(2026, 10, 29),
                ),
                scope=REP,
            )
        )

    def keep(self, evidence: Evidence) -> Evidence:
        """Add a piece to the ledger."""
        self.made[evidence.id] = evidence
        return evidence

    def record(self, entity: str, metric: str, value: str, unit: Unit) -> Evidence:
        """Make up a cell of the export."""
        kind, _, row = entity.partition(":")
        source = RecordSource(table=f"{kind}s", row=row, field=metric)
        return self.keep(
            Evidence(entity=entity, metric=metric, value=value, unit=unit, source=source)
        )

    def value(
        self, metric: str, value: str, unit: Unit, *, of: str = "rep:R-282", parents: tuple = ()
    ) -> Evidence:
        """Make up a cell of an analysis."""
        return self.keep(
            Evidence(
                entity=of,
                metric=metric,
                value=value,
                unit=unit,
                period="2026-11-13",
                source=CalculationSource(
                    analysis="territory",
                    version=1,
                    arguments_hash="0" * 64,
                    pointer=f"{of}/{metric}",
                    parents=tuple(item.id for item in parents),
                ),
            )
        )

    def figure(
        self, label: str, value: str, unit: Unit, *, of: str = "rep:R-282", metric: str = ""
    ) -> Figure:
        """Make up a figure with its evidence."""
        named = metric or label.lower().replace(" ", "_")
        return Figure.of(self.value(named, value, unit, of=of), label)

    @property
    def ledger(self) -> Ledger:
        """Everything made up so far."""
        return Ledger.of(self.made.values())


def sentence(
    section: CycleSection,
    key: str,
    text: str,
    *slots: tuple[str, Evidence, SlotFormat],
    cites: tuple[Evidence, ...] = (),
    quote: str | None = None,
    mark: Mark = "computed",
    kind: str = "metric",
    subject: str = "rep:R-282",
    findings: tuple[Finding, ...] = (),
) -> Sentence:
    """Build a sentence that stands."""
    cited = (*(evidence for _, evidence, _ in slots), *cites)
    return Sentence(
        section=section,
        claim=Claim(
            key=key,
            kind=kind,
            subject=subject,
            text=text,
            slots=[Slot(name=name, evidence_id=e.id, format=form) for name, e, form in slots],
            citations=[
                Citation(evidence_id=e.id, quote=quote if e.kind == "document" else None)
                for e in cited
            ],
            premises=[],
        ),
        outcome="flagged" if findings else "supported",
        mark=mark,
        findings=findings,
    )


EMBEDDED = WriterNote(writer="embedded")
OVER = CycleBlocker(
    code="over_capacity",
    section="activities",
    message="The quarter needs 6.5 h more than Tobias Renner has.",
    remedy="override",
    hours_missing="6.5",
)
STALE = CycleBlocker(
    code="carried_stale",
    section="carried",
    message="A claim of plan P-1 rests on a note of 2 Mar 2026.",
    remedy="waiver",
    claim="carried.1",
)


def territory_sample(*, customer: str | None = None) -> tuple[TerritoryPlanContent, Ledger]:
    """A plan of 2026Q4 for R-282, drafted on the book of 13 Nov 2026, and its ledger."""
    facts = Facts()
    f = facts.figure
    open_potential = facts.value("open_potential", "412345.67", "money")
    needed = facts.value("needed_hours", "306.5", "hours")
    selling = facts.value("selling_hours", "300", "hours")
    amount = f("Amount", "99000", "money", of="account:A-697")
    say = (
        sentence(
            "summary",
            "summary.1",
            "Protect {{order}} at Brakes and Gears, then open two deals in Tier 1.",
            ("order", facts.made[str(amount.evidence_id)], "money_short"),
            mark="judgement",
            kind="recommendation",
        ),
        sentence(
            "assessment",
            "assessment.1",
            "Open potential of the territory is {{open}} a year.",
            ("open", open_potential, "money"),
        ),
        sentence(
            "opportunities",
            "opportunities.1",
            "The owner of Brakes and Gears wants “{{words}}”.",
            ("words", facts.note, "text"),
            quote="delivery before the season",
            mark="verified",
            kind="quote",
            subject="account:A-697",
        ),
        sentence(
            "strategy",
            "strategy.1",
            "No visit of its own for small accounts: they are called.",
            mark="judgement",
            kind="recommendation",
        ),
        sentence(
            "activities",
            "activities.1",
            "The quarter asks for {{needed}} and has {{selling}}.",
            ("needed", needed, "hours"),
            ("selling", selling, "hours"),
        ),
    )
    content = TerritoryPlanContent(
        rep_id=REP,
        rep_name=REP_NAME,
        reps=(REP,) if customer is None else (REP, "R-281"),
        customer=customer,
        quarter=QUARTER,
        period_start=date(2026, 11, 1),
        period_end=date(2027, 1, 31),
        plan_from=date(2026, 11, 16),
        as_of=date(2026, 11, 13),
        currency="USD",
        book_id="b-1",
        coverage_hash="c" * 64,
        ledger_root="",
        tables=_tables(facts, amount),
        calendars=(_calendar(facts, needed, selling),),
        units=_units(facts) if customer else (),
        report=CycleReport(
            sentences=say,
            omissions=(
                CycleOmission(
                    section="opportunities",
                    what="1 competitor statement",
                    reason="It has no source.",
                    check="competitor",
                ),
            ),
            blockers=(OVER,),
            notices=(
                CycleNotice(
                    code="no_quota", section="metrics", message="No quota is on file for 2026Q4."
                ),
            ),
        ),
        writer=EMBEDDED,
    )
    ledger = facts.ledger
    return content.model_copy(update={"ledger_root": ledger.root}), ledger


def _tables(facts: Facts, amount: Figure) -> TerritoryTables:
    f = facts.figure

    def segment(tier: str, label: str, *values: str) -> SegmentRow:
        return SegmentRow(
            tier=tier,
            label=label,
            accounts=f(f"Accounts {tier}", values[0], "count"),
            potential=f(f"Potential {tier}", values[1], "money"),
            open_potential=f(f"Open potential {tier}", values[2], "money"),
            spend=f(f"Spend {tier}", values[3], "money"),
        )

    def focus(rank: int, account: str, kind: str, worth: Figure, stage: str | None) -> FocusAccount:
        return FocusAccount(
            rank=rank,
            account_id=account,
            name=Figure.of(facts.record(f"account:{account}", "name", NAMES[f"account:{account}"],
                                        "name"), "Account"),
            tier="tier_1",
            kind=kind,
            amount=worth,
            stage=f("Stage", stage, "text", of=f"account:{account}")
            if stage
            else Figure.unknown("stage", "Stage", "text", "no open deal"),
            because="It buys every quarter and its next order is due." if rank == 1
            else "It buys two lines of six.",
        )  # fmt: skip

    return TerritoryTables(
        overview=(
            f("Accounts", "64", "count"),
            f("Net spend, 12 months", "1250000.5", "money", metric="spend"),
            Figure.unknown("quota", "Quota", "money", "no quota on file for 2026Q4"),
        ),
        segments=(
            segment("tier_1", "Tier 1", "4", "800000", "300000", "500000"),
            segment("tier_2", "Tier 2", "60", "312345.67", "112345.67", "200000"),
        ),
        focus=(
            focus(1, "A-697", "retention", amount, "Negotiation"),
            focus(2, "A-490", "whitespace", f("Worth", "2100", "money", of="account:A-490"), None),
        ),
        activities=(
            ActivityRow(
                tier="tier_1",
                label="Tier 1",
                accounts=f("Accounts with tier 1", "4", "count"),
                touches_week=f("Touches tier 1", "2.31", "ratio"),
                hours_week=f("Hours tier 1", "6.5", "hours"),
                cadence="every two weeks",
                automated=False,
            ),
            ActivityRow(
                tier="tier_2",
                label="Tier 2",
                accounts=f("Accounts with tier 2", "60", "count"),
                touches_week=f("Touches tier 2", "13.8", "ratio"),
                hours_week=f("Hours tier 2", "0", "hours"),
                cadence="monthly nurture",
                automated=True,
            ),
        ),
        goals=(
            GoalRow(
                metric="discovery_calls",
                label="Discovery calls",
                target=f("Calls wanted", "20", "count"),
            ),
        ),
        resources=(
            ResourceRow(
                function="solution_engineering",
                label="Solution engineering",
                need=f("Engineering", "6", "hours"),
                people=("R-281",),
                accounts=("A-697",),
                note="For the demo in December.",
            ),
        ),
        targets=Targets(
            rows=(
                TargetRow(tier="tier_1", label="Tier 1", amount=f("T1 target", "120000", "money")),
                TargetRow(tier="tier_2", label="Tier 2", amount=f("T2 target", "60000", "money")),
            ),
            total=f("Target", "180000", "money"),
        ),
        scorecard=(
            HealthRow(
                metric="strategic_engagement",
                label="Strategic accounts engaged",
                target=f("Engaged wanted", "1", "share"),
                current=f("Engaged", "0.875", "share"),
                status="red",
                action=HealthAction(
                    kind="visit_account",
                    account_id="A-490",
                    by=date(2026, 12, 4),
                    hours="2.5",
                    amount=f("At stake", "61000", "money", of="account:A-490"),
                ),
            ),
            HealthRow(
                metric="meetings",
                label="Qualified meetings",
                target=f("Meetings wanted", "3", "count"),
                current=f("Meetings", "4", "count"),
                status="green",
            ),
            HealthRow(
                metric="pipeline_coverage",
                label="Pipeline coverage",
                target=f("Coverage wanted", "3", "ratio"),
                current=Figure.unknown(
                    "pipeline_coverage", "Coverage", "ratio", "no quota on file for 2026Q4"
                ),
                status="unknown",
                action=HealthAction(kind="set_quota", by=date(2026, 11, 20), hours="0.5"),
            ),
        ),
        milestones=(
            MilestoneRow(
                due=date(2027, 1, 15),
                label="January order of Brakes and Gears booked",
                figure=f("Milestone", "95000", "money", of="account:A-697"),
            ),
        ),
        notes=("Metro areas are those of the cities on file.",),
    )


def _calendar(facts: Facts, needed: Evidence, selling: Evidence) -> RepCalendar:
    f = facts.figure
    trip = Trip(
        trip_id="T-1",
        day=date(2026, 11, 19),
        metro="Salt Lake City",
        accounts=("A-697", "A-490"),
        travel_hours="3",
        km="212",
        mode="road",
    )

    def item(day: int, account: str, kind: str, source: str, hours: str, **more: str):
        return CalendarItem(
            day=date(2026, 11, day), account_id=account, kind=kind, source=source, hours=hours,
            **more,
        )  # fmt: skip

    first = CalendarWeek(
        week=date(2026, 11, 16),
        working_days=5,
        selling_hours="25",
        planned_hours="24.5",
        travel_hours="3",
        items=(
            item(16, "A-363", "call", "cadence", "0.5"),
            item(16, "A-205", "call", "cadence", "0.5"),
            item(16, "A-697", "meeting", "focus", "1"),
            item(19, "A-697", "visit", "play", "2", trip="T-1", play="P-1/visit"),
            item(19, "A-490", "visit", "cadence", "2", trip="T-1"),
        ),
    )
    second = CalendarWeek(
        week=date(2026, 11, 23),
        working_days=3,
        selling_hours="15",
        planned_hours="0",
        travel_hours="0",
        items=(),
    )
    return RepCalendar(
        rep_id=REP,
        time_zone="America/Denver",
        weeks=(first, second),
        trips=(trip,),
        unplaced=(
            Unplaced(
                account_id="A-205", kind="visit", touches=2, hours="6.5", reason="travel budget"
            ),
        ),
        needed_hours=Figure.of(needed, "Needed"),
        selling_hours=Figure.of(selling, "Selling hours"),
        planned_hours=f("Planned", "300", "hours"),
        missing_hours=f("Missing", "6.5", "hours"),
        travel_hours=f("Travel", "41", "hours"),
        notes=("26 and 27 Nov are holidays.",),
    )


def _units(facts: Facts) -> tuple[UnitPlan, ...]:
    f = facts.figure
    return (
        UnitPlan(
            account_id="A-697",
            name=Figure.of(
                facts.record("account:A-697", "name", NAMES["account:A-697"], "name"), "Unit"
            ),
            rep_id="R-282",
            kind="expansion",
            spend=f("Unit spend", "397000", "money", of="account:A-697"),
            potential=f("Unit potential", "450000", "money", of="account:A-697"),
            target=f("Unit target", "99000", "money", of="account:A-697"),
            contacts=f("Contacts", "3", "count", of="account:A-697"),
            missing_roles=("technical buyer",),
            steps=(
                UnitStep(
                    kind="call", rep_id="R-282", contact_id=None, by=date(2026, 12, 11), hours="1.5"
                ),
            ),
        ),
    )


def review_sample() -> tuple[ReviewContent, Ledger]:
    """A review of 2026Q4 over three territories, two of them with plans, and its ledger."""
    facts = Facts()
    f = facts.figure
    slipped = facts.value("closes", "2027-03-01", "date", of="account:A-697")
    left = facts.record("rep:R-281", "end_date", "2026-12-31", "date")
    rows = (
        _territory(facts, "R-281", "Marisol Vega", "400000", "290000", "behind", drift=True),
        _territory(facts, "R-282", REP_NAME, "300000", "330000", "ahead"),
        _territory(facts, "R-290", "Ann <b>Odd</b>", None, "12000", "unknown"),
    )
    data = QuarterData(
        quarter=QUARTER,
        period_start=date(2026, 11, 1),
        period_end=date(2027, 1, 31),
        since=date(2026, 11, 13),
        as_of=date(2027, 2, 12),
        currency="USD",
        days=92,
        days_gone=92,
        team=(
            _measure(facts, "team", "bookings", "Bookings", "money", "700000", "632000", "behind"),
            _measure(facts, "team", "meetings", "Qualified meetings", "count", "40", "41",
                     "on track", leading=True),
        ),
        territories=rows,
        plays=_plays(facts, "team"),
        sizes=(
            TierSize(
                tier="tier_1",
                label="Tier 1",
                won=f("Won t1", "7", "count", of="team"),
                average=f("Average t1", "41000", "money", of="team"),
            ),
        ),
        spread=f("Spread", "0.31", "share", of="team"),
        groups="too few reps to tell",
        groups_told="Three reps are too few to tell two groups from one.",
        territory_problem=None,
        plans_current=f("Plans current", "0.67", "share", of="team"),
        notes=("R-290 has no approved territory plan.",),
    )  # fmt: skip
    cost = f("Relationships broken", "2", "count", of="team")
    gain = f("Uncovered potential placed", "180000", "money", of="team")
    say = (
        sentence("summary", "summary.1", "Bookings are {{gap}} below plan.",
                 ("gap", facts.value("gap", "68000", "money", of="team"), "money_short"),
                 subject="team"),
        sentence("changes", "cause.R-281",
                 "A deal at Brakes and Gears now closes on {{day}}.",
                 ("day", slipped, "date"), subject="rep:R-281"),
        sentence("changes", "cause.R-282", "Early orders came before the season.",
                 mark="judgement", kind="assumption"),
        sentence("adjustments", "adjustment.1",
                 "Place the accounts of Marisol Vega, who leaves on {{day}}.",
                 ("day", left, "date"), mark="judgement", kind="recommendation",
                 subject="rep:R-281"),
        sentence("adjustments", "against.1",
                 "It breaks {{broken}} relationships older than three years.",
                 ("broken", facts.made[str(cost.evidence_id)], "number"), subject="rep:R-281"),
        sentence("adjustments", "adjustment.2", "Plan the territory of R-282 anew.",
                 mark="judgement", kind="recommendation"),
    )  # fmt: skip
    content = ReviewContent(
        quarter=QUARTER,
        team="North America",
        reps=("R-281", "R-282", "R-290"),
        period_start=date(2026, 11, 1),
        period_end=date(2027, 1, 31),
        as_of=date(2027, 2, 12),
        earlier_as_of=date(2026, 11, 13),
        currency="USD",
        book_id="b-2",
        earlier_book_id="b-1",
        coverage_hash="c" * 64,
        earlier_coverage_hash="c" * 64,
        ledger_root="",
        data=data,
        triggers=(
            Trigger(
                trigger_id="TR-1",
                kind="rep_left",
                subject="rep:R-281",
                rep_id="R-281",
                account_id=None,
                before=None,
                after=Figure.of(left, "Leaves"),
                amount=None,
                on=date(2026, 12, 31),
                evidence=(left.id,),
            ),
            Trigger(
                trigger_id="TR-2",
                kind="deal_slipped",
                subject="account:A-697/opportunity:O-1",
                rep_id="R-281",
                account_id="A-697",
                before=Figure.of(
                    facts.value("closes", "2026-12-15", "date", of="account:A-697"), "Closes"
                ),
                after=Figure.of(slipped, "Closes"),
                amount=f("Deal", "99000", "money", of="account:A-697"),
                on=date(2027, 3, 1),
                evidence=(slipped.id, facts.note.id),
            ),
        ),
        adjustments=(
            Adjustment(
                number=1,
                triggers=("TR-1",),
                rep_id="R-281",
                account_id=None,
                cost=(cost,),
                gain=(gain,),
                against=(cost,),
                opens=OpensScenario(event=RepLeaves(rep_id="R-281", on=date(2026, 12, 31))),
            ),
            Adjustment(
                number=2,
                triggers=("TR-2",),
                rep_id="R-282",
                account_id=None,
                cost=(f("Hours", "2", "hours", of="rep:R-282"),),
                gain=(),
                against=(),
                opens=OpensTerritoryPlan(rep_id="R-282", remark="Heed the slipped deal."),
            ),
            Adjustment(
                number=3,
                triggers=("TR-2",),
                rep_id=None,
                account_id=None,
                cost=(),
                gain=(),
                against=(),
                opens=OpensCoverage(key="travel.hours_per_visit", value="2.6"),
            ),
        ),
        not_proposed=(
            NotProposed(
                what="Giving A-490 to R-281, who asked for it",
                rule="Wanting an account is not a trigger.",
            ),
        ),
        carried=(
            Carried(
                key="carried.1",
                plan_id="P-1",
                plan_version=2,
                account_id="A-697",
                text="The owner wants delivery before the season.",
                said_on=date(2026, 3, 2),
                state="stale",
                evidence=(facts.note.id,),
            ),
            Carried(
                key="carried.2",
                plan_id="P-2",
                plan_version=1,
                account_id="A-490",
                text="It buys four lines.",
                said_on=date(2026, 11, 14),
                state="holds",
            ),
        ),
        report=CycleReport(sentences=say, blockers=(STALE,)),
        writer=EMBEDDED,
    )
    ledger = facts.ledger
    return content.model_copy(update={"ledger_root": ledger.root}), ledger


def account_changed() -> AccountChanged:
    """An event with words a person typed."""
    return AccountChanged(account_id="A-697", why="Bought by another company.")


def _measure(
    facts: Facts,
    of: str,
    metric: str,
    label: str,
    unit: Unit,
    plan: str | None,
    actual: str,
    reading: Reading,
    *,
    leading: bool = False,
) -> Measure:
    def known(part: str, value: str | None) -> Figure:
        if value is None:
            return Figure.unknown(f"{metric}_{part}", label, unit, "no approved territory plan")
        return Figure.of(facts.value(f"{metric}_{part}", value, unit, of=of), label)

    gap = None if plan is None else str(int(actual) - int(plan))
    return Measure(
        metric=metric,
        label=label,
        unit=unit,
        leading=leading,
        plan=known("plan", plan),
        due=known("due", plan),
        actual=known("actual", actual),
        gap=known("gap", gap),
        reading=reading,
    )


def _plays(facts: Facts, of: str) -> PlayCount:
    counts = {"planned": "24", "done": "13", "late": "5", "dropped": "2", "open": "4"}
    return PlayCount(
        **{
            name: Figure.of(facts.value(f"plays_{name}", value, "count", of=of), name)
            for name, value in counts.items()
        }
    )


def _territory(
    facts: Facts,
    rep_id: str,
    name: str,
    plan: str | None,
    actual: str,
    reading: Reading,
    *,
    drift: bool = False,
) -> TerritoryRow:
    of = f"rep:{rep_id}"
    return TerritoryRow(
        rep_id=rep_id,
        name=name,
        plan_id="TP-1" if plan else None,
        plan_version=1 if plan else None,
        measures=(
            _measure(facts, of, "bookings", "Bookings", "money", plan, actual, reading),
            _measure(facts, of, "meetings", "Qualified meetings", "count", "20", "11", "behind",
                     leading=True),
        ),
        plays=_plays(facts, of),
        adherence=facts.figure("Adherence", "0.54", "share", of=of),
        drift=drift,
        notes=() if plan else ("No approved territory plan.",),
    )  # fmt: skip


def version_of(content: TerritoryPlanContent | ReviewContent, **changes: object) -> CycleVersion:
    """Wrap a content as the store does; `changes` replace fields."""
    return CycleVersion(
        **{
            "plan_id": "TP-1" if content.kind == "territory" else "RV-1",
            "version": 1,
            "base_version": None,
            "status": "in_review",
            "content": content,
            "created_at": "2026-11-14T09:00:00+00:00",
            "created_by": "tobias.renner",
            "run_id": None,
            **changes,
        }
    )
