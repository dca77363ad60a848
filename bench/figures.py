"""Figures that a model types instead of pointing at them: are the wrong ones caught?

Sentences of our own tools, and of the scripted good model, over many accounts are typed out
as models write them, half of them with one figure made wrong, and read like a model's. A
wrong sentence is caught when it is struck or marked as weak; a true one that is counts as a
false alarm. Rules were chosen on every other account (`--open 1` shows those), and the page
tells of the rest.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from agent.chat.answer_text import claims_of
from agent.chat.checking import judge, ledger_of
from agent.chat.context import ChatContext
from agent.chat.numbering import MOST_SHOWN
from agent.chat.tool import Told
from agent.chat.toolbox import TOOLS
from agent.showing import evidence_line
from bench.example import REVOPS, example, folder
from bench.report import Report, arguments, publish
from bench.verifier import wilson
from domain.errors import PlannerError
from domain.evidence import Evidence
from eval.chat.ground import BookDesk, Ground, Heard, TurnMemory, whole_documents
from eval.chat.request import Line
from eval.chat.sentences import sentences_of
from eval.chat.typed_answers import WRONG, Typed, true_sentence, wrong_sentences

ACCOUNTS = 120


@dataclass(frozen=True)
class Answered:
    """What one tool told of one account, and what a model was shown of it."""

    told: Told
    shown: tuple[Evidence, ...]


class Judged(NamedTuple):
    """One typed sentence and what became of it: `struck`, `flagged`, `stands` or `lost`."""

    typed: Typed
    outcome: str
    why: str


def answers(context: ChatContext, accounts: Sequence[str]) -> Iterator[Answered]:
    """Ask every reading tool about every account, and what is about no account once.

    Each answer comes in the tool's own sentences and in those of the scripted good model.
    """
    for tool in TOOLS:
        fields = tool.arguments.model_fields
        if tool.acts or "query" in fields:
            continue
        for number, account in enumerate(accounts if "account_id" in fields else accounts[:1]):
            given = dict.fromkeys(fields)
            if "account_id" in fields:
                given["account_id"] = account
            if "other_id" in fields:
                given["other_id"] = accounts[number - 1]
            try:
                told = tool.run(context, tool.arguments.model_validate(given))
            except PlannerError:
                continue
            shown = told.evidence[:MOST_SHOWN]
            yield Answered(told, shown)
            text = "\n".join(
                sentences_of(*[[_line(n, item) for n, item in enumerate(shown, 1)]] * 2)
            )
            yield Answered(told.model_copy(update={"claims": tuple(claims_of(text, shown))}), shown)


def _line(number: int, item: Evidence) -> Line:
    said = evidence_line(item)
    names = ("kind", "about", "metric", "value", "unit", "period")
    return Line(n=f"e{number}", **{name: said.get(name, "") for name in names})


def sentences(found: Sequence[Answered], currency: str, seed: int) -> list[tuple[Answered, Typed]]:
    """Type every claim out, true and wrong in turn; kinds of wrong take turns."""
    pick = random.Random(seed)
    used: Counter[str] = Counter()
    typed: list[tuple[Answered, Typed]] = []
    for answer in found:
        for claim in answer.told.claims:
            true = true_sentence(claim, answer.shown, currency, pick)
            wrong = list(wrong_sentences(claim, answer.shown, currency, pick))
            if true is None or not wrong:
                continue
            chosen = min(wrong, key=lambda item: (used[item.kind], pick.random()))
            used[chosen.kind] += 1
            typed += [(answer, true), (answer, chosen)]
    return typed


def judged(context: ChatContext, answer: Answered, typed: Typed) -> Judged:
    """Read one sentence as a model's and put it to the verifier."""
    claims = claims_of(typed.text, answer.shown)
    said, omissions = judge(
        context, claims, ledger_of(context, answer.told.evidence, answer.told.texts)
    )
    if omissions:
        return Judged(typed, "struck", omissions[0])
    if not said:
        return Judged(typed, "lost", "no sentence was read")
    flags = [finding.message for item in said for finding in item.findings]
    weak = any(item.outcome == "flagged" for item in said)
    return Judged(typed, "flagged" if weak else "stands", flags[0] if flags else "")


def tell(report: Report, found: Sequence[Judged], half: str) -> None:
    """Add recall by kind, then precision, and the commonest misses and false alarms."""
    caught = Counter(item.typed.kind for item in found if item.outcome != "stands")
    planted = Counter(item.typed.kind for item in found)
    table = report.table(
        f"Typed figures, {half} half: {sum(planted.values()):,} sentences",
        ("kind", "sentences", "caught", "rate", "95 % interval", "goal"),
    )
    rows = [(kind, planted[kind], caught[kind]) for kind in WRONG if planted[kind]]
    wrong, hits = sum(row[1] for row in rows), sum(row[2] for row in rows)
    rows.append(("all wrong ones", wrong, hits))
    rows.append(("true ones (false alarms)", planted[""], caught[""]))
    for kind, count, hit in rows:
        low, high = wilson(hit, count)
        goal = "60 %" if kind == "all wrong ones" else ""
        rate = f"{hit / count:.1%}" if count else ""
        table.rows.append((kind, str(count), str(hit), rate, f"{low:.1%} to {high:.1%}", goal))
    flagged = hits + caught[""]
    low, high = wilson(hits, flagged)
    report.note(
        f"Precision on the {half} half, with as many true sentences as wrong ones: "
        f"{hits / flagged if flagged else 0:.3f} ({low:.3f} to {high:.3f}; goal .75)."
    )


def main() -> int:
    """Measure and print."""
    given = arguments(
        __doc__,
        accounts=(ACCOUNTS, "accounts asked about"),
        open=(0, "1 shows the half that rules were chosen on, with examples"),
    )
    report = Report("figures")
    with folder() as made, example(made / "home") as workspace:
        principal = workspace.principal(REVOPS)
        reading = workspace.reading(principal)
        ground = Ground(reading.book, reading.coverage, reading.analyses, reading.vocabulary)
        owned = [line.account_id for line in reading.ranked if line.owner_id]
        step = max(1, len(owned) // (2 * given.accounts))
        half = owned[:: 2 * step] if given.open else owned[step :: 2 * step]
        context = ChatContext(
            principal=principal, book=ground.book, coverage=ground.coverage,
            analyses=ground.analyses, vocabulary=ground.vocabulary,
            retrieve=whole_documents(ground.book, principal),
            desk=BookDesk(ground.book, principal), records=TurnMemory(), tell=Heard(),
        )  # fmt: skip
        found = list(answers(context, half[: given.accounts]))
        typed = sentences(found, ground.book.currency, seed=7 if given.open else 8)
        results = [judged(context, answer, item) for answer, item in typed]
    tell(report, results, "open" if given.open else "held-out")
    if given.open:
        examples(report, results)
    publish(report, given)
    return 0


def examples(report: Report, results: Sequence[Judged]) -> None:
    """Show what was missed and what was struck though true, by reason."""
    alarms = Counter(
        item.why for item in results if not item.typed.kind and item.outcome != "stands"
    )
    report.note(f"False alarms by reason: {dict(alarms.most_common(12))}")
    shown: Counter[tuple[str, str]] = Counter()
    for item in results:
        bad = (item.outcome == "stands") == bool(item.typed.kind)
        key = (item.typed.kind, item.why)
        shown[key] += bad
        if bad and shown[key] <= 4:
            report.note(
                f"[{item.typed.kind or 'true'}] {item.outcome}: {item.typed.text} ({item.why})"
            )


if __name__ == "__main__":
    sys.exit(main())
