"""The plan in one line, and the measure by which its period will be judged."""

from __future__ import annotations

from agent.case import Case
from agent.claims import Filled
from agent.playbooks import Motive, main_opportunity
from domain.plan import Claim


def objective(case: Case, chosen: list[Motive]) -> Claim:
    """The plan in one line: the first motive, and the second if there is one."""
    slots: dict[str, Filled] = {}
    parts = []
    for position, motive in enumerate(chosen):
        text, found = _aim(case, motive)
        parts.append(text if position == 0 else f"then {text}")
        slots |= found
    text = ", ".join(parts)
    return case.claim("objective", "recommendation", text[0].upper() + text[1:] + ".", slots=slots)


def _aim(case: Case, motive: Motive) -> tuple[str, dict[str, Filled]]:
    cell = case.cell
    if motive.kind == "protect":
        amount, due = cell("last_order_amount"), cell("next_order_due")
        assert amount is not None
        assert due is not None
        return (
            "protect the order due about {{due}}, the last of which was worth {{amount}}",
            {"due": (due, "date"), "amount": (amount, "money_short")},
        )
    if motive.kind == "close":
        deal = main_opportunity(case)
        assert deal is not None
        name, value = cell("name", deal), cell("amount", deal)
        assert name is not None
        assert value is not None
        return (
            "close the deal {{deal}} at {{value}}",
            {"deal": (name, "name"), "value": (value, "money_short")},
        )
    if motive.kind == "win_back":
        change = cell("spend_change_12m")
        assert change is not None
        return (
            "find out why net spend moved by {{fall}} and win it back",
            {"fall": (change, "change")},
        )
    if motive.kind == "grow":
        potential = cell("open_potential")
        assert potential is not None
        return (
            "reach for the open potential of {{open}}",
            {"open": (potential, "money_short")},
        )
    if motive.kind == "range":
        worth = cell("whitespace_worth")
        assert worth is not None
        return (
            "add product lines it does not buy yet, worth about {{worth}} a year together",
            {"worth": (worth, "money_short")},
        )
    tier, name = cell("tier"), cell("name")
    if tier is None:
        assert name is not None  # no CRM row is without its name
        return "win a first order from {{name}}", {"name": (name, "name")}
    return "win a first order from a {{tier}} account", {"tier": (tier, "name")}


def success(case: Case, chosen: list[Motive]) -> list[Claim]:
    """How the period's result is measured: by the first motive, which the plan is built on."""
    text, slots = _measure(case, chosen[0])
    return [case.claim("success", "recommendation", text, premises=("objective",), slots=slots)]


def _measure(case: Case, motive: Motive) -> tuple[str, dict[str, Filled]]:
    amount, worth = case.cell("last_order_amount"), case.cell("whitespace_worth")
    potential, deal = case.cell("open_potential"), main_opportunity(case)
    if motive.kind == "protect" and amount:
        return (
            "Measured by the value of the next order against {{amount}} last time.",
            {"amount": (amount, "money_short")},
        )
    if motive.kind == "close" and deal:
        name, value = case.cell("name", deal), case.cell("amount", deal)
        assert name is not None
        assert value is not None
        return (
            "Measured by the deal {{deal}}: won at {{value}}, or lost with a reason.",
            {"deal": (name, "name"), "value": (value, "money_short")},
        )
    if motive.kind == "grow" and potential:
        return (
            "Measured by the yearly volume that is agreed, out of {{open}} of open potential.",
            {"open": (potential, "money_short")},
        )
    if motive.kind == "range" and worth:
        return (
            "Measured by product lines bought for the first time, against {{worth}} a year "
            "thought possible.",
            {"worth": (worth, "money_short")},
        )
    if motive.kind == "win_back":
        return "Measured by a reason on file, and an order that brings spend back.", {}
    return "Measured by orders booked in the period.", {}
