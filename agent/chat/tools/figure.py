"""One figure of one account, deal, contact or rep, in one sentence that cites it."""

from __future__ import annotations

from typing import Literal, NamedTuple

from pydantic import Field

from agent.chat.context import ChatContext
from agent.chat.figures_asked import OF, Figure
from agent.chat.scope import demand_account, demand_rep
from agent.chat.tool import Arguments, Told, Tool
from agent.chat.tools.looked_up import Given, LookedUp
from domain.chat import Focus, Offer
from domain.errors import NotFound
from domain.evidence import CalculationSource, Evidence
from domain.plan import SlotFormat
from domain.record import content_hash
from tools.cells import recompute


class OneFigure(Arguments):
    """Which figures of what: `id` is that of an account, deal, contact or rep."""

    figures: list[Figure] = Field(description="Figures of one kind of thing.")
    id: str = Field(description="The id of what they are of.")


class _Said(NamedTuple):
    """How a figure of an account is said, and what is said where there is none."""

    text: str
    form: SlotFormat
    missing: str


OF_ACCOUNT: dict[Figure, _Said] = {
    "net_spend_12m": _Said(
        "Net spend of {{name}} over the 12 months up to the book's date is {{value}}.", "money",
        "No spend of it over twelve months is on record."),
    "orders_12m": _Said(
        "Orders of {{name}} over the 12 months up to the book's date: {{value}}.", "number",
        "How often it ordered is not on record."),
    "last_order_date": _Said(
        "The last order of {{name}} is of {{value}}.", "date", "No order of it is on record."),
    "last_touch_date": _Said(
        "The last contact with {{name}} on record was on {{value}}.", "date",
        "No contact with it is on record."),
    "employees": _Said(
        "{{name}} has {{value}} employees.", "number", "Its employees are not on record."),
    "open_pipeline": _Said(
        "The open pipeline of {{name}} is {{value}}.", "money", "No open deal of it is on record."),
    "open_opportunities": _Said(
        "Open deals of {{name}}: {{value}}.", "number", "No open deal of it is on record."),
}  # fmt: skip


OF_DEAL: dict[Figure, tuple[Literal["money", "date"], str, str]] = {
    "amount": ("money", "has an amount of {{amount}}", "Its amount is not on record."),
    "closes": ("date", "closes on {{closes}}", "When it closes is not on record."),
}


def one_figure(context: ChatContext, arguments: OneFigure) -> Told:
    """Say the figures that were asked for, and nothing besides.

    NotFound where what they are of is missing or outside the scope.
    """
    of = OF[arguments.figures[0]]
    if of == "rep":
        return _accounts_owned(context, arguments.id)
    if of == "deal":
        return _of_deal(context, arguments.id, arguments.figures)
    if of == "contact":
        return _last_contact(context, arguments.id)
    account_id = demand_account(context, arguments.id)
    entity, look = f"account:{account_id}", LookedUp(context)
    name, missing = look.account(account_id), []
    for figure in arguments.figures:
        said = OF_ACCOUNT[figure]
        if figure == "employees":
            value = look.field("accounts", account_id, entity, "employees", "count")
        else:
            value = look.cell(entity, figure)
        if not look.say(figure, "metric", entity, said.text, name=(name, "name"),
                        value=(value, said.form)):  # fmt: skip
            missing.append(said.missing)
    return _told(look, account_id, missing)


def _of_deal(context: ChatContext, deal_id: str, figures: list[Figure]) -> Told:
    account_id = _account_of(context, "opportunities", deal_id, "deal")
    look = LookedUp(context)
    entity = f"account:{account_id}/opportunity:{deal_id}"
    slots: dict[str, Given] = {
        "deal": (look.named("opportunities", deal_id, entity), "name"),
        "name": (look.account(account_id), "name"),
    }
    parts, missing = [], []
    for figure in figures:
        unit, words, blank = OF_DEAL[figure]
        value = look.field("opportunities", deal_id, entity, figure, unit)
        if value is None:
            missing.append(blank)
            continue
        parts.append(words)
        slots[figure] = (value, unit)
    if parts:
        text = "The deal “{{deal}}” of {{name}} " + " and ".join(parts) + "."
        look.say("deal", "metric", f"account:{account_id}", text, slots=slots)
    return _told(look, account_id, missing)


def _last_contact(context: ChatContext, contact_id: str) -> Told:
    account_id = _account_of(context, "contacts", contact_id, "contact")
    entity, look = f"account:{account_id}/contact:{contact_id}", LookedUp(context)
    said = look.say(
        "contact", "metric", f"account:{account_id}",
        "The last contact with {{person}} at {{name}} was on {{value}}.",
        person=(look.named("contacts", contact_id, entity), "name"),
        name=(look.account(account_id), "name"),
        value=(look.field("contacts", contact_id, entity, "last_contact", "date"), "date"),
    )  # fmt: skip
    return _told(look, account_id, [] if said else ["No contact with that person is on record."])


def _accounts_owned(context: ChatContext, rep_id: str) -> Told:
    """Count the accounts that name the rep as their owner; it rests on each one's owner."""
    demand_rep(context, rep_id)
    entity, look = f"rep:{rep_id}", LookedUp(context)
    owned = [account for account, owner in context.book.owners.items() if owner == rep_id]
    parents = [
        found
        for account in owned
        if (found := look.peek("accounts", account, f"account:{account}", "owner_id", "name"))
    ]
    count = Evidence(
        entity=entity, metric="accounts_owned", value=recompute("count", parents, "count"),
        unit="count", scope=rep_id,
        source=CalculationSource(
            analysis="total", version=1, operation="count",
            arguments_hash=content_hash([parent.id for parent in parents]),
            pointer=f"{entity}/accounts_owned", parents=tuple(parent.id for parent in parents),
        ),
    )  # fmt: skip
    if len(parents) == len(owned) and owned:
        look.take((count, *parents))
        look.say("owned", "metric", entity, "Accounts of {{name}}: {{value}}.",
                 name=(look.rep(rep_id), "name"), value=(count, "number"))  # fmt: skip
    notes = () if look.claims else ("No account names that rep as its owner.",)
    return Told(
        evidence=look.evidence, shown=look.shown, claims=tuple(look.claims), notes=notes,
        rows=len(owned), note="1 figure" if look.claims else "none on record",
        offers=(Offer(label="Their week", text=f"/week {rep_id}"),),
        focus=Focus(rep_id=rep_id),
    )  # fmt: skip


def _account_of(context: ChatContext, table: str, row_id: str, kind: str) -> str:
    row = context.book.rows(table).get(row_id)
    owners = context.book.owners
    account = "" if row is None else str(row["account_id"])
    if account not in owners or not context.principal.scope.covers(owners[account]):
        raise NotFound(f"There is no {kind} {row_id!r} among those you see.")
    return account


def _told(look: LookedUp, account_id: str, missing: list[str]) -> Told:
    return Told(
        evidence=look.evidence,
        shown=look.shown,
        claims=tuple(look.claims),
        notes=tuple(missing),
        rows=len(look.claims),
        note=f"{len(look.claims)} figures" if len(look.claims) != 1 else "1 figure",
        offers=(
            Offer(label="The account in short", text=f"/brief {account_id}"),
            Offer(label="Who decides there", text=f"/people {account_id}"),
        ),
        focus=Focus(accounts=(account_id,)),
    )


TOOL = Tool(
    name="one_figure",
    command="",
    description="One figure of one account, deal, contact or rep.",
    arguments=OneFigure,
    run=one_figure,
    typed_only=True,
)
