"""Invented people for accounts without a story: names by country, none of them real."""

from __future__ import annotations

from random import Random

_GIVEN = {
    "EN": (
        "Abigail Alden Bettina Bryce Carla Cedric Dana Dexter Edith Elias Farrah Fergus Gemma "
        "Gideon Hollis Imogen Jarvis Joelle Keira Lachlan Leona Marcus Nadine Odette Orson "
        "Paige Quentin Rhoda Rory Selma Silas Thea Tobin Ursula Vaughn Wanda Wesley Yasmin Zane"
    ).split(),
    "FR": (
        "Adèle Bastien Capucine Corentin Delphine Edouard Fanny Gaspard Hortense Ivan Jeanne "
        "Killian Laure Maxence Nathalie Olivier Perrine Quentin Rachel Sylvain Tiphaine Ulysse"
    ).split(),
    "DE": (
        "Anja Bernd Carsten Dörte Eckhard Frauke Gerrit Heike Ingo Jutta Kerstin Lothar Maren "
        "Norbert Otfried Petra Ralf Sabine Torben Ute Volker Wiebke"
    ).split(),
}
_FAMILY = {
    "EN": (
        "Abernathy Bancroft Calloway Dunmore Eastlake Fenwick Garrity Hathersage Inglewood "
        "Jessop Kinsella Larkspur Merriweather Northcott Oakhurst Pemberton Quimby Ravenhill "
        "Stanhope Thistleton Underhill Vandermeer Wetherby Yardley Zeller Ambrose Brackett "
        "Crowther Delacroix Ellsworth Farrow Grantham Holloran Ibsen Jernigan Kowalczyk "
        "Lattimore Mbeki Nakagawa Okafor Prasad Quist Rosales Sandoval Tillery"
    ).split(),
    "FR": (
        "Aubrac Bellecour Chastaing Darcourt Esnault Fontanel Grandjean Hérault Joubard Kermadec "
        "Lestrange Montclar Noirot Ollivaud Pelissou Quéméner Rougemont Sauvageot Thibaudier "
        "Vasseroy"
    ).split(),
    "DE": (
        "Ahlbrecht Bredehorst Claassen Dinkelmann Ehrenberg Fasshauer Gutermuth Hinrichsen "
        "Immelmann Jagdfeld Krummbach Lüdenscheidt Mauersberg Niebuhr Ostertag Pfannenstiel "
        "Rautenberg Steinhöfel Tiedemann Wackernagel"
    ).split(),
}
_FAMILY_OF_COUNTRY = {"FR": "FR", "DE": "DE"}


class Names:
    """Hands out names that nobody else in the book bears."""

    def __init__(self, taken: set[str], random: Random) -> None:
        self._taken = set(taken)
        self._random = random

    def next(self, country: str) -> str:
        """Return a new name for someone in `country`."""
        group = _FAMILY_OF_COUNTRY.get(country, "EN")
        while True:
            given = self._random.choice(_GIVEN[group])
            name = f"{given} {self._random.choice(_FAMILY[group])}"
            if name not in self._taken:
                self._taken.add(name)
                return name
