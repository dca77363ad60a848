"""Everyday and command words that were misspelt or cut short, in their usual spelling."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from agent.chat.common_words import COMMANDING
from agent.chat.everyday import EVERYDAY
from agent.chat.figure_words import FIGURE_WORDS

SHORT: Mapping[str, str] = {
    "abt": "about", "acc": "account", "accnt": "account", "accs": "accounts", "acct": "account",
    "accts": "accounts", "b4": "before", "bc": "because", "cmp": "compare", "cos": "because",
    "cust": "customer", "diff": "difference", "govt": "government", "hr": "hour", "hrs": "hours",
    "mgr": "manager", "mtg": "meeting", "mths": "months", "n": "and", "opp": "opportunity",
    "opps": "opportunities", "plz": "please", "pls": "please", "ppl": "people", "q": "question",
    "qtr": "quarter", "r": "are", "rly": "really", "shd": "should", "shld": "should",
    "shud": "should", "smth": "something", "terr": "territory", "thru": "through", "thx": "thanks",
    "tmrw": "tomorrow", "tho": "though", "u": "you", "ur": "your", "w": "with", "wat": "what",
    "wich": "which", "wk": "week", "wks": "weeks", "wht": "what", "wot": "what", "wud": "would",
    "yr": "year", "yrs": "years", "cld": "could", "cud": "could", "teh": "the", "hte": "the",
    "adn": "and", "fo": "of", "ot": "to", "taht": "that", "si": "is", "nxt": "next",
    "abut": "about",
    "gimme": "give me", "lemme": "let me", "wanna": "want to", "gonna": "going to",
}  # fmt: skip
_VOWELS = str.maketrans("", "", "aeiou")
_SKELETONS = {
    word.translate(_VOWELS): word
    for word in sorted(
        COMMANDING | FIGURE_WORDS,
        key=lambda item: (item in COMMANDING, -len(item), item),
    )
    if len(word.translate(_VOWELS)) >= 3 and word[0] not in "aeiou"
}


@lru_cache(maxsize=4_000)
def corrected(word: str) -> str:
    """Return a plain word as it is usually spelt; itself where nothing is near enough.

    One slip is forgiven in a word of four or five letters, two from eight on; a word of
    the command language is preferred to another as near.
    """
    if word in EVERYDAY or not word.isalpha():
        return word
    if word in SHORT:
        return SHORT[word]
    if len(word) >= 3 and not set(word) & set("aeiouy") and word in _SKELETONS:
        return _SKELETONS[word]
    if len(word) < 4:
        return word
    slips = 2 if len(word) >= 8 else 1
    return _nearest(word, slips)


def _nearest(word: str, slips: int) -> str:
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    for known in (_COMMANDING, _EVERYDAY):
        found = process.extractOne(word, known, scorer=OSA.distance, score_cutoff=slips)
        if found is not None and found[0][0] == word[0]:
            return str(found[0])
    return word


_COMMANDING = tuple(sorted(word for word in COMMANDING if len(word) >= 4))
_EVERYDAY = tuple(sorted(word for word in EVERYDAY if len(word) >= 4))
