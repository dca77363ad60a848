"""What a coverage map shows: accounts with a place, and who has them before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from api.territory_marks import Mark, outsider

if TYPE_CHECKING:
    import pandas as pd

    from domain.assignment import DesignPoint, Frontier

View = Literal["before", "after", "changes"]


@dataclass(frozen=True)
class Place:
    """An account on the map. Degrees, country and region are None where unknown."""

    account_id: str
    name: str
    potential: float
    country: str | None = None
    region: str | None = None
    city: str | None = None
    longitude: float | None = None
    latitude: float | None = None


@dataclass(frozen=True)
class Holdings:
    """Who has which account; None is nobody. Accounts that a mapping leaves out have nobody."""

    before: Mapping[str, str | None]
    after: Mapping[str, str | None]
    marks: Mapping[str, Mark]
    names: Mapping[str, str]

    def holder(self, account_id: str, view: View) -> Mark:
        """Return the mark of whoever has an account in a view; changes show the time after."""
        rep_id = (self.before if view == "before" else self.after).get(account_id)
        if rep_id is not None and rep_id in self.marks:
            return self.marks[rep_id]
        return outsider(rep_id, self.names.get(rep_id or "", ""))

    def moved(self, account_id: str) -> bool:
        """Say whether the account changes hands."""
        return self.before.get(account_id) != self.after.get(account_id)


def places_of(accounts: pd.DataFrame) -> tuple[Place, ...]:
    """Read places from a table indexed by account id.

    Columns `name` and `potential`, and where known `country`, `region`, `city`,
    `longitude` and `latitude`; see `tools.territory.case.Case.accounts`.
    """
    columns = {name: accounts[name].tolist() for name in accounts.columns}
    nothing = [None] * len(accounts)

    def column(name: str) -> list[Any]:
        return columns.get(name, nothing)

    rows = zip(
        accounts.index.tolist(), column("name"), column("potential"), column("country"),
        column("region"), column("city"), column("longitude"), column("latitude"), strict=True,
    )  # fmt: skip
    return tuple(
        Place(
            account_id=str(account_id),
            name=_text(name) or str(account_id),
            potential=_number(potential) or 0.0,
            country=_text(country),
            region=_text(region),
            city=_text(city),
            longitude=_number(longitude),
            latitude=_number(latitude),
        )
        for account_id, name, potential, country, region, city, longitude, latitude in rows
    )


def owners_under(
    frontier: Frontier, point: DesignPoint, present: Mapping[str, str | None]
) -> dict[str, str | None]:
    """Return the rep per account under a design.

    An account that the design leaves as it is, or that it does not hold, keeps the owner
    that `present` gives.
    """
    owners = dict(present)
    for account_id, rep in zip(frontier.accounts, point.assignment, strict=True):
        if rep >= 0:
            owners[account_id] = frontier.reps[rep].rep_id
    return owners


def centre(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return the mean of some points."""
    return sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if number - number == 0 else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() else None
