"""What the report of the methods says in words."""

from __future__ import annotations

from datetime import date

from api.amounts import count, money, percent
from api.page_look import day
from domain.method import MethodHistory, Verdict

_VERDICTS: dict[Verdict, str] = {
    "expert-set": "Too few outcomes to test the score: the points set by hand stand.",
    "expert + data": "History bends the score card: fitted, it orders later outcomes better.",
    "data-led": "History leads: a fitted score card orders later outcomes better.",
    "no signal": "This history shows no signal: rank by potential alone.",
    "history does not support re-weighting": (
        "The score card in use stands: history does not support re-weighting it."
    ),
}
METHODS = {
    "stack": "a model of who buys what",
    "peers": "rates of peer groups",
    "regression": "regression on facts",
}
"""What to call the methods that the analyses name."""


def verdict(history: MethodHistory) -> str:
    """Say first what follows for the score."""
    return _VERDICTS[history.score.verdict]


def cards(history: MethodHistory) -> list[tuple[str, str, str]]:
    """Return three figures that stand for the three methods: label, figure, what it rests on."""
    score, potential, gaps = history.score, history.potential, history.whitespace
    in_use = score.hand
    p90 = next((one for one in potential.levels if abs(one.level - 0.9) < 1e-9), None)
    return [
        (
            "Score: AUC out of time",
            "not tested" if in_use is None else f"{in_use.value:.3f}",
            f"{count(score.judged, 'outcome')} judged",
        ),
        (
            "Potential: P90 held",
            "not tested" if p90 is None else percent(p90.held),
            f"{count(potential.accounts, 'account')}, by {named(potential.method)}",
        ),
        (
            "Whitespace: told and found",
            "not tested"
            if gaps.told is None or gaps.found is None
            else f"{percent(gaps.told, 1)} / {percent(gaps.found, 1)}",
            f"{count(gaps.gaps, 'gap')}, by {named(gaps.method)}",
        ),
    ]


def named(method: str) -> str:
    """Say a method's name for people."""
    return METHODS.get(method, method)


def span(starts: date | None, ends: date | None) -> str:
    """Say a stretch of time; nothing where it is not known."""
    return f"{day(starts)} to {day(ends)}" if starts and ends else ""


def potential_lines(history: MethodHistory) -> list[str]:
    """Say what open potential was worth."""
    told = history.potential
    lines = []
    if told.top_growth is not None and told.mean_growth is not None:
        lines.append(
            "The tenth with the most open potential "
            f"{_moved(told.top_growth, history.currency)} an account; all of them "
            f"{_moved(told.mean_growth, history.currency)}."
        )
    return lines + list(told.notes)


def _moved(amount: float, currency: str) -> str:
    return f"{'fell' if amount < 0 else 'grew'} by {money(abs(amount), currency)}"


def whitespace_lines(history: MethodHistory) -> list[str]:
    """Say what the gaps were worth."""
    told = history.whitespace
    lines = []
    if told.worth is not None and told.spent is not None:
        lines.append(
            f"They were told to be worth {money(told.worth, history.currency)}; "
            f"{money(told.spent, history.currency)} was spent."
        )
    if told.brier is not None and told.brier_peers is not None:
        lines.append(
            f"Brier score {told.brier:.3f}; taking the share of peers who own a line for the "
            f"chance has {told.brier_peers:.3f}."
        )
    return lines + list(told.notes)


def limits() -> list[str]:
    """Say what none of this can show."""
    return [
        "A test on the past is no promise: it says how the same method would have done.",
        "What the book does not date (people, staff, owners) is left out of the past, so the "
        "card in use is tested on the other facts alone.",
        "Nothing here changes a rule. A card that history proposes is adopted by a person, in the "
        "coverage model.",
    ]
