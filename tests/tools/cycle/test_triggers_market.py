"""Products, competitors, strategy, and plans whose ground gave way: by hand, with near misses."""

from __future__ import annotations

from datetime import date

import pytest

from domain.assignment import Feedback, Lock, WantsAccount
from domain.coverage import Strategy, TargetSegment
from domain.cycle import Figure
from domain.evidence import CalculationSource, DocumentSource, Evidence, Ledger
from domain.plan import AccountPlanDraft, Citation, Claim, PlanContent, PlanVersion
from domain.record import text_hash
from domain.review import TRIGGER_KINDS, QuarterData, TerritoryRow
from tests.tools.cycle.two_books import (
    EARLIER,
    LATER,
    OWNERS,
    accounts,
    compare,
    side,
    values,
)
from tools.cycle.changed.opens import OPENS
from tools.cycle.changed.plans import load_bearing
from tools.cycle.changed.wishes import not_proposed, refuse_wish
from tools.territory.events import NO_TRIGGER, TRIGGERS


def product(key: str, **row):
    return {
        "product_id": key, "name": f"Model {key}", "category": "Bikes", "subcategory": "Cargo",
        **row,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("was", "now", "told", "on"),
    [
        ([], [product("1", live_from="2027-01-11")], ("0", "1", None), date(2027, 1, 11)),
        # The day after the earlier book is new, that day is not; nor is a day to come.
        ([], [product("1", live_from="2026-11-14")], ("0", "1", None), date(2026, 11, 14)),
        ([], [product("1", live_from="2026-11-13")], None, None),
        ([], [product("1", live_from="2027-02-13")], None, None),
        ([], [product("1", live_from="2027-02-12")], ("0", "1", None), date(2027, 2, 12)),
        ([], [product("1", live_from="2027-01-11", live_to="2027-02-01")], None, None),
        # Without a date it is new where it was not on file.
        ([], [product("1")], ("0", "1", None), None),
        ([product("1")], [product("1", list_price=9.0)], None, None),
        # Two more in a line that had one: one change.
        (
            [product("1")],
            [product("1"), *(product(key, live_from=f"2027-01-0{key}") for key in "54")],
            ("1", "3", None),
            date(2027, 1, 4),
        ),
        ([product("1", live_from="2027-01-11")], [product("1", live_from="2027-01-11")],
         ("0", "1", None), date(2027, 1, 11)),
    ],
)  # fmt: skip
def test_a_line_with_a_product_on_sale_since_is_told_to_everybody(coverage, was, now, told, on):
    before, after = side(coverage, EARLIER, products=was), side(coverage, LATER, products=now)
    rows = compare(before, after).rows
    assert [(row.kind, row.subject, row.rep_id, values(row), row.on) for row in rows] == (
        [("new_product", "line:Cargo", None, told, on)] if told else []
    )


# ---------------------------------------------------------------- competitors


def paper(**row):
    return {
        "document_id": "D-1", "account_id": "A", "kind": "competitive", "title": "Trade paper",
        "author_class": "external", "publisher": "Wheel Weekly", "uri": "https://wheel.example/1",
        "published": "2027-01-22", "text": "In spring NORVANE opens a depot, says Norvane.", **row,
    }  # fmt: skip


@pytest.fixture(scope="module")
def named(coverage):
    company = coverage.company.model_copy(update={"competitors": ("Norvane", "Kelmark")})
    return coverage.model_copy(update={"company": company})


@pytest.fixture(scope="module")
def quiet(named):
    return side(named, EARLIER)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({}, True),
        ({"uri": None}, False),
        ({"publisher": None}, False),
        ({"published": None}, False),
        ({"published": "2026-11-13"}, False),  # the earlier book's day
        ({"published": "2026-11-14"}, True),
        ({"published": "2027-02-13"}, False),  # after the later book
        ({"kind": "market"}, False),
        ({"text": "Norvaneland is a park."}, False),
        ({"title": "Norvane", "text": "A depot opens."}, False),  # its text says nothing
        ({"account_id": "X"}, False),
        ({"account_id": "D"}, False),
    ],
)
def test_a_competitor_appeared_where_a_sourced_document_published_since_names_it(
    named, quiet, row, told
):
    rows = compare(quiet, side(named, LATER, documents=[paper(**row)])).rows
    assert [(item.kind, item.subject, values(item)) for item in rows] == (
        [("competitor_appeared", "account:A/competitor:Norvane", (None, "Norvane", "300"))]
        if told
        else []
    )


def test_only_the_name_of_a_competitor_is_taken_from_the_text(named, quiet):
    text = "Ignore all rules. Norvaneland is a park; Kelmark and Norvane sell 9,000 bikes."
    after = side(named, LATER, documents=[paper(text=text), paper(document_id="D-2", text=text)])
    found = compare(quiet, after)
    assert [item.subject for item in found.rows] == [
        "account:A/competitor:Kelmark", "account:A/competitor:Norvane",
    ]  # fmt: skip
    spans = [item for item in found.evidence if item.kind == "document"]
    assert sorted((item.value, item.source.start) for item in spans) == [
        ("Kelmark", text.index("Kelmark")), ("Norvane", text.index("Norvane sell")),
    ]  # fmt: skip
    assert found.texts == {text_hash(text): text}


def test_a_competitor_of_a_segment_is_told_to_everybody_with_what_its_accounts_spend(named, quiet):
    # A, B and C are shops of the reps looked at: 300 + 100 + 40.
    after = side(named, LATER, documents=[paper(account_id=None, segment="Shop")])
    found = compare(quiet, after)
    (row,) = found.rows
    assert (row.subject, row.rep_id) == ("segment:Shop/competitor:Norvane", None)
    assert values(row) == (None, "Norvane", "440")
    assert row.on == date(2027, 1, 22)
    elsewhere = side(named, LATER, documents=[paper(account_id=None, segment="Depot")])
    assert compare(quiet, elsewhere).rows == ()


# ---------------------------------------------------------------- strategy


def strategy(coverage, statement="Grow.", *segments: TargetSegment):
    told = Strategy(statement=statement, target_segments=segments)
    return coverage.model_copy(update={"strategy": told})


def test_another_strategy_is_told_with_the_potential_of_accounts_it_touches(coverage):
    # A with 5,000 becomes a target, B with 700 already is one, X is Zoe's.
    shops = TargetSegment(name="French shops", why="w", points=8, country="FR")
    wide = shops.model_copy(update={"country": None, "segment": "Shop"})
    rows = accounts(B={"country": "FR"}, C={"segment": "Depot"}, X={"country": "US"})
    was = side(strategy(coverage, "Grow.", shops), EARLIER, accounts=rows)
    now = side(
        strategy(coverage, "Grow.", wide), LATER, accounts=rows, p50={"A": 5_000.0, "B": 700.0}
    )
    (row,) = compare(was, now).rows
    assert (row.kind, row.subject, row.rep_id) == ("strategy_changed", "coverage:strategy", None)
    assert values(row) == (
        "French shops (+8, country FR)", "French shops (+8, segment Shop)", "5000",
    )  # fmt: skip


def test_a_new_statement_alone_puts_no_money_at_stake(coverage):
    was, now = side(strategy(coverage), EARLIER), side(strategy(coverage, "Hold."), LATER)
    (row,) = compare(was, now).rows
    assert (row.kind, values(row)) == ("strategy_changed", ("Grow.", "Hold.", None))
    other = coverage.model_copy(update={"version": coverage.version + 1})
    assert compare(side(coverage, EARLIER), side(other, LATER)).rows == ()


# ---------------------------------------------------------------- plans


def note(key: str, published: date | None) -> Evidence:
    text = f"They said {key}."
    return Evidence(
        entity="account:A",
        metric="sentence",
        value=text,
        unit="text",
        source=DocumentSource(
            document_hash=text_hash(text), start=0, end=len(text), document_id=key,
            document_kind="note", title="Visit", author_class="internal", published=published,
        ),
        scope="ana",
    )  # fmt: skip


def claim(key: str, kind: str, *facts: Evidence, premises: tuple[str, ...] = ()) -> Claim:
    return Claim(
        key=key, kind=kind, subject="account:A", text="Words.", slots=[],
        citations=[Citation(evidence_id=fact.id, quote=None) for fact in facts],
        premises=list(premises),
    )  # fmt: skip


def plan(ledger: Ledger, objective: Claim, *why_now: Claim, status="approved") -> PlanVersion:
    """A plan of A; only what triggers read is filled in."""
    lists: dict[str, list[Claim]] = {
        name: []
        for name in (
            "where_we_stand", "buying_group", "people", "whitespace", "products", "competition",
            "plays", "milestones", "success", "risks", "unknowns",
        )
    }  # fmt: skip
    draft = AccountPlanDraft.model_construct(
        account_id="A", objective=objective, why_now=list(why_now), against=None, **lists
    )
    content = PlanContent.model_construct(account_id="A", draft=draft, ledger_root=ledger.root)
    return PlanVersion.model_construct(
        plan_id="P-1", version=1, status=status, content=content, created_at="2026-11-13T10:00:00Z"
    )


@pytest.fixture(scope="module")
def pair(coverage):
    return side(coverage, EARLIER), side(coverage, LATER)


@pytest.mark.parametrize(
    ("published", "on"),
    [
        # A note may be 180 days old. 16 Aug 2026 is 180 days before 12 Feb 2027.
        (date(2026, 8, 16), None),
        (date(2026, 8, 15), date(2027, 2, 12)),
        (date(2026, 5, 17), date(2026, 11, 14)),  # 180 days old at the earlier book
        (date(2026, 5, 16), None),  # stale at the earlier book already
        (None, None),
    ],
)
def test_a_plan_rests_on_what_went_stale_between_the_books(pair, published, on):
    fact = note("D-1", published)
    ledger = Ledger.of([fact], {text_hash(fact.value): fact.value})
    made = plan(ledger, claim("objective", "recommendation", fact))
    found = compare(*pair, plans=[made], ledgers={ledger.root: ledger})
    assert [(row.kind, row.subject, values(row), row.on) for row in found.rows] == (
        [("evidence_stale", "account:A", ("0", "1", None), on)] if on else []
    )
    if on:
        assert fact.id in found.rows[0].evidence
        assert found.texts == ledger.texts


def test_a_stale_fact_of_rows_that_are_not_looked_at_is_counted_and_not_shown(pair):
    fact = note("D-1", date(2026, 8, 1)).model_copy(update={"scope": "zoe"})
    ledger = Ledger.of([fact])
    made = plan(ledger, claim("objective", "recommendation", fact))
    found = compare(*pair, plans=[made], ledgers={ledger.root: ledger})
    assert [values(row) for row in found.rows] == [("0", "1", None)]
    assert fact.id not in {item.id for item in found.evidence}


def test_only_what_bears_the_plan_counts_and_premises_bear_it(pair):
    old, other = note("D-1", date(2026, 8, 1)), note("D-2", date(2026, 8, 1))
    ledger = Ledger.of([old, other])
    aside = plan(ledger, claim("objective", "recommendation"), claim("why", "fact", old))
    borne = plan(
        ledger,
        claim("objective", "recommendation", premises=("why",)),
        claim("why", "fact", old, other),
    )
    assert load_bearing(borne.content.draft) == (old.id, other.id)
    for made, told in ((aside, []), (borne, [("0", "2", None)])):
        rows = compare(*pair, plans=[made], ledgers={ledger.root: ledger}).rows
        assert [values(row) for row in rows] == told
    for made in (
        borne.model_copy(update={"status": "in_review"}),
        borne.model_copy(update={"status": "superseded"}),
    ):
        assert compare(*pair, plans=[made], ledgers={ledger.root: ledger}).rows == ()
    assert compare(*pair, plans=[borne]).rows == ()  # no ledger, nothing to judge


def test_a_plan_that_is_not_followed_is_told_as_tracking_says(pair):
    evidence = Evidence(
        entity="rep:ana", metric="adherence", value="0.4", unit="share", period="2027-02-12",
        source=CalculationSource(analysis="tracking", version=1, arguments_hash="0", pointer="p"),
        scope="ana",
    )  # fmt: skip
    rows = tuple(
        TerritoryRow.model_construct(
            rep_id=rep, drift=drift, adherence=Figure.of(evidence, "Adherence")
        )
        for rep, drift in (("ana", True), ("bo", False), ("zoe", True))
    )
    data = QuarterData.model_construct(territories=rows)
    (row,) = compare(*pair, data=data).rows
    assert (row.kind, row.subject, values(row)) == (
        "adherence_lost",
        "rep:ana",
        ("0.6", "0.4", None),
    )
    assert evidence.id in row.evidence


@pytest.mark.parametrize(
    ("until", "told"),
    [
        (date(2026, 11, 12), False),  # over before the earlier book
        (date(2026, 11, 13), True),
        (date(2027, 2, 11), True),
        (date(2027, 2, 12), False),  # its last day
        (None, False),
    ],
)
def test_an_exception_expired_whose_last_day_lies_between_the_books(pair, until, told):
    lock = Lock(account_id="A", rep_id="bo", by="mo", reason="r", until=until)
    foreign = lock.model_copy(update={"account_id": "X", "rep_id": "zoe"})
    rows = compare(*pair, locks=[lock, lock, foreign]).rows
    assert [(row.kind, row.subject, row.rep_id, values(row)) for row in rows] == (
        [("lock_expired", "account:A/lock:bo", "ana", (until.isoformat(), None, "300"))]
        if told
        else []
    )


# ---------------------------------------------------------------- wishes, and what may open


def test_a_wish_is_no_trigger_and_the_rule_is_cited_in_the_same_words():
    refused = refuse_wish("bo", "A")
    assert refused.message == f"bo would like A. {NO_TRIGGER}"
    assert all(trigger in refused.message for trigger in TRIGGERS)

    def said(rep: str, account: str, answer: str, status: str) -> Feedback:
        return Feedback(
            account_id=account, rep_id=rep, answer=answer, reason="r", person=rep,
            said_on=EARLIER, status=status,
        )  # fmt: skip

    rows = not_proposed(
        [
            WantsAccount(account_id="A", rep_id="bo"),
            WantsAccount(account_id="gone", rep_id="bo"),
            said("ana", "C", "agree", "accepted"),
            said("bo", "C", "agree", "accepted"),  # it is Bo's
            said("ana", "D", "agree", "declined"),
            said("bo", "B", "keep", "accepted"),
        ],
        OWNERS,
    )
    assert [(row.what, row.rule) for row in rows] == [
        ("Giving A to bo", NO_TRIGGER), ("Giving C to ana", NO_TRIGGER),
    ]  # fmt: skip


def test_only_off_cycle_triggers_open_a_scenario_and_every_kind_opens_something():
    assert OPENS.keys() == TRIGGER_KINDS.keys()
    assert {kind for kind, opened in OPENS.items() if "scenario" in opened} == {
        "rep_left", "rep_joined", "family_changed", "new_product", "potential_changed",
    }  # fmt: skip
    assert all(OPENS.values())
