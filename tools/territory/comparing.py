"""Up to four designs of one book side by side: figures, who gains and loses, shared moves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from domain.assignment import DesignPoint, Frontier, Move, RepFigures, SixFigures
from domain.errors import InvalidInput
from domain.record import Record

MOST = 4


class Choice(NamedTuple):
    """One design to compare: what people call it, the row it is in, and its index there."""

    name: str
    frontier: Frontier
    point: int

    @property
    def design(self) -> DesignPoint:
        """The design itself."""
        return self.frontier.points[self.point]


class ComparedDesign(Record):
    """One column of a comparison.

    `gap` is how many points better a design could at most be at this one's own weight of
    disruption; objectives of different weights do not compare and are left out.
    """

    name: str
    point: int
    label: str
    disruption_weight: float
    figures: SixFigures
    gap: float
    workload_points: float
    potential_points: float
    disruption_points: float
    robustness: float | None


class Holding(Record):
    """What a rep has: potential of a year in currency, hours of the period, accounts."""

    potential: float
    hours: float
    accounts: int


class RepChange(Record):
    """What one design gives a rep and what it adds to today's holding."""

    holding: Holding
    gain: Holding


class ComparedRep(Record):
    """One rep over all designs; missing where the rep is not in a design."""

    rep_id: str
    name: str
    present: Holding | None
    designs: tuple[RepChange | None, ...]


class ComparedMove(Record):
    """An account that changes hands alike in the designs listed (by column, from 0)."""

    account_id: str
    account_name: str
    from_rep: str | None
    to_rep: str
    potential: float
    designs: tuple[int, ...]


class Comparison(Record):
    """Designs side by side.

    Every move is in exactly one of `shared` (in all designs, to the same rep), `some` (in
    several) and `only` (one tuple per design: in no other). Each is sorted by account and
    new rep. `gainers` and `losers` of a column follow from `reps`. `notes` say what makes
    the designs hard to compare.
    """

    currency: str
    designs: tuple[ComparedDesign, ...]
    reps: tuple[ComparedRep, ...]
    shared: tuple[ComparedMove, ...]
    some: tuple[ComparedMove, ...]
    only: tuple[tuple[ComparedMove, ...], ...]
    notes: tuple[str, ...]


def compare(designs: Sequence[tuple[str, Frontier, int]]) -> Comparison:
    """Set two to four designs side by side.

    Parameters
    ----------
    designs
        Name, row and index of each (a `Choice`), of one or several rows over the same
        book, each once, in the order of the columns.

    Returns
    -------
    Comparison
        Reps in order of id. Gains are against the present assignment of each row.

    Raises
    ------
    InvalidInput
        When there are fewer than two or more than four, one occurs twice or does not
        exist, or they are of different books.
    """
    choices = [Choice(*design) for design in designs]
    _check(choices)
    moves: dict[tuple[str, str], list[int]] = {}
    told: dict[tuple[str, str], Move] = {}
    for column, choice in enumerate(choices):
        for move in choice.design.moves:
            moves.setdefault((move.account_id, move.to_rep), []).append(column)
            told.setdefault((move.account_id, move.to_rep), move)
    compared = [
        ComparedMove(
            account_id=account,
            account_name=told[account, rep].account_name,
            from_rep=told[account, rep].from_rep,
            to_rep=rep,
            potential=told[account, rep].potential,
            designs=tuple(moves[account, rep]),
        )
        for account, rep in sorted(moves)
    ]
    many = len(choices)
    return Comparison(
        currency=choices[0].frontier.currency,
        designs=tuple(_column(choice) for choice in choices),
        reps=_reps(choices),
        shared=tuple(move for move in compared if len(move.designs) == many),
        some=tuple(move for move in compared if 1 < len(move.designs) < many),
        only=tuple(
            tuple(move for move in compared if move.designs == (column,)) for column in range(many)
        ),
        notes=tuple(_notes(choices)),
    )


def _check(choices: Sequence[Choice]) -> None:
    if not 2 <= len(choices) <= MOST:
        raise InvalidInput(
            f"{len(choices)} design{' was' if len(choices) == 1 else 's were'} given to compare; "
            f"it takes two to {MOST}.",
            hint="Name them as S-1:3 S-1:7, scenario and design.",
        )
    for choice in choices:
        last = len(choice.frontier.points) - 1
        if not 0 <= choice.point <= last:
            raise InvalidInput(
                f"{choice.name} has no design {choice.point}; its designs are 0 to {last}.",
                hint="List them with `cadastre scenario frontier`.",
            )
    books = {choice.frontier.book_id: choice.name for choice in choices}
    if len(books) > 1:
        raise InvalidInput(
            f"{' and '.join(books.values())} were designed on different books "
            f"({', '.join(books)}): their figures do not compare.",
            hint="Run the older scenario again on the current book.",
        )
    seen: dict[tuple[str, int], str] = {}
    for choice in choices:
        key = choice.frontier.hash, choice.point
        if key in seen:
            raise InvalidInput(
                f"{choice.name} and {seen[key]} are the same design, number {choice.point}.",
                hint="Name each design once.",
            )
        seen[key] = choice.name


def _column(choice: Choice) -> ComparedDesign:
    design = choice.design
    return ComparedDesign(
        name=choice.name,
        point=choice.point,
        label=design.label,
        disruption_weight=design.disruption_weight,
        figures=design.figures,
        gap=design.gap,
        workload_points=design.work_points,
        potential_points=design.potential_points,
        disruption_points=design.disruption_points,
        robustness=design.robustness,
    )


def _reps(choices: Sequence[Choice]) -> tuple[ComparedRep, ...]:
    names = {rep.rep_id: rep.name for choice in choices for rep in choice.frontier.reps}
    told = []
    for rep in sorted(names):
        today = [_find(choice.frontier.points[0], rep) for choice in choices]
        after = [_find(choice.design, rep) for choice in choices]
        known = next((figures for figures in today if figures is not None), None)
        told.append(
            ComparedRep(
                rep_id=rep,
                name=names[rep],
                present=_holding(known) if known else None,
                designs=tuple(map(_change, today, after)),
            )
        )
    return tuple(told)


def _find(point: DesignPoint, rep: str) -> RepFigures | None:
    return next((figures for figures in point.reps if figures.rep_id == rep), None)


def _holding(figures: RepFigures) -> Holding:
    return Holding(potential=figures.potential, hours=figures.hours, accounts=figures.accounts)


def _change(today: RepFigures | None, after: RepFigures | None) -> RepChange | None:
    if after is None:
        return None
    had = _holding(today) if today else Holding(potential=0.0, hours=0.0, accounts=0)
    has = _holding(after)
    return RepChange(
        holding=has,
        gain=Holding(
            potential=has.potential - had.potential,
            hours=has.hours - had.hours,
            accounts=has.accounts - had.accounts,
        ),
    )


def _notes(choices: Sequence[Choice]) -> list[str]:
    frontiers = [choice.frontier for choice in choices]
    notes = []
    if len({frontier.coverage_hash for frontier in frontiers}) > 1:
        notes.append(
            "The designs were made under different coverage models: hours and potential may "
            "differ for that reason alone."
        )
    if len({frontier.team for frontier in frontiers}) > 1:
        notes.append(
            "The designs are of different teams: shares refer to each team's own accounts."
        )
    if len({frontier.events for frontier in frontiers}) > 1:
        notes.append(
            "The designs differ in what happened: not all have the same reps and accounts."
        )
    if len({frontier.period_start for frontier in frontiers}) > 1:
        notes.append("The designs are of different periods: their hours do not compare.")
    return notes
