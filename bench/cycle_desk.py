"""Whole territory plans and reviews of a made-up team, through the desk that people use."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

import tools.analyses
from agent.cycle import gather, nodes, sentences
from agent.run_events import RunEvent
from api.workspace import Workspace
from bench.cycle_home import LOADER, approve, head, keep, team_home
from bench.cycle_plain import plain_changes
from bench.report import Report, seconds
from bench.stages import Stage, stages
from bench.timing import Times, alternately, timed
from domain.book import Book
from domain.cycle_version import CycleVersion
from domain.review import ReviewContent
from store.records import StoreRecords
from tools.cycle.side import Side
from tools.cycle.triggers import triggers

PLAN_GOAL, REVIEW_GOAL = 3.0, 20.0
ANALYSES = "analyses of the {} book"
STORING = "storing: ledger, version, texts between steps"


@dataclass
class Steps:
    """The seconds of each step of runs, by name, in the order of the graph."""

    taken: dict[str, list[float]] = field(default_factory=dict)
    _began: float = 0.0

    def __call__(self, event: RunEvent) -> None:
        """Take note of an event."""
        if event.type == "step.started":
            self._began = time.perf_counter()
        elif event.type == "step.finished":
            step = str(event.data["step"])
            self.taken.setdefault(step, []).append(time.perf_counter() - self._began)


def cycle(
    report: Report, home: Path, rules: str, books: tuple[Book, Book], *, plans: int, runs: int
) -> None:
    """Plan every rep, approve `plans` of them, and review the quarter `runs` times each way."""
    before, after = books
    reps = sorted({*before.rows("reps"), *after.rows("reps")})
    with team_home(home, rules, reps, heads=2 * runs) as workspace:
        keep(workspace, before)
        made = territories(report, workspace)
        for version in made[:plans]:
            approve(workspace, version)
        keep(workspace, after)
        reviews(report, workspace, made[0].content.quarter, before, runs)


def territories(report: Report, workspace: Workspace) -> list[CycleVersion]:
    """Draft the plan of every rep who owns accounts, and tell what one takes."""
    reading = workspace.reading(workspace.principal(LOADER))
    read = timed(lambda: reading.analyses)
    who = workspace.principal(head(0))
    reps = [rep for rep in reading.book.rows("reps") if reading.analyses.ranks.of_owner(rep)]
    made: list[CycleVersion] = []
    steps = Steps()
    first = timed(lambda: made.append(workspace.cycle.draft_territory(who, reps[0])))
    taken = [
        timed(
            lambda rep=rep: made.append(  # type: ignore[misc]
                workspace.cycle.draft_territory(who, rep, progress=steps)
            )
        )
        for rep in reps[1:]
    ]
    whole = Times(tuple(taken))
    table = report.table(
        f"Territory plans of {len(reps)} reps, each from its request to its review",
        ("what", "P50", "P95", "max", "goal for P95"),
    )
    table.rows += [
        ("one whole plan, the first left out", *_spread(whole), seconds(PLAN_GOAL)),
        *((f"its step {step}", *_spread(Times(tuple(each))), "") for step, each in _long(steps)),
        ("the first of the process", *[seconds(first)] * 3, ""),
        ("analyses of the book, once before the first", *[seconds(read)] * 3, ""),
    ]
    table.values.append({"seconds": taken, "first": first, "analyses": read})
    sizes = [len(workspace.cycle.ledger(who, version).entries) for version in made]
    report.note(f"A territory plan's ledger holds {min(sizes):,} to {max(sizes):,} facts.")
    return made


def _long(steps: Steps) -> list[tuple[str, list[float]]]:
    """Steps worth a row: of ten milliseconds and more."""
    return [(step, each) for step, each in steps.taken.items() if Times(tuple(each)).median >= 0.01]


def reviews(
    report: Report, workspace: Workspace, quarter: str, before: Book, runs: int
) -> ReviewContent:
    """Review a quarter, with nothing of either book worked out yet and with everything."""
    cold, warm = _Runs(), _Runs()
    for number in range(runs):
        workspace.readings.forget()
        _review(workspace, head(2 * number), quarter, before, cold)
        content = _review(workspace, head(2 * number + 1), quarter, before, warm)
    table = report.table(
        f"A review of {len(content.reps)} reps and "
        f"{len(workspace.reading(workspace.principal(LOADER)).book['accounts']):,} accounts, "
        f"median of {runs}",
        ("what", "nothing worked out", "both books worked out", "goal"),
    )
    table.rows += [
        ("the whole review", seconds(cold.whole), seconds(warm.whole), seconds(REVIEW_GOAL)),
        ("processor time of it", seconds(cold.worked), seconds(warm.worked), ""),
    ]
    table.rows += [
        (stage, seconds(cold.stage(stage)), seconds(warm.stage(stage)), "")
        for stage in cold.taken[0]
    ]
    table.rows.append(("all else", seconds(cold.rest), seconds(warm.rest), ""))
    table.values.append(
        {
            "cold": cold.seconds,
            "warm": warm.seconds,
            "cold_processor": cold.processor,
            "warm_processor": warm.processor,
        }
    )
    report.note(
        "A review with nothing worked out reads the analyses of both books first, as the first "
        "one after an import does; with both worked out, another person reviews the same books. "
        "A stage has its own time alone, without the stages that it calls."
    )
    report.note(
        "Nobody of the made-up book is met again after the earlier one, so that every seventh "
        "account has a champion who fell silent: more changes than a team of people has."
    )
    who = workspace.principal(head(0))
    entries = len(workspace.cycle.ledger(who, workspace.cycle.review(who, quarter)).entries)
    told = report.table("What the review holds", ("what", "count"))
    told.rows += [
        (what, f"{count:,}")
        for what, count in (
            ("territories", len(content.data.territories)),
            ("changes", len(content.triggers)),
            ("recommendations", len(content.adjustments)),
            ("carried forward", len(content.carried)),
            ("sentences", len(content.report.sentences)),
            ("facts in its ledger", entries),
            ("bytes of its content", len(content.model_dump_json())),
        )
    ]
    _against_plain(report, workspace, content, runs)
    return content


@dataclass
class _Runs:
    """Reviews of one kind: their seconds in all and by stage."""

    seconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    taken: list[dict[str, float]] = field(default_factory=list)

    @property
    def whole(self) -> float:
        return Times(tuple(self.seconds)).median

    @property
    def worked(self) -> float:
        return Times(tuple(self.processor)).median

    def stage(self, name: str) -> float:
        return Times(tuple(each.get(name, 0.0) for each in self.taken)).median

    @property
    def rest(self) -> float:
        left = [
            whole - sum(each.values()) for whole, each in zip(self.seconds, self.taken, strict=True)
        ]
        return Times(tuple(left)).median


def _review(
    workspace: Workspace, person: str, quarter: str, before: Book, done: _Runs
) -> ReviewContent:
    made: list[CycleVersion] = []
    who = workspace.principal(person)
    began = time.process_time()
    with stages(_watched(before)) as taken:
        whole = timed(lambda: made.append(workspace.cycle.draft_review(who, quarter)))
    done.processor.append(time.process_time() - began)
    done.seconds.append(whole)
    done.taken.append(taken)
    content = made[0].content
    assert isinstance(content, ReviewContent)
    return content


def _watched(before: Book) -> tuple[Stage, ...]:
    def analyses(book: Book, *_: object, **__: object) -> str:
        return ANALYSES.format("earlier" if book.book_id == before.book_id else "later")

    return (
        Stage(tools.analyses, "stand", "where accounts stood before"),
        Stage(tools.analyses, "analyse", analyses),
        Stage(gather, "track", "tracking"),
        Stage(gather, "triggers", "triggers"),
        Stage(gather, "adjustments", "adjustments"),
        Stage(gather, "carried", "carried forward"),
        Stage(sentences, "own", "sentences"),
        Stage(nodes, "settle", "verifier"),
        *(
            Stage(StoreRecords, name, STORING)
            for name in ("keep", "fetch", "keep_ledger", "ledger", "save_cycle", "cycle_version")
        ),
    )


def _against_plain(report: Report, workspace: Workspace, content: ReviewContent, runs: int) -> None:
    """Hold the triggers against a loop that goes through both books account by account."""
    after, before = (
        workspace.readings.of(workspace.principal(LOADER), book_id, coverage_hash)
        for book_id, coverage_hash in (
            (content.book_id, content.coverage_hash),
            (content.earlier_book_id, content.earlier_coverage_hash),
        )
    )
    one, two = (Side(it.book, it.coverage, it.analyses) for it in (before, after))
    ours: set[tuple[str, str]] = set()
    plain: set[tuple[str, str]] = set()

    def with_evidence() -> None:
        rows = triggers(one, two, reps=content.reps).rows
        ours.update((row.kind, row.subject) for row in rows)

    def plainly() -> None:
        plain.update(
            plain_changes(before.book, after.book, content.reps, after.coverage.review.slipped_days)
        )

    mine, other = alternately([with_evidence, plainly], runs)
    times = report.times("Changes between the two books")
    times.add("triggers, 15 kinds with evidence", mine, against="plain loop, 3 kinds", other=other)
    report.note(
        "The loop counts each account that joined a family, triggers the family; triggers also "
        "tell deals that went back a stage or whose closing day has passed, and tell the accounts "
        "of a rep who left with the rep. Only triggers come with evidence."
    )
    table = report.table("What both tell", ("kind", "triggers", "plain loop", "both"))
    for kind in sorted({kind for kind, _ in plain}):
        here, there = ({item for item in found if item[0] == kind} for found in (ours, plain))
        table.rows.append((kind, *(f"{len(it):,}" for it in (here, there, here & there))))


def _spread(times: Times) -> tuple[str, str, str]:
    return (
        seconds(times.percentile(0.5)),
        seconds(times.percentile(0.95)),
        seconds(max(times.seconds)),
    )
