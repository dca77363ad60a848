"""One question and its answer over the routes: start a run, follow its events, stop it."""

from __future__ import annotations

from typing import Any

from api.cli.door import Door
from api.cli.interrupts import interrupts_noted
from api.cli.terminal import Terminal

# Short, because Ctrl-C is looked for between two requests.
WAIT_SECONDS = 1


class Conversation:
    """Asks in one thread, which is made with its first question unless it is there.

    Attributes
    ----------
    thread_id
        Null until the first question of a new thread.
    last_turn
        The turn that the next question follows; null until a first one was asked here, which
        follows the newest turn of the thread.
    stopped
        Whether the last answer was stopped.
    """

    def __init__(self, door: Door, terminal: Terminal, thread_id: str | None = None) -> None:
        self.thread_id = thread_id
        self.last_turn: str | None = None
        self.stopped = False
        self._door = door
        self._terminal = terminal
        if thread_id is not None:
            door.get(f"/api/threads/{thread_id}")  # refused now, not with the first question

    def ask(self, text: str) -> Any:
        """Return the TurnView of the answer, as JSON values.

        The first interrupt stops the run, whose partial answer is still returned; a second
        one is raised. Refused as the routes refuse.
        """
        self.stopped = False
        if self.thread_id is None:
            self.thread_id = self._door.post("/api/threads", {})["thread_id"]
        body = {"text": text}
        if self.last_turn is not None:
            body["parent"] = self.last_turn
        begun = self._door.post(f"/api/threads/{self.thread_id}/runs", body)
        self.last_turn = begun["turn_id"]
        run = f"/api/runs/{begun['run_id']}"
        self._follow(run)
        return self._door.get(run)["turn"]

    def _follow(self, run: str) -> None:
        progress = Progress(self._terminal)
        seen, finished = 0, False
        with interrupts_noted() as noted:
            while not finished:
                if noted.asked and not self.stopped:
                    self.stopped = True
                    self._terminal.say("Stopping. Ctrl-C again leaves.")
                    self._door.post(f"{run}/cancel", {})
                told = self._door.get(f"{run}/events", after=seen, wait=WAIT_SECONDS)
                for event in told["events"]:
                    seen = max(seen, int(event["seq"]))
                    progress.hear(event["type"], event["data"])
                if not told["events"]:
                    progress.waits()
                finished = bool(told["finished"])


class Progress:
    """Tells the steps of a run as lines: a quick one when it has ended, a slow one before too."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._steps: dict[str, str] = {}
        self._announced: set[str] = set()

    def hear(self, kind: str, data: dict[str, Any]) -> None:
        """Take one event in."""
        step = str(data.get("step", ""))
        if kind == "step.started":
            self._steps[step] = named(str(data["tool"]), data.get("arguments") or {})
        elif kind == "step.progress":
            # A draft tells the steps of its own run, which have names and no tool.
            total = f" of {data['total']}" if data.get("total") else ""
            self._terminal.say(f"{self._steps.get(step, step)}: {data['done']}{total} done")
        elif kind == "step.finished":
            failed = "failed. " if data["state"] == "failed" else ""
            said = data["note"] or _counted(data["rows"])
            took = f"{data['ms'] / 1000:.1f} s"
            self._terminal.say(f"{self._steps.pop(step, step)}: {failed}{said} ({took})")

    def waits(self) -> None:
        """Tell what is under way when nothing more has happened for now."""
        for step, name in self._steps.items():
            if step not in self._announced:
                self._announced.add(step)
                self._terminal.say(f"{name} ...")


def named(tool: str, arguments: dict[str, Any]) -> str:
    """Write a tool and what it is given in words, such as `compare A-10, A-11`."""
    given = [str(value) for value in arguments.values() if value not in (None, "", [])]
    return " ".join([tool.replace("_", " "), ", ".join(given)]).strip()


def _counted(rows: int) -> str:
    return "1 row" if rows == 1 else f"{rows} rows"
