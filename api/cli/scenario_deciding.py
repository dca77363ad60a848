"""The `scenario` commands that change: moves, feedback, events, submitting and deciding."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from api.cli.door import Door, opened
from api.cli.refusal import Refused
from api.cli.scenario_events import event_of
from api.cli.scenario_reports import print_feedback
from api.cli.scenario_views import tell
from api.cli.terminal import Terminal
from api.cli.verdicts import USAGE, Approve, ReadVersion, Reason, Reject, SendBack, verdict_of

DECIDE = "cadastre scenario decide S-1 --return -m 'Keep the dealers in Bonn'"
ANSWERS = ("keep", "too-far", "wrong-tier", "relationship-since", "agree")

ScenarioId = Annotated[str, typer.Argument(metavar="ID", help="The scenario's id.")]
Account = Annotated[str, typer.Argument(metavar="ACCOUNT", help="The account's id.")]


def add_to(scenario: typer.Typer) -> None:
    """Add this file's commands."""
    for name, command in (
        ("accept", accept), ("keep", keep), ("ask", ask), ("feedback", feedback),
        ("settle", settle), ("event", event), ("submit", submit), ("decide", decide),
    ):  # fmt: skip
        scenario.command(name)(command)


def date_of_book(door: Door) -> str:
    """Return the date of the current book: what happens without a date happens then."""
    as_of = door.get("/api/exceptions")["as_of"]
    if as_of is None:
        raise Refused(
            "not_found", "There is no book yet.", hint="Import one: cadastre import FOLDER"
        )
    return str(as_of)


def accept(
    context: typer.Context,
    scenario_id: ScenarioId,
    accounts: Annotated[
        list[str] | None, typer.Argument(metavar="[ACCOUNT]...", help="Accounts that move.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Accept every move that is undecided.")
    ] = False,
    message: Reason = "",
) -> None:
    """Accept moves of the proposed design. Accepting a kept account lifts its lock."""
    terminal: Terminal = context.obj
    if bool(accounts) == everything:
        raise _wrong("Name accounts, or give --all.", "cadastre scenario accept S-1 A-10 A-11")
    with opened(terminal) as door:
        now = _now(door, scenario_id)
        named = accounts or _undecided(now)
        if not named:
            terminal.say("Every move is accepted already.")
            tell(terminal, door, now)
            return
        _decide_moves(terminal, door, now, "accept", named, message)


def keep(
    context: typer.Context,
    scenario_id: ScenarioId,
    accounts: Annotated[
        list[str], typer.Argument(metavar="ACCOUNT...", help="Accounts that stay.")
    ],
    message: Reason = "",
) -> None:
    """Keep accounts with their owner: each is locked, the row solved anew, the price told."""
    terminal: Terminal = context.obj
    with opened(terminal) as door:
        _decide_moves(terminal, door, _now(door, scenario_id), "keep", accounts, message)


def ask(
    context: typer.Context,
    scenario_id: ScenarioId,
    reps: Annotated[
        list[str] | None, typer.Argument(metavar="[REP]...", help="Default: all concerned.")
    ] = None,
) -> None:
    """Ask reps for their word on the accounts that leave them or come to them."""
    terminal: Terminal = context.obj
    with opened(terminal) as door:
        answer = _change(door, _now(door, scenario_id), "ask", {"reps": reps or []})
        terminal.say(f"Asked {', '.join(answer['version']['content']['asked'])}.")
        tell(terminal, door, answer)


def feedback(
    context: typer.Context,
    scenario_id: ScenarioId,
    account: Annotated[
        str | None, typer.Argument(metavar="[ACCOUNT]", help="Default: list what was said.")
    ] = None,
    answer: Annotated[
        str | None, typer.Option("--answer", metavar="|".join(ANSWERS), help="What you say.")
    ] = None,
    rep: Annotated[
        str | None, typer.Option("--rep", metavar="REP", help="For which rep you say it.")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="YYYY-MM-DD", help="With relationship-since."),
    ] = None,
    tier: Annotated[
        str | None, typer.Option("--tier", metavar="TIER", help="With wrong-tier.")
    ] = None,
    message: Reason = "",
) -> None:
    """Say what you think of an account's move, or list what reps said."""
    terminal: Terminal = context.obj
    path = f"/api/scenarios/{scenario_id}/feedback"
    if (account is None) != (answer is None):
        raise _wrong(
            "Give both an account and --answer, or neither to list what was said.",
            "cadastre scenario feedback S-1 A-10 --answer keep -m 'Tender in March'",
        )
    if answer is not None and answer not in ANSWERS:
        raise _wrong(
            f"--answer {answer!r} is none of {', '.join(ANSWERS)}.",
            "cadastre scenario feedback S-1 A-10 --answer too-far -m 'Four hours each way'",
        )
    with opened(terminal) as door:
        if account is None or answer is None:
            told = door.get(path)
        else:
            said = {
                "account_id": account,
                "answer": answer.replace("-", "_"),
                "reason": message,
                "rep_id": rep,
                "since": since,
                "tier": tier,
            }
            told = door.post(path, said)
    if terminal.json:
        terminal.value(told)
    else:
        print_feedback(terminal, told)


def settle(
    context: typer.Context,
    scenario_id: ScenarioId,
    account: Account,
    rep: Annotated[str, typer.Option("--rep", metavar="REP", help="Whose objection it is.")],
    accepted: Annotated[
        bool, typer.Option("--accept", help="It becomes a rule and the row is solved anew.")
    ] = False,
    declined: Annotated[bool, typer.Option("--decline", help="It stays on record.")] = False,
    message: Reason = "",
) -> None:
    """Accept or decline what a rep objected."""
    terminal: Terminal = context.obj
    if accepted == declined:
        raise _wrong(
            "Give exactly one of --accept and --decline.",
            "cadastre scenario settle S-1 A-10 --rep R-2 --decline -m 'The tender is over'",
        )
    with opened(terminal) as door:
        body = {
            "account_id": account,
            "rep_id": rep,
            "status": "accepted" if accepted else "declined",
            "reason": message,
        }
        with terminal.working("Settling the objection"):
            answer = _change(door, _now(door, scenario_id), "feedback/settle", body)
        tell(terminal, door, answer)


def event(
    context: typer.Context,
    scenario_id: ScenarioId,
    kind: Annotated[
        str,
        typer.Argument(
            metavar="leaves|joins|acquired|product|changed|wants", help="What happened."
        ),
    ],
    what: Annotated[list[str], typer.Argument(metavar="WHAT...", help="To whom or what.")],
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="YYYY-MM-DD", help="Default: the date of the book."),
    ] = None,
    particulars: Annotated[
        list[str] | None,
        typer.Option("--with", metavar="KEY=VALUE", help="Particulars; repeatable."),
    ] = None,
    message: Reason = "",
) -> None:
    """Repair the proposed design after something happened; the rest stays as it is."""
    terminal: Terminal = context.obj
    with opened(terminal) as door:
        happened = event_of(
            kind, what, on=on or date_of_book(door), particulars=particulars or [], why=message
        )
        now = _now(door, scenario_id)
        with terminal.working("Repairing the design"):
            answer = _change(door, now, "events", {"event": happened})
        tell(terminal, door, answer)


def submit(
    context: typer.Context,
    scenario_id: ScenarioId,
    rest: Annotated[
        bool, typer.Option("--accept-rest", help="Accept the moves that are undecided.")
    ] = False,
    message: Reason = "",
) -> None:
    """Send the proposed design to a manager for a decision."""
    terminal: Terminal = context.obj
    with opened(terminal) as door:
        body = {"accept_rest": rest, "reason": message}
        tell(terminal, door, _change(door, _now(door, scenario_id), "submit", body))


def decide(
    context: typer.Context,
    scenario_id: ScenarioId,
    approve: Approve = False,
    send_back: SendBack = False,
    reject: Reject = False,
    message: Reason = "",
    version: ReadVersion = None,
) -> None:
    """Record your verdict on the version you read."""
    terminal: Terminal = context.obj
    verdict = verdict_of(approve, send_back, reject, DECIDE)
    with opened(terminal) as door:
        number = _now(door, scenario_id)["version"]["version"] if version is None else version
        decision = door.post(
            f"/api/scenarios/{scenario_id}/decisions",
            {"version": number, "verdict": verdict, "reason": message},
        )
    if terminal.json:
        terminal.value(decision)
        return
    terminal.text(
        f"{scenario_id} version {decision['subject_version']} is {decision['verdict']}: "
        f"decision {decision['decision_id']} by {decision['decided_by']}."
    )
    if verdict == "approved":
        terminal.text(
            f"Hand it over: cadastre scenario export {scenario_id} --format salesforce -o FILE"
        )


def _now(door: Door, scenario_id: str) -> dict[str, Any]:
    answer: dict[str, Any] = door.get(f"/api/scenarios/{scenario_id}")
    return answer


def _change(door: Door, now: dict[str, Any], path: str, body: dict[str, Any]) -> dict[str, Any]:
    version = now["version"]
    answer: dict[str, Any] = door.post(
        f"/api/scenarios/{version['scenario_id']}/{path}", {"version": version["version"], **body}
    )
    return answer


def _decide_moves(
    terminal: Terminal,
    door: Door,
    now: dict[str, Any],
    choice: str,
    accounts: list[str],
    reason: str,
) -> None:
    choices = [{"account_id": account, "choice": choice, "reason": reason} for account in accounts]
    with terminal.working(f"Recording {len(choices)} decision{'s' if len(choices) > 1 else ''}"):
        answer = _change(door, now, "moves/decisions", {"choices": choices})
    tell(terminal, door, answer)


def _undecided(now: dict[str, Any]) -> list[str]:
    accepted = {
        item["account_id"]
        for item in now["version"]["content"]["choices"]
        if item["choice"] == "accept"
    }
    return [
        move["account_id"] for move in now["point"]["moves"] if move["account_id"] not in accepted
    ]


def _wrong(message: str, example: str) -> Refused:
    return Refused("wrong_usage", message, hint=f"For example: {example}", exit_code=USAGE)
