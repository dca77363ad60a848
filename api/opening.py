"""Opening a home: own it, open its store, and finish what a crash left undone."""

from __future__ import annotations

import logging
from contextlib import ExitStack
from typing import TYPE_CHECKING

from api.running import PlanDesk
from domain.errors import HomeBusy, PlannerError
from domain.principal import HOUSE, Principal, Scope

if TYPE_CHECKING:
    from api.settings import Settings
    from api.workspace import Workspace

log = logging.getLogger(__name__)


def open_workspace(kind: type[Workspace], settings: Settings) -> Workspace:
    """Open the home that the settings name; see `Workspace.open`."""
    from store.home import Home
    from store.store import Store

    home = Home(settings.home)
    with ExitStack() as held:
        try:
            held.enter_context(home)
        except HomeBusy as busy:
            server = home.read_server()
            if server is None:
                raise
            raise HomeBusy(
                f"A server at {server.address} owns {home.path}.",
                hint="Open that address, or stop that server with Ctrl-C and try again.",
                address=server.address,
            ) from busy
        store = Store.open(home)
        held.callback(store.close)
        desk = PlanDesk(home, held)
        workspace = kind(settings, home, store, desk, held.pop_all())
    try:
        finish_what_was_begun(workspace)
        workspace.chats.take_up()
        workspace.housekeeping.start()
    except BaseException:
        workspace.close()
        raise
    return workspace


def finish_what_was_begun(workspace: Workspace) -> None:
    """Bring stored decisions about and take unfinished drafts up again.

    A decision is in force from the moment it is stored, so its effect comes first. A
    draft that cannot go on (its book is no longer the current one) is marked as failed
    and may be drafted anew.
    """
    keeper = of_the_house(workspace)
    for decision in workspace.store.effects.pending(keeper):
        workspace.desk.bring_about(workspace, decision)
    for run in workspace.store.runs.unfinished(keeper):
        if run.status == "waiting":
            continue
        try:
            workspace.desk.resume(workspace, run)
        except PlannerError as error:
            workspace.store.runs.move(keeper, run.run_id, "failed", error=error.message)
        except Exception as error:
            # One draft that cannot go on must not keep the home shut.
            log.exception("run %s could not be taken up", run.run_id)
            told = f"It could not be taken up: {type(error).__name__}."
            workspace.store.runs.move(keeper, run.run_id, "failed", error=told)


def of_the_house(workspace: Workspace) -> Principal:
    """Return the principal that work nobody asked for just now runs under.

    It sees everything and may decide nothing; it is in no people file.
    """
    return Principal(
        person=HOUSE,
        name="Cadastre",
        workspace=workspace.people.workspace,
        roles=frozenset(),
        scope=Scope(everything=True),
    )
