"""Every kind of change leads to something a person may open, at a price and with a doubt."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal

import pytest

from domain.assignment import AccountChanged, Acquisition, NewProduct, RepJoins, RepLeaves
from domain.cycle import Figure
from domain.errors import InvalidInput, NoLaterBook
from domain.review import (
    Adjustment,
    OpensCoverage,
    OpensPlan,
    OpensScenario,
    OpensTerritoryPlan,
)
from tests.tools.cycle.approved_plans import plan, said
from tests.tools.cycle.changed_books import (
    EARLIER,
    LATER,
    NEWCOMER,
    REPS,
    accounts_of,
    changed,
    found,
    side,
    trigger,
)
from tools.cycle.adjustments import Adjusted, adjustments
from tools.cycle.side import Side


@pytest.fixture(scope="session")
def before(shop_book, coverage) -> Side:
    return side(changed(shop_book, later=False), coverage)


@pytest.fixture(scope="session")
def after(shop_book, coverage) -> Side:
    """The newer book: T-02 is below T-03, r1 logged ten meetings, a product is new."""
    meetings = [
        {
            "activity_id": f"m-{n}", "account_id": "R-01", "rep_id": "r1", "kind": "meeting",
            "occurred": date(2027, 1, 4 + n), "minutes": 120,
        }
        for n in range(10)
    ]  # fmt: skip
    products = shop_book["products"].to_dict("records")
    new = {
        "product_id": "P-9", "name": "E-bike", "category": "Bikes", "subcategory": "E-bikes",
        "live_from": date(2027, 1, 1),
    }  # fmt: skip
    return side(
        changed(
            shop_book,
            reps=[*REPS, NEWCOMER],
            accounts=accounts_of(shop_book, **{"T-02": {"parent_id": "T-03"}}),
            activities=meetings,
            products=[*products, new],
        ),
        coverage,
    )


def values(figures: tuple[Figure, ...]) -> dict[str, str | None]:
    return {figure.metric: figure.value for figure in figures}


def only(adjusted: Adjusted) -> Adjustment:
    (row,) = adjusted.rows
    return row


def test_a_rep_who_left_opens_a_scenario_that_places_the_accounts(before, after) -> None:
    left = trigger("rep_left", "rep:r1", rep="r1", on=date(2026, 12, 31))
    row = only(adjustments(before, after, found(left)))

    # r1 owns shops 1, 4 ... 22 of both groups: 8 + 8. A leaver goes on the book's date at
    # the earliest, since the newer book already knows of it.
    assert row.opens == OpensScenario(event=RepLeaves(rep_id="r1", on=LATER))
    assert row.triggers == ("rep_left:rep:r1",)
    assert values(row.cost)["accounts_affected"] == "16"
    # Of these, R-01 alone has been known for more than two years.
    assert values(row.cost)["relationships_affected"] == "1"
    mine = [a for a, owner in after.book.owners.items() if owner == "r1"]
    potential = after.analyses.potential.table["potential_p50"].reindex(mine).dropna()
    total = sum(Decimal(f"{value:.2f}") for value in potential)
    assert Decimal(values(row.gain)["potential_affected"] or 0) == total
    # The others have hours for them, which could go to their own accounts with most room.
    assert set(values(row.against)) == {"open_potential_elsewhere"}


def test_a_rep_who_joined_opens_a_scenario_with_the_ramp_of_the_rules(before, after) -> None:
    came = trigger("rep_joined", "rep:r9", rep="r9", on=date(2027, 2, 1))
    row = only(adjustments(before, after, found(came)))

    assert isinstance(row.opens, OpensScenario)
    event = row.opens.event
    assert isinstance(event, RepJoins)
    assert (event.rep_id, event.name, event.team, event.on) == ("r9", "Rep 9", "North", LATER)
    # In the middle of the period, 45 days after 13 Feb, r9 has been here for a month: 40 %.
    assert event.ramp == 0.4
    assert values(row.against)["newcomer_ramp"] == "0.4"
    assert set(values(row.cost)) == {"hours_affected", "relationships_affected"}


def test_a_rep_without_a_base_is_counted_and_not_proposed(shop_book, coverage, before) -> None:
    bare = {"rep_id": "r9", "name": "Rep 9", "function": "rep"}
    book = changed(shop_book, reps=[*REPS, bare])
    adjusted = adjustments(before, side(book, coverage), found(trigger("rep_joined", "rep:r9")))

    assert adjusted.rows == ()
    assert adjusted.notes == (
        "1 change recommended nothing: no plan and no territory has to follow.",
    )


def test_a_family_with_two_owners_opens_a_scenario_that_keeps_it_together(before, after) -> None:
    bought = trigger("family_changed", "account:T-02", rep="r2", account="T-02")
    row = only(adjustments(before, after, found(bought)))

    # T-02 (r2) is now below T-03 (r0): one account and its hours would change hands.
    assert row.opens == OpensScenario(
        event=Acquisition(parent_id="T-03", account_ids=("T-02",), on=LATER)
    )
    assert (row.rep_id, row.account_id) == ("r0", "T-03")
    assert values(row.cost)["accounts_affected"] == "1"
    # T-02 spent 2 x 2,000 in the 12 months up to 12 Feb 2027: its order of 2 Feb 2026 is older.
    assert values(row.against) == {"spend_affected": "4000", "change_age_days": "91"}


def test_a_family_of_one_owner_asks_for_a_plan_alone(shop_book, coverage, before) -> None:
    # T-03 and T-06 both belong to r0.
    book = changed(shop_book, accounts=accounts_of(shop_book, **{"T-06": {"parent_id": "T-03"}}))
    bought = trigger("family_changed", "account:T-06", rep="r0", account="T-06")
    row = only(adjustments(before, side(book, coverage), found(bought)))

    assert isinstance(row.opens, OpensPlan)
    assert row.opens.account_id == "T-06"


def test_a_new_product_opens_a_scenario_that_grows_potential_by_its_worth(before, after) -> None:
    new = trigger("new_product", "line:E-bikes", amount="10000")
    row = only(adjustments(before, after, found(new)))

    owned = [a for a, owner in after.book.owners.items() if owner is not None]
    potential = after.analyses.potential.table["potential_p50"].reindex(owned).dropna()
    growth = Decimal(10000) / sum(Decimal(f"{value:.2f}") for value in potential)
    assert isinstance(row.opens, OpensScenario)
    assert row.opens.event == NewProduct(product="E-bikes", growth=float(round(growth, 6)))
    assert values(row.gain) == {"amount": "10000"}
    assert values(row.against)["buyers_so_far"] == "0"


def test_a_new_product_of_unknown_worth_recommends_nothing(before, after) -> None:
    adjusted = adjustments(before, after, found(trigger("new_product", "line:E-bikes")))

    assert adjusted.rows == ()


def test_an_account_that_changed_inside_its_tier_asks_for_a_plan(before, after) -> None:
    more = trigger("potential_changed", "account:T-22", rep="r1", account="T-22", after="60000")
    row = only(adjustments(before, after, found(more)))

    assert isinstance(row.opens, OpensPlan)
    assert row.opens.remark == "Its potential changed: set the objective and the hours anew."


def test_an_account_that_changed_its_tier_opens_a_scenario(shop_book, coverage, before) -> None:
    # With Tier 1 from 40,000 on, T-20 (r2) is of a tier with a full plan; before it was not.
    tiers = tuple(
        tier.model_copy(update={"potential_from": 40_000.0}) if tier.key == "tier_1" else tier
        for tier in coverage.tiers
    )
    rules = coverage.model_copy(update={"tiers": tiers})
    now = side(changed(shop_book), rules)
    assert [item.analyses.tiers.of("T-20") for item in (before, now)] == ["tier_2", "tier_1"]
    more = trigger(
        "potential_changed", "account:T-20", rep="r2", account="T-20",
        amount="90000", after="110000",
    )  # fmt: skip
    row = only(adjustments(before, now, found(more)))

    assert isinstance(row.opens, OpensScenario)
    assert isinstance(row.opens.event, AccountChanged)
    assert (row.opens.event.account_id, row.opens.event.potential) == ("T-20", 110_000)
    assert values(row.against) == {"change_age_days": "91"}


@pytest.mark.parametrize(
    ("kind", "remark"),
    [
        ("owner_changed", "The account has another owner: plan the handover."),
        ("pipeline_changed", "Its pipeline changed: plan what brings it back, or what wins it."),
        ("deal_slipped", "A deal slipped: say what has to happen before it closes."),
        ("renewal_slipped", "The regular order did not come: find out why before anything else."),
        ("champion_gone", "The champion is gone: find who follows."),
        ("competitor_appeared", "A competitor appeared: answer it, or leave the ground to it."),
        ("evidence_stale", "The plan rests on evidence that went stale: refresh it."),
        (
            "lock_expired",
            "The exception that held the account has expired: say whether it stays.",
        ),
    ],
)
def test_what_happens_at_an_account_asks_for_its_plan_anew(before, after, kind, remark) -> None:
    happened = trigger(kind, "account:T-22", rep="r1", account="T-22", amount="5000")
    row = only(adjustments(before, after, found(happened)))

    assert row.opens == OpensPlan(account_id="T-22", remark=remark)
    assert (row.rep_id, row.account_id) == ("r1", "T-22")
    assert row.gain[0].value == "5000"


def test_an_account_that_went_to_somebody_else_asks_for_no_plan_of_ones_own(before, after) -> None:
    went = trigger("owner_changed", "account:T-22", rep="r0", account="T-22", amount="5000")
    adjusted = adjustments(before, after, found(went), reps=["r0"])

    assert adjusted.rows == ()
    assert not [item for item in adjusted.evidence if item.entity.startswith("account:T-22")]


def test_a_running_plan_costs_the_hours_it_still_has_to_give(before, after) -> None:
    # Of its plays one is due on 1 Mar 2027 with 2.5 h; the other lies behind the newer book.
    running = plan(said("objective", "recommendation", "Keep."), [])
    slipped = trigger("deal_slipped", "account:T-22", rep="r1", account="T-22", amount="5000")
    row = only(adjustments(before, after, found(slipped), plans=[running]))

    assert values(row.cost) == {"plan_hours_left": "2.5"}


def test_several_changes_at_one_account_are_one_recommendation(before, after) -> None:
    made = found(
        trigger("deal_slipped", "account:T-22/opportunity:D", rep="r1", account="T-22", amount="7"),
        trigger("champion_gone", "account:T-22/contact:C", rep="r1", account="T-22"),
    )
    row = only(adjustments(before, after, made))

    assert row.triggers == (
        "champion_gone:account:T-22/contact:C",
        "deal_slipped:account:T-22/opportunity:D",
    )
    assert isinstance(row.opens, OpensPlan)
    assert row.opens.remark == (
        "A deal slipped: say what has to happen before it closes. "
        "The champion is gone: find who follows."
    )


def test_a_small_account_without_a_plan_asks_for_none(before, after) -> None:
    # R-01 spends 300 a year: the lowest tier, which has no plan.
    gone = trigger("champion_gone", "account:R-01/contact:C", rep="r1", account="R-01")
    adjusted = adjustments(before, after, found(gone))

    assert adjusted.rows == ()
    assert adjusted.notes == (
        "1 change recommended nothing: no plan and no territory has to follow.",
    )


def test_a_plan_that_is_not_followed_asks_for_a_new_one_and_for_honest_minutes(
    before, after
) -> None:
    lost = trigger("adherence_lost", "rep:r1", rep="r1")
    adjusted = adjustments(before, after, found(lost))
    plan = next(row for row in adjusted.rows if isinstance(row.opens, OpensTerritoryPlan))
    model = next(row for row in adjusted.rows if isinstance(row.opens, OpensCoverage))

    assert plan.opens == OpensTerritoryPlan(
        rep_id="r1", remark="The plan is no longer followed: make one that will be."
    )
    # Ten meetings of 2 h were logged; the rules plan 60 minutes each: 10 h were not held.
    assert after.coverage.plays["meeting"].minutes == 60
    assert model.opens == OpensCoverage(key="plays.meeting.minutes", value="120")
    assert values(model.cost) == {"touch_hours_planned": "1", "touch_hours_missed": "10"}
    assert values(model.gain) == {"touch_hours_found": "2"}
    assert values(model.against) == {"touches_read": "10", "change_age_days": "91"}
    assert plan.triggers == model.triggers == ("adherence_lost:rep:r1",)


def test_minutes_that_are_off_wait_while_plans_are_followed(before, after) -> None:
    slipped = trigger("deal_slipped", "account:T-22", rep="r1", account="T-22")

    assert not any(
        isinstance(row.opens, OpensCoverage)
        for row in adjustments(before, after, found(slipped)).rows
    )


def test_a_strategy_of_no_one_rep_asks_nothing_where_nobody_has_a_plan(before, after) -> None:
    adjusted = adjustments(before, after, found(trigger("strategy_changed", "coverage:strategy")))

    assert adjusted.rows == ()
    assert len(adjusted.notes) == 1


def everything():
    return [
        trigger("rep_left", "rep:r1", rep="r1", on=date(2026, 12, 31)),
        trigger("rep_joined", "rep:r9", rep="r9"),
        trigger("family_changed", "account:T-02", rep="r2", account="T-02"),
        trigger("new_product", "line:E-bikes", amount="10000"),
        trigger("deal_slipped", "account:T-22", rep="r1", account="T-22", amount="7000"),
        trigger("champion_gone", "account:T-20", rep="r2", account="T-20"),
        trigger("owner_changed", "account:T-19", rep="r1", account="T-19"),
        trigger("competitor_appeared", "account:T-18", rep="r0", account="T-18"),
        trigger("adherence_lost", "rep:r2", rep="r2"),
    ]


def test_every_recommendation_has_a_citation_a_cost_a_gain_and_a_counter_case(
    before, after
) -> None:
    adjusted = adjustments(before, after, found(*everything()))
    told = {item.id for item in adjusted.evidence}

    assert len(adjusted.rows) == after.coverage.review.adjustments == 7
    for row in adjusted.rows:
        assert all((row.triggers, row.cost, row.gain, row.against))
        for figure in (*row.cost, *row.gain, *row.against):
            assert figure.value is not None
            assert figure.evidence_id in told
    parents = {
        parent
        for item in adjusted.evidence
        if item.source.kind == "calculation"
        for parent in item.source.parents
    }
    assert parents <= told


def test_the_most_money_at_stake_comes_first_and_the_rest_is_counted(before, after) -> None:
    adjusted = adjustments(before, after, found(*everything()))

    def stake(row: Adjustment) -> Decimal:
        money = [f for f in row.gain if f.unit == "money" and f.value is not None]
        return max((abs(Decimal(f.value or 0)) for f in money), default=Decimal(0))

    assert [row.number for row in adjusted.rows] == list(range(1, 8))
    stakes = [stake(row) for row in adjusted.rows]
    assert stakes == sorted(stakes, reverse=True)
    # Nine changes and the minutes of a meeting ask for ten things.
    assert adjusted.notes == ("3 more recommendations beyond the 7 with most at stake.",)


def test_the_order_of_changes_makes_no_difference(before, after) -> None:
    first = adjustments(before, after, found(*everything()))
    for seed in range(3):
        shuffled = everything()
        random.Random(seed).shuffle(shuffled)
        assert adjustments(before, after, found(*shuffled)) == first


def test_nothing_changed_recommends_nothing(before, after) -> None:
    assert adjustments(before, after, found()) == Adjusted((), (), ())


def test_a_change_without_evidence_is_left_out_and_counted(before, after) -> None:
    made, _ = trigger("deal_slipped", "account:T-22", rep="r1", account="T-22", amount="7000")
    bare = (made.model_copy(update={"evidence": ()}), ())
    adjusted = adjustments(before, after, found(bare))

    assert adjusted.rows == ()
    assert adjusted.notes == ("1 recommendation left out: cost, gain or counter-case is unknown.",)


def test_figures_about_several_reps_are_for_those_who_see_them_all(before, after) -> None:
    came = trigger("rep_joined", "rep:r9", rep="r9")
    adjusted = adjustments(before, after, found(came), reps=["r0", "r1", "r9"])
    free = next(item for item in adjusted.evidence if item.metric == "free_hours_elsewhere")

    # r2 is not of this review, and no figure is made of r2's rows.
    assert set(free.scope.split("\x1f")) == {"r0", "r1"}


def test_books_in_the_wrong_order_or_of_one_day_are_refused(before, after) -> None:
    with pytest.raises(InvalidInput, match="wrong order"):
        adjustments(after, before, found())
    with pytest.raises(NoLaterBook, match=EARLIER.isoformat()):
        adjustments(before, before, found())
