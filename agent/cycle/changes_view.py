"""What changed between two books, what a recommendation opens, what is carried forward."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Literal

from agent.cycle.view import CycleCell, CycleTable, Row, State
from agent.cycle.writing import MOST_CHANGES, Hand, number_of, plain
from agent.plan_sources import long_day
from agent.view import Pill
from domain.assignment import Event
from domain.cycle import Sentence
from domain.review import (
    TRIGGER_KINDS,
    Carried,
    Opens,
    OpensCoverage,
    OpensPlan,
    OpensScenario,
    Trigger,
    TriggerKind,
)

_FIRST: frozenset[TriggerKind] = frozenset(
    {"rep_left", "rep_joined", "new_product", "strategy_changed", "adherence_lost"}
)
"""Changes that a quarter turns on whatever money they name."""
ARROW = "→"
MOST_PILLS = 2
CARRIED: dict[Literal["holds", "changed", "gone", "stale"], tuple[State, str]] = {
    "holds": ("ok", "still holds"),
    "changed": ("warn", "value changed"),
    "gone": ("bad", "its source is gone"),
    "stale": ("warn", "its source is old"),
}


def changes_table(
    triggers: Sequence[Trigger], hand: Hand, said: Mapping[str, Sentence]
) -> CycleTable:
    """List changes about people and rules first, then the others by money at stake.

    `said` holds the sentence on a change by its id; without one the change is told by its
    values.
    """
    order = {kind: place for place, kind in enumerate(TRIGGER_KINDS)}

    def key(item: Trigger) -> tuple[bool, int, Decimal, str]:
        amount = number_of(item.amount) if item.amount else None
        apart = item.kind in _FIRST
        place = order[item.kind] if apart else 0
        return not apart, place, -abs(amount or Decimal(0)), item.trigger_id

    return CycleTable(
        kind="changes",
        caption="What changed between the two books",
        columns=("Change", "What happened", "At stake", "When"),
        rows=tuple(
            _change(item, hand, said.get(item.trigger_id), shown=place < MOST_CHANGES)
            for place, item in enumerate(sorted(triggers, key=key))
        ),
    )


def _change(item: Trigger, hand: Hand, sentence: Sentence | None, *, shown: bool) -> Row:
    whose = hand.rep(item.rep_id) if item.rep_id else "everyone"
    told = hand.say(sentence, cited=shown) if sentence is not None else None
    what = hand.subject(item.subject)
    if told is None:
        values = _values(item, hand)
        line = f"{what[:1].upper()}{what[1:]}" + (f": {values}" if values else "")
        cell = CycleCell(text=line, pills=marks(item.evidence, hand, shown=shown))
    else:
        cell = CycleCell(text=told.text, sentence=told)
    small = "" if what == whose or whose in cell.text else f"Territory: {whose}"
    return (
        plain(TRIGGER_KINDS[item.kind]),
        cell.model_copy(update={"small": small}),
        hand.cell(item.amount) if item.amount else plain("–", numeric=True),
        plain(long_day(item.on) if item.on else "–"),
    )


def marks(evidence: Sequence[str], hand: Hand, *, shown: bool = True) -> tuple[Pill, ...]:
    """Return at most two marks for what something rests on, the newest first.

    What is not `shown` at once is left out of the sources of paper and files.
    """
    known = [hand.ledger[key] for key in evidence if key in hand.ledger]
    pills = {pill.evidence_id: pill for item in known if (pill := hand.sources.mark(item))}
    chosen = tuple(pills.values())[:MOST_PILLS]
    if shown:
        hand.cited.update(pill.evidence_id for pill in chosen if pill.evidence_id)
    return chosen


def _values(item: Trigger, hand: Hand) -> str:
    before = hand.text(item.before) if item.before else ""
    after = hand.text(item.after) if item.after else ""
    return f" {ARROW} ".join(text for text in (before, after) if text)


def answer_told(item: Trigger, hand: Hand) -> str:
    """Name a change on one line: `Deal slipped: deal Winter order of Acme, 1 Dec → 1 Mar`."""
    values = _values(item, hand)
    told = f"{TRIGGER_KINDS[item.kind]}: {hand.subject(item.subject)}"
    return f"{told}, {values}" if values else told


def opens_told(opens: Opens, hand: Hand) -> str:
    """Say what accepting a recommendation opens; nothing takes effect by that alone."""
    if isinstance(opens, OpensScenario):
        return f"a scenario {_after(opens.event, hand)}"
    if isinstance(opens, OpensPlan):
        return f"a new version of the plan of {hand.account(opens.account_id)}"
    if isinstance(opens, OpensCoverage):
        return f"a preview of the coverage model with {opens.key} = {opens.value}"
    return f"a new version of the territory plan of {hand.rep(opens.rep_id)}"


def _after(event: Event, hand: Hand) -> str:
    if event.kind == "rep_leaves":
        on = long_day(event.on)
        return f"that places the accounts of {hand.rep(event.rep_id)}, who leaves on {on}"
    if event.kind == "rep_joins":
        return f"with a territory for {event.name}, who joins on {long_day(event.on)}"
    if event.kind == "acquisition":
        return f"that keeps the family of {hand.account(event.parent_id)} together"
    if event.kind == "new_product":
        return f"with {event.product} counted in the potential"
    return f"with what changed at {hand.account(event.account_id)}"


def carried_table(
    carried: Sequence[Carried], hand: Hand, said: Mapping[str, Sentence]
) -> CycleTable:
    """List claims of approved plans that go on; those that need a word come first."""
    urgent = {"gone": 0, "changed": 1, "stale": 2, "holds": 3}
    rows = sorted(carried, key=lambda item: (urgent[item.state], item.said_on, item.key))
    return CycleTable(
        kind="carried",
        caption="Claims of approved plans that this review carries forward",
        columns=("Claim", "Account", "Said", "State"),
        rows=tuple(_claim(item, hand, said.get(item.key)) for item in rows),
    )


def _claim(item: Carried, hand: Hand, sentence: Sentence | None) -> Row:
    state, word = CARRIED[item.state]
    told = hand.say(sentence) if sentence is not None else None
    return (
        CycleCell(
            text=item.text,
            small=told.text if told else "",
            pills=told.pills if told else marks(item.evidence, hand),
        ),
        CycleCell(
            text=hand.account(item.account_id) if item.account_id else "the territory",
            link=f"/cycle/{item.plan_id}?v={item.plan_version}",
            small=f"plan {item.plan_id}, version {item.plan_version}",
        ),
        plain(long_day(item.said_on)),
        plain(word, state=state),
    )
