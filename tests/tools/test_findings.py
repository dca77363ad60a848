"""What findings of approved plans change in the analyses, and what they leave alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from domain.errors import NotCitable
from tests.tools.finding_rows import approved, deal, person, potential
from tools.analyses import analyse
from tools.findings import potential_with

ROAD = "R-01"  # a small shop: its potential is the median of its peers


@pytest.fixture(scope="module")
def plain(shop_book, coverage):
    return analyse(shop_book, coverage)


def levels(analyses, account=ROAD):
    table = analyses.potential.table
    return tuple(table.at[account, f"potential_p{level}"] for level in (50, 75, 90))


def frames(analyses):
    return {
        "facts": analyses.facts.table,
        "potential": analyses.potential.table,
        "score": analyses.score.table,
        "tiers": analyses.tiers.table,
        "gaps": analyses.whitespace.gaps_table,
    }


def test_without_findings_every_id_is_the_one_of_a_release_without_them(shop_book, coverage, plain):
    again = analyse(shop_book, coverage, ())

    assert again.findings is None
    for metric in ("potential_p50", "tier", "score", "rank", "expected_value"):
        entity = f"account:{ROAD}"
        assert again.cite(entity, metric).id == plain.cite(entity, metric).id
    # The hash of the four things it always was.
    assert plain.facts.reading.arguments_hash("facts") == replace(
        plain.facts.reading, findings_hash=""
    ).arguments_hash("facts")


def test_a_potential_above_p90_lifts_all_three_levels_to_it(shop_book, coverage, plain):
    amount = round(levels(plain)[2] * 10, 2)
    found = analyse(shop_book, coverage, [approved(ROAD, potential(str(amount)))])

    assert levels(found) == (amount, amount, amount)
    spend = found.facts.table.at[ROAD, "net_spend_12m"]
    assert found.potential.table.at[ROAD, "open_potential"] == round(amount - spend, 2)
    assert found.potential.table.at[ROAD, "spend_to_p75"] == round(spend / amount, 6)


def test_a_potential_between_p50_and_p75_leaves_p75_and_p90_alone(shop_book, coverage, plain):
    p50, p75, p90 = levels(plain)
    amount = round((p50 + p75) / 2, 2)
    found = analyse(shop_book, coverage, [approved(ROAD, potential(str(amount)))])

    assert levels(found) == (amount, p75, p90)


def test_a_potential_of_half_of_p50_halves_the_band(shop_book, coverage, plain):
    p50, p75, p90 = levels(plain)
    found = analyse(shop_book, coverage, [approved(ROAD, potential(str(p50 / 2)))])

    assert levels(found) == pytest.approx((p50 / 2, p75 / 2, p90 / 2), abs=0.01)


def test_a_corrected_potential_is_told_without_factors_that_would_not_give_it(plain):
    table = plain.potential.table.assign(
        **{"potential_base": 900.0, "potential_unit": 1.0, "potential_factor:segment": 1.8}
    )
    regressed = replace(plain.potential, table=table)
    told = potential_with(regressed, plain.facts, [approved(ROAD, potential("5000000"))]).table

    assert told.loc[ROAD, ["potential_base", "potential_factor:segment"]].isna().all()
    others = told.drop(index=ROAD)
    assert others["potential_factor:segment"].eq(1.8).all()


def test_a_corrected_potential_moves_tier_value_and_rank_by_the_usual_rules(
    shop_book, coverage, plain
):
    found = analyse(shop_book, coverage, [approved(ROAD, potential("5000000"))])

    chance = found.tiers.table.at[ROAD, "win_probability"]
    assert found.tiers.table.at[ROAD, "expected_value"] == round(chance * 5_000_000, 2)
    assert found.tiers.table.at[ROAD, "potential_tier"] == coverage.tiers[0].key
    assert found.ranks.table.at[ROAD, "rank_overall"] < plain.ranks.table.at[ROAD, "rank_overall"]


def test_a_finding_changes_no_row_of_another_account(shop_book, coverage, plain):
    findings = [
        approved(ROAD, potential("5000000")),
        approved(ROAD, person("Jo Field", level="executive", met_on=date(2026, 11, 1)), number=2),
        approved(ROAD, deal(), number=3),
    ]
    found = analyse(shop_book, coverage, findings)

    for name, table in frames(found).items():
        others = frames(plain)[name]
        if name == "gaps":
            table, others = (one[one["account_id"] != ROAD] for one in (table, others))
        else:
            table, others = table.drop(ROAD), others.drop(ROAD)
        pd.testing.assert_frame_equal(table, others)


def test_findings_leave_the_book_as_it_was(shop_book, coverage):
    before = {name: table.copy() for name, table in shop_book.tables.items()}
    analyse(shop_book, coverage, [approved(ROAD, person("Jo Field", level="director"))])

    for name, table in before.items():
        pd.testing.assert_frame_equal(shop_book[name], table)


def test_the_order_of_the_rows_of_the_book_is_irrelevant(shop_book, coverage):
    findings = [approved(ROAD, deal()), approved("T-05", potential("900"), sequence=2)]
    turned = replace(
        shop_book,
        tables=dict(shop_book.tables)
        | {"orders": shop_book["orders"].iloc[::-1].reset_index(drop=True)},
    )

    for name, table in frames(analyse(turned, coverage, findings)).items():
        pd.testing.assert_frame_equal(table, frames(analyse(shop_book, coverage, findings))[name])


def test_somebody_met_counts_as_access_and_as_a_supportive_contact(tiny_book, coverage):
    # The CRM knows one contact of A-1, below director, met; of A-2 one of unknown level.
    book = tiny_book(
        accounts=[{"account_id": "A-1"}, {"account_id": "A-2"}],
        contacts=[
            {
                "contact_id": "C-1",
                "account_id": "A-1",
                "level": "staff",
                "last_contact": "2026-10-01",
            },
            {"contact_id": "C-2", "account_id": "A-2", "attitude": "opposed"},
        ],
    )
    met = {"level": "executive", "attitude": "supportive", "met_on": date(2026, 11, 1)}
    found = analyse(
        book,
        coverage,
        [
            approved("A-1", person("Jo Field", **met)),
            approved("A-2", person("Name of C-2", contact_id="C-2", **met)),
        ],
    ).facts.table

    columns = ["contacts", "supportive_contacts", "opposed_contacts", "access"]
    # A-1 gains a person; at A-2 the person of the CRM changes level and mind.
    assert found.loc["A-1", columns].tolist() == [2, 1, 0, "executive"]
    assert found.loc["A-2", columns].tolist() == [1, 1, 0, "executive"]


def test_one_finding_in_an_empty_table_does_not_make_the_others_known(tiny_book, coverage):
    book = tiny_book(accounts=[{"account_id": "A-1"}, {"account_id": "A-2"}])
    findings = [
        approved("A-1", person("Jo Field", level="executive", met_on=date(2026, 11, 1))),
        approved("A-1", deal(), number=2),
    ]
    table = analyse(book, coverage, findings).facts.table

    assert (table.at["A-1", "contacts"], table.at["A-1", "open_opportunities"]) == (1, 1)
    assert table.loc["A-2", ["contacts", "open_opportunities", "cycle"]].isna().all()


def test_an_opportunity_adds_to_the_pipeline_and_opens_the_cycle(tiny_book, coverage):
    book = tiny_book(
        accounts=[{"account_id": "A-1"}],
        opportunities=[
            {
                "account_id": "A-1",
                "stage": "qualification",
                "amount": 1000.0,
                "opened": "2026-09-01",
            }
        ],
    )
    before = analyse(book, coverage).facts.table.loc["A-1"]
    stage = coverage.cycle.active_stages[0]
    after = analyse(book, coverage, [approved("A-1", deal(stage=stage))]).facts.table.loc["A-1"]

    assert (before["open_opportunities"], before["open_pipeline"]) == (1, 1000)
    assert (after["open_opportunities"], after["open_pipeline"]) == (2, 41_000)
    assert (bool(before["cycle_active"]), bool(after["cycle_active"])) == (False, True)


def test_an_account_without_peers_gets_the_potential_a_person_gave(tiny_book, coverage):
    book = tiny_book(accounts=[{"account_id": "A-1"}])
    found = analyse(book, coverage, [approved("A-1", potential("50000"))])

    assert levels(found, "A-1") == (50_000, 50_000, 50_000)
    cell = found.cite("account:A-1", "potential_p50")
    assert [parent.kind for parent in found.parents(cell)] == ["human"]


def test_a_corrected_cell_has_the_persons_word_and_the_calculation_as_parents(
    shop_book, coverage, plain
):
    found = analyse(shop_book, coverage, [approved(ROAD, potential("5000000"))])
    entity = f"account:{ROAD}"

    cell = found.cite(entity, "potential_p50")
    human, calculated = found.parents(cell)

    assert (cell.value, cell.source.analysis, cell.scope) == ("5000000", "findings", "r1")
    assert (human.kind, human.value, human.unit) == ("human", "5000000", "money")
    assert human.scope == "r1"
    assert human.source.person == "Ana"
    assert human.source.where == (
        "plan P-R-01 version 2, approved by Dana on 2026-11-20: Their buyer said so"
    )
    assert calculated.metric == "calculated_potential_p50"
    assert calculated.value == plain.cite(entity, "potential_p50").value
    basis = found.cite(entity, "potential_basis").value
    assert basis == (
        "corrected in plan P-R-01 version 2, approved by Dana on 2026-11-20: Their buyer said so"
    )
    # The tier's lineage leads back to what the person said.
    assert human.id in {item.id for item in found.cite_all(entity, "expected_value")}
    with pytest.raises(NotCitable):
        found.cite("account:R-02", "calculated_potential_p50")


def test_other_findings_give_other_ids(shop_book, coverage, plain):
    one = analyse(shop_book, coverage, [approved(ROAD, potential("5000000"))])
    other = analyse(shop_book, coverage, [approved(ROAD, potential("5000001"))])

    # Even for a cell that neither of them touches.
    ids = {one_of.cite("account:R-02", "net_spend_12m").id for one_of in (plain, one, other)}
    assert len(ids) == 3


def test_every_derived_cell_under_findings_follows_from_its_parents(shop_book, coverage):
    from tools.cells import recompute

    findings = [approved(ROAD, potential("5000000")), approved(ROAD, deal(), number=2)]
    found = analyse(shop_book, coverage, findings)
    for metric in ("open_potential", "spend_to_p75", "score", "tier", "open_pipeline", "cycle"):
        cell = found.cite(f"account:{ROAD}", metric)
        parents = found.parents(cell)
        if cell.source.operation != "analysis":
            assert recompute(cell.source.operation, parents, cell.unit) == cell.value
    assert found.cite(f"account:{ROAD}/finding:P-R-01.2.2", "opportunity") is not None
    pipeline = found.cite(f"account:{ROAD}", "open_pipeline")
    assert {parent.metric for parent in found.parents(pipeline)} == {"opportunity"}
