"""A stored review as one view."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

from agent.cycle.bullets import bullet, main_metric, ordered, plays_told
from agent.cycle.changes_view import (
    answer_told,
    carried_table,
    changes_table,
    marks,
    opens_told,
)
from agent.cycle.view import (
    AdjustmentOf,
    Bullet,
    Cause,
    CycleCell,
    CycleTable,
    ReviewView,
    SectionOf,
    State,
    TerritoryOf,
)
from agent.cycle.writing import Hand, plain, unknowns
from agent.plan_sources import long_day
from agent.plan_view import writer_note
from domain.cycle import REVIEW_SECTIONS, CycleSection, Sentence
from domain.cycle_version import CycleVersion
from domain.evidence import Evidence, Ledger
from domain.review import Adjustment, QuarterData, Reading, ReviewContent, TerritoryRow

CAUSE, CHANGE = "cause.", "change."
READINGS: dict[Reading, State] = {
    "on track": "ok", "ahead": "ok", "behind": "bad", "unknown": "muted",
}  # fmt: skip


def review_view(
    version: CycleVersion,
    ledger: Ledger,
    *,
    newest_version: int,
    names: Mapping[str, str] | None = None,
    decision: str | None = None,
    stale: Iterable[str] = (),
    fresh: Callable[[Evidence], str] | None = None,
) -> ReviewView:
    """Render a version of a review; parameters as in `territory_view`.

    Territories stand by their gap to plan in the measure that `main_metric` chooses, the
    worst first; those whose gap is unknown come last.
    """
    content = version.content
    assert isinstance(content, ReviewContent)
    hand = Hand(ledger, content.currency, names if names is not None else {}, fresh)
    said = content.report.sentences
    summary = hand.all_of(said, "summary")
    data = content.data
    told = (bullet(item, "The team", hand) for item in data.team)
    team = ordered(told, main_metric(data))
    # What only the JSON holds of territories is written, and not listed among the sources.
    aside = Hand(ledger, content.currency, names if names is not None else {})
    territories = territories_of(content, hand, aside)
    figures = _figures(content, hand, team)
    by_key = {item.claim.key: item for item in said}
    by_change = {
        item.claim.key.removeprefix(CHANGE): item
        for item in said
        if item.claim.key.startswith(CHANGE)
    }
    changed = changes_table(content.triggers, hand, by_change)
    changes = _section("changes", content, hand, (changed,))
    adjusted = tuple(_adjustment(item, content, hand) for item in content.adjustments)
    proposed = _section("adjustments", content, hand, (_not_proposed(content, hand),))
    carried = _section("carried", content, hand, (carried_table(content.carried, hand, by_key),))
    opening = _section("summary", content, hand, ())
    return ReviewView(
        plan_id=version.plan_id,
        version=version.version,
        newest_version=newest_version,
        base_version=version.base_version,
        kind="review",
        status=version.status,
        plan_hash=content.plan_hash,
        title=f"{content.team}: review of {content.quarter}",
        quarter=content.quarter,
        period=f"{long_day(content.period_start)} to {long_day(content.period_end)}",
        facts=(
            f"Books of {long_day(content.earlier_as_of)} and {long_day(content.as_of)} compared",
        ),
        as_of=content.as_of,
        currency=content.currency,
        writer_note=writer_note(content.writer),
        headline=summary[0] if summary else None,
        sections=(
            opening.model_copy(update={"sentences": summary[1:]}),
            figures,
            changes,
            proposed,
            carried,
        ),
        sources=hand.sources.numbered(),
        computed=hand.sources.computed(),
        cited=frozenset(hand.cited),
        blockers=content.report.blockers,
        decision=decision,
        stale=tuple(stale),
        created_at=version.created_at,
        created_by=version.created_by,
        team=content.team,
        earlier_as_of=content.earlier_as_of,
        time_gone=time_told(data),
        team_bullets=team,
        territories=territories,
        spread=hand.cell(data.spread, small=data.spread.note),
        groups_told=data.groups_told,
        territory_problem=data.territory_problem,
        plans_current=hand.cell(data.plans_current, small=data.plans_current.note),
        plays=plays_told(data.plays, hand),
        adjustments=adjusted,
        claims={item.key: item.text for item in content.carried if item.state != "holds"},
    )


def time_told(data: QuarterData) -> str:
    """Say how much of the quarter is gone: `13 of 92 days gone, 14 %`."""
    if data.days_gone >= data.days:
        return "the quarter is over"
    share = Decimal(data.days_gone) / Decimal(data.days) if data.days else Decimal(0)
    return f"{data.days_gone} of {data.days} days gone, {share * 100:.0f} %"


def territories_of(content: ReviewContent, hand: Hand, aside: Hand) -> tuple[TerritoryOf, ...]:
    """Render the territories of a review, the worst gap first."""
    said, proposed = content.report.sentences, content.adjustments
    found = [
        territory_of(row, content.data, hand, aside, said, proposed)
        for row in content.data.territories
    ]
    return tuple(sorted(found, key=_by_gap))


def territory_of(
    row: TerritoryRow,
    data: QuarterData,
    hand: Hand,
    aside: Hand,
    said: Sequence[Sentence] = (),
    adjustments: Sequence[Adjustment] = (),
) -> TerritoryOf:
    """Render one territory; `aside` writes what is not shown with its source."""
    main = bullet(row.measure(main_metric(data)), row.name, hand)
    entity = f"rep:{row.rep_id}"
    causes = [
        item
        for item in said
        if item.claim.key.startswith(CAUSE)
        and (item.claim.subject == entity or item.claim.key == f"{CAUSE}{row.rep_id}")
    ]
    return TerritoryOf(
        rep_id=row.rep_id,
        name=row.name,
        main=main,
        bullets=tuple(bullet(item, row.name, aside) for item in row.measures),
        plays=plays_told(row.plays, aside),
        adherence=aside.cell(row.adherence, small=row.adherence.note),
        drift=row.drift,
        plan=f"version {row.plan_version}" if row.plan_id else None,
        link=f"/territories/{row.rep_id}/plan/{data.quarter}" if row.plan_id else None,
        causes=tuple(
            Cause(sentence=hand.say(item, guess=_guess(item)), guess=_guess(item))
            for item in causes
        ),
        answered_by=tuple(item.number for item in adjustments if item.rep_id == row.rep_id),
        notes=row.notes,
    )


def _guess(item: Sentence) -> bool:
    """Say whether a cause is a guess: it is assumed, or rests on nothing."""
    return item.claim.kind == "assumption" or item.mark == "none"


def _by_gap(item: TerritoryOf) -> tuple[bool, Decimal, str]:
    known = item.main.relative
    return known is None, known if known is not None else Decimal(0), item.rep_id


def _section(
    key: CycleSection, content: ReviewContent, hand: Hand, tables: tuple[CycleTable, ...]
) -> SectionOf:
    report = content.report
    # These stand in tables and cards of their own.
    apart = (CAUSE, CHANGE, "adjustment.", "against.", "not_proposed.")
    claims = {item.key for item in content.carried}
    said = tuple(
        hand.say(item)
        for item in report.of(key)
        if not item.claim.key.startswith(apart) and item.claim.key not in claims
    )
    return SectionOf(
        key=key,
        title=REVIEW_SECTIONS[key],
        sentences=said,
        tables=tuple(table for table in tables if table.rows),
        blockers=tuple(item for item in report.blockers if item.section == key),
        notices=tuple(item for item in report.notices if item.section == key),
        omissions=tuple(item for item in report.omissions if item.section == key),
        notes=content.data.notes if key == "figures" else (),
    )


def _figures(content: ReviewContent, hand: Hand, team: tuple[Bullet, ...]) -> SectionOf:
    sizes = content.data.sizes
    table = CycleTable(
        kind="sizes",
        caption="Deals won, by tier",
        columns=("Tier", "Won", "Average"),
        rows=tuple((plain(row.label), hand.cell(row.won), hand.cell(row.average)) for row in sizes),
        notes=unknowns(row.average for row in sizes),
    )
    return _section("figures", content, hand, (measures_table(team, "The team"), table))


def measures_table(bullets: Iterable[Bullet], name: str) -> CycleTable:
    """Write what bullet charts show as a table."""
    return CycleTable(
        kind="measures",
        caption=f"{name}: plan and actual",
        columns=("Measure", "Plan", "Due by now", "Actual", "Gap", "Reading"),
        rows=tuple(
            (
                plain(item.label, small=small_of(item)),
                item.plan_cell,
                item.due_cell,
                item.actual_cell,
                item.gap_cell,
                reading_cell(item),
            )
            for item in bullets
        ),
    )


def small_of(item: Bullet) -> str:
    """Say beside a measure that it leads, and what else is to know of it."""
    return "; ".join(part for part in ("leading" if item.leading else "", item.note) if part)


def reading_cell(item: Bullet) -> CycleCell:
    """Write the reading of a measure as a state."""
    return plain(item.reading, state=READINGS[item.reading])


def _adjustment(item: Adjustment, content: ReviewContent, hand: Hand) -> AdjustmentOf:
    report = content.report
    words = report.sentence(f"adjustment.{item.number}")
    against = report.sentence(f"against.{item.number}")
    by_id = {trigger.trigger_id: trigger for trigger in content.triggers}
    return AdjustmentOf(
        number=item.number,
        sentence=hand.say(words) if words else None,
        answers=tuple(answer_told(by_id[key], hand) for key in item.triggers if key in by_id),
        rep_id=item.rep_id,
        cost=hand.pairs(item.cost),
        gain=hand.pairs(item.gain),
        against=hand.say(against) if against else None,
        against_figures=hand.pairs(item.against),
        opens=opens_told(item.opens, hand),
    )


def _not_proposed(content: ReviewContent, hand: Hand) -> CycleTable:
    return CycleTable(
        kind="not_proposed",
        caption="Asked for, and not proposed",
        columns=("What", "The rule"),
        rows=tuple(
            (plain(item.what), CycleCell(text=item.rule, pills=marks(item.evidence, hand)))
            for item in content.not_proposed
        ),
    )
