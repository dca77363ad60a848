"""Threads and turns written by hand, with one of everything the chat page can show."""

from __future__ import annotations

from datetime import date

from agent.view import Part, Pill
from api.chat_view import AnswerTableView, CellView, SaidView, TurnView
from domain.chat import (
    Answer,
    Artifact,
    Call,
    ModelUse,
    Offer,
    Thread,
    ToolUse,
    Turn,
    TurnError,
)
from tests.api.plan_view_fixture import COMPUTED, DUE, MAIL, NOTE, OLD, OPEN, PILLS, SOURCES, SPEND

THREAD = Thread(
    thread_id="T-1",
    person="dana",
    title="Which accounts deserve this week, and why not Riverbend?",
    created_at="2026-11-20T09:10:00+00:00",
    updated_at="2026-11-20T09:14:00+00:00",
)
OTHER = THREAD.model_copy(
    update={
        "thread_id": "T-2",
        "title": "What changed in the Northwest since June?",
        "updated_at": "2026-11-18T15:00:00+00:00",
    }
)
BY_ID = {source.evidence_id: source for source in (*SOURCES, *COMPUTED)}


def said(*parts, pills=(), mark="verified", outcome="supported", remarks=()):
    """One sentence of a view; a part is words or words and the evidence that wrote them."""
    return SaidView(
        text="".join(part if isinstance(part, str) else part[0] for part in parts),
        parts=tuple(
            Part(text=part) if isinstance(part, str) else Part(text=part[0], evidence_id=part[1])
            for part in parts
        ),
        pills=tuple(
            PILLS.get(pill, Pill(label="no source", kind="none", evidence_id=None))
            for pill in pills
        ),
        mark=mark,
        outcome=outcome,
        remarks=tuple(remarks),
    )


def table(title, columns, *rows):
    """A table of a view; a cell is words, or words with evidence, figures being numeric."""

    def cell(given):
        text, evidence_id = given if isinstance(given, tuple) else (given, None)
        return CellView(
            text=text, evidence_id=evidence_id, numeric=text[:1].isdigit() and text[-1].isdigit()
        )

    return AnswerTableView(
        title=title,
        columns=tuple(columns),
        rows=tuple(tuple(cell(item) for item in row) for row in rows),
    )


def use(tool, ms, rows, note="", state="done", evidence=(), **arguments):
    """One use of a tool."""
    return ToolUse(
        call=Call(tool=tool, arguments=arguments),
        state=state,
        ms=ms,
        rows=rows,
        evidence=evidence,
        note=note,
    )


def turn(
    turn_id, asked, *, parent=None, status="done", finished="2026-11-20T09:12:02+00:00", **more
):
    """A turn of the fixture's thread."""
    return Turn(
        turn_id=turn_id,
        thread_id="T-1",
        parent=parent,
        run_id=f"R-{turn_id}",
        asked=asked,
        status=status,
        created_at="2026-11-20T09:12:00.400000+00:00",
        finished_at=None if status == "running" else finished,
        **more,
    )


def view(made, sentences=(), tables=(), sources=()):
    """A view of a turn, as the routes give it."""
    return TurnView(
        turn=made,
        said=tuple(sentences),
        tables=tuple(tables),
        sources=tuple(BY_ID[item] for item in sources),
        siblings=(made.turn_id,),
    )


def week():
    """A long answer with a table."""
    answer = Answer(
        uses=(
            use("week", 210, 41, "6 of 41 accounts", evidence=(SPEND, DUE), rep_id="282", limit=6),
            use("explain_account", 40, 9, "Rank 2 of 41", account_id="1017", evidence=(OPEN,)),
            use(
                "search_notes",
                2_130,
                38,
                "3 notes of 38",
                query="site visit",
                evidence=(NOTE, MAIL),
            ),
            use(
                "compare_accounts",
                12,
                0,
                "There is no account '1018x' in your book. Use its id or its whole name.",
                state="failed",
                account_id="1017",
                other_id="1018x",
            ),
        ),
        notes=("Hours are those of the coverage model; holidays are not in the export.",),
        omissions=(
            "A figure in it is in none of the cited sources.",
            "It names an account that its sources do not speak of.",
        ),
        offers=(
            Offer(label="Draft a plan for Riverbend Cycle", text="/draft 1017"),
            Offer(label="Why not Alder Foods?", text="/why 1022"),
            Offer(label="What changed since June?", text="/changed since 2026-06-01"),
        ),
        model=ModelUse(
            model="qwen3-30b",
            prompt="chat",
            prompt_version=1,
            calls=3,
            input_tokens=6_210,
            output_tokens=412,
            cost="0.0031",
        ),
        as_of=date(2026, 11, 14),
        book_id="B-1",
        currency="USD",
    )
    return view(
        turn("t1", "Which accounts deserve this week, and why not Riverbend?", answer=answer),
        [
            said(
                "Six of your 41 accounts are worth a visit or a call this week; Riverbend Cycle "
                "is second, not missing.",
                mark="judgement",
            ),
            said(
                "Riverbend Cycle bought ",
                ("96,720", SPEND),
                " in the last 12 months and its next order is due on ",
                ("4 Dec 2026", DUE),
                ".",
                pills=(SPEND, DUE),
                mark="computed",
            ),
            said(
                "In the visit of 29 Oct 2026 dwell on the service floor “averaged 94 minutes”.",
                pills=(NOTE,),
            ),
            said(
                "Independent retailers in the region expect flat sales.",
                pills=(OLD,),
                mark="weak",
                outcome="flagged",
                remarks=("The report is 257 days old.",),
            ),
            said(
                "Their workshop lead may move to the Tacoma site.",
                pills=("none",),
                mark="none",
                outcome="flagged",
                remarks=("No source supports it.",),
            ),
        ],
        [
            table(
                "This week, best first",
                ("Account", "Tier", "Why now", "Hours", "Open potential, USD"),
                (
                    ("Kingfisher Outdoor", MAIL),
                    "Strategic",
                    "Order overdue by 12 days",
                    ("3.5", DUE),
                    ("188,400", OPEN),
                ),
                (
                    ("Riverbend Cycle", MAIL),
                    "Strategic",
                    "Asked for helmet options",
                    ("2.5", DUE),
                    ("143,280", OPEN),
                ),
                (
                    ("Alder Foods", MAIL),
                    "Growth",
                    "No touch for 61 days",
                    ("1.5", DUE),
                    ("71,050", OPEN),
                ),
                (
                    ("Northgate Sports", MAIL),
                    "Growth",
                    "First order since March",
                    ("1.0", DUE),
                    ("48,900", OPEN),
                ),
            )
        ],
        (NOTE, MAIL, OLD, SPEND, OPEN, DUE),
    )


def clarifying(parent="t1"):
    """A question back."""
    answer = Answer(
        kind="question",
        notes=("Two accounts are called Alder Foods. Which one do you mean?",),
        offers=(
            Offer(label="Alder Foods, Seattle (1022), yours", text="/why 1022"),
            Offer(label="Alder Foods Holding, Boise (1188), Mateo Ferreira", text="/why 1188"),
        ),
        uses=(use("find_accounts", 8, 2, "2 accounts", query="alder foods"),),
        as_of=date(2026, 11, 14),
    )
    return view(turn("t2", "and alder foods?", parent=parent, answer=answer))


def drafted(parent="t2"):
    """A plan drafted on the person's own words."""
    answer = Answer(
        notes=("No language model was used: this is what the tools found, in their own words.",),
        uses=(use("draft_plan", 11_240, 5, "Version 2, 3 blockers", account_id="1017"),),
        artifacts=(Artifact(type="plan", id="PL-1017", version=2, link="/plans/PL-1017?v=2"),),
        as_of=date(2026, 11, 14),
    )
    made = turn(
        "t3",
        "Draft the plan for Riverbend, use the site visit",
        parent=parent,
        answer=answer,
        finished="2026-11-20T09:12:11.700000+00:00",
    )
    sentence = said("The draft for Riverbend Cycle waits for its review.", mark="judgement")
    return view(made, [sentence])


def running(parent=None, turn_id="t4"):
    """A question that is still being answered."""
    return view(
        turn(turn_id, "What changed in the Northwest since June?", parent=parent, status="running")
    )


def failed(parent=None, turn_id="t5"):
    """A turn that failed."""
    error = TurnError(
        code="model_failed",
        message="The model's endpoint answered 503 three times.",
        hint="Try again in a minute, or ask with a command such as /week: those need no model.",
        retryable=True,
    )
    return view(turn(turn_id, "Make it fit 30 hours", parent=parent, status="failed", error=error))


def stopped(parent=None, turn_id="t6"):
    """An answer that the person stopped."""
    answer = Answer(label="Stopped", uses=(use("changes", 320, 12, "12 changes"),))
    sentence = said("Twelve accounts changed hands or tier since June.", pills=(SPEND,))
    return view(
        turn(
            turn_id, "What changed in my territory?", parent=parent, status="stopped", answer=answer
        ),
        [sentence],
        (),
        (SPEND,),
    )
