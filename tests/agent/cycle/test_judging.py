"""Sentences of a quarter are checked one by one, and what rested on a struck one falls too."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from agent.claims import Filled, claim
from agent.cycle.judging import judge
from domain.coverage import parse_coverage
from domain.cycle import CycleOmission, DraftSentence, Sentence
from domain.evidence import CalculationSource, DocumentSource, Evidence, Ledger, Unit
from domain.period import Period
from domain.plan import Claim, SlotFormat
from domain.principal import Principal, Scope
from domain.record import text_hash
from domain.vocabulary import Vocabulary

AS_OF = date(2027, 2, 12)
PERIOD = Period(date(2026, 11, 1), date(2027, 1, 31))
DEFAULTS = Path(__file__).parents[3] / "api" / "defaults" / "coverage.toml"
COVERAGE = parse_coverage(DEFAULTS.read_text(encoding="utf-8"))
NOTE = "We will split the order unless frames arrive before the season."


def cell(entity: str, metric: str, value: str, unit: Unit, scope: str = "") -> Evidence:
    return Evidence(
        entity=entity,
        metric=metric,
        value=value,
        unit=unit,
        period=AS_OF.isoformat(),
        source=CalculationSource(
            analysis="by hand", version=1, arguments_hash="0", pointer=f"{entity}/{metric}"
        ),
        scope=scope,
    )


SPEND = cell("account:A-1", "net_spend_12m", "397000", "money", "R-1")
OPEN = cell("account:A-2", "open_potential", "34000", "money", "R-2")
HOURS = cell("rep:R-1", "selling_hours", "240", "hours", "R-1")
SAID = Evidence(
    entity="account:A-1/document:D-1",
    metric="sentence",
    value=NOTE,
    unit="text",
    source=DocumentSource(
        document_hash=text_hash(NOTE), start=0, end=len(NOTE), document_id="D-1",
        document_kind="note", title="Call", author_class="internal", published=date(2027, 1, 20),
    ),
    scope="R-1",
)  # fmt: skip
LEDGER = Ledger.of(
    [SPEND, OPEN, HOURS, SAID], {text_hash(NOTE): NOTE}, Vocabulary({"Brakes and Gears": ("A-1",)})
)
EVERYBODY = Scope(everything=True)


def reader(scope: Scope = EVERYBODY) -> Principal:
    return Principal(
        person="ada", name="Ada", workspace="w", roles=frozenset({"manager"}), scope=scope
    )


def written(*claims: Claim) -> list[DraftSentence]:
    return [DraftSentence(section="changes", claim=item) for item in claims]


def judged(
    *claims: Claim, scope: Scope = EVERYBODY, left_out: frozenset[str] = frozenset()
) -> tuple[tuple[Sentence, ...], tuple[CycleOmission, ...]]:
    return judge(
        written(*claims), LEDGER, reader(scope), COVERAGE,
        as_of=AS_OF, period=PERIOD, currency="USD", left_out=left_out,
    )  # fmt: skip


def spends(key: str = "spends", text: str = "Spend is {{x}}.", **more: Filled) -> Claim:
    slots: dict[str, Filled] = {"x": (SPEND, "money_short"), **more}
    return claim(key, "metric", "account:A-1", text, slots=slots)


def test_sentences_about_two_accounts_and_a_rep_stand_in_one_report() -> None:
    form: SlotFormat = "money_short"
    stand, omissions = judged(
        spends(),
        claim("room", "metric", "account:A-2", "Open potential is {{x}}.", x=(OPEN, form)),
        claim("time", "metric", "rep:R-1", "Selling hours are {{x}}.", x=(HOURS, "hours")),
    )

    assert [(item.claim.key, item.outcome, item.mark) for item in stand] == [
        ("spends", "supported", "computed"),
        ("room", "supported", "computed"),
        ("time", "supported", "computed"),
    ]
    assert omissions == ()


@pytest.mark.parametrize(
    ("text", "check"),
    [
        ("Spend is {{x}}, about 400K.", "6"),
        ("The open potential is {{x}}.", "8"),
        ("Brakes and Gears spends {{x}}.", "10"),
        ("Spend is {{x}}, see http://example.com.", "14"),
    ],
)
def test_a_figure_a_name_or_a_link_that_no_slot_wrote_is_left_out(text: str, check: str) -> None:
    stand, omissions = judged(spends(text=text))

    assert stand == ()
    assert [(item.section, item.what, item.check) for item in omissions] == [
        ("changes", "A figure", check)
    ]
    assert "Brakes" not in omissions[0].reason


def test_a_figure_of_another_account_does_not_stand_under_this_one() -> None:
    _, omissions = judged(spends(text="Spend is {{x}}, open {{y}}.", y=(OPEN, "money_short")))

    assert [item.check for item in omissions] == ["8"]


def test_a_recommendation_falls_with_the_last_statement_it_rested_on() -> None:
    stand, omissions = judged(
        spends("false", "Spend is {{x}}, twice as much."),
        claim("do", "recommendation", "account:A-1", "Draft a new plan.", premises=("false",)),
        claim("then", "recommendation", "account:A-1", "Then call them.", premises=("do",)),
    )

    assert stand == ()
    assert [(item.what, item.check) for item in omissions] == [
        ("A figure", "6"),
        ("A recommendation", "2"),
        ("A recommendation", "2"),
    ]
    assert omissions[2].reason == "It rested only on statements that were left out."


def test_a_recommendation_that_cites_stands_without_its_lost_premise() -> None:
    do = claim(
        "do", "recommendation", "account:A-1", "Draft a new plan.",
        premises=("false", "true"), cites=(SPEND,),
    )  # fmt: skip
    stand, _ = judged(spends("false", "Spend is {{x}}, twice as much."), spends("true"), do)

    assert [item.claim.key for item in stand] == ["true", "do"]
    assert stand[1].claim.premises == ["true"]
    assert (stand[1].outcome, stand[1].mark) == ("supported", "judgement")


def test_a_premise_that_nobody_wrote_is_flagged_and_stays_visible() -> None:
    do = claim(
        "do", "recommendation", "account:A-1", "Draft a new plan.",
        premises=("nowhere",), cites=(SPEND,),
    )  # fmt: skip
    (item,), _ = judged(do)

    assert item.outcome == "flagged"
    assert item.claim.premises == ["nowhere"]


def test_of_two_sentences_with_one_key_the_first_stands() -> None:
    stand, omissions = judged(spends(), spends(text="Their spend is {{x}}."))

    assert [item.claim.text for item in stand] == ["Spend is {{x}}."]
    assert [item.check for item in omissions] == ["1"]


def test_what_the_reader_may_not_read_is_left_out_as_if_it_did_not_exist() -> None:
    stand, omissions = judged(spends(), scope=Scope(reps=frozenset({"R-2"})))

    assert stand == ()
    assert omissions[0].reason == "It cites evidence that is not in this plan's ledger."


def test_a_guess_without_a_source_is_marked_as_one() -> None:
    guess = claim("why", "assumption", "account:A-1", "We assume that frames came late.")
    (item,), _ = judged(guess)

    assert (item.outcome, item.mark) == ("flagged", "none")
    assert item.findings[-1].message == "No source supports it."


def test_a_slip_in_a_quotation_is_mended_and_told() -> None:
    slip = claim("said", "quote", "account:A-1", "They wrote {{x}}.", x=(SAID, "text"))
    slip = slip.model_copy(
        update={
            "citations": [
                slip.citations[0].model_copy(update={"quote": NOTE.replace("arrive", "arive")})
            ]
        }
    )
    (item,), _ = judged(slip)

    assert item.claim.citations[0].quote == NOTE
    assert (item.outcome, item.mark) == ("repaired", "verified")


def test_a_screened_sentence_of_a_note_is_not_quoted() -> None:
    said = claim("said", "quote", "account:A-1", "They wrote {{x}}.", x=(SAID, "text"))
    stand, omissions = judged(said, left_out=frozenset({SAID.id}))

    assert stand == ()
    assert [(item.what, item.check) for item in omissions] == [("A quotation", "screened")]
