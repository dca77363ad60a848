"""Repair, strike and settle: what is mended, what goes, and what goes with it."""

from __future__ import annotations

from agent.verifier.blockers import NO_OBJECTIVE
from agent.verifier.check import check_plan
from agent.verifier.repair import repair
from agent.verifier.strike import strike
from domain.plan import AccountPlanDraft, Citation, Report
from tests.agent.good_plan import YEAR, Example, calculation, claim, record
from tests.agent.settling import settle


def settled(good: Example, draft: AccountPlanDraft):
    return settle(
        draft, good.ledger, good.reader, good.coverage,
        as_of=good.as_of, period=good.period, currency=good.currency,
    )  # fmt: skip


def test_a_good_plan_is_left_alone(good: Example) -> None:
    mended, repairs = repair(good.draft, good.ledger, good.reader)
    assert (mended, repairs) == (good.draft, {})
    result = settled(good, good.draft)
    assert result.draft == good.draft
    assert result.report == good.check()


def test_a_slip_in_a_quotation_is_set_to_the_words_of_its_source(good: Example) -> None:
    said = good.evidence["said"]
    slipped = said.value.replace("suppliers", "supplierss")
    made = claim("now.said", "quote", "They said: {{x}}", quotes={said.id: slipped},
                 x=(said, "text"))  # fmt: skip
    mended, repairs = repair(good.draft.model_copy(update={"why_now": [made]}), good.ledger)
    assert mended.why_now[0].citations[0].quote == said.value
    assert [finding.effect for finding in repairs["now.said"]] == ["repair"]
    report = check_plan(
        mended, good.ledger, good.reader, good.coverage, as_of=good.as_of, period=good.period,
        currency="USD", repairs=repairs,
    )  # fmt: skip
    assert report.result("now.said").outcome == "repaired"
    assert report.result("now.said").mark == "verified"


def test_an_invented_quotation_is_not_mended(good: Example) -> None:
    said = good.evidence["said"]
    for wrong in (
        "We want a discount before the season opens, or we leave for other suppliers.",
        said.value.replace("We need", "We never need"),
    ):
        made = claim("k", "quote", "They said: {{x}}", quotes={said.id: wrong}, x=(said, "text"))
        draft = good.draft.model_copy(update={"why_now": [made]})
        assert repair(draft, good.ledger)[1] == {}


def test_the_one_cell_that_fits_replaces_one_that_does_not(good: Example) -> None:
    wrong = record("account:1001", "accounts", "net_spend_12m", "lots", "text")
    right = calculation("net_spend_12m", "5", "money", period=wrong.period)
    made = claim("k", "metric", "Net spend is {{x}}.", x=(wrong, "money"))
    draft = good.draft.model_copy(update={"why_now": [made]})
    mended, _ = repair(draft, good.adding(wrong, right), good.reader)
    assert mended.why_now[0].slots[0].evidence_id == right.id
    assert mended.why_now[0].citations[0].evidence_id == right.id
    twin = calculation("net_spend_12m", "6", "money", period=wrong.period)
    assert repair(draft, good.adding(wrong, right, twin), good.reader)[1] == {}


def test_a_repeated_citation_is_dropped(good: Example) -> None:
    made = good.draft.why_now[0]
    twice = made.model_copy(update={"citations": [*made.citations, made.citations[0]]})
    mended, repairs = repair(good.draft.model_copy(update={"why_now": [twice]}), good.ledger)
    assert mended.why_now[0] == made
    assert list(repairs) == [made.key]


def test_a_play_goes_whole_with_its_milestones(good: Example) -> None:
    draft = good.with_claim("play.agree", text="Call them 7 times.", slots=[])
    left, omissions = strike(draft, good.check(draft))
    assert [play.key for play in left.plays] == ["supply"]
    assert left.milestones == []
    assert [item.what for item in omissions] == ["A play", "A milestone"]


def test_an_optional_part_becomes_null(good: Example) -> None:
    draft = good.with_claim("play.agree.objection", text="They ask 7 times.")
    left, _ = strike(draft, good.check(draft))
    assert left.plays[1].objection is None
    assert left.plays[1].value is not None


def test_a_struck_objective_leaves_a_stand_in_that_blocks(good: Example) -> None:
    result = settled(good, good.with_claim("objective", text="Grow by 7 percent.", slots=[]))
    assert result.draft.objective.text == NO_OBJECTIVE
    assert [(b.code, b.remedy) for b in result.report.blockers] == [("no_objective", "edit")]
    assert result.report.result("objective").mark == "none"


def test_a_recommendation_falls_with_its_last_premise_and_takes_others_along(
    good: Example,
) -> None:
    risks = [
        claim("r0", "fact", "They owe us 7 payments.", good.evidence["market"]),
        claim("r1", "recommendation", "Ask for payment.", premises=("r0",)),
        claim("r2", "recommendation", "Stop delivery till then.", premises=("r1",)),
        claim("r3", "recommendation", "Tell operations.", premises=("r2", "objective")),
    ]
    result = settled(good, good.draft.model_copy(update={"risks": risks}))
    assert [item.key for item in result.draft.risks] == ["r3"]
    assert result.draft.risks[0].premises == ["objective"]
    reasons = [item.reason for item in result.report.omissions]
    assert reasons.count("It rested only on statements that were left out.") == 2


def test_an_omission_never_repeats_the_words_that_were_left_out(good: Example) -> None:
    secret = "Zanzibar Holdings pays 7 bribes"
    draft = good.with_claim("stand.mix", text=secret, slots=[])
    draft = draft.model_copy(
        update={"why_now": [claim("xylophone", "quote", "", subject="account:quagga")]}
    )
    told = settled(good, draft).report.model_dump_json()
    for word in ("Zanzibar", "bribes", "quagga"):
        assert word not in told


def test_settling_ends_with_nothing_to_strike_whatever_a_writer_sends(good: Example) -> None:
    e = good.evidence
    broken = good.draft.model_copy(
        update={
            "where_we_stand": [
                item.model_copy(update={"citations": [Citation(evidence_id="ev_x", quote=None)]})
                for item in good.draft.where_we_stand
            ],
            "against": claim("against", "fact", "See www.x.com 7.", e["said"]),
            "people": [good.draft.people[0].model_copy(update={"contact": "account:1/contact:Q"})],
            "products": [good.draft.products[0].model_copy(update={"gap": "nowhere"})],
        }
    )
    result = settled(good, broken)
    assert not [item for item in result.report.claims if item.outcome == "struck"]
    assert result.draft.people == []
    assert result.draft.products == []
    again: Report = settled(good, result.draft).report
    assert again.claims == result.report.claims
    assert len(result.report.omissions) == 4 + 1 + 1 + 1


def test_a_slot_of_an_older_window_is_not_silently_exchanged(good: Example) -> None:
    old = calculation("net_spend_12m", "1", "money", period="2020-01-01/2020-12-31")
    made = claim("k", "metric", "Net spend is {{x}}.", x=(old, "money"))
    draft = good.draft.model_copy(update={"why_now": [made]})
    assert repair(draft, good.adding(old), good.reader)[1] == {}
    assert old.period != YEAR
