"""How well free text is read as commands, over the phrasings of one persona and half.

Run `python -m eval.chat.phrasing_score` for the open halves; `--half closed` measures the other
half without showing any of it.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from agent.chat.context import ChatContext
from agent.chat.routing import Routed, route
from domain.chat import Focus
from domain.record import Record
from eval.chat.phrasings import Half, Persona, Phrasing, load_phrasings

COMMAND_OF = {
    "find_accounts": "find", "search_notes": "find", "explain_account": "why",
    "compare_accounts": "compare", "account_brief": "brief", "account_people": "people",
    "account_plan": "plan", "week": "week", "changes": "changed", "whitespace": "whitespace",
    "workload": "load", "scenarios": "scenario", "waiting": "inbox", "draft_plan": "draft",
    "revise_plan": "revise", "one_figure": "figure",
}  # fmt: skip
_WRITES = frozenset({"draft", "revise"})

ContextOf = Callable[[str], ChatContext]
"""The context of a person of the example, by name."""


class Judged(Record):
    """How one phrasing was read. `command` is the word it came to: `ask` or `none` without one."""

    phrasing: Phrasing
    command: str
    understood: str
    command_right: bool
    arguments_right: bool
    wrongly_written: bool


class PhrasingScore(Record):
    """Counts over a half: of all phrasings, and of those that want no command."""

    total: int
    commands: int
    commands_right: int
    whole: int
    back: int
    back_right: int
    wrongly_written: int

    @property
    def line(self) -> str:
        """Return the figures in one line."""
        return (
            f"{self.commands_right + self.back_right}/{self.total} read right "
            f"({(self.commands_right + self.back_right) / self.total:.3f}); "
            f"commands {self.commands_right}/{self.commands}, with every argument "
            f"{self.whole}/{self.commands}; questions back {self.back_right}/{self.back}; "
            f"written without being asked {self.wrongly_written}"
        )


def judge(phrasing: Phrasing, context_of: ContextOf) -> Judged:
    """Read one phrasing in its focus, and compare with what it means."""
    routed = route(phrasing.text, focus_of(phrasing), context_of(phrasing.person))
    command = command_of(routed)
    right = command in phrasing.right or (
        # A question back does for "nothing answers it" and the other way round: neither acts.
        bool({"ask", "none"} & phrasing.right) and command in ("ask", "none")
    )
    return Judged(
        phrasing=phrasing,
        command=command,
        understood=routed.understood or routed.question,
        command_right=right,
        arguments_right=right and _arguments_right(routed, phrasing, command),
        wrongly_written=command in _WRITES and command not in phrasing.right,
    )


def command_of(routed: Routed) -> str:
    """Return the command that a reading came to."""
    if routed.calls:
        return COMMAND_OF[routed.calls[0].tool]
    if "`/why ACCOUNT`" in routed.question:
        return "help"
    return "ask"


def focus_of(phrasing: Phrasing) -> Focus:
    """Return what the thread was about."""
    accounts = [phrasing.focus_account, phrasing.focus_other]
    return Focus(
        accounts=tuple(account for account in accounts if account),
        rep_id=phrasing.focus_rep,
        territory_id=phrasing.focus_territory,
        since=phrasing.focus_since,
        command=phrasing.focus_command,
    )


def score(judged: Iterable[Judged]) -> PhrasingScore:
    """Count."""
    judged = list(judged)
    back = [item for item in judged if item.phrasing.command in ("ask", "none")]
    plain = [item for item in judged if item.phrasing.command not in ("ask", "none")]
    return PhrasingScore(
        total=len(judged),
        commands=len(plain),
        commands_right=sum(item.command_right for item in plain),
        whole=sum(item.arguments_right for item in plain),
        back=len(back),
        back_right=sum(item.command_right and item.arguments_right for item in back),
        wrongly_written=sum(item.wrongly_written for item in judged),
    )


def judge_half(persona: Persona, half: Half, context_of: ContextOf) -> list[Judged]:
    """Judge every phrasing of a half."""
    return [judge(phrasing, context_of) for phrasing in load_phrasings(persona, half)]


def _arguments_right(routed: Routed, phrasing: Phrasing, command: str) -> bool:
    if command not in phrasing.right or command in ("ask", "none"):
        offered = " ".join(offer.text for offer in routed.offers)
        return all(account in offered for account in phrasing.accounts)
    given: dict[str, Any] = dict(routed.calls[-1].arguments) if routed.calls else {}

    def same(name: str, wanted: str) -> bool:
        return (given.get(name) or "") == wanted

    if command == "compare":
        pair = {given.get("account_id"), given.get("other_id")}
        return pair == {phrasing.account, phrasing.other}
    # What a command has no room for cannot be wrong: `also` may hold a broader command.
    if command != phrasing.command:
        return "account_id" not in given or same("account_id", phrasing.account)
    since = phrasing.since.isoformat() if phrasing.since else ""
    wanted = {
        "account_id": phrasing.account, "rep_id": phrasing.rep, "territory_id": phrasing.territory,
        "segment": phrasing.segment, "line": phrasing.line, "scenario_id": phrasing.scenario,
        "since": since,
    }  # fmt: skip
    if not all(same(name, value) for name, value in wanted.items() if name in given):
        return False
    if command == "find":
        searched = str(given.get("query") or "").lower().split()
        return all(word in searched for word in phrasing.words.lower().split())
    remark = str(given.get("remark") or "").lower()
    return phrasing.remark_contains.lower() in remark


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures of both personas; of the open half also what was read wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=("open", "closed"), default="open")
    chosen = parser.parse_args(arguments)
    context_of = example_contexts()
    for persona in ("rep", "manager"):
        judged = judge_half(persona, chosen.half, context_of)
        print(f"{persona}, {chosen.half} half: {score(judged).line}")
        if chosen.half == "open":
            for item in judged:
                if not (item.command_right and item.arguments_right):
                    _print_wrong(item)


def example_contexts() -> ContextOf:
    """Return contexts over the example book, without a store: what a reading needs and no more."""
    from functools import cache

    from eval.chat.example_context import example_context

    return cache(example_context)


def _print_wrong(item: Judged) -> None:
    wanted = item.phrasing.model_dump(
        mode="json", exclude={"text", "half", "person"}, exclude_defaults=True
    )
    kind = "WRITTEN" if item.wrongly_written else "wrong" if not item.command_right else "argument"
    print(f"  {kind}: {item.phrasing.text!r} -> {item.understood!r}; wanted {wanted}")


if __name__ == "__main__":
    main()
