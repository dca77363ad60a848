"""What a search looks for: the words that tell something, without those that ask."""

from __future__ import annotations

import re

from agent.chat.naming import Named

_ASKING = frozenset(
    """
    a about account accounts all am an and any anybody anyone anything are as at be been by can
    could customer customers customers did do does email emails ever every find for from get
    give got had has have he her him his i if in is it its look looking made me mention mentioned
    mentioning mentions my note notes of on or our please said say saying says search see she show
    so somebody someone something talk talked talking talks tell that the their them there they
    this to up us wanted wants was we were what whats when where which who whom whose with word
    words write written wrote you your call calls summary summaries document documents site sites
    quote quotes quoted asked asking asks complain complained complaining complains know let also
    lately recently up out will would should list around near best first
    """.split()
)
_QUOTED = re.compile(r"[\"“„«]([^\"“”„«»]{2,200})[\"”“»]")


def search_words(named: Named) -> str:
    """Return the words to look for, in the order typed; quoted words are taken as they are."""
    quoted = _QUOTED.findall(named.text)
    if quoted:
        return " ".join(quoted)
    kept: list[str] = []
    end = -1
    for place, word in enumerate(named.words):
        if place in named.account_words or place in named.dated or word.plain in _ASKING:
            continue
        typed = named.text[word.start : word.end]
        if kept and word.start == end + 1 and named.text[end] == "-":
            kept[-1] += f"-{typed}"
        else:
            kept.append(typed)
        end = word.end
    if kept:
        return " ".join(kept)
    about = named.text.split(" about ", 1)
    return about[1].strip(" ?.!") if len(about) == 2 else ""
