"""A plan in its second version, written by hand, with one of everything a page can show."""

from __future__ import annotations

from datetime import date

from agent.view import (
    Cell,
    Check,
    Part,
    Pill,
    PlanView,
    ScoreRow,
    SectionView,
    Sentence,
    SourceView,
    TableView,
)
from domain.plan import Blocker, Notice, Omission, Remark

NOTE, MAIL, RECORD, OLD = "ev_note", "ev_mail", "ev_record", "ev_old"
SPEND, OPEN, DUE = "ev_spend", "ev_open", "ev_due"
PILLS = {
    NOTE: Pill(label="1", kind="verified", evidence_id=NOTE),
    MAIL: Pill(label="2", kind="verified", evidence_id=MAIL),
    RECORD: Pill(label="3", kind="verified", evidence_id=RECORD),
    OLD: Pill(label="4", kind="weak", evidence_id=OLD),
    SPEND: Pill(label="ƒ", kind="computed", evidence_id=SPEND),
    OPEN: Pill(label="ƒ", kind="computed", evidence_id=OPEN),
    DUE: Pill(label="ƒ", kind="computed", evidence_id=DUE),
}
UNSOURCED = Pill(label="no source", kind="none", evidence_id=None)


def sentence(key, *parts, pills=(), mark="verified", outcome="supported", remarks=(), author=None):
    """Build a sentence; a part is words or a pair of words and the evidence that wrote them."""
    return Sentence(
        key=key,
        parts=tuple(
            Part(text=part) if isinstance(part, str) else Part(text=part[0], evidence_id=part[1])
            for part in parts
        ),
        pills=tuple(PILLS.get(pill, UNSOURCED) for pill in pills),
        mark=mark,
        outcome=outcome,
        remarks=tuple(remarks),
        author=author,
    )


def source(evidence_id, label, kind, title, type_name, quote, **more):
    """Build a source with its customary match."""
    return SourceView(
        evidence_id=evidence_id,
        label=label,
        kind=kind,
        title=title,
        type_name=type_name,
        quote=quote,
        highlight=more.pop("highlight", None),
        facts=more.pop("facts", ()),
        formula=more.pop("formula", None),
        match=more.pop("match", "Quote found in the source"),
        **more,
    )


SOURCES = (
    source(
        NOTE,
        "1",
        "document",
        "Store visit, Tacoma, 29 Oct 2026",
        "Meeting note",
        "October dwell on the service floor averaged 94 minutes. Their target is 75.",
        highlight="averaged 94 minutes",
        facts=("Published 29 Oct 2026", "Dana Whitlock, internal"),
    ),
    source(
        MAIL,
        "2",
        "document",
        "Fleet question from Marta Quill",
        "E-mail",
        "We would like to see helmet options before the year ends.",
        highlight="helmet options before the year ends",
        facts=("Published 3 Nov 2026", "Marta Quill, customer"),
    ),
    source(
        RECORD,
        "3",
        "record",
        "Account 1017, field Segment",
        "CRM export",
        "Warehouse",
        facts=("accounts, row 1017", "Book of 14 Nov 2026"),
        match="Same as in the CRM",
    ),
    source(
        OLD,
        "4",
        "document",
        "Regional retail report",
        "Market intelligence",
        "Independent bicycle retailers in the region expect flat sales.",
        highlight="expect flat sales",
        facts=("Published 2 Mar 2026", "Northshore Research, external"),
        match="257 days old: check it yourself",
    ),
)
COMPUTED = (
    source(
        SPEND,
        "ƒ",
        "calculation",
        "Net spend, last 12 months",
        "Calculation",
        "96,720",
        facts=("15 Nov 2025 to 14 Nov 2026",),
        formula="Sum of 11 orders in the period",
        match="Recomputed and equal",
    ),
    source(
        OPEN,
        "ƒ",
        "calculation",
        "Open potential",
        "Calculation",
        "143,280",
        formula="240,000 (P75 of 38 comparable accounts) less 96,720",
        match="Recomputed and equal",
        inputs=(SPEND,),
    ),
    source(
        DUE,
        "ƒ",
        "calculation",
        "Next order due",
        "Calculation",
        "4 Dec 2026",
        formula="Last order and the median of the last 4 gaps, 91 days",
        match="Recomputed and equal",
    ),
)
SCORE = (
    ScoreRow(fact="base", label="Base", dimension="", value="", bin="", points=410, kind="base"),
    ScoreRow(
        fact="segment",
        label="Target segment",
        dimension="strategy",
        value="Warehouse",
        bin="Warehouse",
        points=14,
        kind="part",
        change="Nothing: the segment is named in the strategy.",
    ),
    ScoreRow(
        fact="open_potential",
        label="Open potential",
        dimension="potential",
        value="143,280",
        bin="100,000 and more",
        points=13,
        kind="part",
        change="Below 100,000 it would give +6.",
    ),
    ScoreRow(
        fact="orders",
        label="Order rhythm, 12 months",
        dimension="engagement",
        value="11 orders",
        bin="8 and more",
        points=10,
        kind="part",
    ),
    ScoreRow(
        fact="intent",
        label="Intent signals",
        dimension="intent",
        value="2 in 90 days",
        bin="1 to 2",
        points=4,
        kind="part",
    ),
    ScoreRow(
        fact="employees",
        label="Size",
        dimension="fit",
        value="not known",
        bin="missing",
        points=0,
        kind="part",
    ),
    ScoreRow(
        fact="rival",
        label="Incumbent rival",
        dimension="competition",
        value="Kelmark",
        bin="named in a note",
        points=-5,
        kind="part",
    ),
    ScoreRow(
        fact="touch",
        label="Days since touch",
        dimension="engagement",
        value="61 days",
        bin="over 45",
        points=-3,
        kind="part",
    ),
    ScoreRow(fact="score", label="Score", dimension="", value="", bin="", points=443, kind="total"),
)


def cell(text, evidence_id=None, numeric=False, said=None):
    """Build a table cell."""
    return Cell(text=text, evidence_id=evidence_id, numeric=numeric, sentence=said)


PEOPLE = TableView(
    kind="people",
    columns=("Person", "Title", "Role", "Attitude", "Last contact", "Note"),
    rows=(
        (
            cell("Marta Quill", RECORD),
            cell("Head of purchasing"),
            cell("Economic buyer"),
            cell("Open"),
            cell("3 Nov 2026"),
            cell(
                "",
                said=sentence(
                    "p1", "Asked for helmet options before the year ends.", pills=(MAIL,)
                ),
            ),
        ),
        (
            cell("Nobody yet"),
            cell(""),
            cell("Technical buyer"),
            cell("Gap"),
            cell(""),
            cell(
                "",
                said=sentence(
                    "p2", "Ask Marta Quill who signs off workshop tools.", mark="judgement"
                ),
            ),
        ),
    ),
)
WHITESPACE = TableView(
    kind="whitespace",
    columns=("Product line", "Bought by comparable accounts", "Chance", "Worth a year"),
    rows=(
        (
            cell("Helmets"),
            cell("71 %", OPEN, numeric=True),
            cell("58 %", OPEN, numeric=True),
            cell("24,600", OPEN, numeric=True),
        ),
        (
            cell("Bike racks"),
            cell("44 %", OPEN, numeric=True),
            cell("31 %", OPEN, numeric=True),
            cell("9,150", OPEN, numeric=True),
        ),
    ),
)


def plays(*rows):
    """Build the table of plays from (what, with, by, hours, done when)."""
    return TableView(
        kind="plays",
        columns=("Play", "With", "By", "Hours", "Done when"),
        rows=tuple(
            (
                cell("", said=sentence(f"play{n}", what, mark="judgement")),
                cell(person),
                cell(by, numeric=True),
                cell(hours, numeric=True),
                cell("", said=sentence(f"done{n}", done, mark="judgement")),
            )
            for n, (what, person, by, hours, done) in enumerate(rows)
        ),
    )


BLOCKER = Blocker(
    code="unsourced_competitor",
    section="competition",
    message="A sentence about Kelmark has no source.",
    remedy="edit",
    claim="c2",
)
STALE = Blocker(
    code="stale_fact",
    section="why_now",
    message="The objective rests on a report of 2 Mar 2026, older than 180 days.",
    remedy="waiver",
    claim="w2",
)
HOURS = Blocker(
    code="over_capacity",
    section="plays",
    message="The plays need 2.5 h more than Dana Whitlock has in the week of 30 Nov 2026.",
    remedy="override",
    hours_missing="2.5",
)


def section(key, title, summary, sentences, tables=(), gap=None, blockers=()):
    """Build a section."""
    return SectionView(
        key=key,
        title=title,
        summary=summary,
        sentences=tuple(sentences),
        tables=tuple(tables),
        gap=gap,
        blockers=tuple(blockers),
    )


def plan_view(**changes) -> PlanView:
    """Return version 2 of the plan, in review; `changes` replace fields."""
    sections = (
        section(
            "where_we_stand",
            "Where we stand",
            "96,720 in the last 12 months, a Warehouse account",
            [
                sentence(
                    "s1",
                    "Riverbend Cycle bought ",
                    ("96,720", SPEND),
                    " in the last 12 months, in 11 orders.",
                    pills=(SPEND,),
                    mark="computed",
                ),
                sentence(
                    "s2",
                    "It is a ",
                    ("Warehouse", RECORD),
                    " account, a segment the strategy names.",
                    pills=(RECORD,),
                ),
            ],
        ),
        section(
            "why_now",
            "Why now",
            "The next order is due on 4 Dec 2026",
            [
                sentence(
                    "w1",
                    "The next order is due on ",
                    ("4 Dec 2026", DUE),
                    ", and the buyer asked for helmet options.",
                    pills=(DUE, MAIL),
                ),
                sentence(
                    "w2",
                    "Independent retailers in the region expect flat sales.",
                    pills=(OLD,),
                    mark="weak",
                    outcome="flagged",
                    remarks=("The report is 257 days old.",),
                ),
            ],
            blockers=(STALE,),
        ),
        section(
            "buying_group",
            "Buying group",
            "One role filled, one gap",
            [],
            tables=(PEOPLE,),
        ),
        section(
            "whitespace",
            "Whitespace",
            "Open potential is 143,280 over two product lines",
            [
                sentence(
                    "g1",
                    "Open potential is ",
                    ("143,280", OPEN),
                    " a year, most of it in helmets and bike racks.",
                    pills=(OPEN,),
                    mark="computed",
                ),
                sentence(
                    "g2",
                    "Dwell on the service floor averaged 94 minutes in October, above their own "
                    "target of 75.",
                    pills=(NOTE,),
                ),
            ],
            tables=(WHITESPACE,),
        ),
        section(
            "competition",
            "Competition",
            "Kelmark is named in one note",
            [
                sentence("c1", "Kelmark supplies the workshop until March 2027.", pills=(NOTE,)),
                sentence(
                    "c2",
                    "Kelmark is said to raise prices by 12 % at renewal.",
                    pills=("none",),
                    mark="none",
                    outcome="flagged",
                    remarks=("Typed without a source.",),
                    author="Dana Whitlock",
                ),
            ],
            blockers=(BLOCKER,),
        ),
        section(
            "plays",
            "90-day plays",
            "Three plays, 6.5 hours",
            [
                sentence(
                    "success",
                    "Success is a first helmet order before 12 Feb 2027.",
                    mark="judgement",
                )
            ],
            tables=(
                plays(
                    (
                        "Show helmet options to the buyer",
                        "Marta Quill",
                        "27 Nov 2026",
                        "2.5",
                        "A price list is agreed",
                    ),
                    (
                        "Walk the service floor in Tacoma",
                        "Marta Quill",
                        "11 Dec 2026",
                        "3.0",
                        "A baseline is written down",
                    ),
                    (
                        "Find the technical buyer",
                        "",
                        "4 Dec 2026",
                        "1.0",
                        "Name and route are known",
                    ),
                ),
            ),
            blockers=(HOURS,),
        ),
        section(
            "risks",
            "Risks and unknowns",
            "The size of the account is not known",
            [
                sentence(
                    "u1",
                    "The number of employees is not in the export, so size gives no points.",
                    mark="judgement",
                )
            ],
            gap="No note says who else was asked for an offer.",
        ),
    )
    fields = {
        "plan_id": "PL-1017",
        "version": 2,
        "newest_version": 2,
        "base_version": 1,
        "status": "in_review",
        "plan_hash": "a" * 64,
        "title": "Riverbend Cycle: account plan",
        "account_id": "1017",
        "account_name": "Riverbend Cycle",
        "owner_id": "282",
        "owner_name": "Dana Whitlock",
        "tier_label": "Tier 1",
        "tier_note": "Access to an executive is not known",
        "facts_line": "Warehouse, Tacoma",
        "period": "16 Nov 2026 to 13 Feb 2027",
        "as_of": date(2026, 11, 14),
        "currency": "USD",
        "writer_note": "Written by the embedded writer, edited by Dana Whitlock",
        "objective": sentence(
            "objective",
            "Win the first helmet order at Riverbend Cycle, worth ",
            ("24,600", OPEN),
            " a year.",
            pills=(OPEN,),
            mark="judgement",
        ),
        "sections": sections,
        "sources": SOURCES,
        "computed": COMPUTED,
        "score": SCORE,
        "rank": "Why it ranks 2 of 34",
        "checks": (
            Check(label="Competitor claims are sourced", state="bad", detail="1 of 2"),
            Check(label="Fits the rep's week", state="warn", detail="2.5 h over"),
            Check(label="Every play has owner, date and test", state="ok", detail="3 of 3"),
            Check(label="Sources older than 90 days", state="warn", detail="1"),
            Check(label="Target is below open potential", state="ok", detail="143,280"),
        ),
        "capacity_line": "This plan needs 6.5 h, of 34 h a week; 30.6 h are taken.",
        "capacity_share": 0.05,
        "committed_share": 0.82,
        "blockers": (STALE, BLOCKER, HOURS),
        "warnings": (Notice(code="roles", message="Nobody is the technical buyer yet."),),
        "omissions": (
            Omission(
                section="competition",
                what="A sentence about a rival's delivery times",
                reason="its source gives orders to the reader instead of facts",
                check="instructions",
            ),
        ),
        "remarks": (
            Remark(
                person="m-1",
                person_name="Ruth Okafor",
                section="competition",
                text="Where is the 12 % from? Drop it or name the source.",
            ),
        ),
        "recheck": (),
        "created_at": "2026-11-20T09:12:00+00:00",
        "created_by": "rep-282",
        "decision": None,
    }
    fields.update(changes)
    return PlanView(**fields)


def first_version() -> PlanView:
    """Return version 1: a figure differs, a sentence and a play are missing."""
    view = plan_view()
    sections = []
    for item in view.sections:
        if item.key == "whitespace":
            old = sentence(
                "g1",
                "Open potential is ",
                ("131,000", OPEN),
                " a year, most of it in helmets.",
                pills=(OPEN,),
                mark="computed",
            )
            item = item.model_copy(update={"sentences": (old,)})
        if item.key == "competition":
            item = item.model_copy(update={"sentences": item.sentences[:1], "blockers": ()})
        if item.key == "plays":
            table = item.tables[0]
            item = item.model_copy(
                update={"tables": (table.model_copy(update={"rows": table.rows[:2]}),)}
            )
        sections.append(item)
    return view.model_copy(
        update={
            "version": 1,
            "base_version": None,
            "status": "returned",
            "sections": tuple(sections),
            "blockers": (STALE, HOURS),
            "remarks": (),
        }
    )
