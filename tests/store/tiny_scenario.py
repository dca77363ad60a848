"""A row of two designs for the reps Ana and Bo, made by hand, and scenarios about it."""

from __future__ import annotations

from datetime import date

from domain.assignment import (
    Constraint,
    DesignPoint,
    Feedback,
    Frontier,
    Move,
    MoveChoice,
    RepFigures,
    ScenarioContent,
    ScenarioRep,
    SixFigures,
)
from domain.decision import Decision, DecisionRequest
from domain.principal import Principal
from store.store import Store
from tests.store.tiny_store import AS_OF, DANA, NOW, PERIOD, REVOPS

SCENARIO = "S-0123456789"
ACCOUNTS = ("1", "2", "3")


def figures(spread: float, moved: int) -> SixFigures:
    return SixFigures(
        spread_potential=spread,
        spread_workload=spread / 2,
        heaviest_week=30.0,
        accounts_moved=moved,
        accounts_moved_share=moved / 3,
        revenue_moved=1_000.0 * moved,
        revenue_moved_share=moved / 3,
        relationships_kept=3 - moved,
        relationships=3,
    )


def held(rep: str, accounts: int) -> RepFigures:
    return RepFigures(
        rep_id=rep,
        accounts=accounts,
        potential=100.0 * accounts,
        potential_target=150.0,
        hours=10.0 * accounts,
        hours_target=15.0,
        needed_hours=11.0 * accounts,
        capacity=100.0,
        travel_hours=1.0 * accounts,
        revenue=1_000.0 * accounts,
    )


def move(account: str = "2", to: str = "bo", points: float | None = 0.5) -> Move:
    return Move(
        account_id=account,
        account_name={"1": "Alder", "2": "Birch", "3": "Cedar"}[account],
        from_rep="ana",
        to_rep=to,
        potential=100.0,
        revenue=1_000.0,
        hours=10.0,
        travel_change=1.0,
        relationship_years=3.0,
        relationship_share=0.1,
        points=points,
        why_not_stay="" if points is not None else "Ana does not work the segment.",
        reason="Ana is 100 % over her hours, Bo has none.",
    )


def point(
    index: int, assignment: tuple[int, ...], moves: tuple[Move, ...], weight: float = 1.0
) -> DesignPoint:
    ana = sum(rep == 0 for rep in assignment)
    return DesignPoint(
        index=index,
        label="as it is" if index == 0 else "balance",
        disruption_weight=weight,
        assignment=assignment,
        figures=figures(1.0 - 0.3 * len(moves), len(moves)),
        reps=(held("ana", ana), held("bo", len(assignment) - ana)),
        objective=10.0 - 2.0 * len(moves),
        bound=5.0,
        gap=5.0 - 2.0 * len(moves),
        work_points=4.0 - len(moves),
        potential_points=6.0 - 2 * len(moves),
        disruption_points=1.0 * len(moves),
        travel_points=0.0,
        moves=moves,
        prices=((0.0, 0.0),) * 4,
    )


def make_frontier(
    *, moves: tuple[Move, ...] = (), constraints: tuple[Constraint, ...] = (), seed: int = 0
) -> Frontier:
    """Ana owns all three accounts; the second design gives Birch to Bo, or what `moves` say."""
    moved = moves or (move(),)
    to = {item.account_id: item.to_rep for item in moved}
    after = tuple(1 if to.get(account) == "bo" else 0 for account in ACCOUNTS)
    return Frontier(
        book_id="bk",
        coverage_hash="cov",
        as_of=AS_OF,
        period_start=PERIOD.start,
        period_end=PERIOD.end,
        currency="USD",
        seed=seed,
        steps=10,
        team="",
        reps=(
            ScenarioRep(rep_id="ana", name="Ana", capacity=100.0, ramp=1.0, account_limit=9),
            ScenarioRep(rep_id="bo", name="Bo", capacity=100.0, ramp=1.0, account_limit=9),
        ),
        accounts=ACCOUNTS,
        constraints=constraints,
        points=(point(0, (0, 0, 0), ()), point(1, after, moved)),
        suggested=1,
        knee=1,
        suggested_why="It is the first that meets every target.",
    )


def make_scenario(
    frontier: Frontier | None = None,
    *,
    reps: tuple[str, ...] = ("ana", "bo"),
    submitted: bool = False,
    accepted: tuple[str, ...] = (),
    name: str = "Spring",
    **more: object,
) -> ScenarioContent:
    row = frontier or make_frontier()
    return ScenarioContent.model_validate(
        {
            "name": name,
            "trigger": "",
            "frontier": row.hash,
            "book_id": row.book_id,
            "coverage_hash": row.coverage_hash,
            "ledger_root": "",
            "team": "",
            "reps": reps,
            "chosen": row.suggested,
            "choices": tuple(
                MoveChoice(account_id=account, choice="accept", person="remy")
                for account in accepted
            ),
            "submitted": submitted,
            "submitted_by": "remy" if submitted else None,
            **more,
        }
    )


def objection(
    account: str = "2", rep: str = "ana", person: str = "ana", reason: str = "I know them."
) -> Feedback:
    return Feedback(
        account_id=account,
        rep_id=rep,
        answer="keep",
        reason=reason,
        person=person,
        said_on=date(2026, 10, 1),
    )


def save(
    store: Store,
    content: ScenarioContent,
    base: int | None = None,
    by: Principal = REVOPS,
    frontier: Frontier | None = None,
    step: str = "ran",
) -> int:
    row = frontier or make_frontier()
    return store.scenarios.save_version(
        by, SCENARIO, content, row if row.hash == content.frontier else None,
        base_version=base, step=step,
    )  # fmt: skip


def decide(
    store: Store,
    content: ScenarioContent,
    version: int = 1,
    verdict: str = "approved",
    by: Principal = DANA,
    reason: str = "Good.",
    pinned: str | None = None,
    bound: str | None = None,
) -> Decision:
    return store.decisions.decide(
        by,
        "scenario",
        SCENARIO,
        DecisionRequest(version=version, verdict=verdict, reason=reason, plan_hash=pinned),
        subject_hash=bound or content.scenario_hash,
        ledger_root=content.ledger_root,
        coverage_hash=content.coverage_hash,
        now=NOW,
    )


def approve(store: Store, content: ScenarioContent, version: int = 1) -> Decision:
    decision = decide(store, content, version)
    store.effects.take_effect(DANA, decision.decision_id, now=NOW)
    return decision
