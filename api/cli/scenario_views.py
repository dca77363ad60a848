"""How scenarios, their designs and what is said of them look in a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import Any

from api.cli.door import Door
from api.cli.tables import described, money, show, width
from api.cli.terminal import Terminal

NONE = "–"
_FIGURES = (
    ("Spread of potential", "spread_potential", "share"),
    ("Spread of workload", "spread_workload", "share"),
    ("Heaviest week, hours", "heaviest_week", "hours"),
    ("Accounts that change hands", "accounts_moved", "count"),
    ("Their revenue, 12 months", "revenue_moved", "money"),
    ("Long relationships kept", "relationships_kept", "count"),
)


def share(value: float | None) -> str:
    """Write a share as percent: `14.2%`."""
    return NONE if value is None else f"{value:.1%}"


def whole(value: float | None) -> str:
    """Write a share as whole percent: `14%`."""
    return NONE if value is None else f"{value:.0%}"


def hours(value: float | None) -> str:
    """Write hours with one decimal."""
    return NONE if value is None else f"{value:,.1f}"


def points(value: float | None) -> str:
    """Write a price with its sign: `+0.31`."""
    # The sum with nought turns -0.0 into 0.0.
    return NONE if value is None else f"{round(value, 2) + 0.0:+.2f}"


def gained(value: float) -> str:
    """Write a difference of money for a narrow column: `+40K`."""
    return f"+{money(value)}" if value > 0 else money(value)


def say(terminal: Terminal, text: str, indent: str = "") -> None:
    """Print a sentence, wrapped to the terminal; further lines begin with `indent`."""
    terminal.text(
        textwrap.fill(
            text, width(), subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
        )
    )


def print_list(terminal: Terminal, lines: list[dict[str, Any]]) -> None:
    """Print scenarios, one a line."""
    show(
        terminal,
        ("Scenario", "Name*", ">Ver", "Status", ">Moves", "Potential", "Workload", ">Open"),
        (
            (
                line["scenario_id"],
                line["name"],
                line["version"],
                line["status"].replace("_", " ") + (", stale" if line["stale"] else ""),
                line["moves"],
                _before_after(line["spread_potential_before"], line["spread_potential"]),
                _before_after(line["spread_workload_before"], line["spread_workload"]),
                line["undecided"] + line["objections"],
            )
            for line in lines
        ),
    )


def print_scenario(
    terminal: Terminal, answer: dict[str, Any], row: dict[str, Any], *, why: bool = False
) -> None:
    """Print a version: what it proposes, whom it gives what, and what is open.

    `row` is its row of designs, which knows names and the accounts left as they are.
    """
    version, point = answer["version"], answer["point"]
    content = version["content"]
    say(terminal, f"{_heading(answer)}  {content['name']}")
    if content["trigger"]:
        say(terminal, f"Why: {content['trigger']}")
    marked = " (suggested)" if point["index"] == answer["suggested"] else ""
    last = answer["designs"] - 1
    say(terminal, f"Design {point['index']} of a row from 0 to {last}{marked}: {_gap(point)}")
    terminal.text("")
    print_figures(terminal, [answer["present"], point], ("Today", "Proposed"))
    terminal.text("")
    names = {rep["rep_id"]: f"{rep['rep_id']} {rep['name']}" for rep in row["reps"]}
    _print_reps(terminal, answer["present"], point, names)
    if point["moves"]:
        terminal.text("")
        _print_moves(terminal, answer, why=why)
    if why:
        _print_rules(terminal, point["rule_prices"])
    print_unplaced(terminal, row)
    for note in row["notes"]:
        say(terminal, f"- {note}", "  ")
    _print_open(terminal, answer)


def print_figures(
    terminal: Terminal, designs: list[dict[str, Any]], headings: tuple[str, ...]
) -> None:
    """Print the six figures of designs side by side."""
    write: dict[str, Callable[[Any], str]] = {
        "share": share,
        "hours": hours,
        "money": money,
        "count": lambda value: f"{value:,}",
    }
    show(
        terminal,
        ("Figure*", *(f">{name}" for name in headings)),
        (
            (name, *(write[kind](design["figures"][key]) for design in designs))
            for name, key, kind in _FIGURES
        ),
    )


def print_frontier(terminal: Terminal, row: dict[str, Any], proposed: int) -> None:
    """Print a row of designs, one a line."""
    marks = {proposed: "proposed"}
    for index, word in ((row["suggested"], "suggested"), (row["knee"], "knee")):
        marks[index] = f"{marks[index]}, {word}" if index in marks else word
    show(
        terminal,
        (">Point", ">Moves", ">Potential", ">Workload", ">Points", ">Bound", ">Gap", "Mark*"),
        (
            (
                point["index"],
                point["figures"]["accounts_moved"],
                share(point["figures"]["spread_potential"]),
                share(point["figures"]["spread_workload"]),
                f"{point['objective']:.2f}",
                f"{point['bound']:.2f}",
                f"{point['gap']:.2f}",
                marks.get(point["index"], ""),
            )
            for point in row["points"]
        ),
    )
    say(terminal, row["suggested_why"])
    placed = sum(move["from_rep"] is None for move in row["points"][-1]["moves"])
    if placed:
        say(terminal, f"Besides, each design places {placed} accounts that no rep here owns.")
    print_unplaced(terminal, row)
    if row["points"][0]["broken"]:
        say(terminal, "Point 0 is today's assignment; it breaks rules that the others keep.")


def print_unplaced(terminal: Terminal, row: dict[str, Any]) -> None:
    """Print the accounts that no design of the row moves, by reason."""
    by_reason: dict[str, list[str]] = {}
    for item in row["unplaced"]:
        told = f"{item['reason']} {item['remedy']}".strip()
        by_reason.setdefault(told, []).append(item["account_id"])
    for told, accounts in by_reason.items():
        more = f" and {len(accounts) - 4} more" if len(accounts) > 4 else ""
        say(terminal, f"Left as it is: {', '.join(accounts[:4])}{more}. {told}", "  ")


def tell(terminal: Terminal, door: Door, answer: dict[str, Any]) -> None:
    """Say where a scenario stands after a change, and what comes next."""
    review = door.address + answer["link"]
    if terminal.json:
        terminal.value({**answer, "review": review})
        return
    terminal.text(f"{_heading(answer)}  {answer['version']['content']['name']}")
    if answer["cost"] is not None:
        say(terminal, answer["cost"]["told"])
    _print_open(terminal, answer)


def _heading(answer: dict[str, Any]) -> str:
    version = answer["version"]
    status = version["status"].replace("_", " ")
    return f"{version['scenario_id']} version {version['version']}, {status}"


def _print_open(terminal: Terminal, answer: dict[str, Any]) -> None:
    scenario = answer["version"]["scenario_id"]
    moves = len(answer["point"]["moves"])
    placed = sum(move["from_rep"] is None for move in answer["point"]["moves"])
    of_them = f", {placed} of them place accounts that no rep here owns" if placed else ""
    say(terminal, f"{moves} moves proposed{of_them}; {answer['undecided']} undecided.")
    for lock in answer["kept"]:
        until = f" until {lock['until']}" if lock["until"] else ""
        say(
            terminal,
            f"Locked: {lock['account_id']} to {lock['rep_id']}{until}, by {lock['by']}: "
            f"{lock['reason']}",
        )
    if answer["objections"]:
        count = answer["objections"]
        told = "objection is" if count == 1 else "objections are"
        say(terminal, f"! {count} {told} open: cadastre scenario feedback {scenario}")
    if answer["stale"]:
        say(terminal, "! Another book has become the current one: run the scenario again.")
    status, may = answer["version"]["status"], answer["may_decide"]
    if status == "in_review":
        who = " or ".join(may["who_can"])
        told = "You may decide on it" if may["allowed"] else f"It waits for {who or 'a manager'}"
        say(terminal, f"{told}: cadastre scenario decide {scenario} --approve")
    elif status == "approved":
        say(
            terminal,
            f"Hand it over: cadastre scenario export {scenario} --format salesforce -o FILE",
        )


def _print_reps(
    terminal: Terminal, before: dict[str, Any], after: dict[str, Any], names: dict[str, str]
) -> None:
    was = {rep["rep_id"]: rep for rep in before["reps"]}
    show(
        terminal,
        ("Rep*", ">Accounts", ">Was", ">Potential", ">Was", ">Target", ">Hours", ">Was", ">Load"),
        (
            (
                names[rep["rep_id"]],
                rep["accounts"],
                was[rep["rep_id"]]["accounts"],
                money(rep["potential"]),
                money(was[rep["rep_id"]]["potential"]),
                money(rep["potential_target"]),
                f"{rep['hours']:,.0f}",
                f"{was[rep['rep_id']]['hours']:,.0f}",
                whole(rep["needed_hours"] / rep["capacity"]) if rep["capacity"] else NONE,
            )
            for rep in after["reps"]
        ),
    )


def _print_moves(terminal: Terminal, answer: dict[str, Any], *, why: bool) -> None:
    moves = answer["point"]["moves"]
    said = {item["account_id"]: item["choice"] for item in answer["version"]["content"]["choices"]}
    show(
        terminal,
        ("Account*", "Id", "From", "To", ">Potential", ">Travel", ">Keeping", "Decision"),
        (
            (
                move["account_name"],
                move["account_id"],
                move["from_rep"] or NONE,
                move["to_rep"],
                money(move["potential"]),
                f"{move['travel_change']:+.1f} h",
                points(move["points"]),
                said.get(move["account_id"], NONE),
            )
            for move in moves
        ),
    )
    if why:
        terminal.text("")
        described(terminal, ((move["account_id"], move["reason"]) for move in moves))


def _print_rules(terminal: Terminal, prices: list[dict[str, Any]]) -> None:
    terminal.text("\nWhat locks and rules cost, in points")
    for price in prices:
        say(terminal, f"{price['points']:6.2f}  {price['told']}", " " * 8)
    if not prices:
        terminal.text("No rule costs this design anything.")


def _before_after(before: float, after: float) -> str:
    return f"{whole(before)} > {whole(after)}"


def _gap(point: dict[str, Any]) -> str:
    if point["broken"]:
        return "as it is today; it breaks rules that the others keep."
    if point["gap"] < 0.005:
        return "no design under these rules is better."
    return f"at most {point['gap']:.2f} points better is possible under these rules."
