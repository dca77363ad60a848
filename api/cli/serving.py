"""Commands that serve the web app: `demo` and `serve`."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.door import Door, over_loopback, running_server, to_app
from api.cli.refusal import Refused
from api.cli.terminal import Terminal

if TYPE_CHECKING:
    from api.serving import Served
    from api.settings import Settings

Port = Annotated[int | None, typer.Option("--port", min=1, max=65535, help="CADASTRE_PORT.")]
Open = Annotated[bool, typer.Option("--open", help="Open a browser.")]


def add_to(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.command("demo")(demo)
    app.command("serve")(serve)


def demo(
    context: typer.Context,
    port: Port = None,
    browser: Open = False,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Print the plan and end.")] = False,
) -> None:
    """Load the example book, draft a plan, print it with its sources and serve the app."""
    from api.settings import read_settings

    terminal: Terminal = context.obj
    settings = read_settings(home=terminal.home, port=port)
    running = running_server(settings)
    if running is not None:
        with over_loopback(*running, person=terminal.person) as door:
            _draft_and_print(terminal, door)
        terminal.say(f"A server already serves this home at {running[0]}.")
        return
    with ExitStack() as held:
        served = _hold(settings, held, listen=not no_serve)
        door = to_app(
            served.app,
            token=served.token,
            person=terminal.person,
            address=served.address,
            served=False,
        )
        _draft_and_print(terminal, door)
        if not no_serve:
            _run(terminal, served, browser)


def serve(
    context: typer.Context,
    port: Port = None,
    browser: Open = False,
    host: Annotated[str, typer.Option("--host", help="Loopback only, for now.")] = "127.0.0.1",
) -> None:
    """Serve the web app on this machine until Ctrl-C."""
    from api.security import LOOPBACK_NAMES
    from api.settings import read_settings

    terminal: Terminal = context.obj
    if host.strip("[]") not in LOOPBACK_NAMES:
        raise Refused(
            "host_refused",
            f"Cadastre listens on this machine only, so --host {host} is refused.",
            hint="Leave --host out. To reach it from elsewhere, tunnel: ssh -L 8000:127.0.0.1:8000",
        )
    settings = read_settings(home=terminal.home, port=port)
    running = running_server(settings)
    if running is not None:
        raise Refused(
            "home_busy",
            f"A server already serves this home at {running[0]}.",
            hint="Open that address, stop that server with Ctrl-C, or name another folder "
            "with --home.",
        )
    with ExitStack() as held:
        _run(terminal, _hold(settings, held, listen=True, host=host.strip("[]")), browser)


def _hold(settings: Settings, held: ExitStack, *, listen: bool, host: str = "127.0.0.1") -> Served:
    from api.serving import hold

    return held.enter_context(hold(settings, listen=listen, host=host))


def _run(terminal: Terminal, served: Served, browser: bool) -> None:
    from api.serving import run

    def ready() -> None:
        terminal.say(f"Cadastre is at {served.address}  (Ctrl-C stops it)")
        if browser:
            import webbrowser

            webbrowser.open(served.address)

    run(served, ready)
    terminal.say(f"Stopped. Books, plans and decisions are kept in {served.home}.")


def _draft_and_print(terminal: Terminal, door: Door) -> None:
    from api.cli.planning import print_plan

    with terminal.working("Loading the example book"):
        loaded: dict[str, Any] = door.post("/api/imports", {"example": True})
    terminal.say(loaded["summary"])
    ranked = door.get("/api/accounts")
    best = next((row for row in ranked if row["owner_id"] and row["plan_depth"] != "none"), None)
    if best is None:
        raise Refused(
            "no_plan_for_account",
            "No account of the current book has an owner and a tier that gets a plan.",
            hint="Give accounts an owner, or change the tiers: cadastre coverage show",
        )
    with terminal.working(f"Drafting the plan of {best['name']} (ranked {best['rank']})"):
        stored = door.post("/api/plans", {"account_id": best["account_id"]})
    print_plan(terminal, door, stored["plan_id"])
