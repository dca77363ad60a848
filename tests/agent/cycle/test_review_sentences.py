"""What the embedded writer says of a small quarter, in its own words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.coverage import CoverageModel, parse_coverage
from domain.evidence import Evidence, RecordSource
from domain.review import Carried
from tests.agent.cycle.reviewed import Reviewed, quarter, review, territory
from tests.tools.conftest import DEFAULTS, make_book
from tests.tools.cycle.two_books import BOUGHT, EARLIER, LATER, REPS, accounts, reps
from tools.analyses import analyse
from tools.cycle.side import Side
from tools.cycle.triggers import triggers

BEHIND = ("100000", "50000", "behind")
ON_TRACK = ("100000", "98000", "on track")
DEAL = {
    "opportunity_id": "O-1", "account_id": "A", "owner_id": "ana", "name": "Winter order",
    "stage": "proposal", "amount": 4000.0, "opened": date(2026, 10, 1),
}  # fmt: skip


def side(coverage: CoverageModel, as_of: date, **tables: Any) -> Side:
    """The four accounts of ana, bo and zoe with all their analyses."""
    book = make_book(
        as_of=as_of, book_id=f"book-{as_of}", accounts=accounts(), reps=reps(), orders=BOUGHT,
        **tables,
    )  # fmt: skip
    return Side(book, coverage, analyse(book, coverage))


@pytest.fixture(scope="module")
def coverage() -> CoverageModel:
    """Account plans in every tier: potentials of four accounts are too few to tell."""
    model = parse_coverage(DEFAULTS.read_text(encoding="utf-8"))
    tiers = tuple(tier.model_copy(update={"plan": "light"}) for tier in model.tiers)
    return model.model_copy(update={"tiers": tiers})


@pytest.fixture(scope="module")
def before(coverage) -> Side:
    return side(coverage, EARLIER, opportunities=[{**DEAL, "closes": date(2026, 12, 1)}])


@pytest.fixture(scope="module")
def after(coverage) -> Side:
    """The deal of A moved to March, and somebody wants B."""
    note = {
        "document_id": "D-1", "account_id": "B", "kind": "note", "title": "Call",
        "author": "Bo Lund", "author_class": "internal", "published": date(2027, 1, 20),
        "text": "Bo would like to own this account.",
    }  # fmt: skip
    return side(
        coverage,
        LATER,
        opportunities=[{**DEAL, "closes": date(2027, 3, 1)}],
        documents=[note],
    )


def told(before: Side, after: Side, *rows, problem: bool | None = False, **more) -> Reviewed:
    return review(
        before, after, triggers(before, after, reps=REPS), quarter(rows, problem=problem), **more
    )


def test_a_slipped_deal_is_told_weighed_and_doubted(before, after) -> None:
    found = told(before, after, territory("ana", booked=BEHIND))
    (key,) = found.keys("change.")

    assert found.omissions == ()
    assert found.text(key) == (
        "Winter order of Name of A is a deal that now closes on 1 Mar 2027, not on 1 Dec 2026; "
        "the deal is worth $4K."
    )
    # Tier 3 is automated and gives no hours: a call of 30 minutes with 15 to prepare it.
    assert found.text("adjustment.1") == (
        "Agree with Name of A what has to happen before Winter order closes; the deal is worth "
        "$4K. It takes 0.75 h of the hours of its rep. It is small money: worth a call, and no "
        "visit of its own."
    )
    assert found.text("against.1") == (
        "Against it: what changed is at most 91 days old, and may not last."
    )
    assert found.text("cause.ana") == (
        "We guess that it is Winter order of Name of A: a deal worth $4K slipped."
    )
    advice = next(i for i in found.sentences if i.claim.key == "adjustment.1")
    assert (advice.claim.kind, advice.claim.premises) == ("recommendation", [key])


def test_money_above_the_bound_is_not_called_small(before, after) -> None:
    found = told(before, after, territory("ana"), small="4000")

    assert "small" not in found.text("adjustment.1")


def test_wanting_an_account_is_refused_in_words(before, after) -> None:
    found = told(before, after, territory("ana"))

    assert found.text("not_proposed.1") == (
        "Not proposed: giving Name of B to somebody who asked for it. Wanting an account is no "
        "reason to redraw territories."
    )
    assert "Bo" not in found.text("not_proposed.1")


def test_a_quiet_territory_is_told_by_its_touches_and_one_on_track_needs_no_cause(
    before, after
) -> None:
    found = told(
        before, after,
        territory("ana", booked=BEHIND, touches=("20", "9", "behind")),
        territory("bo", booked=ON_TRACK),
    )  # fmt: skip

    assert found.text("cause.ana") == (
        "9 touches were made, and 20 were due by now: fewer talks than the plan asked for."
    )
    assert found.text("cause.bo") == (
        "Bookings are $98K, and $100K was due by now: nothing to explain."
    )


def test_a_gap_that_nothing_explains_is_said_to_be_unexplained(before, after) -> None:
    found = told(before, after, territory("bo", booked=BEHIND))
    (cause,) = [item for item in found.sentences if item.claim.key == "cause.bo"]

    assert found.text("cause.bo") == (
        "Bookings are $50K, and $100K was due by now; nothing on file says why, so any cause "
        "would be a guess."
    )
    assert (cause.claim.kind, cause.mark) == ("assumption", "judgement")


def test_two_groups_are_named_as_a_problem_of_territories(before, after) -> None:
    found = told(before, after, territory("ana"), problem=True)

    assert found.text("summary.spread") == (
        "Attainment falls apart into groups, with a spread of 0.4x: look at the territories "
        "before looking at the people."
    )
    assert told(before, after, territory("ana")).keys("summary.spread") == []


def test_without_a_change_the_summary_says_that_nothing_is_to_be_decided(coverage) -> None:
    far = [{**DEAL, "closes": date(2027, 6, 30)}]
    was, now = (side(coverage, day, opportunities=far) for day in (EARLIER, LATER))
    found = told(was, now, territory("ana"))

    assert found.parts.triggers == ()
    assert found.text("summary.decide") == (
        "Nothing that changed asks for a decision: keep to the plans there are."
    )


def test_a_claim_that_no_longer_holds_asks_to_be_confirmed(before, after) -> None:
    def town(value: str) -> Evidence:
        return Evidence(
            entity="account:A", metric="city", value=value, unit="name",
            source=RecordSource(table="accounts", row="A", field="city"), scope="ana",
        )  # fmt: skip

    was = before.analyses.cite("account:A", "net_spend_12m")
    now = after.analyses.cite("account:A", "net_spend_12m")
    now = Evidence(**{**now.model_dump(), "value": "450"})
    rows = [
        Carried(
            key=f"carried.P-1.{state}", plan_id="P-1", plan_version=1, account_id="A", text="",
            said_on=EARLIER, state=state, evidence=tuple(item.id for item in cited),
        )
        for state, cited in (("holds", [town("Ogden")]), ("changed", [was, now]),
                             ("gone", [town("Tooele")]))
    ]  # fmt: skip
    found = told(
        before, after, territory("ana"), carried=rows,
        more=[was, now, town("Ogden"), town("Tooele")],
    )  # fmt: skip

    assert found.keys("carried.") == ["carried.P-1.changed", "carried.P-1.gone"]
    assert found.text("carried.P-1.changed") == (
        "Confirm or change it: a claim of the plan of Name of A rests on a spend of $300 a year "
        "before, which is $450 now."
    )
    assert found.text("carried.P-1.gone") == (
        "Confirm or change it: a claim of the plan of Name of A rests on something that is no "
        "longer on file."
    )
