"""How what is said about scenarios looks in a terminal: compared, explained, answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from api.cli.scenario_views import NONE, gained, points, print_figures, say, share, whole
from api.cli.tables import money, show
from api.cli.terminal import Terminal


def print_comparison(terminal: Terminal, told: dict[str, Any]) -> None:
    """Print designs side by side: figures, who gains and loses, moves shared and not."""
    designs = told["designs"]
    names = tuple(_named(design) for design in designs)
    if len(names) > 2:
        # Four ids leave no room for what the figures are called.
        letters = tuple("ABCD"[: len(names)])
        for letter, name, design in zip(letters, names, designs, strict=True):
            terminal.text(f"{letter}  {name}  {design['label']}")
        terminal.text("")
        names = letters
    print_figures(terminal, designs, names)
    terminal.text("\nPotential, and what changes against today")
    show(
        terminal,
        ("Rep*", ">Today", *(f">{name}" for name in names)),
        (
            (
                f"{rep['rep_id']} {rep['name']}",
                money(rep["present"]["potential"]) if rep["present"] else NONE,
                *(_change(design) for design in rep["designs"]),
            )
            for rep in told["reps"]
        ),
    )
    terminal.text("")
    moves = f"{len(told['shared'])} moves are in all of them"
    if told["some"]:
        moves += f", {len(told['some'])} in several"
    alone = ", ".join(
        f"{len(only)} in {name} alone" for only, name in zip(told["only"], names, strict=True)
    )
    say(terminal, f"{moves}; {alone}.")
    if told["shared"]:
        terminal.text("")
        show(
            terminal,
            ("In all of them*", "Id", "From", "To", ">Potential"),
            (
                (
                    move["account_name"],
                    move["account_id"],
                    move["from_rep"] or NONE,
                    move["to_rep"],
                    money(move["potential"]),
                )
                for move in told["shared"]
            ),
        )
    for note in told["notes"]:
        say(terminal, f"- {note}")


def print_before_after(terminal: Terminal, told: dict[str, Any]) -> None:
    """Print the team today beside the team under a design."""
    before, after = told["before"], told["after"]
    terminal.text(f"{told['label']}: the 12 months {told['year']}; planning {told['period']}")
    rows = [
        ("Market with an owner, accounts", *_pair(before, after, "coverage", "share")),
        ("Market with an owner, potential", *_pair(before, after, "coverage", "potential_share")),
        ("Spread of potential, in money", *_pair(before, after, "potential", "variation")),
        ("Spread of the workload index", *_pair(before, after, "workload_index", "variation")),
        ("Spread of attainment", *_pair(before, after, "attainment", "variation")),
        (
            "Spread of attainment, had quotas followed potential",
            NONE,
            share(told["attainment_by_potential"]["variation"]),
        ),
        ("Win rate", share(before["win_rate"]), share(after["win_rate"])),
        ("Attainment in groups", before["bimodality"]["verdict"], after["bimodality"]["verdict"]),
    ]
    show(terminal, ("Team*", ">Before", ">After"), rows)
    terminal.text("")
    show(
        terminal,
        ("Rep*", ">Accounts", ">Potential", ">Load", ">Quota", ">By pot.", ">Odds", ">By pot."),
        (
            (
                f"{rep['rep_id']} {rep['name']}",
                f"{rep['before']['accounts']} > {rep['after']['accounts']}",
                f"{money(rep['before']['potential'])} > {money(rep['after']['potential'])}",
                f"{whole(rep['before']['load'])} > {whole(rep['after']['load'])}",
                money(rep["present_quota"]),
                money(rep["quota_by_potential"]),
                whole(rep["odds_present"]),
                whole(rep["odds_by_potential"]),
            )
            for rep in told["reps"]
        ),
    )
    terminal.text("")
    show(
        terminal,
        ("Rep*", ">Workload index", ">Attainment", ">Win rate"),
        (
            (
                f"{rep['rep_id']} {rep['name']}",
                _change_of(rep, "workload_index", lambda value: f"{value:.2f}"),
                _change_of(rep, "attainment", whole),
                _change_of(rep, "win_rate", whole),
            )
            for rep in told["reps"]
        ),
    )
    for when, side in (("Before", before), ("After", after)):
        for flag in side["flags"]:
            say(terminal, f"! {when}: {flag['told']}")
        if side["bimodality"]["verdict"] == "two groups":
            say(terminal, f"! {when}: {side['bimodality']['told']}")
    for note in told["notes"]:
        say(terminal, f"- {note}")


def print_explanation(terminal: Terminal, told: dict[str, Any]) -> None:
    """Print why an account moves or stays, and the prices that add up to it."""
    move = told["move"]
    if move is not None:
        terminal.text(
            f"{move['account_name']} ({told['account_id']}): "
            f"{move['from_rep'] or 'nobody'} to {move['to_rep']}"
        )
        say(terminal, move["reason"])
        if move["points"] is not None:
            _print_parts(terminal, move["parts"], "Keeping it would cost", move["points"])
    say(terminal, told["keep"]["told"])
    others = [f"{item['rep_id']} {points(item['points'])}" for item in told["alternatives"][:6]]
    if others:
        more = len(told["alternatives"]) - len(others)
        say(
            terminal,
            f"Others who may have it, in points: {', '.join(others)}"
            + (f" and {more} more." if more else "."),
        )
    why_not = told["why_not"]
    if why_not is not None:
        terminal.text("")
        say(terminal, why_not["told"])
        if why_not["parts"]:
            _print_parts(terminal, why_not["parts"], "In all", why_not["points"])


def print_feedback(terminal: Terminal, told: dict[str, Any]) -> None:
    """Print what reps said, with its price to the others and what became of it."""
    show(
        terminal,
        ("Account", "Rep", "Says", "Reason*", "Status", ">Price"),
        (
            (
                line["feedback"]["account_id"],
                line["feedback"]["rep_id"],
                line["feedback"]["answer"].replace("_", " "),
                line["feedback"]["reason"],
                NONE if line["feedback"]["answer"] == "agree" else line["feedback"]["status"],
                points(line["points"]),
            )
            for line in told["answers"]
        ),
    )
    for line in told["answers"]:
        if line["told"]:
            say(terminal, f"{line['feedback']['account_id']}: {line['told']}")
    if told["waiting"]:
        say(terminal, f"Asked and silent so far: {', '.join(told['waiting'])}.")


def print_part(terminal: Terminal, told: dict[str, Any]) -> None:
    """Print a rep's own part of a scenario."""
    terminal.text(f"{told['scenario_id']} version {told['version']}: {told['name']}")
    changed = [line for line in told["accounts"] if line["change"] != "stays"]
    show(
        terminal,
        ("Account*", "Id", "What", ">Potential", "You said"),
        (
            (
                line["account_name"],
                line["account_id"],
                line["change"],
                money(line["potential"]),
                line["feedback"]["answer"].replace("_", " ") if line["feedback"] else NONE,
            )
            for line in changed
        ),
    )
    stays = len(told["accounts"]) - len(changed)
    terminal.text(f"{stays} of your accounts stay with you.")


def print_exceptions(terminal: Terminal, told: dict[str, Any]) -> None:
    """Print the register of exceptions."""
    show(
        terminal,
        ("Account", "Name*", "Rep", "By", "Until", "State", "Scenario", "Reason*"),
        (
            (
                line["account_id"],
                line["account_name"],
                line["rep_id"],
                line["by_name"],
                line["until"] or "no end",
                line["state"],
                line["scenario_id"],
                line["reason"],
            )
            for line in told["exceptions"]
        ),
    )
    say(
        terminal,
        f"{told['under_exception']} of {told['accounts']} accounts are under an exception "
        f"({told['share']:.1%}).",
    )
    if told["alarm"]:
        say(terminal, f"! {told['alarm']}")


def _print_parts(terminal: Terminal, parts: list[dict[str, Any]], words: str, total: float) -> None:
    lines = [
        (points(part["points"]), part["name"]) for part in parts if abs(part["points"]) >= 0.005
    ]
    show(terminal, (">Points", "Part*"), [*lines, (points(total), words)])


def _pair(before: dict[str, Any], after: dict[str, Any], *path: str) -> tuple[str, str]:
    for key in path[:-1]:
        before, after = before[key], after[key]
    return share(before[path[-1]]), share(after[path[-1]])


def _change_of(rep: dict[str, Any], figure: str, write: Callable[[Any], str]) -> str:
    was, now = rep["before"][figure], rep["after"][figure]
    if was is None and now is None:
        return NONE
    return " > ".join(NONE if value is None else write(value) for value in (was, now))


def _named(design: dict[str, Any]) -> str:
    return f"{design['name']}:{design['point']}"


def _change(design: dict[str, Any] | None) -> str:
    return NONE if design is None else gained(design["gain"]["potential"])
