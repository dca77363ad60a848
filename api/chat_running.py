"""Chat runs: begun by a person, answered in the background whoever watches, ended once.

A run is recorded before anything is done for it. A browser that leaves loses nothing, a
process that is killed takes its unfinished runs up again when it comes back.
"""

from __future__ import annotations

import logging
import threading
import uuid
from typing import TYPE_CHECKING, Literal

from api.chat_telling import Followers, Gathering, Telling, error_event, last_events
from api.turn_places import Places, Workers
from domain.chat import Answer, Focus, Turn, TurnError, TurnStatus
from domain.errors import Conflict, InvalidInput, PlannerError
from domain.principal import Principal, Scope

if TYPE_CHECKING:
    from agent.chat.state import Asked
    from agent.chat.turns import ChatTurns
    from api.workspace import Workspace

log = logging.getLogger(__name__)
LONGEST_MESSAGE = 100_000
"""Bytes of a question, in UTF-8."""
LAST_TURNS = 8
"""Turns before this one that an answer may look back on."""
_PATIENCE_SECONDS = 4.0


class Closing(BaseException):
    """The home is being closed: a turn under way is left where it stands, for the next start.

    No `Exception`, so that no tool's failure takes its place.
    """


class ChatRuns:
    """The chat runs of one home.

    Attributes
    ----------
    followers
        Who waits for news of which run.
    places
        How many turns compute at a time.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._workers = Workers()
        self._turns: ChatTurns | None = None
        self._guard = threading.Lock()
        self._closed = threading.Event()
        self._stops: set[str] = set()
        self.places = Places()
        self.followers = Followers()
        self._gathering = Gathering()

    def start(
        self,
        principal: Principal,
        thread_id: str,
        text: str | None,
        *,
        parent: str | Literal["last"] | None = "last",
        retry_of: str | None = None,
        edit_of: str | None = None,
    ) -> Turn:
        """Take a question and have it answered in the background; return its turn at once.

        Parameters
        ----------
        text
            The question; a retry repeats the one it retries.
        parent
            The turn it follows: by default the thread's newest, None for none.
        retry_of, edit_of
            A turn beside which this one stands, as a branch of its own.

        Raises
        ------
        InvalidInput
            The question is empty or too long, or two of the three places are named.
        NotFound
            No such thread or turn of this person.
        ThreadBusy, TooManyRuns
            See `store.threads.Threads.begin`.
        """
        threads = self._workspace.store.threads
        beside = retry_of or edit_of
        if (retry_of and edit_of) or (beside and parent != "last"):
            raise InvalidInput(
                "A question follows a turn, retries one, or stands in the place of one.",
                hint="Give one of parent, retry_of and edit_of.",
            )
        if beside is not None:
            other = threads.turn(principal, thread_id, beside)
            parent = other.parent
            if retry_of is not None and text is None:
                text = other.asked
        threads.get(principal, thread_id)
        with self.places.arriving():
            turn = threads.begin(
                principal,
                thread_id,
                demand_question(text),
                parent=parent,
                most_a_day=self._workspace.settings.chat_runs_a_day,
            )
        self._submit(principal, turn)
        return turn

    def cancel(self, principal: Principal, run_id: str) -> Turn:
        """Have a run stop as soon as it can; what it found by then is kept.

        A run that has ended stays as it is. NotFound for another person's run.
        """
        turn = self._workspace.store.threads.ask_to_stop(principal, run_id)
        if turn.status == "running":
            self._stops.add(run_id)
        return turn

    def delete(self, principal: Principal, thread_id: str) -> None:
        """Remove a thread for good; a run under way in it ends quietly."""
        for run_id in self._workspace.store.threads.delete(principal, thread_id):
            self._stops.add(run_id)
            self.followers.tell(run_id)

    def take_up(self) -> None:
        """Go on with the turns that the last process left unfinished, each for its person."""
        from api.opening import of_the_house

        for person, run_id in self._workspace.store.threads.left_running(
            of_the_house(self._workspace)
        ):
            try:
                principal = self._workspace.people.principal(person)
            except PlannerError as gone:
                self._fail(self._as_they_were(person), run_id, _told_of(gone))
                continue
            turn = self._workspace.store.threads.of_run(principal, run_id)
            self._workspace.store.run_log.append(
                principal, run_id, [("block.reset", {"block": "answer"})]
            )
            self._submit(principal, turn)

    def close(self) -> None:
        """Leave what is under way where it stands, within a few seconds."""
        self._closed.set()
        self._workers.close(_PATIENCE_SECONDS)
        self._gathering.close()

    def _submit(self, principal: Principal, turn: Turn) -> None:
        self._workers.submit(lambda: self._go(principal, turn))

    def _go(self, principal: Principal, turn: Turn) -> None:
        run_id = turn.run_id
        try:
            with self.places.computing():
                answer = self._answer(principal, turn)
            status: TurnStatus = "stopped" if answer.label == "Stopped" else "done"
            self._workspace.store.threads.end(
                principal, run_id, status, answer=answer, told=last_events(answer, status)
            )
        except Closing:
            return
        except PlannerError as error:
            if self._closed.is_set():
                return
            # What it kept is gone with its thread, and nobody is left to be told.
            self._fail(principal, run_id, _told_of(error))
        except Exception as error:
            if self._closed.is_set():
                return
            incident = uuid.uuid4().hex[:8]
            log.exception("incident %s in chat run %s", incident, run_id)
            self._fail(principal, run_id, _told_of_surprise(error, incident))
        self._stops.discard(run_id)
        self.followers.tell(run_id)
        self._forget(run_id)

    def _answer(self, principal: Principal, turn: Turn) -> Answer:
        from api.chat_context import chat_context

        workspace, run_id = self._workspace, turn.run_id
        self._demand_open()
        if self._stopped(principal, run_id, stored=True) and not self._begun(principal, run_id):
            return Answer(label="Stopped", notes=("It was stopped before anything was looked up.",))
        reading = workspace.reading(principal)
        context = chat_context(
            workspace,
            principal,
            reading,
            run_id=run_id,
            thread_id=turn.thread_id,
            tell=Telling(
                workspace.store.run_log,
                self.followers,
                principal,
                run_id,
                gathering=self._gathering,
                demand_open=self._demand_open,
            ),
            stopped=lambda: self._stopped(principal, run_id),
            places=self.places,
        )
        return self.turns.run(context, self._asked(principal, turn))

    def _asked(self, principal: Principal, turn: Turn) -> Asked:
        from agent.chat.state import Asked

        store = self._workspace.store
        focus = Focus()
        history: list[tuple[str, str]] = []
        for earlier in store.threads.history(principal, turn, LAST_TURNS):
            root = earlier.ledger_root
            if root and not store.ledgers.may_read(principal, root):
                # Its accounts changed hands since: it is as if it had not been said.
                continue
            focus = earlier.focus
            history.append((earlier.asked, earlier.said))
        return Asked(
            run_id=turn.run_id,
            thread_id=turn.thread_id,
            turn_id=turn.turn_id,
            text=turn.asked,
            focus=focus,
            history=tuple(history),
        )

    @property
    def turns(self) -> ChatTurns:
        """The chat graph on the home's checkpoint file, built on first use."""
        with self._guard:
            if self._turns is None:
                from agent.chat.graph import build_chat_graph
                from agent.chat.turns import ChatTurns

                self._turns = ChatTurns(build_chat_graph(self._workspace.desk.saver))
            return self._turns

    def _stopped(self, principal: Principal, run_id: str, *, stored: bool = False) -> bool:
        """Say whether the person wants no more of it; raises Closing when the home closes."""
        self._demand_open()
        if stored and self._workspace.store.threads.stop_asked(principal, run_id):
            self._stops.add(run_id)
        return run_id in self._stops

    def _begun(self, principal: Principal, run_id: str) -> bool:
        part = self._workspace.store.run_log.read(principal, run_id)
        return any(event.type == "step.started" for event in part.events)

    def _demand_open(self) -> None:
        if self._closed.is_set():
            raise Closing

    def _fail(self, principal: Principal, run_id: str, error: TurnError) -> None:
        self._workspace.store.threads.end(
            principal, run_id, "failed", error=error, told=[error_event(error)]
        )
        self.followers.tell(run_id)

    def _forget(self, run_id: str) -> None:
        """Drop the bookmark; one that stays does no harm and goes with retention."""
        try:
            self.turns.forget(run_id)
        except Exception:
            log.warning("the bookmark of chat run %s stays for now", run_id, exc_info=True)

    def _as_they_were(self, person: str) -> Principal:
        return Principal(
            person=person,
            name=person,
            workspace=self._workspace.people.workspace,
            roles=frozenset(),
            scope=Scope(),
        )


def demand_question(text: str | None) -> str:
    """Return a question that can be taken; InvalidInput, with what to do, else."""
    if text is None or not text.strip():
        raise InvalidInput(
            "There is nothing to answer yet.",
            hint="Type a question, or `/help` to see what can be asked.",
        )
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > LONGEST_MESSAGE:
        raise InvalidInput(
            f"The message has {size:,} bytes; at most {LONGEST_MESSAGE:,} are read.",
            hint="Ask shorter. Longer texts belong into the CRM, as notes of an account.",
        )
    return text


def _told_of(error: PlannerError) -> TurnError:
    return TurnError(
        code=error.code,
        message=error.message,
        hint=error.hint,
        retryable=isinstance(error, Conflict),
    )


def _told_of_surprise(error: Exception, incident: str) -> TurnError:
    return TurnError(
        code="failed",
        message=f"It stopped at an error of ours: {type(error).__name__} (incident {incident}).",
        hint="Try again; if it stays, report the incident's lines of the server's output.",
        retryable=True,
    )
