"""What the answers took: calls, tokens, money, and, apart from it, seconds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from eval.answer import Usage
from eval.log import LoggedSample, Timing
from eval.summary import Latency, latency
from eval.task import AskKind, Task


@dataclass(frozen=True)
class Spent:
    """What one model took over a run. `cost` is in US dollars, null where any of it is unknown."""

    model: str
    answers: int
    calls: int
    prompt_tokens: int
    completion_tokens: int
    cost: Decimal | None

    @property
    def tokens_an_answer(self) -> float:
        """Tokens in and out, by answer."""
        return (self.prompt_tokens + self.completion_tokens) / self.answers


def spent(samples: Iterable[LoggedSample]) -> list[Spent]:
    """Return what each model took, by name; answers without a model come as one without name."""
    by_model: dict[str, list[Usage]] = defaultdict(list)
    for sample in samples:
        if sample.answer is not None:
            by_model[sample.answer.usage.model].append(sample.answer.usage)
    return [
        Spent(
            model=model,
            answers=len(used),
            calls=sum(one.calls for one in used),
            prompt_tokens=sum(one.prompt_tokens for one in used),
            completion_tokens=sum(one.completion_tokens for one in used),
            cost=_sum([one.cost if one.calls else Decimal(0) for one in used]),
        )
        for model, used in sorted(by_model.items())
    ]


@dataclass(frozen=True)
class Took:
    """Seconds of the answers to one kind of ask, of all where null."""

    kind: AskKind | None
    latency: Latency


def took(timings: Sequence[Timing], tasks: Iterable[Task]) -> list[Took]:
    """Return the seconds by kind of ask, and of all last; nothing without timings."""
    kinds = {task.task_id: task.ask.kind for task in tasks}
    rows: list[tuple[AskKind | None, Latency | None]] = [
        (kind, latency([one for one in timings if kinds[one.task_id] == kind]))
        for kind in sorted(set(kinds.values()))
    ]
    rows.append((None, latency(timings)))
    return [Took(kind, found) for kind, found in rows if found is not None]


def _sum(costs: Sequence[Decimal | None]) -> Decimal | None:
    known = [cost for cost in costs if cost is not None]
    return sum(known, Decimal(0)) if len(known) == len(costs) else None
