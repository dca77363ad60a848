from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.editing import FIELDS, edit_section
from agent.embedded_writer import EmbeddedWriter
from agent.render import render
from domain.errors import InvalidInput
from domain.evidence import HumanSource
from domain.plan import (
    AccountPlanDraft,
    Claim,
    PlanContent,
    Report,
    Schedule,
    SectionKey,
    WriterNote,
)
from tests.agent.tiny_brief import brief, ledger

SAID = date(2026, 11, 20)


def content() -> PlanContent:
    told = brief()
    return PlanContent(
        account_id=told.account_id,
        account_name=told.account_name,
        owner_id=told.owner_id,
        owner_name=told.owner_name,
        tier=told.tier,
        tier_note="",
        depth="full",
        period_start=told.period.start,
        period_end=told.period.end,
        as_of=told.as_of,
        currency="USD",
        book_id="book",
        coverage_hash="coverage",
        ledger_root=told.ledger.root,
        draft=EmbeddedWriter().write(told).draft,
        schedule=Schedule(
            plays=(), weeks=(), plan_hours="0", tier_hours="0", selling_hours="0",
            committed_hours="0",
        ),
        report=Report(claims=()),
        writer=WriterNote(writer="embedded"),
    )  # fmt: skip


CONTENT = content()


def edit(section: SectionKey, text: str) -> tuple[AccountPlanDraft, list[str]]:
    draft, after = edit_section(
        CONTENT, ledger(), section, text, person_name="Ines Ortega", said_on=SAID, where="plan P-1"
    )
    new = [item.value for key, item in after.entries.items() if key not in ledger()]
    return draft, new


def words(claim: Claim) -> str:
    return "".join(part.text for part in render(claim, ledger(), "USD"))


def said(draft: AccountPlanDraft) -> dict[str, str]:
    return {claim.key: words(claim) for claim in draft.where_we_stand}


def test_unchanged_lines_keep_their_claims_and_evidence() -> None:
    lines = "\n".join(words(claim) for claim in CONTENT.draft.where_we_stand)

    draft, new = edit("where_we_stand", lines)

    assert draft == CONTENT.draft
    assert new == []


def test_a_reworded_line_that_keeps_every_figure_keeps_its_slots() -> None:
    before = CONTENT.draft.where_we_stand[0]
    assert words(before) == (
        "Net spend over the past year is $96.7K, +35 % against $71.6K the year before."
    )

    draft, new = edit("where_we_stand", "They spent $96.7K, +35 % on the $71.6K before.")

    after = draft.where_we_stand[0]
    assert after.text == "They spent {{spend}}, {{change}} on the {{prior}} before."
    assert (after.key, after.slots, after.citations) == (
        before.key,
        before.slots,
        before.citations,
    )
    assert new == []


@pytest.mark.parametrize(
    "line",
    [
        "They spent $96.8K, +35 % on the $71.6K before.",  # another figure
        "They spent $96.7K on the $71.6K before.",  # one figure short
        "They spent $96.7K, +35 % on the $71.6KK before.",  # a figure inside another word
    ],
)
def test_a_line_that_loses_a_figure_is_the_persons_own(line: str) -> None:
    draft, new = edit("where_we_stand", line)

    assert new == [line]
    claim = draft.where_we_stand[0]
    assert (claim.text, claim.slots, claim.kind) == (line, [], "fact")


def test_a_typed_line_cites_the_person_who_typed_it() -> None:
    draft, after = edit_section(
        CONTENT,
        ledger(),
        "why_now",
        "The owner retires in spring.",
        person_name="Ines Ortega",
        said_on=SAID,
        where="plan P-1, why_now",
    )

    claim = draft.why_now[0]
    statement = after[claim.citations[0].evidence_id]
    assert claim.key == "person.why_now.1"
    assert claim.subject == "account:1001"
    assert statement.value == "The owner retires in spring."
    assert (statement.entity, statement.metric, statement.unit) == (
        "account:1001",
        "statement",
        "text",
    )
    assert statement.scope == "282"
    assert statement.source == HumanSource(
        person="Ines Ortega", said_on=SAID, where="plan P-1, why_now"
    )
    assert set(ledger().entries) < set(after.entries)
    assert after.texts == ledger().texts


def test_blank_text_leaves_the_section_empty_and_the_tables_alone() -> None:
    draft, new = edit("buying_group", " \n\n")

    assert draft.buying_group == []
    assert [row.contact for row in draft.people] == [row.contact for row in CONTENT.draft.people]
    assert new == []


def test_new_lines_in_risks_leave_the_case_against_and_the_unknowns_where_they_are() -> None:
    against = CONTENT.draft.against
    assert against is not None
    text = f"Their landlord is selling.\n{words(against)}"

    draft, _ = edit("risks", text)

    assert [claim.text for claim in draft.risks] == ["Their landlord is selling."]
    assert draft.against == against
    assert draft.unknowns == []


def test_the_case_against_goes_when_its_line_goes() -> None:
    assert edit("risks", "Nothing speaks against it.")[0].against is None


def test_editing_the_plays_section_changes_its_measure_and_not_the_plays() -> None:
    draft, _ = edit("plays", "Measured by a signed order.")

    assert [claim.text for claim in draft.success] == ["Measured by a signed order."]
    assert draft.plays == CONTENT.draft.plays


def test_premises_that_went_with_the_old_sentences_are_forgotten() -> None:
    keys = {claim.key for claim in CONTENT.draft.where_we_stand}
    leaning = CONTENT.draft.success[0].model_copy(
        update={"premises": ["objective", sorted(keys)[0]]}
    )
    held = CONTENT.model_copy(
        update={"draft": CONTENT.draft.model_copy(update={"success": [leaning]})}
    )

    draft, _ = edit_section(
        held, ledger(), "where_we_stand", "", person_name="I", said_on=SAID, where="w"
    )

    assert draft.success[0].premises == ["objective"]


def test_invisible_characters_are_dropped() -> None:
    assert edit("why_now", "Stock\u202e runs\u200b out.")[1] == ["Stock runs out."]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a\n" * 41, "Section 'Risks and unknowns' has 41 lines; it may have 40."),
        (
            "ok\n" + "x" * 2001,
            "Line 2 of section 'Risks and unknowns' has 2001 characters; it may have 2000.",
        ),
        ("{{spend}} fell.", "Line 1 of section 'Risks and unknowns' holds double braces."),
    ],
)
def test_text_that_cannot_be_kept_says_why(text: str, message: str) -> None:
    with pytest.raises(InvalidInput) as error:
        edit("risks", text)

    assert error.value.message == message


@given(
    st.sampled_from(sorted(FIELDS)),
    st.lists(st.text(st.characters(exclude_characters="{}")), max_size=6),
)
def test_every_typed_line_is_shown_and_every_key_is_unique(
    section: SectionKey, lines: list[str]
) -> None:
    draft, after = edit_section(
        CONTENT, ledger(), section, "\n".join(lines), person_name="I", said_on=SAID, where="w"
    )

    keys = [claim.key for _, claim in draft.claims()]
    assert len(keys) == len(set(keys))
    shown = [
        "".join(part.text for part in render(claim, after, "USD"))
        for claim in getattr(draft, FIELDS[section][0])
    ]
    assert all(line == " ".join(line.split()) for line in shown)
