"""The parts of a design's report that need names, marks and places together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from api import scenario_words as words
from api.amounts import DASH, count, money, percent, signed, signed_money
from api.balance_charts import MEASURES, balance_bars, balance_rows, balance_table
from api.map_places import Place, View, owners_under, places_of
from api.maps import coverage_map, map_table
from api.territory_marks import Mark, marks_of, outsider
from domain.assignment import DesignPoint, Feedback, Frontier, Move, MoveChoice

if TYPE_CHECKING:
    import pandas as pd

VIEWS: tuple[View, ...] = ("after", "before", "changes")


@dataclass
class ReportParts:
    """One design with its accounts, drawn and told; every value is safe to show."""

    frontier: Frontier
    point: DesignPoint
    accounts: pd.DataFrame | Sequence[Place]
    names: Mapping[str, str]

    def __post_init__(self) -> None:
        self.marks = marks_of(self.frontier.reps)
        accounts = self.accounts
        self.places = tuple(accounts) if isinstance(accounts, Sequence) else places_of(accounts)
        self.rep_names = {**self.names, **{rep.rep_id: rep.name for rep in self.frontier.reps}}
        self.account_names = {place.account_id: place.name for place in self.places}
        self.account_names |= {move.account_id: move.account_name for move in self.point.moves}
        self.account_names |= {
            item.account_id: item.account_name for item in self.frontier.unplaced
        }
        self.tiers = self._column("tier")
        owners = self._column("owner_id")
        present = {
            place.account_id: owner if isinstance(owner, str) else None
            for place in self.places
            for owner in (owners.get(place.account_id),)
        }
        self.before = owners_under(self.frontier, self.frontier.points[0], present)
        self.after = owners_under(self.frontier, self.point, present)
        self.rows = balance_rows(self.frontier, self.point, self.marks)

    def _column(self, name: str) -> dict[str, Any]:
        accounts = self.accounts
        if isinstance(accounts, Sequence) or name not in accounts.columns:
            return {}
        return dict(zip(map(str, accounts.index), accounts[name].tolist(), strict=True))

    def mark(self, rep_id: str | None) -> Mark:
        """Return a rep's mark, grey for anybody outside the scenario."""
        return self.marks.get(rep_id or "") or outsider(rep_id, self.names.get(rep_id or "", ""))

    def maps(self) -> list[tuple[str, Markup]]:
        """Return the three views."""
        return [
            (
                view,
                drawn(
                    coverage_map(
                        self.places, self.frontier.reps, self.before, self.after, view,
                        currency=self.frontier.currency, names=self.names, name=f"map-{view}",
                    )
                ),
            )
            for view in VIEWS
        ]  # fmt: skip

    def map_table(self) -> Markup:
        """Return the map in words."""
        return drawn(
            map_table(
                self.places, self.frontier.reps, self.before, self.after,
                currency=self.frontier.currency, names=self.names,
            )
        )  # fmt: skip

    def bars(self) -> list[tuple[str, Markup]]:
        """Return the bars of each measure."""
        return [
            (measure, drawn(balance_bars(self.rows, measure, name=f"balance-{measure}")))
            for measure in MEASURES
        ]

    def bars_table(self) -> Markup:
        """Return the bars in figures."""
        return drawn(balance_table(self.rows))

    def total(self) -> str:
        """Say what the whole is: accounts and potential."""
        worth = sum(rep.potential for rep in self.frontier.points[0].reps)
        worth = max(worth, sum(rep.potential for rep in self.point.reps))
        return (
            f"{count(len(self.frontier.accounts), 'account')}, "
            f"{money(worth, self.frontier.currency)} potential a year"
        )

    def moves(
        self, choices: Sequence[MoveChoice], feedback: Sequence[Feedback]
    ) -> list[dict[str, Any]]:
        """Return a row a move: those that must move first, then by what keeping would cost."""
        said = words.answers(choices, feedback, self.rep_names)
        cities = {place.account_id: place.city for place in self.places}
        ordered = sorted(
            self.point.moves,
            key=lambda move: (
                move.points is not None, -(move.points or 0.0), -move.potential, move.account_id,
            ),
        )  # fmt: skip
        return [
            {
                "name": move.account_name,
                "where": ", ".join(
                    str(part)
                    for part in (
                        cities.get(move.account_id),
                        _tier(self.tiers.get(move.account_id)),
                    )
                    if part
                ),
                "giver": Markup(self.mark(move.from_rep).chip()),  # noqa: S704
                "taker": Markup(self.mark(move.to_rep).chip()),  # noqa: S704
                "potential": money(move.potential, self.frontier.currency),
                "revenue": money(move.revenue, self.frontier.currency) if move.revenue else DASH,
                "reason": move.reason,
                "prices": words.prices(move),
                "keeping": words.keeping(move),
                "next_best": self._next_best(move),
                "relationship": words.relationship(move),
                "travel": f"{signed(move.travel_change, 1)} h",
                "said": said.get(move.account_id, ()),
            }
            for move in ordered
        ]

    def _next_best(self, move: Move) -> str:
        if move.next_best is None:
            return ""
        name = self.rep_names.get(move.next_best.rep_id, move.next_best.rep_id)
        return f"Next best: {name}, {signed(move.next_best.points, 2)} points."

    def people(self) -> list[dict[str, Any]]:
        """Return a row a rep: what the design gives and takes."""
        notes = {rep.rep_id: rep.note for rep in self.frontier.reps}
        rows = []
        for row in self.rows:
            rep_id, before, after = row.mark.rep_id, row.before, row.after
            gained = sum(move.to_rep == rep_id for move in self.point.moves)
            lost = sum(move.from_rep == rep_id for move in self.point.moves)
            currency = self.frontier.currency
            rows.append(
                {
                    "chip": Markup(row.mark.chip()),  # noqa: S704
                    "name": row.mark.name,
                    "note": notes.get(rep_id, ""),
                    "gained": f"+{gained}" if gained else "0",
                    "lost": f"−{lost}" if lost else "0",
                    "accounts": f"{after.accounts:,}",
                    "potential": money(after.potential, currency),
                    "potential_change": signed_money(after.potential - before.potential, currency),
                    "hours": f"{after.hours / row.weeks:,.1f} h",
                    "hours_change": f"{signed((after.hours - before.hours) / row.weeks, 1)} h",
                    "revenue": money(after.revenue, currency),
                    "revenue_change": signed_money(after.revenue - before.revenue, currency),
                    "load": percent(after.needed_hours / after.capacity)
                    if after.capacity
                    else DASH,
                }
            )
        return rows


def _tier(tier: object) -> str:
    return str(tier).replace("_", " ") if isinstance(tier, str) else ""


def drawn(markup: str) -> Markup:
    """Mark a drawing as markup: whatever names are in it were escaped where it was drawn."""
    return Markup(markup)  # noqa: S704
