"""The verifier lets a sentence state both books' values, and readers see no more than theirs."""

from __future__ import annotations

import pytest

from agent.verifier.case import Case
from agent.verifier.check import check_claims
from agent.vocabulary import build_vocabulary
from domain.assignment import Lock
from domain.cycle import Figure
from domain.evidence import REPS_JOINED_BY, CalculationSource, Evidence, Ledger
from domain.period import planning_period
from domain.plan import Citation, Claim, Slot
from domain.principal import Principal, Scope
from tests.tools.cycle.test_triggers_deals import REGULAR
from tests.tools.cycle.two_books import (
    EARLIER,
    LATER,
    OWNERS,
    REPS,
    accounts,
    compare,
    order,
    reps,
    side,
)
from tools.cycle.side import Side
from tools.cycle.triggers import Triggers

FORMATS = {"money": "money", "count": "number", "date": "date", "days": "days", "text": "text",
           "name": "name"}  # fmt: skip
READER = Principal(
    person="mo", name="Mo", workspace="w", roles=frozenset({"manager"}),
    scope=Scope(reps=frozenset(REPS)),
)  # fmt: skip


def deals(*amounts: float, closes: str = "2027-03-31"):
    return [
        {
            "opportunity_id": str(number), "account_id": "A", "name": f"Order {number}",
            "stage": "proposal", "amount": amount, "opened": "2026-10-01", "closes": closes,
        }
        for number, amount in enumerate(amounts)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def sides(coverage) -> tuple[Side, Side]:
    """Ana's A changed in every way; C went from Ana to Bo, B from Ana to Zoe; Cy left."""
    owners = {**OWNERS, "C": "ana", "E": "cy"}
    pia = {"contact_id": "P", "account_id": "A", "name": "Pia Roe", "role": "champion"}
    money = [order("C", EARLIER, 70.0), order("E", EARLIER, 50.0)]
    cy = {"name": "Cy Ode"}
    company = coverage.company.model_copy(update={"competitors": ("Norvane",)})
    rules = coverage.model_copy(update={"company": company})
    before = side(
        rules, EARLIER, accounts=accounts(owners), reps=reps(cy=cy), contacts=[pia],
        orders=[*REGULAR, *money], opportunities=deals(10_000.0, 50_000.0),
        p50={"A": 40_000.0, "E": 9.5},
    )  # fmt: skip
    after = side(
        rules, LATER, reps=reps(cy={**cy, "active_to": "2026-12-31"}), orders=[*REGULAR, *money],
        accounts=accounts(
            {**owners, "C": "bo", "B": "zoe", "E": None}, C={"parent_id": "A"}
        ),
        opportunities=deals(10_000.0, closes="2027-06-30"), p50={"A": 90_000.0, "C": 8.0},
        documents=[
            {
                "document_id": "D-1", "account_id": "A", "kind": "competitive", "title": "Paper",
                "author_class": "external", "publisher": "Wheel Weekly", "published": "2027-01-22",
                "uri": "https://wheel.example/1", "text": "Norvane opens a depot.",
            }
        ],
    )  # fmt: skip
    return before, after


@pytest.fixture(scope="module")
def found(sides) -> Triggers:
    lock = Lock(account_id="A", rep_id="bo", by="mo", reason="r", until=EARLIER)
    return compare(*sides, (*REPS, "cy"), locks=[lock])


def test_the_books_hold_every_kind_that_two_books_alone_can_show(found):
    assert {row.kind for row in found.rows} == {
        "rep_left", "owner_changed", "family_changed", "potential_changed", "pipeline_changed",
        "deal_slipped", "renewal_slipped", "champion_gone", "competitor_appeared", "lock_expired",
    }  # fmt: skip


def test_every_figure_and_every_fact_named_is_among_the_evidence_with_its_ancestors(found):
    known = {item.id: item for item in found.evidence}
    for row in found.rows:
        assert row.evidence
        assert set(row.evidence) <= known.keys()
        figures = [item for item in (row.before, row.after, row.amount) if item is not None]
        for item in figures:
            if item.value is None:
                assert item.note
            else:
                assert item.evidence_id is not None
                assert known[item.evidence_id].value == item.value
        dates = [known[key].dated() for key in row.evidence]
        told = [day for day in dates if day is not None]
        assert told == sorted(told, reverse=True)  # the newest first
    for item in found.evidence:
        if isinstance(item.source, CalculationSource):
            assert set(item.source.parents) <= known.keys()


def test_no_evidence_is_of_a_rep_who_is_not_looked_at(found):
    scopes = {rep for item in found.evidence for rep in item.scope.split(REPS_JOINED_BY)}
    assert scopes <= {"", *REPS, "cy"}
    assert not any("zoe" in item.value.lower() for item in found.evidence)


def judged(found: Triggers, sides, row, ledger: Ledger):
    """Say both values of a trigger in one sentence, under the names of what it is about."""
    known = ledger.entries
    figures = [
        item for item in (row.before, row.after) if item is not None and item.value is not None
    ]
    subject = row.subject.split("/", 1)[0]
    facts: list[Evidence] = [known[item.evidence_id] for item in figures if item.evidence_id]
    names = [
        known[key]
        for key in row.evidence
        if known[key].entity == facts[0].entity != subject and known[key].unit == "name"
    ][:1]
    told = {"name": names[:1], "was": facts[:-1], "now": facts[-1:]}
    slots = {slot: item for slot, items in told.items() for item in items}
    words = facts[-1].metric.removeprefix("previous_").replace("_", " ")
    text = f"Its {words} {'at {{name}} ' if names else ''}is {{{{now}}}}"
    text += ", and was {{was}} before." if "was" in slots else "."
    claim = Claim(
        key="changed", kind="fact", subject=subject, text=text, premises=[],
        slots=[
            Slot(name=name, evidence_id=item.id, format=FORMATS[item.unit])  # type: ignore[arg-type]
            for name, item in slots.items()
        ],
        citations=[Citation(evidence_id=key, quote=None) for key in row.evidence],
    )  # fmt: skip
    after = sides[1]
    case = Case(
        ledger, READER, after.coverage, subject, after.as_of,
        planning_period(after.as_of, 90), "USD",
    )  # fmt: skip
    ((_, outcome, _, findings),) = check_claims([claim], lambda _: case)
    return outcome, findings


def test_a_sentence_that_states_both_values_is_supported(found, sides):
    after = sides[1]
    more = [
        item
        for account in "AC"
        for metric in ("potential_p50", "open_pipeline", "net_spend_12m")
        for item in after.analyses.cite_all(f"account:{account}", metric)
    ]
    vocabulary = build_vocabulary(after.book, after.coverage)
    ledger = Ledger.of([*found.evidence, *more], found.texts, vocabulary)
    for row in found.rows:
        if row.rep_id in REPS:  # the leaver's rows are not this reader's
            assert judged(found, sides, row, ledger) == ("supported", ()), row.kind


def test_values_of_the_earlier_book_are_no_rivals_of_the_later_ones(found, sides):
    # A sentence may state the later value alone: the earlier one neither contradicts nor
    # replaces it.
    after = sides[1]
    ledger = Ledger.of(found.evidence, found.texts, build_vocabulary(after.book, after.coverage))
    for kind in ("potential_changed", "pipeline_changed"):
        row = next(item for item in found.rows if item.kind == kind)
        alone = row.model_copy(update={"before": None, "evidence": (row.after.evidence_id,)})
        assert judged(found, sides, alone, ledger) == ("supported", ())


def test_an_unknown_value_says_why(found):
    row = next(row for row in found.rows if row.account_id == "B")
    assert isinstance(row.after, Figure)
    assert (row.after.value, row.after.evidence_id) == (None, None)
    assert row.after.note == "a rep outside of this review"
