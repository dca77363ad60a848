"""Claims of approved plans go on only where the newer book still says so."""

from __future__ import annotations

from datetime import date

import pytest

from agent.cycle.carried_blockers import carried_blockers
from domain.evidence import CalculationSource, DocumentSource, Evidence, HumanSource, RecordSource
from domain.plan import PlanVersion
from domain.record import text_hash
from tests.tools.cycle.approved_plans import ledger_of, plan, said
from tests.tools.cycle.changed_books import EARLIER, accounts_of, changed, side
from tools.cycle.carried import CarriedForward, carried
from tools.cycle.side import Side

NOTE = "We want the frames before the season opens."


@pytest.fixture(scope="session")
def before(shop_book, coverage) -> Side:
    return side(changed(shop_book, later=False), coverage)


@pytest.fixture(scope="session")
def after(shop_book, coverage) -> Side:
    """T-22 ordered once more on 11 Jan 2027, moved to Ogden, and its note is still on file."""
    orders = shop_book["orders"].to_dict("records")
    more = {
        "order_line_id": "X-1", "order_id": "X-1", "account_id": "T-22", "product_id": "P-1",
        "ordered": date(2027, 1, 11), "quantity": 1, "amount": 50_000.0,
    }  # fmt: skip
    note = {
        "document_id": "D-1", "account_id": "T-22", "kind": "note", "title": "Call",
        "author_class": "internal", "text": NOTE, "published": date(2026, 11, 2),
    }  # fmt: skip
    return side(
        changed(
            shop_book,
            orders=[*orders, more],
            accounts=accounts_of(shop_book, **{"T-22": {"city": "Ogden", "employees": 22}}),
            documents=[note],
        ),
        coverage,
    )


def record(field: str, value: str, unit="name", row: str = "T-22") -> Evidence:
    return Evidence(
        entity=f"account:{row}",
        metric=field,
        value=value,
        unit=unit,
        source=RecordSource(table="accounts", row=row, field=field),
        scope="r1",
    )


def quoted(text: str, published: date) -> Evidence:
    return Evidence(
        entity="account:T-22/document:D-1",
        metric="sentence",
        value=text,
        unit="text",
        source=DocumentSource(
            document_hash=text_hash(text), start=0, end=len(text), document_id="D-1",
            document_kind="note", title="Call", author_class="internal", published=published,
        ),
        scope="r1",
    )  # fmt: skip


def of_one(after: Side, fact: Evidence, *more: Evidence) -> CarriedForward:
    """Carry a plan whose only claim rests on one fact."""
    made = plan(said("objective", "recommendation", "Keep them.", fact), [])
    return carried(after, [made], {"root": ledger_of(fact, *more)})


def states(told: CarriedForward) -> dict[str, str]:
    return {row.key: row.state for row in told.rows}


def test_a_figure_that_moved_changes_the_claim_and_both_values_are_evidence(before, after) -> None:
    # Orders of 22,000 on 22 Feb, May and Aug 2026 lie in both years, and one of 50,000 came.
    spend = before.analyses.cite("account:T-22", "net_spend_12m")
    (row,) = of_one(after, spend).rows
    now = after.analyses.cite("account:T-22", "net_spend_12m")

    assert (spend.value, now.value) == ("66000", "116000")
    assert row.state == "changed"
    assert row.evidence == (spend.id, now.id)
    assert (row.plan_id, row.plan_version, row.said_on) == ("p-1", 1, EARLIER)


def test_what_is_another_reps_by_now_is_gone_for_those_who_had_it(before, after) -> None:
    # T-22 is r1's. A review of r0 alone reads nothing of it; one of both reads it as ever.
    spend = before.analyses.cite("account:T-22", "net_spend_12m")
    made = plan(said("objective", "recommendation", "Keep them.", spend), [])

    alone = carried(after, [made], {"root": ledger_of(spend)}, reps=["r0"])
    both = carried(after, [made], {"root": ledger_of(spend)}, reps=["r0", "r1"])

    assert (alone.rows[0].state, alone.rows[0].evidence) == ("gone", (spend.id,))
    assert both == of_one(after, spend)


def test_a_figure_off_by_a_twentieth_still_holds(after) -> None:
    now = after.analyses.cite("account:T-22", "net_spend_12m")
    # 5 % of 121,000 is 6,050, and of 122,200 6,110: 5,000 away holds, 6,200 does not.
    near = now.model_copy(update={"value": "121000"})
    far = now.model_copy(update={"value": "122200"})

    assert states(of_one(after, Evidence(**near.model_dump()))) == {
        "carried.p-1.objective": "holds"
    }
    assert states(of_one(after, Evidence(**far.model_dump()))) == {
        "carried.p-1.objective": "changed"
    }


@pytest.mark.parametrize(
    ("fact", "state"),
    [
        (record("city", "Ogden"), "holds"),
        (record("city", "Tooele"), "changed"),
        (record("employees", "22", "count"), "holds"),
        (record("founded", "1999", "count"), "gone"),  # blank in the newer book
        (record("city", "Ogden", row="T-99"), "gone"),  # no such account any more
        (quoted(NOTE, date(2026, 11, 2)), "holds"),
        (quoted(NOTE, date(2019, 11, 2)), "stale"),
        (quoted("They are content.", date(2026, 11, 2)), "gone"),  # the text is not on file
    ],
)
def test_records_and_documents_are_read_again(after, fact, state) -> None:
    assert states(of_one(after, fact)) == {"carried.p-1.objective": state}


@pytest.mark.parametrize(
    ("on", "state"), [(date(2026, 11, 16), "holds"), (date(2020, 1, 1), "stale")]
)
def test_a_persons_word_ages(after, on, state) -> None:
    word = Evidence(
        entity="account:T-22", metric="remark", value="They are the reference.", unit="text",
        source=HumanSource(person="Ada", said_on=on, where="plan"),
    )  # fmt: skip

    assert states(of_one(after, word)) == {"carried.p-1.objective": state}


def test_an_empty_cell_is_gone_and_a_route_says_nothing(after) -> None:
    cell = {
        "entity": "account:T-22", "unit": "days", "value": "41", "period": EARLIER.isoformat(),
    }  # fmt: skip
    source = CalculationSource(analysis="facts", version=1, arguments_hash="0", pointer="x")
    silent = Evidence(metric="intent_90d", source=source, **{**cell, "unit": "count"})
    route = Evidence(
        metric="travel_hours", source=source.model_copy(update={"analysis": "travel"}), **cell
    )

    # No sign of interest is on file, so that the cell is empty now.
    assert states(of_one(after, silent)) == {"carried.p-1.objective": "gone"}
    # A route is no analysis of the book: a person has to say that the claim still holds.
    assert states(of_one(after, route)) == {"carried.p-1.objective": "stale"}
    # Beside a fact that holds, it changes nothing.
    both = plan(said("objective", "recommendation", "Keep.", record("city", "Ogden"), route), [])
    told = carried(after, [both], {"root": ledger_of(record("city", "Ogden"), route)})
    assert states(told) == {"carried.p-1.objective": "holds"}


def test_a_sum_of_cells_is_worked_out_again(before, after) -> None:
    parents = [before.analyses.cite(f"account:{a}", "net_spend_12m") for a in ("T-22", "T-19")]
    total = Evidence(
        entity="rep:r1", metric="alternative_open_potential", value="123000", unit="money",
        source=CalculationSource(
            analysis="alternatives", version=1, arguments_hash="0", pointer="best two",
            operation="sum", parents=tuple(item.id for item in parents),
        ),
        scope="r1",
    )  # fmt: skip
    told = of_one(after, total, *parents)
    (row,) = told.rows

    # T-22 now spends 116,000 a year, T-19 three times 19,000: 173,000 in all.
    new = next(item for item in told.evidence if item.id == row.evidence[1])
    assert (row.state, new.value) == ("changed", "173000")
    assert set(new.source.parents) <= {item.id for item in told.evidence}


def test_a_claim_is_as_good_as_the_worst_of_what_it_rests_on(after) -> None:
    good, bad = record("city", "Ogden"), record("city", "Tooele")
    facts = [said("town", "fact", "It lies there.", bad), said("fine", "fact", "It is.", good)]
    objective = said("objective", "recommendation", "Keep.", good, premises=["town", "fine"])
    told = carried(after, [plan(objective, facts)], {"root": ledger_of(good, bad)})

    # What needs a person's word comes first, the objective before the fact.
    assert [(row.key, row.state) for row in told.rows] == [
        ("carried.p-1.objective", "changed"),
        ("carried.p-1.town", "changed"),
        ("carried.p-1.fine", "holds"),
    ]


def test_facts_that_nothing_rests_on_do_not_go_on(after) -> None:
    good = record("city", "Ogden")
    made = plan(
        said("objective", "recommendation", "Keep.", good),
        [said("aside", "fact", "It lies there.", good)],
        play=said("play", "recommendation", "Call them.", good),
    )
    told = carried(after, [made], {"root": ledger_of(good)})

    assert list(states(told)) == ["carried.p-1.objective", "carried.p-1.play"]


def test_only_the_newest_version_of_a_plan_goes_on(after) -> None:
    good = record("city", "Ogden")
    one, two = (
        plan(said("objective", "recommendation", text, good), [], version=number)
        for number, text in ((1, "Keep."), (2, "Grow."))
    )
    told = carried(after, [two, one], {"root": ledger_of(good)})

    assert [(row.text, row.plan_version) for row in told.rows] == [("Grow.", 2)]


def test_claims_are_written_with_their_figures_or_as_the_caller_writes_them(before, after) -> None:
    spend = before.analyses.cite("account:T-22", "net_spend_12m")
    made = plan(said("objective", "recommendation", "Keep {{x}}.", x=spend), [])
    ledgers = {"root": ledger_of(spend)}

    assert carried(after, [made], ledgers).rows[0].text == "Keep 66,000 USD."
    loud = carried(after, [made], ledgers, write=lambda claim, ledger, currency: "KEEP")
    assert loud.rows[0].text == "KEEP"


def test_the_most_important_claims_are_listed_and_the_rest_counted(before, after, coverage) -> None:
    good = record("city", "Ogden")
    facts = [said(f"f{n}", "fact", "It is.", good) for n in range(5)]
    keys = [fact.key for fact in facts]
    made = plan(said("objective", "recommendation", "Keep.", good, premises=keys), facts)
    rules = coverage.model_copy(
        update={"review": coverage.review.model_copy(update={"carried": 3})}
    )
    told = carried(Side(after.book, rules, after.analyses), [made], {"root": ledger_of(good)})

    assert [row.key for row in told.rows] == [
        "carried.p-1.objective", "carried.p-1.f0", "carried.p-1.f1"
    ]  # fmt: skip
    assert told.notes == ("3 more claims of approved plans not listed here.",)


def test_a_plan_without_evidence_on_file_is_told(after) -> None:
    made: list[PlanVersion] = [plan(said("objective", "recommendation", "Keep."), [])]

    assert carried(after, made, {}).notes == (
        "1 approved plan without evidence on file: nothing of it is carried forward.",
    )


def test_what_no_longer_holds_blocks_until_a_person_confirms_it(after) -> None:
    good, bad = record("city", "Ogden"), record("city", "Tooele")
    made = plan(
        said("objective", "recommendation", "Keep.", bad),
        [],
        play=said("play", "recommendation", "Call them.", good),
    )
    rows = carried(after, [made], {"root": ledger_of(good, bad)}).rows
    (blocker,) = carried_blockers(rows)

    assert (blocker.code, blocker.section) == ("unconfirmed_claim", "carried")
    assert (blocker.remedy, blocker.claim) == ("waiver", "carried.p-1.objective")
    assert blocker.message == (
        "A claim of plan p-1 that goes on has to be confirmed: what it rests on has another "
        "value now."
    )
