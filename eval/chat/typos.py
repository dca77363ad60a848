"""Misspelt account names, made by rule from a seed, and how often the picker finds the account.

Run `python -m eval.chat.typos`: every account of the example book, each slip once.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping

from agent.chat.names import Named, NameIndex
from domain.record import Record

NEIGHBOURS = {
    "a": "qsz", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj",
    "i": "uo", "j": "hk", "k": "jl", "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "w",
    "r": "et", "s": "ad", "t": "ry", "u": "yi", "v": "cb", "w": "qe", "x": "zc", "y": "tu",
    "z": "x",
}  # fmt: skip
"""Letters beside each letter on a keyboard."""


class TypoScore(Record):
    """How a set of misspelt names was read: shares of `count`.

    `first` and `third`: the account was nearest, or among the nearest three. `taken`: it
    was taken without a question. `wrong`: another account was taken without a question.
    """

    count: int
    first: float
    third: float
    taken: float
    wrong: float
    ms: float


def swapped(name: str, chance: random.Random) -> str:
    """Swap two letters that stand side by side."""
    places = [
        place
        for place in range(1, len(name) - 1)
        if name[place].isalpha() and name[place + 1].isalpha() and name[place] != name[place + 1]
    ]
    place = chance.choice(places)
    return name[:place] + name[place + 1] + name[place] + name[place + 2 :]


def dropped(name: str, chance: random.Random) -> str:
    """Leave out a letter that is not the first."""
    place = chance.choice([place for place in range(1, len(name)) if name[place].isalpha()])
    return name[:place] + name[place + 1 :]


def doubled(name: str, chance: random.Random) -> str:
    """Type a letter twice."""
    place = chance.choice([place for place in range(len(name)) if name[place].isalpha()])
    return name[:place] + name[place] + name[place:]


def beside(name: str, chance: random.Random) -> str:
    """Hit the key beside the right one."""
    lower = name.lower()
    place = chance.choice([place for place in range(1, len(name)) if lower[place] in NEIGHBOURS])
    return name[:place] + chance.choice(NEIGHBOURS[lower[place]]) + name[place + 1 :]


def unspaced(name: str, chance: random.Random) -> str:
    """Leave out a space; a name of one word stays."""
    places = [place for place, letter in enumerate(name) if letter == " "]
    if not places:
        return name
    place = chance.choice(places)
    return name[:place] + name[place + 1 :]


def two_slips(name: str, chance: random.Random) -> str:
    """Slip twice, in any way above."""
    for _ in range(2):
        name = chance.choice((swapped, dropped, doubled, beside))(name, chance)
    return name


SLIPS: Mapping[str, Callable[[str, random.Random], str]] = {
    "swapped": swapped,
    "dropped": dropped,
    "doubled": doubled,
    "beside": beside,
    "unspaced": unspaced,
    "two slips": two_slips,
}


def score_typos(index: NameIndex, slip: str, *, seed: int) -> TypoScore:
    """Misspell every name of an index in small letters, and look each up.

    Accounts that share a whole name are left out: no spelling tells them apart.
    """
    chance = random.Random(seed)  # noqa: S311
    names = [item for item in index.named.values() if index.pick(item.name).key == item.key]
    typed = [(item.key, SLIPS[slip](item.name.lower(), chance)) for item in names]
    began = time.perf_counter()
    picks = [(key, index.pick(text)) for key, text in typed]
    took = time.perf_counter() - began

    def share(right: Callable[[str, list[str], str], bool]) -> float:
        found = sum(right(key, [near.key for near in pick.near], pick.key) for key, pick in picks)
        return round(found / max(1, len(picks)), 4)

    return TypoScore(
        count=len(picks),
        first=share(lambda key, near, taken: near[:1] == [key]),
        third=share(lambda key, near, taken: key in near[:3]),
        taken=share(lambda key, near, taken: taken == key),
        wrong=share(lambda key, near, taken: taken not in ("", key)),
        ms=round(1000 * took / max(1, len(picks)), 2),
    )


def many_names(count: int, *, seed: int) -> NameIndex:
    """Return an index of invented names: two or three words out of few, as companies have."""
    chance = random.Random(seed)  # noqa: S311
    first = ["".join(chance.choice("bcdfglmnprst") + chance.choice("aeiou") for _ in range(3))
             for _ in range(2_500)]  # fmt: skip
    kind = "Foods Logistics Cycles Stores Systems Trading Supply Works Partners Group".split()
    legal = ("", "", " Ltd", " Inc", " GmbH")
    places = ["".join(chance.choice("bdklmnrt") + chance.choice("aeo") for _ in range(3)).title()
              for _ in range(300)]  # fmt: skip
    return NameIndex(
        [
            Named(
                f"C-{number:06d}",
                f"{chance.choice(first).title()} {chance.choice(first).title()} "
                f"{chance.choice(kind)}{chance.choice(legal)}",
                chance.choice(places),
            )
            for number in range(count)
        ]
    )


def main() -> None:
    """Print the figures for the example book's accounts."""
    from agent.chat.picker import known
    from eval.chat.example_context import example_context

    index = known(example_context("ines.moreau")).accounts
    for slip in SLIPS:
        print(f"{slip}: {score_typos(index, slip, seed=2026).model_dump()}")


if __name__ == "__main__":
    main()
