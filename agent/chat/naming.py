"""What a sentence names, and its shape: the words with names taken out."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from agent.chat.common_words import COMMANDING
from agent.chat.context import ChatContext
from agent.chat.dates import Since, since
from agent.chat.figure_words import is_figure_word
from agent.chat.mentions import MOST_WORDS, Mention, mentions
from agent.chat.names import NameIndex, Near, Picked, is_ordinary, tokens
from agent.chat.picker import Known, known, scenario_names
from agent.chat.spelling import SHORT, corrected
from agent.chat.words import Word, words_of
from domain.chat import Focus

_QUOTED = re.compile(r"[\"“„«][^\"“”„«»]*[\"”“»]")
_BREAKS = re.compile(r"[.!?;,:\n]+(?=\s|$)|\s[-–—]+\s|[–—]|\.\.\.|…")
_ENDS = re.compile(
    r"(?<!\bexp)(?<!\best)(?<!\bnr)(?<!\bacct)[.!?;\n]+(?=\s|$)|:(?=\s+(?:what|how|when|which|give|tell|is|are|do|does|did)\b)",
    re.IGNORECASE,
)
_JOINS = frozenset({"and", "then", "but"})
_PLACES = {"reps": "REP", "territories": "TERRITORY", "lines": "LINE", "segments": "SEGMENT"}


@dataclass(frozen=True)
class Unsure:
    """Words that name an account, though which one has to be asked."""

    typed: str
    near: tuple[Near, ...]
    several: bool


@dataclass(frozen=True)
class Named:
    """What a text names, in order, and how it reads without the names.

    `shape` has the plain words with `ACCOUNT`, `REP` and the like in the place of names;
    `clauses` are the shapes of its clauses without quoted passages, `starts` where each
    begins in the text; `pointing` are the plain words without names. `unknown` is what
    looks like a name and is nobody's among those the person sees. `sentences` are the
    shapes of whole sentences, in which what is nobody's name stands as it was typed.
    """

    text: str
    words: tuple[Word, ...]
    accounts: tuple[str, ...]
    unsure: Unsure | None
    reps: tuple[str, ...]
    territories: tuple[str, ...]
    lines: tuple[str, ...]
    segments: tuple[str, ...]
    scenario: str
    period: Since | None
    unknown: str
    shape: str
    pointing: str
    clauses: tuple[str, ...]
    starts: tuple[int, ...]
    account_words: frozenset[int]
    named_words: int
    persons: tuple[str, ...] = ()
    dated: frozenset[int] = frozenset()
    firm: tuple[str, ...] = ()
    faint: frozenset[str] = frozenset()
    mentioned: frozenset[int] = frozenset()
    contacts: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()

    def near_accounts(self) -> tuple[Near, ...]:
        """Return the accounts as choices."""
        return tuple(Near(account, 1.0) for account in self.accounts)

    def remark(self, text: str, clause: int) -> str:
        """Return what a request says besides whom it is for: all behind it, or the whole.

        Where the clause that asks holds words of its own, as in "a 30 hour plan", they
        belong to the remark, and so it is the whole text.
        """
        start = self.starts[clause]
        end = self.starts[clause + 1] if clause + 1 < len(self.starts) else len(self.text)
        own = [
            word
            for place, word in enumerate(self.words)
            if start <= word.start < end
            and place not in self.mentioned
            and word.plain not in _ASKED
        ]
        before = [word for word in self.words if word.start < start and word.plain not in _ASKED]
        if own or before:
            return " ".join(text.split())
        rest = " ".join(text[end:].split())
        return re.sub(
            r"^(?:[\s,;:.–—-]|and\b|but\b|then\b|please\b)+", "", rest, flags=re.I
        ).strip()


_ASKED = frozenset(
    """
    a account again an and another begin build can could create do draft first for generate get
    give go ahead i id it its like lets let make me my need new now of ok okay on one our out
    other page pager plan please prepare produce propose put quick redraft s sketch start that the
    their them then they this to together up us want we will with work would write you your
    her him his here develop set compose great thanks yes sure good hi hey hello just
    """.split()
)


def names_in(text: str, focus: Focus, context: ChatContext) -> Named:
    """Read what a text names among what the person may see."""
    names = known(context)
    words = [_spelt(word, names) for word in words_of(text)[:MOST_WORDS]]
    period = since(text, context.book.as_of) or since(_respelt(text, words), context.book.as_of)
    dated = {
        place
        for place, word in enumerate(words)
        if period is not None and period.start <= word.start < period.end
    }
    accounts = mentions(text, words, names.accounts)
    if period is not None and period.problem and len(_undated(accounts, dated)) < len(accounts):
        # "Since anything was ordered by Alder Foods" tells of no day, but of the account.
        period, dated = None, set()
    accounts = _undated(accounts, dated)
    others = {
        kind: [
            item
            for item in _undated(mentions(text, words, getattr(names, kind)), dated)
            if not (item.lone and _slipped(words[item.first], getattr(names, kind), names))
        ]
        for kind in _PLACES
    }
    accounts, others = _settled(accounts, others, words)
    if len(accounts) > 1:
        accounts = [item for item in accounts if not item.faint] or accounts
    accounts, cities = _in_cities(text, words, accounts, others, names, dated)
    persons = [
        item
        for item in _undated(mentions(text, words, names.contacts), dated)
        if _named_in_full(item, words, names.contacts)
        and not any(
            item.first < other.last and other.first < item.last
            for other in [*accounts, *(one for found in others.values() for one in found)]
        )
    ]
    labels: dict[int, str] = {}
    for item in persons:
        labels |= dict.fromkeys(range(item.first, item.last), "PERSON")
    for kind, found in others.items():
        for item in found:
            labels |= dict.fromkeys(range(item.first, item.last), _PLACES[kind])
    for item in accounts:
        labels |= dict.fromkeys(range(item.first, item.last), "ACCOUNT")
    for item in cities:
        labels |= dict.fromkeys(range(item.first, item.last), "CITY")
    run = _unknown_run(text, words, labels, dated)
    unknown = text[words[run[0]].start : words[run[-1]].end] if run else ""
    sentences = _sentences(text, words, labels)
    labels |= dict.fromkeys(run, "NAME")
    scenario = ""
    if "scenario" in {word.plain for word in words}:
        found = mentions(text, words, scenario_names(context))
        scenario = next((item.picked.key for item in found if item.picked.key), "")
    unsure = next((item for item in accounts if not item.picked.key), None)
    clauses, starts = _clauses(text, words, labels, dated)
    return Named(
        text=text,
        words=tuple(words),
        accounts=tuple(dict.fromkeys(item.picked.key for item in accounts if item.picked.key)),
        unsure=None if unsure is None else Unsure(
            _typed(text, words, unsure), unsure.picked.near, not unsure.doubtful),
        reps=_keys(others["reps"]),
        territories=_keys(others["territories"]),
        lines=_keys(others["lines"]),
        segments=_keys(others["segments"]),
        scenario=scenario,
        period=period,
        unknown=unknown,
        shape=_shape(words, labels, dated, range(len(words))),
        pointing=" ".join(
            word.plain for place, word in enumerate(words)
            if place not in labels and place not in dated
        ),
        clauses=clauses,
        starts=starts,
        account_words=frozenset(
            place
            for item in accounts
            for place in range(item.first, item.last)
            if item.picked.key and (words[item.first].capital or not item.lone)
        ),
        persons=tuple(
            dict.fromkeys(
                names.of_contact[item.picked.key] for item in persons if item.picked.key
            )
        ),
        dated=frozenset(dated),
        firm=tuple(
            dict.fromkeys(
                item.picked.key
                for item in accounts
                if item.picked.key and (words[item.first].capital or not item.lone)
            )
        ),
        mentioned=frozenset(
            place for item in accounts for place in range(item.first, item.last)
        ),
        faint=frozenset(item.picked.key for item in accounts if item.faint),
        named_words=len(labels),
        contacts=_keys(persons),
        sentences=sentences,
    )  # fmt: skip


def _spelt(word: Word, names: Known) -> Word:
    """Put an everyday word right, unless it is, or is nearer to, a word of a name."""
    better = corrected(word.plain)
    if (
        better == word.plain
        or is_figure_word(word.plain)
        or names.is_name_word(word.plain, least=2.0)
    ):
        return word
    likely = (better in COMMANDING or is_figure_word(better)) and not word.capital
    if not likely and word.plain not in SHORT and names.is_name_word(word.plain, least=0.75):
        return word
    return word._replace(plain=better)


def _respelt(text: str, words: Sequence[Word]) -> str:
    """Return the text with its words put right, every place as it was where lengths agree."""
    parts = list(text)
    for word in words:
        if len(word.plain) == word.end - word.start:
            parts[word.start : word.end] = word.plain
    return "".join(parts)


def _slipped(word: Word, index: NameIndex, names: Known) -> bool:
    """Say whether a word is only like a name of this kind, and part of an account's as it is."""
    return word.plain not in index.postings and word.plain in names.accounts.postings


def _named_in_full(item: Mention, words: Sequence[Word], index: NameIndex) -> bool:
    """Say whether a contact is named by words spelt as theirs, and more than in passing."""
    if not item.picked.near:
        return False
    entry = set(tokens(index.named[item.picked.near[0].key].name))
    typed = words[item.first : item.last]
    return all(word.plain in entry for word in typed) and (
        item.last - item.first > 1 or typed[0].capital
    )


def _in_cities(
    text: str, words: Sequence[Word], accounts: list[Mention],
    others: dict[str, list[Mention]], names: Known, dated: set[int],
) -> tuple[list[Mention], list[Mention]]:  # fmt: skip
    """Read "the shop in Leeds" as the accounts there, where no account is named otherwise.

    Returns the accounts, and the cities that only tell more about one of them.
    """
    taken = {
        place
        for item in [*accounts, *(one for found in others.values() for one in found)]
        for place in range(item.first, item.last)
        if item.whole and item.picked.key
    }
    found = [
        item
        for item in _undated(mentions(text, words, names.cities), dated)
        if item.picked.key and item.whole and not taken & set(range(item.first, item.last))
        and (words[item.first].capital or _placed(words, item.first))
    ]  # fmt: skip
    if not found:
        return accounts, []
    firm = [item for item in accounts if item.whole or not item.lone]
    if firm:
        return [_narrowed(item, found, names) for item in firm], found
    if any(word.plain in _SEVERAL for word in words):
        return [], found  # "which accounts are in Leeds?" asks for a list, not for one of them
    there = [
        Mention(item.first, item.last, _those_in(item.picked.key, names), False) for item in found
    ]
    return there, []


_SEVERAL = frozenset("accounts accts customers clients companies firms".split())


def _placed(words: Sequence[Word], first: int) -> bool:
    return first > 0 and words[first - 1].plain in ("in", "at", "from", "of", "near", "the")


def _those_in(city: str, names: Known) -> Picked:
    keys = names.in_city[city]
    near = tuple(Near(key, 1.0) for key in keys[:5])
    return Picked(keys[0] if len(keys) == 1 else "", near)


def _narrowed(item: Mention, cities: Sequence[Mention], names: Known) -> Mention:
    """Choose among accounts meant about equally the one in a city that is named too."""
    if item.picked.key:
        return item
    there = [
        near for near in item.picked.near
        if any(near.key in names.in_city[city.picked.key] for city in cities)
    ]  # fmt: skip
    if len(there) != 1:
        return item
    return item._replace(picked=Picked(there[0].key, tuple(there)))


def _undated(found: Sequence[Mention], dated: set[int]) -> list[Mention]:
    return [item for item in found if not dated & set(range(item.first, item.last))]


def _keys(found: Sequence[Mention]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item.picked.key for item in found if item.picked.key))


def _settled(
    accounts: list[Mention], others: dict[str, list[Mention]], words: Sequence[Word]
) -> tuple[list[Mention], dict[str, list[Mention]]]:
    """Give words that name two things to the one that is named whole, else to the longer."""

    def strength(item: Mention) -> tuple[bool, int, bool]:
        return (item.whole, item.last - item.first, bool(item.picked.key))

    kept = {kind: list(found) for kind, found in others.items()}
    for item in list(accounts):
        for kind, found in kept.items():
            for other in list(found):
                if not (item.first < other.last and other.first < item.last):
                    continue
                if strength(other) >= strength(item):
                    accounts = [one for one in accounts if one is not item]
                else:
                    kept[kind].remove(other)
    taken: set[int] = set()
    for kind in ("reps", "lines", "segments", "territories"):
        for other in list(kept[kind]):
            span = set(range(other.first, other.last))
            if span & taken or not other.picked.key:
                kept[kind].remove(other)
            taken |= span
    return accounts, kept


def _unknown_run(
    text: str, words: Sequence[Word], labels: dict[int, str], dated: set[int]
) -> list[int]:
    """Return the longest run of words that look like a name and name nothing.

    Capitals look like one; so do small words that are not of everyday language, behind
    "for", "at" and the like.
    """
    shouted = sum(word.capital for word in words) > 0.6 * len(words) and len(words) > 3
    runs: list[list[int]] = []
    behind = False
    for place, word in enumerate(words):
        between = text[words[place - 1].end : word.start] if place else "."
        opens = place == 0 or any(mark in between for mark in ".!?\n:")
        free = place not in labels and place not in dated and len(word.plain) > 1
        capital = word.capital and not shouted and word.plain != "i"
        if capital:
            looks = not is_ordinary(word) or (not opens and _beside(words, place))
        else:
            looks = behind and not opens and not is_ordinary(word)
        if free and looks:
            if runs and runs[-1][-1] == place - 1 and not opens:
                runs[-1].append(place)
            else:
                runs.append([place])
        elif word.plain in _BEFORE_NAMES:
            behind = True
        elif word.plain not in ("the", "a", "an", "and", "of", "our", "my") or opens:
            behind = False
    return max(runs, key=len, default=[])


_BEFORE_NAMES = frozenset(
    "for at of on with to about from draft plan is are was were does did has have".split()
)


def _beside(words: Sequence[Word], place: int) -> bool:
    """Say whether a capital everyday word stands beside another capital that is none."""
    beside = [words[near] for near in (place - 1, place + 1) if 0 <= near < len(words)]
    return any(word.capital and not is_ordinary(word) for word in beside)


def _typed(text: str, words: Sequence[Word], item: Mention) -> str:
    first = item.first
    # A doubtful name is told with the word that makes it so.
    if item.doubtful and first > 0 and not is_ordinary(words[first - 1]):
        first -= 1
    last = item.last
    if item.doubtful and not item.whole and last < len(words) and not is_ordinary(words[last]):
        last += 1
    return text[words[first].start : words[last - 1].end]


def _shape(
    words: Sequence[Word], labels: dict[int, str], dated: set[int], places: Sequence[int]
) -> str:
    parts: list[str] = []
    before = ""
    for place in places:
        label = labels.get(place, "PERIOD" if place in dated else "")
        if place in dated and words[place].plain == "week" and words[place - 1].plain == "this":
            parts.append("this week")
        if not label:
            parts.append(words[place].plain)
        elif label != before or not parts:
            parts.append(label)
        before = label
    return " ".join(parts)


def _sentences(text: str, words: Sequence[Word], labels: dict[int, str]) -> tuple[str, ...]:
    """Part a text at the ends of sentences into their shapes; quoted passages are left out."""
    quoted = [match.span() for match in _QUOTED.finditer(text)]
    ends = [match.start() for match in _ENDS.finditer(text)]
    groups: dict[int, list[int]] = {}
    for place, word in enumerate(words):
        named = labels.get(place) == "ACCOUNT"
        if named or not any(start <= word.start < end for start, end in quoted):
            groups.setdefault(bisect_left(ends, word.start), []).append(place)
    return tuple(_shape(words, labels, set(), group) for group in groups.values())


def _clauses(
    text: str, words: Sequence[Word], labels: dict[int, str], dated: set[int]
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Part a text at marks, and at "and" or "then", into the shapes of its clauses."""
    quoted = [match.span() for match in _QUOTED.finditer(text)]
    named = {place for place, label in labels.items() if label == "ACCOUNT"}
    breaks = {match.start() for match in _BREAKS.finditer(text)}
    groups: list[list[int]] = [[]]
    for place, word in enumerate(words):
        inside = any(start <= word.start < end for start, end in quoted)
        if inside and place not in named:
            continue
        before = words[place - 1].end if place else 0
        parted = any(before <= mark <= word.start for mark in breaks)
        inner = place in labels and place - 1 in labels
        if groups[-1] and not inner and (parted or word.plain in _JOINS):
            groups.append([])
        groups[-1].append(place)
    groups = [group for group in groups if group]
    shapes = tuple(_shape(words, labels, set(), group) for group in groups)
    starts = tuple(
        0 if number == 0 else words[group[0]].start for number, group in enumerate(groups)
    )
    return shapes, starts
