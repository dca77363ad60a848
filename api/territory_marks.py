"""How a territory is told from another in every picture: its code, its colour, its pattern."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from string import ascii_uppercase

from api.svg import said
from domain.assignment import ScenarioRep

COLOURS = 8


@dataclass(frozen=True)
class Mark:
    """A territory in pictures. `place` counts from 0; None is somebody outside the scenario.

    Eight colours are told apart by everybody; from the ninth territory on they come round
    again, hollow and with their pattern always drawn.
    """

    rep_id: str
    name: str
    code: str
    place: int | None

    @property
    def colour(self) -> str:
        """Class name of the colour: `t1` to `t8`, or `t0` for nobody in particular."""
        return "t0" if self.place is None else f"t{self.place % COLOURS + 1}"

    @property
    def again(self) -> bool:
        """Whether the colour already belongs to an earlier territory."""
        return self.place is not None and self.place >= COLOURS

    @property
    def classes(self) -> str:
        """Class names of whatever shows this territory."""
        return f"{self.colour} again" if self.again else self.colour

    @property
    def pattern(self) -> int:
        """Number of the pattern, 0 to 7; it never meets its colour twice in 64 territories."""
        place = self.place or 0
        return (place + place // COLOURS) % COLOURS

    def chip(self) -> str:
        """Return the code as a small coloured label in HTML; its title is the name."""
        return (
            f'<span class="code {self.classes}" title="{said(self.name)}">{said(self.code)}</span>'
        )


def territory_codes(reps: Mapping[str, str]) -> dict[str, str]:
    """Give every rep a code of 2 to 4 letters, each another.

    Three letters of the last name where they are free, else the initial with two of
    them, else four, and so on; the id's letters where the name has none. The same reps
    get the same codes in whatever order they come.

    Parameters
    ----------
    reps
        Name per rep id; a name may be empty.
    """
    taken: set[str] = set()
    codes: dict[str, str] = {}
    for rep_id in sorted(reps):
        code = next(code for code in _wishes(reps[rep_id], rep_id) if code not in taken)
        taken.add(code)
        codes[rep_id] = code
    return {rep_id: codes[rep_id] for rep_id in reps}


def marks_of(reps: Sequence[ScenarioRep]) -> dict[str, Mark]:
    """Return every rep's mark, in the order of the scenario."""
    codes = territory_codes({rep.rep_id: rep.name for rep in reps})
    return {
        rep.rep_id: Mark(rep.rep_id, rep.name, codes[rep.rep_id], place)
        for place, rep in enumerate(reps)
    }


def outsider(rep_id: str | None, name: str = "") -> Mark:
    """Return the mark of an owner outside the scenario, or of no owner."""
    if rep_id is None:
        return Mark("", "No owner", "none", None)
    return Mark(rep_id, name or rep_id, "other", None)


def _wishes(name: str, rep_id: str) -> Iterator[str]:
    words = [letters for word in name.split() if (letters := _letters(word))]
    for last, first in [(words[-1], words[0])] if words else []:
        yield from (
            code
            for code in (
                last[:3],
                first[:1] + last[:2],
                last[:4],
                first[:2] + last[:2],
                first[:1] + last[:3],
                first[:3],
            )
            if 2 <= len(code) <= 4
        )
    letters = _letters(rep_id)
    if len(letters) >= 2:
        yield letters[:4]
    initial = (words[-1] if words else letters)[:1] or "T"
    for size in (1, 2, 3):
        for tail in product(ascii_uppercase, repeat=size):
            yield initial + "".join(tail)
    for tail in product(ascii_uppercase, repeat=4):
        yield "".join(tail)


def _letters(word: str) -> str:
    """Return the letters of a word in capitals, without accents."""
    plain = unicodedata.normalize("NFKD", word)
    return "".join(letter for letter in plain if letter.isalpha()).upper()
