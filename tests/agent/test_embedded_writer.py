"""The writer that needs no language model: what it says, and what it leaves out."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.embedded_writer import EmbeddedWriter
from agent.render import render
from domain.evidence import Evidence, HumanSource, Ledger
from domain.plan import AccountPlanDraft, WriterNote
from tests.agent import notes_by_hand as hand
from tests.agent.notes_by_hand import (
    ACCOUNT,
    AS_OF,
    COVERAGE,
    DANA,
    REP,
    TOM,
    brief,
    cell,
    checked,
    deal,
    drafted,
    gap,
    person,
    record,
    rhythm,
    said,
)

DAY = AS_OF.isoformat()
SPEND = [
    cell("net_spend_12m", "96720", "money"),
    cell("net_spend_prior_12m", "71645", "money", period="2024-11-14/2025-11-13"),
    cell("spend_change_12m", "0.35", "change"),
]
PEERS = [
    cell("spend_to_p75", "0.7", "ratio"),
    cell("potential_p75", "137720", "money"),
    cell("peer_group", "46 other active accounts: Bike Shop", "text"),
    cell("open_potential", "41000", "money"),
    cell("win_probability", "0.4", "share", period=DAY),
    cell("tier", "Tier 1", "name", period=DAY),
    cell("orders_12m", "4", "count"),
]
BUYER = person(
    DANA, "Dana Whitfield", role="economic buyer", influence="high", attitude="supportive",
    met="2026-10-20",
)  # fmt: skip
OTHERS = [
    cell("alternative_open_potential", "68200", "money", entity=REP),
    record(f"{REP}/account:A-2", "name", "Birch Bikes", "name"),
    record(f"{REP}/account:A-3", "name", "Cedar Sports", "name"),
]
LAST = [
    cell("last_order_change", "-0.21", "change", period=DAY),
    cell("last_order_date", "2026-10-14", "date", period=DAY),
]


def read(draft: AccountPlanDraft, *facts: Evidence) -> dict[str, str]:
    """Every sentence as a reader sees it, by key."""
    ledger = brief(*facts).ledger
    return {
        claim.key: "".join(part.text for part in render(claim, ledger, "USD"))
        for _, claim in draft.claims()
    }


def told(*facts: Evidence) -> dict[str, str]:
    return read(drafted(*facts), *facts)


def unsupported(*facts: Evidence, tier: str = "tier_1") -> list[object]:
    report = checked(*facts, tier=tier)
    return [result for result in report.claims if result.outcome != "supported"]


def test_a_name_alone_makes_a_plan_that_passes_the_verifier_and_says_what_it_lacks() -> None:
    report = checked()
    assert unsupported() == []
    assert {gap.section for gap in report.gaps} >= {"why_now", "competition", "whitespace"}
    sentences = told()
    assert sentences["objective"] == "Win a first order from Alder Cycles."
    assert sentences["unknown.notes"].startswith("Not known: what the account plans")


def test_an_empty_notebook_leaves_no_sentence_about_figures() -> None:
    draft = drafted()
    assert (draft.where_we_stand, draft.why_now, draft.whitespace, draft.competition) == (
        [], [], [], [],
    )  # fmt: skip
    assert [play.key for play in draft.plays] == ["find_buyer"]


def test_where_we_stand_tells_spend_peers_and_rhythm() -> None:
    sentences = told(*SPEND, *PEERS, *rhythm("2027-01-12"))
    assert sentences["stand.spend"] == (
        "Net spend over the past year is $96.7K, +35 % against $71.6K the year before."
    )
    assert sentences["stand.peers"] == (
        "That is 0.7x the upper quartile of its peers, $138K potential a year (46 other "
        "active accounts: Bike Shop)."
    )
    assert sentences["stand.rhythm"] == (
        "It orders every 91 days; the next order is due about 12 Jan 2027."
    )


def test_without_a_year_before_no_change_is_told() -> None:
    assert told(SPEND[0])["stand.spend"] == "Net spend over the past year is $96.7K."


def test_without_a_rhythm_the_mix_is_told_instead() -> None:
    facts = [
        cell("top_category", "Wheels", "name"),
        cell("top_category_share", "0.88", "share"),
    ]
    assert told(*facts)["stand.mix"] == "Wheels makes up 88 % of what it buys."


def test_the_objective_names_the_first_motive_and_then_the_second() -> None:
    facts = [*SPEND, *PEERS, *rhythm("2027-01-12"), *BUYER]
    # 24,180 due; 41,000 x 0.4 = 16,400 open, more than a tenth of it.
    assert told(*facts)["objective"] == (
        "Protect the order due about 12 Jan 2027, the last of which was worth $24.2K, then "
        "reach for the open potential of $41K."
    )
    assert unsupported(*facts) == []


@pytest.mark.parametrize(
    ("facts", "measure"),
    [
        (rhythm("2027-01-12"), "Measured by the value of the next order against $24.2K last time."),
        (
            deal("99000", "2027-02-01"),
            "Measured by the deal Spring order: won at $99K, or lost with a reason.",
        ),
        (
            PEERS,
            "Measured by the yearly volume that is agreed, out of $41K of open potential.",
        ),
        (
            [
                cell("orders_12m", "4", "count"),
                cell("whitespace_worth", "9000", "money", period=DAY),
                *gap("Helmets", "9000"),
            ],
            "Measured by product lines bought for the first time, against $9K a year thought "
            "possible.",
        ),
        (
            [
                cell("orders_12m", "4", "count"),
                cell("net_spend_12m", "60000", "money"),
                cell("net_spend_prior_12m", "100000", "money", period="2024-11-14/2025-11-13"),
                cell("spend_change_12m", "-0.4", "change"),
            ],
            "Measured by a reason on file, and an order that brings spend back.",
        ),
        ([], "Measured by orders booked in the period."),
    ],
)
def test_the_period_is_measured_by_what_the_objective_is_about(
    facts: list[Evidence], measure: str
) -> None:
    assert told(*facts, *BUYER)["success"] == measure
    assert unsupported(*facts, *BUYER) == []


def test_what_people_said_is_quoted_with_its_author_and_date() -> None:
    note = said("They want 40 frames by 11 December or they split the order.")
    document = f"{ACCOUNT}/document:D-1"
    facts = [
        note,
        record(document, "author", "Ines Ortega", "name"),
        record(document, "published", "2026-10-01", "date"),
    ]
    assert told(*facts)["now.said.0"] == (
        "Ines Ortega, 1 Oct 2026: “They want 40 frames by 11 December or they split the order.”"
    )
    assert unsupported(*facts) == []


def test_the_buying_group_lists_people_by_weight_and_names_the_roles_nobody_holds() -> None:
    tom = person(TOM, "Tom Hale", role="purchasing", influence="low")
    draft = drafted(*tom, *BUYER)
    held = [row.contact for row in draft.people if row.contact]
    assert held == [DANA, TOM]
    missing = [row.role for row in draft.people if row.contact is None]
    assert missing == [
        role
        for role in COVERAGE.planning.roles_wanted
        if role not in {"economic buyer", "purchasing"}
    ]
    notes = read(draft, *tom, *BUYER)
    assert notes["group.gap.0"] == (
        f"Nobody on file fills the role of {missing[0]}; ask Dana Whitfield who does."
    )
    assert unsupported(*tom, *BUYER) == []


def test_a_gap_in_the_group_without_anybody_to_ask_is_an_assumption() -> None:
    draft = drafted()
    assert {row.note.kind for row in draft.people if row.note} == {"assumption"}


def test_whitespace_says_whether_it_is_worth_a_meeting() -> None:
    lines = [*gap("Helmets", "3000"), *gap("Wheels", "900")]
    small = told(*lines, cell("whitespace_worth", "3900", "money", period=DAY))
    assert small["space.worth"] == (
        "The product lines below are worth about $3.9K a year together: a line on the next "
        "order, not a visit."
    )
    large = told(*lines, cell("whitespace_worth", "5200", "money", period=DAY))
    assert large["space.worth"].endswith("worth a meeting.")
    nothing = told(*gap("Wheels", "0.2"), cell("whitespace_worth", "0.2", "money", period=DAY))
    assert "space.worth" not in nothing


def test_an_account_past_its_peers_is_told_to_grow_in_range() -> None:
    facts = [cell("open_potential", "0", "money"), cell("potential_p75", "137720", "money")]
    assert told(*facts)["space.none"].startswith("No open potential is left")
    assert unsupported(*facts) == []


def test_a_competitor_is_quoted_only_from_a_published_dated_source() -> None:
    words = "Velomart lowered its frame prices for dealers this autumn."
    hearsay = said(words)
    assert drafted(hearsay).competition == []
    assert "Velomart" not in " ".join(told(hearsay).values())
    public = said(
        words, kind="competitive", publisher="Trade Weekly", uri="https://example.com/1",
        author_class="external",
    )  # fmt: skip
    assert [claim.key for claim in drafted(public).competition] == ["rival.0"]
    assert unsupported(public) == []


def test_the_case_against_is_what_the_same_hours_could_do_elsewhere() -> None:
    # 68,200 elsewhere x 0.4 = 27,280 outweighs the 24,180 at stake here.
    facts = [*PEERS, *rhythm("2027-01-12"), *OTHERS, *BUYER]
    assert told(*facts)["against"].endswith("If weeks run short, those come first.")
    more = [*PEERS, *rhythm("2027-01-12", last="27281"), *OTHERS, *BUYER]
    assert told(*more)["against"].endswith("What is at stake here still outweighs that.")
    assert unsupported(*facts) == unsupported(*more) == []


def test_without_an_alternative_saturation_or_silence_speaks_against() -> None:
    assert told(cell("spend_to_p75", "2.4", "ratio"))["against"].startswith(
        "It already buys 2.4x the upper quartile"
    )
    silent = told(cell("days_since_order", "400", "days", period=DAY))
    assert silent["against"] == "The last order is 400 days back; the time may be late here."
    assert drafted().against is None


def test_notes_that_disagree_are_told_together_as_a_question() -> None:
    first = said("The new depot in Leduc opens in February 2027.", document="D-1")
    second = said("The new depot in Leduc opens in June 2027.", document="D-2")
    sentences = told(first, second)
    words = sentences["unknown.conflict.0"]
    assert words.startswith("Notes disagree; ask which holds: “")
    assert {first.value, second.value} <= set(words.replace("”", "“").split("“"))
    others = " ".join(text for key, text in sentences.items() if key != "unknown.conflict.0")
    assert "Leduc" not in others
    assert unsupported(first, second) == []


def test_a_fall_of_the_last_order_is_named_as_unknown() -> None:
    facts = [*LAST, *rhythm("2027-01-12")]
    assert told(*facts)["unknown.drop"].startswith(
        "Not known: why the last order moved by −21 %, stock or demand"
    )
    assert unsupported(*facts) == []


def test_what_a_reviewer_asked_for_is_repeated_in_their_words() -> None:
    remark = Evidence(
        entity=ACCOUNT,
        metric="remark",
        value="Name the season that the delivery is for.",
        unit="text",
        period=DAY,
        source=HumanSource(person="Mo", said_on=AS_OF, where="why_now"),
        scope="R-1",
    )
    assert told(remark)["unknown.asked.0"] == (
        "Asked in review: “Name the season that the delivery is for.”"
    )


def everything(*, quotes: int) -> list[Evidence]:
    """All cells at once, and as many quotable sentences."""
    return [
        *SPEND, *PEERS, *rhythm("2027-01-12"), *LAST, *BUYER, *OTHERS,
        *gap("Helmets", "900"), cell("whitespace_worth", "900", "money", period=DAY),
        cell("intent_90d", "3", "count", period="2026-08-16/2026-11-13"),
        *(
            said(f"{text} within {number + 2} weeks.", document=f"D-{number}")
            for number, text in enumerate(
                (
                    "They want a delivery date before January",
                    "The owner decides with the board and signs the budget",
                    "They are interested in helmets and wheels for the new range",
                    "Orders are late and they complain about the shortage",
                    "They open a second store and double the fleet",
                    "Spend fell below the usual and is smaller than last year",
                    "She would rather have one supplier and prefers us",
                )[:quotes]
            )
        ),
    ]  # fmt: skip


@pytest.mark.parametrize("quotes", range(8))
def test_a_plan_is_never_longer_than_the_coverage_model_allows(quotes: int) -> None:
    draft = drafted(*everything(quotes=quotes))
    assert len(draft.bullets()) <= COVERAGE.planning.bullets == 12
    assert unsupported(*everything(quotes=quotes)) == []


def test_what_the_page_shows_anyway_goes_before_what_people_said() -> None:
    few = {claim.key for claim in drafted(*everything(quotes=0)).bullets()}
    many = {claim.key for claim in drafted(*everything(quotes=7)).bullets()}
    assert {"unknown.margin", "now.last_order", "now.intent"} <= few
    assert not {"unknown.margin", "now.last_order", "now.intent"} & many
    assert {"stand.spend", "against"} <= many


def test_of_what_people_said_the_lightest_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = everything(quotes=7)
    whole = [claim for claim in drafted(*facts).bullets() if claim.kind == "quote"]
    tight = COVERAGE.planning.model_copy(update={"bullets": 9})
    monkeypatch.setattr(hand, "COVERAGE", COVERAGE.model_copy(update={"planning": tight}))
    left = [claim for claim in drafted(*facts).bullets() if claim.kind == "quote"]
    assert len(left) < len(whole)

    from agent.placing import weight

    ledger = brief(*facts).ledger

    def weigh(claims: list) -> list[int]:  # type: ignore[type-arg]
        return [
            weight(ledger[citation.evidence_id], AS_OF)
            for claim in claims
            for citation in claim.citations
            if citation.quote
        ]

    gone = [claim for claim in whole if claim not in left]
    # A section keeps its only sentence before another keeps its second.
    assert min(weigh(left)) >= min(weigh(gone))


def test_the_writer_names_itself_and_no_model() -> None:
    assert EmbeddedWriter().write(brief()).note == WriterNote(writer="embedded")


def test_milestones_are_the_first_and_the_last_play() -> None:
    draft = drafted(*PEERS, *rhythm("2027-01-12"), *BUYER)
    assert [milestone.play for milestone in draft.milestones] == [
        draft.plays[0].key,
        draft.plays[-1].key,
    ]


@settings(max_examples=40, deadline=None)
@given(st.sets(st.integers(0, 40)), st.sampled_from(["strategic", "tier_1", "tier_2"]))
def test_whatever_is_missing_nothing_unsupported_is_written(kept: set[int], tier: str) -> None:
    facts = [
        item
        for number, item in enumerate([*everything(quotes=7), *deal("9000", "2027-02-01")])
        # Any cell may be missing; a contact without a name is not in a CRM.
        if number in kept or item.metric == "name"
    ]
    struck = [item for item in checked(*facts, tier=tier).claims if item.outcome == "struck"]
    assert struck == []


def test_the_order_in_which_evidence_was_collected_changes_no_word() -> None:
    facts = everything(quotes=7)
    told_in_order = brief(*facts)
    ledger = told_in_order.ledger
    reversed_ledger = Ledger.of(
        list(ledger.entries.values())[::-1], ledger.texts, ledger.vocabulary
    )
    from dataclasses import replace

    writer = EmbeddedWriter()
    again = writer.write(replace(told_in_order, ledger=reversed_ledger)).draft
    assert again == writer.write(told_in_order).draft


@pytest.mark.slow
def test_hash_seeds_change_no_byte_of_a_plan() -> None:
    program = (
        "from tests.agent.drafting import draft_plan\n"
        "from tests.agent.memory_records import MemoryRecords\n"
        "from tests.agent.tiny_book import planning_context\n"
        "context = planning_context(MemoryRecords())\n"
        "print(*(draft_plan(context, f'A-{n}').content.plan_hash for n in (1, 2)))\n"
    )
    hashes = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(hashes) == 1
