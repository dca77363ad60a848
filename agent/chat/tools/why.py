"""Why an account stands where it stands: tier, rank, score in parts, what would lift it."""

from __future__ import annotations

from typing import NamedTuple

from pydantic import Field

from agent.chat.context import ChatContext
from agent.chat.scope import demand_account
from agent.chat.tool import Arguments, Told, Tool
from agent.chat.tools.looked_up import Given, LookedUp
from agent.chat.tools.pieces import cell_of, listed
from agent.chat.tools.score_words import phrase, tell_fact
from domain.chat import AnswerTable, Focus, Offer, TableCell
from domain.evidence import Evidence

MOST_FOR, MOST_AGAINST = 4, 3
FACTS_TOLD = 3


class ExplainAccount(Arguments):
    """What `explain_account` is given."""

    account_id: str = Field(description="The account's id, as `find_accounts` gives it.")


class Part(NamedTuple):
    """One line of a score: its fact, the points and the label of the bin it fell into."""

    fact: str
    points: Evidence
    label: str
    bin: str


def explain_account(context: ChatContext, arguments: ExplainAccount) -> Told:
    """Say why an account is in its tier and at its rank, and what its score is made of.

    NotFound where it is missing or outside the scope.
    """
    account_id = demand_account(context, arguments.account_id)
    entity, look = f"account:{account_id}", LookedUp(context)
    notes: list[str] = []
    tell_standing(look, account_id)
    tell_order(look, account_id)
    parts = parts_of(look, account_id)
    tell_score(look, account_id, parts)
    for number, part in enumerate(_telling(parts)):
        tell_fact(look, f"fact.{number}", account_id, part.fact)
    lift = look.cell(entity, "lift_note")
    if not look.say("lift", "fact", entity, "{{lift}}.", lift=(lift, "text")):
        notes.append("It is in the highest tier: nothing lifts it further.")
    hold = look.cell(entity, "hold_note")
    look.say("hold", "fact", entity, "{{hold}}.", hold=(hold, "text"))
    moved = look.cell(entity, "movement_note")
    if not look.say("moved", "fact", entity, "What moved: {{moved}}.", moved=(moved, "text")):
        notes.append(
            "There is no earlier book to compare with."
            if context.analyses.movement is None
            else "Nothing moved of it since the last book."
        )
    if context.book.owners[account_id] is None:
        notes.append(
            "No rep owns it, so it has no rank among a rep's accounts and takes nobody's hours."
        )
    return Told(
        evidence=look.evidence,
        shown=look.shown,
        claims=tuple(look.claims),
        tables=_table(look, account_id, parts),
        notes=tuple(notes),
        rows=len(parts),
        note=f"{len(parts)} parts of the score",
        offers=_offers(context, account_id),
        focus=Focus(accounts=(account_id,), command="why"),
    )


def tell_standing(look: LookedUp, account_id: str) -> None:
    """Say tier, rank and owner, and which rule keeps it out of a higher tier."""
    entity = f"account:{account_id}"
    name, owner = look.account(account_id), look.owner(account_id)
    tier = look.cell(entity, "tier")
    rank, of = look.cell(entity, "rank"), look.cell(entity, "rank_of")
    named: dict[str, Given] = {"name": (name, "name"), "tier": (tier, "name")}
    ranked: dict[str, Given] = {**named, "rank": (rank, "number"), "of": (of, "number")}
    told = (
        look.say(
            "standing", "metric", entity,
            "{{name}} is {{tier}} and ranks {{rank}} of {{of}} among the accounts of {{owner}}.",
            slots=ranked, owner=(owner, "name"),
        )
        or look.say(
            "standing", "metric", entity,
            "{{name}} is {{tier}} and ranks {{rank}} of {{of}} among its owner's accounts.",
            slots=ranked,
        )
        or look.say("standing", "fact", entity, "{{name}} is {{tier}}.", slots=named)
    )  # fmt: skip
    note = look.cell(entity, "tier_note")
    if told and note and _meets_every_rule(look, account_id):
        look.say(
            "tier", "fact", entity, "It meets every rule of {{tier}}.",
            cites=(note,), tier=(tier, "name"),
        )  # fmt: skip
    else:
        look.say(
            "tier", "fact", entity, "The rules of the tiers place it so: {{note}}.",
            note=(note, "text"),
        )  # fmt: skip


def _meets_every_rule(look: LookedUp, account_id: str) -> bool:
    row = look.context.analyses.tiers.table.loc[account_id]
    whole = not row["unmet"] and not row["unknown"]
    return bool(whole and row["tier"] == row["potential_tier"])


def tell_order(look: LookedUp, account_id: str) -> None:
    """Say what orders it within its tier, and whether its owner's hours reach it."""
    entity = f"account:{account_id}"
    chance, potential = look.cell(entity, "win_probability"), look.cell(entity, "potential_p50")
    value = look.cell(entity, "expected_value")
    look.say(
        "order", "metric", entity,
        "Within a tier accounts go by expected value, here {{value}} a year: a chance of "
        "{{chance}} by the score at a potential of {{potential}}.",
        value=(value, "money_short"), chance=(chance, "percent"),
        potential=(potential, "money_short"),
    )  # fmt: skip
    cut = look.cell(entity, "cut_note")
    look.say("cut", "fact", entity, "{{cut}}.", cut=(cut, "text"))


def parts_of(look: LookedUp, account_id: str) -> list[Part]:
    """Return the parts of a score by falling size, the base left out."""
    entity = f"account:{account_id}"
    look.cell(entity, "score")
    look.cell(entity, "score_base")
    found = []
    for part in look.context.analyses.score.explain(account_id):
        points = look.cell(entity, f"points:{part['fact']}")
        if points is not None:
            found.append(Part(part["fact"], points, part["label"], part["bin"]))
    return sorted(found, key=lambda part: -abs(int(part.points.value)))


def tell_score(look: LookedUp, account_id: str, parts: list[Part]) -> None:
    """Say the score with its base, then what counts for and against, largest first."""
    entity = f"account:{account_id}"
    look.say(
        "score", "metric", entity,
        "Its score is {{score}} from a base of {{base}}: the points of its facts add up to it.",
        score=(look.cell(entity, "score"), "points"),
        base=(look.cell(entity, "score_base"), "points"),
    )  # fmt: skip
    gains = [part for part in parts if int(part.points.value) > 0]
    losses = [part for part in parts if int(part.points.value) < 0]
    say_parts(look, "for", entity, "What counts for it: ", gains[:MOST_FOR])
    say_parts(look, "against", entity, "What counts against it: ", losses[:MOST_AGAINST])


def say_parts(
    look: LookedUp,
    key: str,
    entity: str,
    lead: str,
    parts: list[Part],
    **named: Given,
) -> None:
    """Say parts of a score as a list; nothing without any. `named` are slots of the lead."""
    if not parts:
        return
    slots: dict[str, Given] = {
        f"p{number}": (part.points, "points") for number, part in enumerate(parts)
    }
    told = [f"{phrase(part.fact)} ({{{{p{number}}}}} points)" for number, part in enumerate(parts)]
    look.say(key, "metric", entity, f"{lead}{listed(told)}.", slots={**slots, **named})


def _telling(parts: list[Part]) -> list[Part]:
    return [part for part in parts if int(part.points.value)][:FACTS_TOLD]


def _table(look: LookedUp, account_id: str, parts: list[Part]) -> tuple[AnswerTable, ...]:
    entity = f"account:{account_id}"
    base, score = look.cell(entity, "score_base"), look.cell(entity, "score")
    if base is None or score is None:
        return ()
    rows = [("Base", "", base)]
    rows += [(part.label, part.bin, part.points) for part in parts if int(part.points.value)]
    rows.append(("Score", "", score))
    return (
        AnswerTable(
            title="The score and its parts",
            columns=("Fact", "Where it falls", "Points"),
            rows=tuple(
                (TableCell(text=label), TableCell(text=bin_), cell_of(points, "points"))
                for label, bin_, points in rows
            ),
        ),
    )


def _offers(context: ChatContext, account_id: str) -> tuple[Offer, ...]:
    owner = context.book.owners[account_id]
    offers = []
    if owner is not None:
        mine = context.analyses.ranks.of_owner(owner)
        place = mine.index(account_id)
        other = mine[place - 1] if place else next(iter(mine[1:]), None)
        if other is not None:
            label = "Compare it with the account before it" if place else "Compare it with the next"
            offers.append(Offer(label=label, text=f"/compare {account_id} {other}"))
    offers.append(Offer(label="Who decides there", text=f"/people {account_id}"))
    offers.append(Offer(label="What the notes and figures say", text=f"/brief {account_id}"))
    offers.append(Offer(label="Its plan", text=f"/plan {account_id}"))
    return tuple(offers)


TOOL = Tool(
    name="explain_account",
    command="why",
    description=(
        "Why one account stands where it stands: tier with the rule it misses, rank among its "
        "owner's accounts, the score in parts that add up, what would lift it, what moved."
    ),
    arguments=ExplainAccount,
    run=explain_account,
)
