"""Figures of a span and of a week are called by their own names, or the sentence says less."""

from __future__ import annotations

import pytest

from agent.chat.checking import judge, ledger_of
from agent.claims import claim
from domain.evidence import Evidence
from domain.plan import SlotFormat
from tests.agent.chat.context_by_hand import chat_context
from tools.changes import changes
from tools.week import week

FORMS: dict[str, SlotFormat] = {
    "money": "money", "count": "number", "change": "change", "hours": "hours", "days": "days",
    "date": "date",
}  # fmt: skip


def cells() -> dict[str, Evidence]:
    context = chat_context("tobias.renner")
    mine = context.analyses.ranks.of_owner("R-282")
    since = context.book.as_of.replace(month=6, day=1)
    found = changes(context.book, context.coverage, since, mine, head="rep:R-282")
    coming = week(context.book, context.coverage, context.analyses, mine, ())
    told = {}
    for source, names in (
        (found, ("order_value_span", "order_value_prior_span", "orders_span", "deals_opened_span",
                 "deals_won_span", "touches_span", "quiet_contacts_span", "new_lines_span")),
        (coming, ("week_selling_hours", "week_planned_hours", "week_free_hours")),
    ):  # fmt: skip
        for name in names:
            for item in source.cite_all("rep:R-282", name):
                told.setdefault(item.metric, item)
    return told


@pytest.mark.parametrize(
    ("metric", "right", "wrong", "effect"),
    [
        ("order_value_prior_span", "{{x}} in orders a year before.", "Orders are {{x}}.", "struck"),
        ("order_value_span", "Orders came to {{x}}.", "The open potential is {{x}}.", "struck"),
        ("touches_span", "{{x}} touches took place.", "{{x}} orders were placed.", "struck"),
        ("new_lines_span", "{{x}} product lines are new.", "{{x}} deals are new.", "struck"),
        ("quiet_contacts_span", "{{x}} contacts have gone quiet.", "{{x}} contacts.", "flagged"),
        ("deals_won_span", "{{x}} deals were won.", "{{x}} deals were lost.", "flagged"),
        ("deals_opened_span", "{{x}} deals were opened.", "{{x}} deals were won.", "flagged"),
        ("week_free_hours", "Free that week: {{x}}.", "Promised that week: {{x}}.", "flagged"),
        ("week_planned_hours", "Plans take {{x}} that week.", "Free that week: {{x}}.", "flagged"),
    ],
)  # fmt: skip
def test_a_figure_under_another_measures_name_does_not_pass(
    metric: str, right: str, wrong: str, effect: str
) -> None:
    context, found = chat_context("tobias.renner"), cells()
    cell = found[metric]
    claims = [
        claim(key, "metric", "rep:R-282", text, x=(cell, FORMS[cell.unit]))
        for key, text in (("right", right), ("wrong", wrong))
    ]

    said, omissions = judge(context, claims, ledger_of(context, found.values(), {}))

    outcomes = {item.claim.key: item.outcome for item in said}
    assert outcomes["right"] == "supported", said[0].findings
    assert outcomes.get("wrong", "struck") == effect
    assert len(omissions) == (effect == "struck")
