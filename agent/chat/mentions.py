"""Names inside a sentence: where they stand, and whom they may mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from agent.chat.names import NameIndex, Near, Picked, is_ordinary, is_slight, tokens
from agent.chat.words import Word

MOST_WORDS = 80
_CANDIDATES = 60
_AS_NEAR = 0.93
_LIKE = 0.75
_GENERIC_SHARE = 0.02


class Mention(NamedTuple):
    """Words `first` to `last` (excluded) that name something.

    `whole` says that no word of the name is missing. `picked.key` is empty where several
    names are meant about equally, or where the words beside it seem to be part of a name
    that is not there: `doubtful`. `lone` marks a single word,
    `faint` one in small letters that is not spelt as in the name.
    """

    first: int
    last: int
    picked: Picked
    whole: bool
    doubtful: bool = False
    lone: bool = False
    faint: bool = False


class _Window(NamedTuple):
    row: int
    first: int
    last: int
    value: float
    whole: bool
    doubtful: bool
    complete: bool = False


class _Typed(NamedTuple):
    """A word, whether a mark parts it from the word before, and whether names hold such words."""

    word: Word
    parted: bool
    part_of_name: bool


def mentions(text: str, words: Sequence[Word], index: NameIndex) -> list[Mention]:
    """Return what the words name, in the order of the text; no two share a word.

    A single word of a longer name counts only where few names have it and it is no word
    of everyday language. Where two names are meant about equally, `picked.key` is empty.
    """
    words = words[:MOST_WORDS]
    if not words or not index.entries:
        return []
    typed = _typed(text, words)
    windows = [*_ids(text, words, index), *_named(typed, index)]
    windows.sort(key=lambda item: (-round(item.value, 6), item.row))
    found: list[Mention] = []
    taken: set[int] = set()
    for window in windows:
        span = set(range(window.first, window.last))
        if span & taken:
            continue
        rivals = [
            item.row
            for item in windows
            if item.row != window.row
            and set(range(item.first, item.last)) & span
            and item.value >= _AS_NEAR * window.value
        ]
        taken |= span
        # A name typed word for word is meant, whatever is called much like it.
        exact = [item.row for item in windows if item.complete and (
            item.first, item.last) == (window.first, window.last)]  # fmt: skip
        if window.complete:
            rivals = [row for row in rivals if row in exact]
        rows = [window.row, *dict.fromkeys(rivals)]
        near = tuple(Near(index.entries[row].key, 1.0) for row in rows[:5])
        sure = len(rows) == 1 and not window.doubtful
        picked = Picked(near[0].key if sure else "", near, len(rows) > 1)
        found.append(
            Mention(
                window.first,
                window.last,
                picked,
                window.whole,
                window.doubtful,
                lone := window.last - window.first == 1,
                lone
                and not window.whole
                and not words[window.first].capital
                and words[window.first].plain not in index.entries[window.row].tokens,
            )
        )
    return sorted(found, key=lambda item: item.first)


def _typed(text: str, words: Sequence[Word]) -> list[_Typed]:
    shouted = all(word.capital for word in words)
    found: list[_Typed] = []
    for place, word in enumerate(words):
        between = text[words[place - 1].end : word.start] if place else ""
        parted = any(mark in between for mark in ',;:.!?()/|+"“”\n') or " - " in between
        opens = place == 0 or any(mark in between for mark in ".!?\n")
        capital = word.capital and not opens and not shouted and word.plain != "i"
        found.append(_Typed(word, parted, capital or not is_ordinary(word)))
    return found


def _ids(text: str, words: Sequence[Word], index: NameIndex) -> list[_Window]:
    found = []
    for first in range(len(words)):
        for last in (first + 2, first + 1):
            if last > len(words):
                continue
            typed = text[words[first].start : words[last - 1].end]
            if " " in typed or not any(letter.isdigit() for letter in typed):
                continue
            rows = index.rows_of_id(typed)
            found += [_Window(row, first, last, 1e6, True, False) for row in rows]
    return found


def _named(words: Sequence[_Typed], index: NameIndex) -> list[_Window]:
    import numpy as np

    likes = [_likes(item.word, index) for item in words]
    matched = np.zeros(len(index.entries))
    best: dict[str, float] = {}
    for like in likes:
        for token, alike in like.items():
            best[token] = max(best.get(token, 0.0), alike)
    for token, alike in best.items():
        matched[index.rows_with(token)] += alike * index.weight(token)
    if not matched.any():
        return []
    order = np.argsort(-np.round(matched * matched / index.totals, 6), kind="stable")[:_CANDIDATES]
    found: list[_Window] = []
    for row in order:
        if matched[row] > 0:
            found += _windows(int(row), words, likes, index)
    return found


def _likes(word: Word, index: NameIndex) -> dict[str, float]:
    """Return the words of names that a typed word may stand for; everyday words only themselves."""
    token = tokens(word.plain)[0] if tokens(word.plain) else ""
    if is_ordinary(word) or len(token) < 3:
        return {token: 1.0} if token in index.postings else {}
    return {
        known: alike
        for known, alike in index.likes(token).items()
        if alike >= _LIKE and known in index.postings and (alike == 1.0 or len(token) > 3)
    }


def _windows(
    row: int, words: Sequence[_Typed], likes: Sequence[dict[str, float]], index: NameIndex
) -> list[_Window]:
    """Return the runs of words that stand for the name of one row, where they are enough of it."""
    names = set(index.entries[row].tokens)
    near = [{t: alike for t, alike in like.items() if t in names} for like in likes]
    found: list[_Window] = []
    for first in range(len(words)):
        if not near[first]:
            continue
        used: dict[str, tuple[float, int]] = {}
        last = first
        while last < len(words) and (last == first or not words[last].parted):
            fresh = [(alike, token) for token, alike in near[last].items() if token not in used]
            if not fresh:
                break
            alike, token = max(fresh)
            used[token] = (alike, last)
            last += 1
        window = _judged(row, first, last, used, words, index)
        if window is not None:
            found.append(window)
    return found


def _judged(
    row: int, first: int, last: int, used: dict[str, tuple[float, int]],
    words: Sequence[_Typed], index: NameIndex,
) -> _Window | None:  # fmt: skip
    entry = index.entries[row]
    telling = [token for token in used if not is_slight(token)]
    # A misspelt word in a sentence has to be nearer than one typed as a name.
    if not telling or max(alike for alike, _ in used.values()) < 0.8:
        return None
    matched = sum(alike * index.weight(token) for token, (alike, _) in used.items())
    share = matched / (entry.weight or 1.0)
    missing = set(entry.tokens) - used.keys()
    whole = all(is_slight(token) for token in missing)
    generic = max(4.0, _GENERIC_SHARE * len(index.entries))
    rare = any(
        len(index.postings[token]) <= generic and not is_ordinary(words[used[token][1]].word)
        for token in telling
    )
    end, placed = _with_place(last, entry.place, words)
    before = first > 0 and not words[first].parted and words[first - 1].part_of_name
    if whole and len(used) > 1 and all(item.word.capital for item in words[first:last]):
        # Among names in capitals a small word is no part of one: "he claimed Alder Foods is".
        before = before and words[first - 1].word.capital
    after = end < len(words) and not words[end].parted and words[end].part_of_name
    if whole:
        enough = len(telling) > 1 or rare or (words[first].word.capital and first > 0)
        # "Tiny Bike Boutique" is not "Bike Boutique", though it may be what was meant.
        doubtful = before
    else:
        enough = (rare and (len(telling) == 1 or share >= 0.5)) or share >= 0.8
        doubtful = before or after
    if not enough:
        return None
    ordered = [entry.tokens.index(token) for token in used]
    # One word tells nothing of which of the names that have it is meant.
    fits = share if len(telling) > 1 or whole else 0.0
    value = matched * (0.5 + 0.5 * fits) * (1.2 if placed else 1.0)
    value *= 1.05 if ordered == sorted(ordered) else 1.0
    complete = not missing and all(alike == 1.0 for alike, _ in used.values())
    value *= 1.02 if complete else 1.0
    return _Window(row, first, end, value, whole, doubtful, complete)


def _with_place(last: int, place: frozenset[str], words: Sequence[_Typed]) -> tuple[int, bool]:
    """Let a name run on over the city behind it: `Alder Foods in Leeds`."""
    end = last
    if end < len(words) and words[end].word.plain in ("in", "at", "of", "from"):
        end += 1
    start = end
    while end < len(words) and words[end].word.plain in place:
        end += 1
    return (end, True) if end > start else (last, False)
