"""What a planner would try at an account, and which plays carry it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.playbooks import (
    Motive,
    decider,
    main_motives,
    main_opportunity,
    missing_roles,
    motives,
    plays,
    worth_a_line,
    worth_a_visit,
)
from domain.evidence import Evidence
from domain.plan import Play
from tests.agent.notes_by_hand import (
    ACCOUNT,
    COVERAGE,
    DANA,
    DEAL,
    PERIOD,
    TOM,
    case,
    cell,
    deal,
    gap,
    person,
    record,
    rhythm,
    said,
)
from tools.schedule import play_hours, tier_hours

ORDERS = cell("orders_12m", "4", "count")
DUE = "2027-01-12"  # a Tuesday inside the period of 16 November 2026 to 13 February 2027
BUYER = person(DANA, "Dana Whitfield", role="economic buyer", influence="high")
OPEN = [cell("open_potential", "41000", "money"), cell("win_probability", "0.4", "share")]


def planned(*facts: Evidence, tier: str = "tier_1") -> list[Play]:
    read = case(*facts, tier=tier)
    return plays(read, main_motives(read), ("objective",))


def keys(*facts: Evidence, tier: str = "tier_1") -> list[str]:
    return [play.key for play in planned(*facts, tier=tier)]


@pytest.mark.parametrize(
    ("facts", "motive"),
    [
        # An open deal counts by its amount.
        (deal("9000", "2027-02-01"), Motive("close", Decimal(9000))),
        # A due order counts in full, by the last one.
        (rhythm(DUE), Motive("protect", Decimal(24180))),
        # Half of the spend that was lost: (100,000 - 60,000) / 2.
        (
            [
                cell("net_spend_12m", "60000", "money"),
                cell("net_spend_prior_12m", "100000", "money"),
                cell("spend_change_12m", "-0.4", "change"),
            ],
            Motive("win_back", Decimal(20000)),
        ),
        # Open potential by the chance of winning it: 41,000 x 0.4.
        (OPEN, Motive("grow", Decimal(16400))),
        # Product lines by their expected worth.
        ([cell("whitespace_worth", "9000", "money")], Motive("range", Decimal(9000))),
    ],
)
def test_each_motive_has_its_stake(facts: list[Evidence], motive: Motive) -> None:
    assert motives(case(ORDERS, *facts)) == [motive]


def test_an_account_without_orders_is_to_be_landed_by_what_it_is_expected_to_bring() -> None:
    facts = [cell("orders_12m", "0", "count"), cell("expected_value", "5000", "money")]
    assert motives(case(*facts)) == [Motive("land", Decimal(5000))]


def test_where_nothing_is_at_stake_the_account_is_still_to_be_landed() -> None:
    assert motives(case(ORDERS)) == [Motive("land", Decimal(0))]


def test_an_order_due_after_the_period_is_no_reason_now() -> None:
    assert motives(case(ORDERS, *rhythm("2027-02-14"))) == [Motive("land", Decimal(0))]
    assert motives(case(ORDERS, *rhythm("2027-02-13")))[0].kind == "protect"


def test_a_fall_of_a_quarter_or_less_is_not_won_back() -> None:
    facts = [
        cell("net_spend_12m", "75000", "money"),
        cell("net_spend_prior_12m", "100000", "money"),
    ]
    quarter = cell("spend_change_12m", "-0.25", "change")
    more = cell("spend_change_12m", "-0.2501", "change")
    assert "win_back" not in {motive.kind for motive in motives(case(ORDERS, *facts, quarter))}
    assert "win_back" in {motive.kind for motive in motives(case(ORDERS, *facts, more))}


def test_a_deal_that_closes_with_the_due_order_is_that_order() -> None:
    # 2 February is 21 days after 12 January; 3 February is 22.
    one = case(ORDERS, *rhythm(DUE), *deal("30000", "2027-02-02"))
    assert motives(one) == [Motive("close", Decimal(30000))]
    two = case(ORDERS, *rhythm(DUE), *deal("30000", "2027-02-03"))
    assert motives(two) == [Motive("close", Decimal(30000)), Motive("protect", Decimal(24180))]


def test_the_merged_order_keeps_the_plays_that_protect_it() -> None:
    assert keys(ORDERS, *rhythm(DUE), *deal("30000", "2027-02-02"), *BUYER)[:3] == [
        "settle_deal",
        "confirm_supply",
        "agree_order",
    ]


def test_a_second_motive_is_worth_a_tenth_of_the_first() -> None:
    def chosen(worth: str) -> list[str]:
        facts = [*rhythm(DUE), cell("whitespace_worth", worth, "money")]
        return [motive.kind for motive in main_motives(case(ORDERS, *facts))]

    # A tenth of 24,180 is 2,418.
    assert chosen("2418") == ["protect", "range"]
    assert chosen("2417.99") == ["protect"]


def test_a_plan_is_built_on_no_more_than_two_motives() -> None:
    facts = [*rhythm(DUE), *OPEN, cell("whitespace_worth", "9000", "money")]
    assert len(motives(case(ORDERS, *facts))) == 3
    assert [item.kind for item in main_motives(case(ORDERS, *facts))] == ["protect", "grow"]


def test_the_largest_open_deal_counts_and_closed_ones_do_not() -> None:
    other = f"{ACCOUNT}/opportunity:O-2"
    won = deal("90000", "2026-12-01", stage="won", key=other)
    assert main_opportunity(case(*deal("9000", "2027-02-01"), *won)) == DEAL
    larger = deal("12000", "2026-12-01", key=other)
    assert main_opportunity(case(*deal("9000", "2027-02-01"), *larger)) == other
    assert main_opportunity(case()) is None


def test_the_economic_buyer_is_spoken_to_first_then_purchasing_then_the_weightiest() -> None:
    tom = person(TOM, "Tom Hale", role="purchasing", influence="high")
    dana = person(DANA, "Dana Whitfield", role="economic buyer", influence="low")
    assert decider(case(*tom, *dana)).entity == DANA
    user = person(DANA, "Dana Whitfield", role="user", influence="high")
    assert decider(case(*tom, *user)).entity == TOM
    nobody = person(TOM, "Tom Hale", influence="low")
    assert decider(case(*nobody, *person(DANA, "Dana Whitfield", influence="high"))).entity == DANA
    assert decider(case()) is None


def test_who_decides_is_found_out_before_anything_is_proposed_to_nobody() -> None:
    assert keys(ORDERS, *OPEN)[0] == "find_buyer"
    assert "find_buyer" not in keys(ORDERS, *OPEN, *BUYER)


def test_small_lines_go_on_the_form_and_large_ones_are_shown() -> None:
    # The coverage model: 5,000 is worth a visit; a fiftieth of it, 100, a line.
    lines = [*gap("Helmets", "80"), *gap("Wheels", "60")]

    def offered(worth: str) -> set[str]:
        facts = [ORDERS, *BUYER, *lines, cell("whitespace_worth", worth, "money")]
        return {"show_lines", "offer_lines"} & set(keys(*facts))

    assert offered("5000") == {"show_lines"}
    assert offered("4999.99") == {"offer_lines"}
    assert offered("100") == {"offer_lines"}
    assert offered("99.99") == set()
    read = case(cell("whitespace_worth", "100", "money"))
    assert (worth_a_line(read), worth_a_visit(read)) == (True, False)


def test_a_visit_stays_within_the_travel_budget_and_says_whom_to_combine_it_with() -> None:
    budget = COVERAGE.travel.budget_hours_per_visit
    here = [record(ACCOUNT, "city", "Leduc", "name"), *BUYER, ORDERS]
    near = record(f"{ACCOUNT}/near:A-2", "name", "Birch Bikes", "name")

    def visit(hours: float) -> list[Play]:
        travel = cell("travel_hours", str(hours), "hours")
        return [play for play in planned(*here, near, travel) if play.kind == "visit"]

    (made,) = visit(3.0)
    assert "combine the trip with {{near}}" in made.what.text
    assert visit(budget + 0.1) == []


def test_wanted_roles_that_nobody_holds_are_missing_in_the_models_order() -> None:
    wanted = list(COVERAGE.planning.roles_wanted)
    assert missing_roles(case()) == wanted
    assert missing_roles(case(*BUYER)) == [role for role in wanted if role != "economic buyer"]


def test_a_play_is_for_the_date_that_it_must_precede() -> None:
    facts = [ORDERS, *rhythm(DUE), *BUYER]
    due = next(item for item in facts if item.metric == "next_order_due")
    before = {play.key: play.before for play in planned(*facts)}
    assert before["confirm_supply"] == before["agree_order"] == due.id


def test_what_people_said_belongs_to_the_plays_in_which_somebody_talks_to_them() -> None:
    cares = said("She prefers 3 sizes in 4 colours and likes the new catalogue most.")
    found = planned(ORDERS, *rhythm(DUE), *BUYER, cares)
    assert [play.key for play in found if play.value] == ["agree_order"]
    assert found[0].key == "confirm_supply"


def test_a_light_plan_has_fewer_plays() -> None:
    facts = [
        ORDERS, *rhythm(DUE), *OPEN, *BUYER, *gap("Helmets", "900"),
        cell("whitespace_worth", "900", "money"),
    ]  # fmt: skip
    assert len(keys(*facts)) > COVERAGE.planning.plays_light
    assert len(keys(*facts, tier="tier_2")) <= COVERAGE.planning.plays_light


@given(
    st.sampled_from(["strategic", "tier_1", "tier_2"]),
    st.lists(
        st.sampled_from(["due", "deal", "open", "lines", "buyer", "lost", "near"]), unique=True
    ),
    st.integers(0, 8),
)
def test_the_hours_of_the_plays_never_exceed_the_tiers(
    tier: str, kinds: list[str], travel: int
) -> None:
    facts = {
        "due": rhythm(DUE),
        "deal": deal("9000", "2027-02-01"),
        "open": OPEN,
        "lines": [*gap("Helmets", "9000"), cell("whitespace_worth", "9000", "money")],
        "buyer": BUYER,
        "lost": [
            cell("net_spend_12m", "60000", "money"),
            cell("net_spend_prior_12m", "100000", "money"),
            cell("spend_change_12m", "-0.4", "change"),
        ],
        "near": [record(ACCOUNT, "city", "Leduc", "name")],
    }
    hours = Decimal(travel)
    found = planned(
        ORDERS,
        cell("travel_hours", str(travel), "hours"),
        *(item for kind in kinds for item in facts[kind]),
        tier=tier,
    )
    own = [play_hours(play.kind, COVERAGE, hours) for play in found if play.done_by == "rep"]
    given_hours = tier_hours(COVERAGE.tier(tier), PERIOD)
    # The first idea always stays: a plan without a play would be none.
    assert sum(own) <= given_hours or len(found) == 1
    rules = COVERAGE.planning
    assert len(found) <= (rules.plays_light if tier == "tier_2" else rules.plays_full)
    assert len({play.key for play in found}) == len(found)
