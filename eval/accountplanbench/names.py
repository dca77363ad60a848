"""Invented names of companies, people and code words; none is meant to be anybody's.

The three pools share no word, so that a name found in an answer can only be what it names.
"""

from __future__ import annotations

from random import Random

_STEMS = """
Abernook Aldwick Ambervale Anselm Arkwell Ashgrove Balmoor Barrowby Beckfold Bexmoor Birchall
Blackmere Bramsted Brightwater Brockway Calderon Camberfold Carrowmore Castlebeck Chalfont
Corvane Cranfell Crosswold Dalbury Darnwell Deepdale Dornach Dunmarrow Eastholm Eddlestone
Elmcroft Emberly Fairhurst Farnholt Fenwright Fernhall Foxbarrow Galeforth Garnock Glenhurst
Gorsefield Grayholm Greywater Hadlow Halvard Harrowgate Hartsmere Haverfold Hazelrigg Heathwold
Hexley Holmgard Hollinside Inglewick Ivybridge Jarrowell Kelbrook Kestrelby Kingsmarsh Kirkholt
Lambourne Langmoor Larchfield Leaford Linthorpe Lowmarch Lynchgate Maplerow Marlbeck Medlar
Merrowdown Millrace Moorcroft Mossgill Nethercote Norbeck Northolm Oakhampton Ollerby Orchardine
Ottermead Oxenfold Palemoor Penhallow Pickwold Pinecrest Quarrendon Ravelstone Redmarsh
Ridgemont Rookhurst Rosedale Rowanfield Saltersby Sandholm Sedgewick Selkirkby Silverbeck
Skelwith Stanmoor Starbeck Stonefold Swaledale Tarnbrook Thistleby Thornmere Tilbrook Trevanion
Ullswold Upperton Valleyfold Wadebeck Wainfleet Waterfold Weirside Westmarch Whinmoor Whitlock
Willowmere Windgate Wolverdale Woodrising Wrenfield Yarrowby Yewdale Zennorby
""".split()

_FIRST = """
Adele Agnes Alasdair Amira Anders Anouk Aurelio Beatrix Benedikt Bertil Camille Caspian Celeste
Clara Cosima Dagny Dario Delphine Dimitri Dorothea Edda Elias Elin Emeric Esther Fabian Farah
Felicitas Fergus Frieda Gaspard Gerrit Greta Gunnar Hanneke Hedda Henrik Ilona Imogen Ingmar
Isolde Ivo Jarek Joachim Johanna Juna Kasimir Katrin Kilian Lavinia Leander Leonie Lorenz Ludo
Magda Malik Marek Marit Mathilde Milos Nadia Naima Nils Noor Octavia Odile Olaf Ottilie Pascale
Petra Quentin Ragna Rafael Renske Romy Rupert Sabine Samir Selma Severin Signe Sorcha Tabea
Tamsin Theodor Thora Tibor Ulla Valentin Vera Viggo Wanda Willem Xenia Yara Yvo Zelda Zoltan
""".split()

_LAST = """
Aasland Achterberg Adeyemo Albrecht Alvarado Amundsen Arsenault Baumgart Beaulieu Bergqvist
Birkeland Blomfeld Bodnar Bouchard Brandvold Brzegarth Cavendell Chatterley Clausnitz Corrigan
Dahlgren Delacourt Demirel Desrosiers Dijkman Dombrow Eikeland Engstrom Erlandsen Fairweather
Falkenrath Ferrante Fitzalan Fontenoy Gallardo Gravesen Grimaldo Haakonsen Hagedorn Halloran
Hauser Hjelmstad Holmqvist Hovland Ibarrola Iversen Jablonowy Jansma Jorgenson Kaltenbach
Karlstrom Kessler Kilbride Klostermann Kowalek Kristofer Lachance Landgraf Larocque Lehtinen
Lindemann Lombarde Lundahl Macaskin Maddalena Mandeville Marchetto Mikkola Moriarty Mulvaney
Nakagawa Nederhof Nordahl Novotny Oberholt Okonkwo Olafsen Ostrowe Paasila Pellegrin Petterson
Pfeiffer Pommeroy Quigley Radcliff Rasmusen Reinholt Ribeiro Rosenquist Ruysdael Saarinen
Salvatore Sandovar Schreiber Sigurdson Skarshaug Sorensen Steinmetz Stromberg Sutherlaw Szabolcs
Takamori Tengstrand Thibault Tolliver Torvalsen Ulrichs Vandermeer Varga Verhoeven Villeneuve
Wachowiak Wallenrod Weatherall Westergaard Winterbourne Yamashiro Zamorano Zielgard Zwickauer
""".split()

_SYLLABLES = ("bra", "cor", "dan", "fel", "gri", "hul", "jor", "kep", "lum", "mor", "nar", "pex")
_ENDINGS = ("dax", "fenn", "gost", "lith", "mund", "rund", "tavn", "vex", "wick", "zell")


class Names:
    """Hands out names of one book, none of them twice."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._stems = rng.sample(_STEMS, len(_STEMS))
        self._last = rng.sample(_LAST, len(_LAST))
        self._people: set[str] = set()
        self._codes: set[str] = set()

    def company(self, trade: str) -> str:
        """Return a company's name such as `Kelbrook Bearings`; IndexError after 120 of them."""
        return f"{self._stems.pop()} {trade}"

    def person(self) -> str:
        """Return a full name; last names come round again when all were given."""
        if not self._last:
            self._last = self._rng.sample(_LAST, len(_LAST))
        last = self._last.pop()
        while (name := f"{self._rng.choice(_FIRST)} {last}") in self._people:
            pass
        self._people.add(name)
        return name

    def code(self) -> str:
        """Return an invented word that stands nowhere else, such as `Grimorvex`."""
        while True:
            parts = self._rng.choices(_SYLLABLES, k=2)
            code = ("".join(parts) + self._rng.choice(_ENDINGS)).capitalize()
            if code not in self._codes:
                self._codes.add(code)
                return code
