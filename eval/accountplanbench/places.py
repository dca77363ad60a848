"""Where books play: groups of real cities with their coordinates, and the money spent there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class City:
    """A city; `latitude` and `longitude` in degrees."""

    name: str
    region: str
    latitude: float
    longitude: float
    country: str
    time_zone: str


@dataclass(frozen=True)
class Group:
    """Neighbouring cities: one territory."""

    name: str
    cities: tuple[City, ...]


@dataclass(frozen=True)
class Market:
    """Cities of one currency.

    `money` is how an amount is said, `scale` how many units of it one of the industries'
    amounts is worth.
    """

    key: str
    currency: str
    money: str
    scale: int
    groups: tuple[Group, ...]


def _group(name: str, country: str, time_zone: str, cities: str) -> Group:
    """Read `City REGION latitude longitude, ...`."""
    rows = (city.split() for city in cities.split(","))
    return Group(
        name,
        tuple(
            City(" ".join(words), region, float(latitude), float(longitude), country, time_zone)
            for *words, region, latitude, longitude in rows
        ),
    )


_MARKETS = (
    Market(
        "germany",
        "EUR",
        "euros",
        1,
        (
            _group(
                "South",
                "DE",
                "Europe/Berlin",
                "Munich BY 48.14 11.58, Augsburg BY 48.37 10.90, Stuttgart BW 48.78 9.18, "
                "Ulm BW 48.40 9.99, Nuremberg BY 49.45 11.08",
            ),
            _group(
                "North",
                "DE",
                "Europe/Berlin",
                "Hamburg HH 53.55 9.99, Bremen HB 53.08 8.80, Hanover NI 52.37 9.73, "
                "Kiel SH 54.32 10.14, Rostock MV 54.09 12.14",
            ),
            _group(
                "West",
                "DE",
                "Europe/Berlin",
                "Cologne NW 50.94 6.96, Dortmund NW 51.51 7.47, Essen NW 51.46 7.01, "
                "Frankfurt HE 50.11 8.68, Mainz RP 50.00 8.27",
            ),
        ),
    ),
    Market(
        "united-states",
        "USD",
        "dollars",
        1,
        (
            _group(
                "East",
                "US",
                "America/New_York",
                "Boston MA 42.36 -71.06, Albany NY 42.65 -73.76, Pittsburgh PA 40.44 -80.00, "
                "Baltimore MD 39.29 -76.61, Richmond VA 37.54 -77.44",
            ),
            _group(
                "Central",
                "US",
                "America/Chicago",
                "Chicago IL 41.88 -87.63, Milwaukee WI 43.04 -87.91, St. Louis MO 38.63 -90.20, "
                "Memphis TN 35.15 -90.05, Des Moines IA 41.59 -93.62",
            ),
            _group(
                "West",
                "US",
                "America/Los_Angeles",
                "Portland OR 45.52 -122.68, Seattle WA 47.61 -122.33, Sacramento CA 38.58 -121.49, "
                "San Diego CA 32.72 -117.16, Fresno CA 36.74 -119.79",
            ),
        ),
    ),
    Market(
        "united-kingdom",
        "GBP",
        "pounds",
        1,
        (
            _group(
                "North",
                "GB",
                "Europe/London",
                "Leeds ENG 53.80 -1.55, Manchester ENG 53.48 -2.24, Newcastle ENG 54.98 -1.61, "
                "Glasgow SCT 55.86 -4.25",
            ),
            _group(
                "South",
                "GB",
                "Europe/London",
                "Bristol ENG 51.45 -2.59, Reading ENG 51.45 -0.98, Southampton ENG 50.90 -1.40, "
                "Cardiff WLS 51.48 -3.18",
            ),
        ),
    ),
    Market(
        "benelux",
        "EUR",
        "euros",
        1,
        (
            _group(
                "Netherlands",
                "NL",
                "Europe/Amsterdam",
                "Utrecht UT 52.09 5.12, Rotterdam ZH 51.92 4.48, Eindhoven NB 51.44 5.48, "
                "Groningen GR 53.22 6.57",
            ),
            _group(
                "Belgium",
                "BE",
                "Europe/Brussels",
                "Ghent VOV 51.05 3.72, Antwerp VAN 51.22 4.40, Liege WLG 50.63 5.57, "
                "Namur WNA 50.47 4.87",
            ),
        ),
    ),
    Market(
        "canada",
        "CAD",
        "dollars",
        1,
        (
            _group(
                "East",
                "CA",
                "America/Toronto",
                "Toronto ON 43.65 -79.38, Ottawa ON 45.42 -75.70, Montreal QC 45.50 -73.57, "
                "Kingston ON 44.23 -76.49",
            ),
            _group(
                "Prairies",
                "CA",
                "America/Edmonton",
                "Calgary AB 51.05 -114.07, Edmonton AB 53.55 -113.49, Red Deer AB 52.27 -113.81, "
                "Lethbridge AB 49.69 -112.83",
            ),
        ),
    ),
    Market(
        "sweden",
        "SEK",
        "kronor",
        10,
        (
            _group(
                "Lakes",
                "SE",
                "Europe/Stockholm",
                "Stockholm AB 59.33 18.07, Uppsala C 59.86 17.64, Orebro T 59.27 15.21, "
                "Linkoping E 58.41 15.62",
            ),
            _group(
                "Coast",
                "SE",
                "Europe/Stockholm",
                "Gothenburg O 57.71 11.97, Malmo M 55.60 13.00, Helsingborg M 56.05 12.69, "
                "Boras O 57.72 12.94",
            ),
        ),
    ),
)
MARKETS: dict[str, Market] = {market.key: market for market in _MARKETS}
