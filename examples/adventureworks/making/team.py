"""Our own people: synthetic names and hours for the reps that the order lines know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from making.places import Place
from making.source import Source


@dataclass(frozen=True)
class Member:
    """One of our people. `base` is (city, latitude, longitude, time zone)."""

    rep_id: str
    name: str
    function: str
    manager_id: str
    team: str
    hours: int
    base: tuple[str, float, float, str]
    starts: date
    ends: date | None = None

    @property
    def languages(self) -> tuple[str, ...]:
        """English, and what else they speak."""
        return ("English", *_ALSO_SPEAKS.get(self.rep_id, ()))


@dataclass(frozen=True)
class Leave:
    """Days off, both ends included."""

    rep_id: str
    starts: date
    ends: date
    reason: str


# rep, name, function, manager, team, selling hours a week
_REPS = (
    ("R-272", "Harriet Okonjo", "manager", "", "North America", 24),
    ("R-281", "Marisol Vega", "rep", "R-272", "North America", 30),
    ("R-282", "Tobias Renner", "rep", "R-272", "North America", 30),
    ("R-283", "Anneke Dijkstra", "rep", "R-272", "North America", 30),
    ("R-284", "Priya Raghunath", "rep", "R-272", "North America", 28),
    ("R-285", "Desmond Achebe", "rep", "R-272", "North America", 28),
    ("R-286", "Kaia Lindqvist", "rep", "R-272", "North America", 26),
    ("R-287", "Mateo Ferreira", "rep", "R-272", "North America", 28),
    ("R-288", "Callum Ashdown", "rep", "R-290", "Europe", 28),
    ("R-289", "Yuki Tanabe", "rep", "R-272", "North America", 27),
    ("R-290", "Ilse Brandtner", "manager", "", "Europe", 24),
    ("R-291", "Noémie Gagnon", "rep", "R-272", "North America", 30),
    ("R-292", "Lucien Marchetti", "rep", "R-290", "Europe", 28),
    ("R-293", "Owen Fairbairn", "rep", "R-272", "North America", 27),
    ("R-294", "Rosalind Kerr", "manager", "", "Pacific", 24),
    ("R-295", "Jonas Wehrle", "rep", "R-290", "Europe", 28),
    ("R-296", "Tane Holloway", "rep", "R-294", "Pacific", 28),
)
_SUPPORT = (
    ("S-301", "Bea Lindholm", "inside_sales", "R-272", "North America", 30, "R-281"),
    ("S-302", "Samir Qadri", "inside_sales", "R-290", "Europe", 30, "R-288"),
    ("S-303", "Dorota Malik", "solution_engineering", "R-272", "North America", 28, "R-282"),
    ("S-304", "Femi Adeyemi", "solution_engineering", "R-290", "Europe", 28, "R-295"),
    ("S-305", "Clara Whitlock", "customer_success", "R-272", "North America", 28, "R-291"),
    ("S-306", "Hugo Pereira", "customer_success", "R-294", "Pacific", 28, "R-296"),
)
_ALSO_SPEAKS = {
    "R-281": ("Spanish",),
    "R-284": ("French",),
    "R-287": ("Portuguese",),
    "R-288": ("French",),
    "R-290": ("German",),
    "R-291": ("French",),
    "R-292": ("French",),
    "R-295": ("German",),
    "S-302": ("French",),
    "S-304": ("German", "French"),
}
LEFT = "R-280"
REVOPS = ("ines.moreau", "Ines Moreau")

_LEAVE = (
    ("R-281", date(2026, 11, 26), date(2026, 11, 27), "family"),
    ("R-282", date(2027, 2, 1), date(2027, 2, 5), "holiday"),
    ("R-283", date(2026, 12, 14), date(2026, 12, 18), "holiday"),
    ("R-284", date(2027, 1, 18), date(2027, 1, 22), "training"),
    ("R-285", date(2027, 1, 4), date(2027, 1, 8), "holiday"),
    ("R-287", date(2027, 2, 8), date(2027, 2, 12), "holiday"),
    ("R-288", date(2026, 12, 21), date(2026, 12, 23), "holiday"),
    ("R-291", date(2027, 1, 11), date(2027, 1, 13), "training"),
    ("R-292", date(2027, 2, 8), date(2027, 2, 12), "holiday"),
    ("R-293", date(2026, 11, 30), date(2026, 12, 4), "parental leave"),
    ("R-294", date(2027, 1, 4), date(2027, 1, 15), "summer holiday"),
    ("R-296", date(2027, 1, 4), date(2027, 1, 15), "summer holiday"),
    ("R-286", date(2026, 8, 3), date(2026, 8, 14), "holiday"),
    ("R-295", date(2026, 8, 10), date(2026, 8, 21), "holiday"),
)


def build_team(source: Source, places: dict[tuple[str, str, str], Place]) -> list[Member]:
    """Return every member; a rep's base is the city of most of their orders."""
    cities = source.resellers[["account_id", "CountryRegionCode", "StateProvinceCode", "City"]]
    orders = (
        source.lines.drop_duplicates("SalesOrderNumber")[["account_id", "rep_id", "ordered"]]
        .merge(cities, on="account_id", validate="many_to_one")
        .assign(n=1)
    )
    counted = (
        orders.groupby(["rep_id", "CountryRegionCode", "StateProvinceCode", "City"])["n"]
        .sum()
        .reset_index()
        .sort_values(
            ["rep_id", "n", "CountryRegionCode", "StateProvinceCode", "City"],
            ascending=[True, False, True, True, True],
        )
        .drop_duplicates("rep_id")
        .set_index("rep_id")
    )
    bases = {}
    for rep_id, row in counted.iterrows():
        place = places[row["CountryRegionCode"], row["StateProvinceCode"], row["City"]]
        bases[str(rep_id)] = (row["City"], place.latitude, place.longitude, place.time_zone)
    first: dict[str, pd.Timestamp] = orders.groupby("rep_id")["ordered"].min().to_dict()
    members = [
        Member(rep, name, function, manager, team, hours, bases[rep], first[rep].date())
        for rep, name, function, manager, team, hours in _REPS
    ]
    members.append(
        Member(
            LEFT,
            "Graham Pellew",
            "rep",
            "R-272",
            "North America",
            28,
            bases["R-283"],
            date(2023, 12, 13),
            date(2026, 6, 30),
        )
    )
    members += [
        Member(rep, name, function, manager, team, hours, bases[near], date(2024, 9, 2))
        for rep, name, function, manager, team, hours, near in _SUPPORT
    ]
    return sorted(members, key=lambda member: member.rep_id)


def build_leave(team: list[Member]) -> list[Leave]:
    """Return every leave: the days between the years for all, and a few of one's own."""
    present = [member.rep_id for member in team if member.ends is None]
    everyone = [
        Leave(rep, date(2026, 12, 24), date(2027, 1, 1), "company holiday") for rep in present
    ]
    own = [Leave(*row) for row in _LEAVE]
    return sorted(everyone + own, key=lambda leave: (leave.rep_id, leave.starts))


def person_id(name: str) -> str:
    """Return the id of a person in the demo, for example `noemie.gagnon`."""
    return name.lower().replace("é", "e").replace(" ", ".")
