"""Solve a balancing problem: prices, then walks between designs until the work is done.

Deterministic by work: a step is a fixed piece of work, whatever the number of threads;
`seconds` only decides how many steps there are. More steps go on where fewer stopped, and
the best design met is kept, so that they are never worse.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from domain.errors import Infeasible
from tools.balance import exact
from tools.balance.certificate import admissible, bound, cheapest_pairs, reduced_costs
from tools.balance.dual import price
from tools.balance.feasibility import demand_feasible, demand_valid
from tools.balance.order import canonical
from tools.balance.placing import Placement, Placing, narrowed
from tools.balance.problem import Floats, Ints, Problem, judge
from tools.balance.sharing import hashed
from tools.balance.solution import Prices, Solution
from tools.balance.walk import COLD, HOT, REACH, Walk

STEPS = 40
"""Steps when neither steps nor seconds are given."""

PATIENCE = 100
"""Steps after which a problem without a design so far is given up, whatever was asked."""

AGAIN = 120
"""Turns of the first look where there is a design already: from it, and afresh."""

FREE = 3_000
"""Pairs up to which all of them are looked at, however dear."""

PLACED = 60_000
"""Pairs up to which the biggest units are placed first."""

ROUND, FIRST, LATER = 4, 6, 4
"""Pairs of placements priced per step; steps of that at first, and after each cycle."""

CLOSE, SETTLED = 0.005, 0.02
"""Gaps of the placements: at which the first cycle begins, and below which the placement
at hand is likely enough to be the best one for gentle cycles."""

QUICK = 60
"""Turns of the first look."""

GROUPS = (3_000, 16_000)
"""Groups that share in the first full cycle: of small teams, of those parted in halves."""

CHUNKS = 6
"""Steps of the first cycle; longer ones have more."""

HOTTER, HOTTEST = 4.0, 64.0
"""How much hotter a full cycle starts after one that found nothing, and at most."""

PROVEN = 1e-9
"""Part of the bound within which a design counts as proven to be the best."""

QUENCH = 10
"""Turns without heat by which the best design near a warm one is found."""

GENTLE, LONGER, WORTH = 0.1, 1.6, 2e-4
"""Heat of a gentle cycle in parts of a full one's; how much longer each full cycle is than
the last; and the gain, in parts of the objective, for which another gentle one is worth it."""


def solve(
    problem: Problem,
    *,
    steps: int | None = None,
    seconds: float | None = None,
    seed: int = 0,
    start: Ints | None = None,
    prices: Prices | None = None,
    reprice: bool = True,
    plain: bool = False,
) -> Solution:
    """Find a good design, and prove how good it is.

    Parameters
    ----------
    problem
        See `Problem`. The order of its units and reps makes no difference.
    steps
        Work to do; `STEPS` by default. The same steps and seed give the same bytes, on any
        machine and number of threads.
    seconds
        Stop instead before the step that would pass this time, but not before a design that
        keeps every rule is found, or `PATIENCE` is over. The solution's `steps` says how
        many there were, to replay them.
    seed
        Other seeds take other walks.
    start
        A design to go on from, one pair per unit; it need not keep the rules.
    prices
        Prices of a similar problem, which save time.
    reprice
        False takes `prices` as they are: the bound is as good as they are.
    plain
        Use numpy alone, for machines without numba: the same bytes, some 25 times slower.

    Returns
    -------
    Solution
        It keeps every rule. Its prices prove its bound.

    Raises
    ------
    InvalidInput
        When the problem's arrays contradict each other.
    Infeasible
        When no design keeps every rule, with the rules that clash, or none was found.
    """
    began = time.perf_counter()
    demand_valid(problem)
    demand_feasible(problem, thorough=False)
    order = canonical(problem)
    here = order.problem
    given = None if prices is None else order.prices_there(prices)
    if given is not None and not reprice:
        priced = admissible(here, given)
    else:
        priced = price(here, start=given, plain=plain)
    warm = None if start is None else order.chosen_there(start)
    limit = _Limit(began, steps, seconds)
    with ThreadPoolExecutor(2) as executor:
        search = _Search(here, priced, seed, None if plain else executor, plain=plain)
        for _ in search.steps(warm, afresh=reprice):
            if limit.reached(search.best is not None):
                break
    if search.best is None:
        demand_feasible(problem)
        if search.final:
            raise Infeasible(
                "No design keeps every rule: branch and bound tried all of them.",
                hint="Loosen the tightest rule: a window, a limit of accounts, a budget of moves.",
            )
        raise Infeasible(
            f"No design that keeps every rule was found in {limit.done} steps of work, and no "
            "proof that there is none.",
            hint="Give more steps or time, or loosen the tightest rule: a window, a limit of "
            "accounts, a budget of moves.",
        )
    chosen = order.chosen_back(search.best)
    final = order.prices_back(priced)
    figures = judge(problem, chosen)
    return Solution(
        chosen, figures, final, bound(problem, final), limit.done, seed, placed_bound=search.bound
    )


@dataclass
class _Limit:
    """Counts steps, and tells when to stop."""

    began: float
    steps: int | None
    seconds: float | None
    done: int = 0
    _longest: float = 0.0

    def __post_init__(self) -> None:
        self._last = time.perf_counter()

    def reached(self, found: bool) -> bool:
        """Count a step; whether it was the last. Without a design yet, only patience ends."""
        now = time.perf_counter()
        self._longest, self._last = max(self._longest, now - self._last), now
        self.done += 1
        if not found:
            return self.done >= max(PATIENCE, self.steps or 0)
        if self.steps is not None or self.seconds is None:
            return self.done >= (STEPS if self.steps is None else self.steps)
        return self.began + self.seconds - now <= self._longest


@dataclass
class _Base:
    """What a walk can start from: a part of the problem, its prices, its best design."""

    problem: Problem
    keep: Ints
    prices: Prices
    chosen: Ints
    objective: float = float("inf")

    @classmethod
    def of(cls, problem: Problem, keep: Ints, prices: Prices) -> _Base:
        """Begin with each unit's cheapest pair, until a walk finds a better design."""
        return cls(problem, keep, prices, cheapest_pairs(problem, reduced_costs(problem, prices)))


class _Search:
    """Looks for good designs of one problem, and keeps the best."""

    def __init__(
        self, problem: Problem, prices: Prices, seed: int, executor: Executor | None, *, plain: bool
    ) -> None:
        self._problem, self._prices, self._plain = problem, prices, plain
        self._executor = executor
        self._turn = hashed(seed & 0x7FFFFFFF, 1) >> 4
        self.best: Ints | None = None
        self._objective = float("inf")
        self._whole = _Base.of(problem, np.arange(problem.pairs), prices)
        self._bases: dict[tuple[int, ...], _Base] = {}
        self._placing: Placing | None = None
        self._cycle = 0
        self._reach = REACH if problem.pairs > FREE else np.inf
        self.final = False
        self._bound = -np.inf

    def steps(self, start: Ints | None, *, afresh: bool) -> Iterator[None]:
        """Work on for ever, a step at a time; from a start, and `afresh` by the prices too."""
        problem, whole = self._problem, self._whole
        if start is not None:
            fresh = replace(whole)
            whole.chosen = start
            self._note(whole, start)
            heats = GENTLE * np.geomspace(HOT, COLD, AGAIN)
            yield from self._walk([whole, fresh] if afresh else [whole], heats, 1)
            if fresh.objective < whole.objective:
                self._whole = whole = fresh
        else:
            yield from self._walk([whole], np.geomspace(HOT, COLD, QUICK), 1)
        if problem.pairs <= (exact.PAIRS if start is None else exact.AGAIN):
            yield from self._solve_exactly()
            if self.final:
                return
        elif problem.pairs <= PLACED and start is None:
            self._placing = Placing(problem, self._prices, plain=self._plain)
            yield from self._place(FIRST, CLOSE)
        turns = self._turns_of_cycle()
        if start is not None:
            yield from self._gentle([whole], turns)
        longer, hotter = 1.0, 1.0
        while not self._proven():
            bases, before = self._worthy(), self._objective
            heats = np.geomspace(hotter * HOT, COLD, round(longer * turns))
            yield from self._walk(bases, heats, round(longer * CHUNKS))
            stuck = not before - self._objective > WORTH * abs(before)
            hotter = hotter * HOTTER if stuck and hotter < HOTTEST else 1.0
            if self._placing is None or self._placing.gap <= SETTLED:
                yield from self._gentle(bases, turns)
            longer *= LONGER
            if self.best is None:
                self._reach = np.inf
                if exact.PAIRS < problem.pairs <= exact.DESPERATE and self._bound == -np.inf:
                    yield from self._solve_exactly()
            yield from self._place(LATER, 0.0)

    @property
    def bound(self) -> float:
        """What no design is below, as far as branch and bound or the placements tell."""
        return max(self._bound, self._placing.bound if self._placing else -np.inf)

    def _solve_exactly(self) -> Iterator[None]:
        answer = exact.exact(self._problem)
        self._bound = answer.bound
        if answer.chosen is not None:
            self._note(self._whole, answer.chosen)
        # Its answer may break a rule by rounding; then the walks have to find one.
        self.final = answer.final and (answer.chosen is None or self.best is not None)
        yield

    def _proven(self) -> bool:
        """Whether nothing better can be found, or nothing else at all."""
        if self._problem.pairs == self._problem.units:
            return self.best is not None
        return self._objective <= self.bound + PROVEN * abs(self.bound)

    def _turns_of_cycle(self) -> int:
        reps = self._problem.reps
        return max(1, 3 * GROUPS[self._lanes() == 1] // reps)

    def _lanes(self) -> int:
        """Walks side by side: one where its own halves are, else two."""
        return 1 if Walk.parts(self._problem) else 2

    def _place(self, rounds: int, close: float) -> Iterator[None]:
        """Price more placements, until no other can be better by more than `close`."""
        placing = self._placing
        if placing is None:
            return
        for _ in range(rounds):
            for _ in range(ROUND):
                if placing.closed or placing.gap <= close:
                    return
                placing.step(self._executor)
            yield

    def _worthy(self) -> list[_Base]:
        """What to walk on next: placements that may hold a better design, the best most often."""
        lanes, placing = self._lanes(), self._placing
        if placing is None or not placing.found:
            return [self._whole] * lanes
        worthy = [p for p in placing.found if p.bound < self._objective] or placing.found[:1]
        bases = []
        for _ in range(lanes):
            rank = _seldom(self._cycle) % len(worthy)
            self._cycle += 1
            bases.append(self._base(placing, worthy[rank]))
        return bases

    def _base(self, placing: Placing, placement: Placement) -> _Base:
        if placement.pairs not in self._bases:
            keep = placing.fixed(placement)
            part = narrowed(self._problem, keep)
            self._bases[placement.pairs] = _Base.of(part, keep, placement.prices)
        return self._bases[placement.pairs]

    def _gentle(self, bases: list[_Base], turns: int) -> Iterator[None]:
        """Walk on gently from the best designs, as long as that is worth it."""
        while True:
            before = self._objective
            heats = GENTLE * np.geomspace(HOT, COLD, turns)
            yield from self._walk(bases, heats, CHUNKS)
            if not before - self._objective > WORTH * abs(before):
                return

    def _walk(self, bases: list[_Base], heats: Floats, chunks: int) -> Iterator[None]:
        """Walk on each base at these heats, a step for each chunk of them."""
        walks = [
            Walk(base.problem, base.prices, base.chosen, plain=self._plain, reach=self._reach)
            for base in bases
        ]
        for part in np.array_split(heats, chunks):
            begin = self._turn
            self._turn += (len(part) + QUENCH) * len(walks)
            jobs = [
                (walk, part, begin + lane * (len(part) + QUENCH)) for lane, walk in enumerate(walks)
            ]
            for base, found in zip(bases, self._together(jobs), strict=True):
                self._note(base, found)
            yield

    def _together(self, jobs: list[tuple[Walk, Floats, int]]) -> list[Ints]:
        if len(jobs) == 1 or self._executor is None:
            return [_stroll(*job, self._executor) for job in jobs]
        return [done.result() for done in [self._executor.submit(_stroll, *job) for job in jobs]]

    def _note(self, base: _Base, chosen: Ints) -> None:
        whole = base.keep[chosen]
        figures = judge(self._problem, whole)
        if not figures.feasible:
            if base.objective == float("inf"):
                base.chosen = chosen
            return
        if figures.objective < base.objective:
            base.objective, base.chosen = figures.objective, chosen
        if figures.objective < self._objective:
            self._objective, self.best = figures.objective, whole


def _stroll(walk: Walk, heats: Floats, begin: int, executor: Executor | None = None) -> Ints:
    walk.take(heats, begin, executor)
    return walk.quenched(QUENCH, begin + len(heats), executor)


def _seldom(number: int) -> int:
    """0, 0, 1, 0, 1, 2, 0, 1, 2, 3 ...: every rank comes again and again, the first most."""
    length = 1
    while number >= length:
        number -= length
        length += 1
    return number
