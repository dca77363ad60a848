"""Which sentences of the notes a plan quotes, and where each of them goes.

Sentences are ranked by how much a decision could hang on them: a date still to come, a
figure, a demand or a limit, an event that changes the account, who said it and when.
They are then placed from the top down, each where it fits best and there is room. What
finds no room, or says too little, stays in the notes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from agent.business import anchors, named_lines
from agent.relevance import beside_the_point, carried, in_company
from agent.verifier.quotes import FEWEST_CONTENT_WORDS
from agent.verifier.words import count_content_words
from domain.evidence import DocumentSource, Evidence
from domain.vocabulary import Vocabulary

MOST_WORDS = 60
"""A longer sentence is no quotation that a busy reader takes in."""
LEAST_WEIGHT = 10
"""Below this a sentence says nothing that a decision could hang on."""

NOTHING_NAMED_COSTS = 4
ASKED_WEIGHT = 10
"""What a person's wish adds to a sentence: with it, any quotable sentence may be placed."""

AUTHOR_WEIGHT = {"customer": 3, "internal": 2, "external": 1}
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_DATE = re.compile(rf"\b({'|'.join(MONTHS)})\b(?:\s+(20\d\d))?")
# A month cut short is one only beside a day: "may" and "mar" are words of their own.
_SHORT = "|".join(month[:3] for month in MONTHS)
_SHORT_DATE = re.compile(
    rf"\b(?:\d{{1,2}}\.? ({_SHORT})|({_SHORT})\.? \d{{1,2}})\b\.?(?:,? (20\d\d))?", re.IGNORECASE
)
_MONTH_OF = {month[:3].lower(): number for number, month in enumerate(MONTHS, start=1)}
_ISO_DATE = re.compile(r"\b(20\d\d)-(\d\d)-\d\d\b")
_FIGURE = re.compile(
    r"\d|\b(?:percent|half|third|quarter|twice (?:the|as)|dozens?|hundreds?|thousands?"
    r"|(?:twen|thir|for|fif|six|seven|eigh|nine)ty)\b",
    re.IGNORECASE,
)
_DEMAND = re.compile(
    r"\b(?:wants?|wanted|needs?|must|may not|cannot|can't|won't|will not|insists?|expects?"
    r"|demands?|requires?|rules?|polic(?:y|ies)|limit|only if|unless|until|if (?:you|we|they|the)"
    r"|before|by|no later|at the latest|prefers?|offered|offers|would|agreed|promised"
    r"|asked|asks)\b",
    re.IGNORECASE,
)
_EVENT = re.compile(
    r"\b(?:open(?:s|ing|ed)?|clos(?:es?|ed|ing)|mov(?:es?|ed|ing)|sells?|sold|sign(?:s|ed)?"
    r"|renew(?:s|ed|al)?|ends?|starts?|begins?|train(?:ed|ing)?|refit|retires?|hir(?:es?|ed|ing)"
    r"|shuts?|cuts?|reduc(?:es?|ed|ing)|running (?:\w+ )?down|doubl\w+|switch\w*|splits?|leaves?"
    r"|takes over|took over|merg\w+|expan\w+|replac\w+|fixed for|placed|hold|decided"
    r"|g[ai]ven? up|chang(?:es?|ed|ing)|stops?|stopped|repeat"
    r"|tenders?|invit\w+|approv\w+|appoint\w+|resign\w*|complain\w*|demonstrat\w+|trials?|pilots?"
    r"|merger|acqui\w+|enlarg\w+|freeze|frozen|suspend\w*|lapses?|expires?|launch\w*|brought in"
    r"|recruit\w*|plan(?:s|ned|ning)?|consider\w*|promoted|shortened|capped|(?:re)?negotiat\w*"
    r"|fail(?:s|ed)?"
    r"|unhappy|dislikes?|los(?:es?|ing)|lost|add(?:s|ed|ing)?|looking for|convert\w*|bundl\w*"
    r"|terminat\w*"
    r"|vacant|dropped|cancel\w*|due|returned|rejected|refus\w*|build(?:s|ing)?|introduc\w*"
    r"|review(?:s|ed)?"
    r"|new (?:\w+ )?(?:director|head|manager|buyer|owner|chief|officer|lead))\b",
    re.IGNORECASE,
)
_PLEASANTRY = re.compile(r"^(?:many )?(?:thanks|thank you|greetings|best wishes)\b", re.IGNORECASE)
TOPICS: Mapping[str, re.Pattern[str]] = {
    topic: re.compile(pattern, re.IGNORECASE)
    for topic, pattern in {
        "care": r"\b(?:would rather|wants? from us|likes?|prefers?|happy with|cares?"
        r"|important to|matters?|trusts?|wish(?:es)?)\b",
        "risk": r"\b(?:late|delay\w*|complain\w*|unhappy|angry|furious|disappoint\w*|fed up"
        r"|patience|defect\w*|damaged|faulty|broken|incomplete|missing|reject\w*|refus\w*|split|cheaper"
        r"|elsewhere|discount|prices?|pricing|expensive|afford|cent more|cash|credit|bank|payments?"
        r"|unpaid|reorgani\w+|restructur\w+|lay-?offs?|insolv\w+|strike|leav(?:e|es|ing)|last day"
        r"|last working day|resign\w*|cancel\w*|warranty|slow|short(?:age|s)?|worr\w+|freeze|frozen"
        r"|suspend\w*|halt\w*|block\w*|stops?|cut|overdue|switch\w*|los(?:e|t)|penalty|returns?"
        r"|running (?:\w+ )?down|tenders?|rfq|rfp|quotes?|quotations?|bids?|bidders?|shuts?|hold"
        r"|suppliers?|vendors?|second source|alternatives?|give up|promised|our word|my word)\b",
        "range": r"\b(?:range|lines?|models?|try|trials?|pilots?|demo|demonstrat\w+|evaluat\w+|test"
        r"|tests|testing|samples?|loan|borrow|prototype|hands-on|stock|shelf|display|bays?|helmets?"
        r"|jerseys?|wheels?|racks?|gloves|shorts|vests?|frames?|cranksets?|panniers|accessor\w+"
        r"|clothing|components?|interested|carry)\b",
        "decision": r"\b(?:decid\w+|decisions?|dm|approv\w+|authori\w+|sign(?:s|ed|ature)?|budget"
        r"|bgt|spending|the spend|fund(?:s|ed|ing)|reports to|answers to|board|owners?|committee"
        r"|head ?office|headquarters|central\w*|purchasing|procurement|buying|takes over|took over"
        r"|successor|appointed|brought in|promoted|responsible|in charge|final say|say in"
        r"|introduc\w+|director|merger|merges?|merged|acqui\w+|sells the)\b",
        "timing": r"\b(?:before|by|until|thru|deadline|no later|at the latest|season\w*|deliver\w*"
        r"|weeks?|months?|due|date|calendar|book(?:ed|ing)?|arriv\w+|from|closed|earliest|expir\w+"
        r"|lapses?|runs out|go(?:es)? live|launch\w*|promotion|inspect\w+|audits?"
        r"|contracts?|agreements?|agrmt|renew\w*|meetings?|dealers?|catalog(?:ue)?s?)\b",
        "trend": r"\b(?:above|below|smaller|fewer|usual|dropped|fell|rose|one-off|exception"
        r"|repeat|more than|less than|half as|twice as)\b",
        "growth": r"\b(?:open(?:s|ing)?|second (?:store|site|shop)|new (?:store|site|shop|branch"
        r"|warehouse|hall|plant|line|shift)|premises|factory|works|depot|location|plot|larger"
        r"|expan\w+|enlarg\w+|extension|hir(?:e|ed|ing)|recruit\w*|jobs|posts|ftes?|headcount"
        r"|capacity|order book|grow\w*|doubl\w+|twice the|rent(?:al|ed|ing)?|fleet|moves?|moving"
        r"|bigger|renovat\w+|subsidy|expects to sell)\b",
    }.items()
}
# Where a topic goes first, second and third. The play cells hold what an account said
# that makes a play worth its while (`value`) or that it will hold against it (`objection`).
PLACES: Mapping[str, tuple[str, ...]] = {
    "timing": ("why_now", "person", "risks"),
    "growth": ("why_now", "value"),
    "decision": ("buying_group", "person", "why_now"),
    "range": ("whitespace", "value"),
    "risk": ("risks", "objection"),
    "care": ("value", "person"),
    "trend": ("why_now", "risks", "objection"),
}
ROOM: Mapping[str, int] = {
    "why_now": 3, "buying_group": 1, "whitespace": 1, "risks": 2, "value": 3, "objection": 2,
}  # fmt: skip


@dataclass
class Placed:
    """The sentences chosen, by place; `person` by the contact's entity."""

    by_place: dict[str, list[Evidence]] = field(default_factory=dict)
    by_person: dict[str, Evidence] = field(default_factory=dict)
    weights: dict[str, int] = field(default_factory=dict)
    """Of every sentence that could be chosen, by id."""

    def of(self, place: str) -> list[Evidence]:
        """The sentences of one place, weightiest first."""
        return self.by_place.get(place, [])


def place_sentences(
    usable: list[Evidence],
    people: Mapping[str, str],
    as_of: date,
    asked: frozenset[str] = frozenset(),
    vocabulary: Vocabulary | None = None,
) -> Placed:
    """Choose and place sentences about one account.

    Parameters
    ----------
    usable
        Sentences that screening left.
    people
        Full name by contact entity, in the order of their weight.
    as_of
        The book's date: a date in a sentence counts when it is still to come.
    asked
        Ids of sentences whose document a person asked to have used: they weigh more.
    vocabulary
        Knows the product lines of the book; a sentence about one weighs more.
    """
    placed = Placed()
    company = in_company(usable, vocabulary)
    follows = carried(usable, vocabulary)
    for item in usable:
        own = weight(item, as_of, vocabulary, carried=item.id in follows)
        # What speaks of several things of trade stands by itself.
        if len(topics_of(item.value, vocabulary)) < 2 and len(anchors(item.value)) < 3:
            own -= company[item.id]
        placed.weights[item.id] = own + ASKED_WEIGHT * (item.id in asked)
    ranked = [
        item
        for item in sorted(usable, key=lambda item: (-placed.weights[item.id], item.id))
        if quotable(item.value) and placed.weights[item.id] >= LEAST_WEIGHT
    ]
    for item in ranked:
        # A date alone is no reason: birthdays have one too.
        if item.id in asked or topics_of(item.value, vocabulary):
            _put(placed, item, people, as_of, vocabulary)
    return placed


def weight(
    item: Evidence, as_of: date, vocabulary: Vocabulary | None = None, *, carried: bool = False
) -> int:
    """How much a decision could hang on a sentence: about 25 at most, below 0 for small talk.

    Gossip has dates, figures and demands too, so a sentence pays where it names no thing of
    trade (`agent.business`), unless `carried` says that the one before does.
    """
    source = item.source
    assert isinstance(source, DocumentSource)
    age = (as_of - source.published).days if source.published else 999
    things = len(anchors(item.value, vocabulary))
    urgency = _urgency(item.value, source.published or as_of, as_of)
    return (
        urgency
        + (min(max(things - 1, 0), 2) if urgency else 0)
        - (0 if things or carried else NOTHING_NAMED_COSTS)
        + min(2 * len(topics_of(item.value, vocabulary)), 4)
        + (2 if named_lines(item.value, vocabulary) else 0)
        + AUTHOR_WEIGHT[source.author_class]
        + (3 if age <= 30 else 2 if age <= 90 else 0)
        - (6 if _PLEASANTRY.search(item.value) else 0)
        - beside_the_point(item.value, vocabulary)
    )


def _urgency(text: str, written: date, as_of: date) -> int:
    return (
        (7 if looks_ahead(text, written, as_of) else 0)
        + (3 if _FIGURE.search(text) else 0)
        + 2 * min(len(set(_DEMAND.findall(text))), 2)
        + 2 * min(len(set(_EVENT.findall(text))), 2)
    )


def looks_ahead(text: str, written: date, as_of: date) -> bool:
    """Say whether a month named in `text` lies at or after the book's month.

    A month without a year is the next of that name after the text was written.
    """
    for month, year in _months_named(text):
        at = year or written.year + (month < written.month)
        if (at, month) >= (as_of.year, as_of.month):
            return True
    return False


def _months_named(text: str) -> Iterator[tuple[int, int | None]]:
    for name, year in _DATE.findall(text):
        yield MONTHS.index(name) + 1, int(year) if year else None
    for before, after, year in _SHORT_DATE.findall(text):
        yield _MONTH_OF[(before or after).lower()], int(year) if year else None
    for year, month in _ISO_DATE.findall(text):
        yield int(month), int(year)


def topics_of(text: str, vocabulary: Vocabulary | None = None) -> list[str]:
    """The topics a sentence has words of, most words first; a product line is of the range."""
    counts = {
        topic: len({match.lower() for match in pattern.findall(text)})
        for topic, pattern in TOPICS.items()
    }
    if not counts["range"] and vocabulary is not None:
        counts["range"] = len(set(vocabulary.lines_in(text)))
    order = list(TOPICS)
    return sorted(
        (topic for topic, count in counts.items() if count),
        key=lambda topic: (-counts[topic], order.index(topic)),
    )


def quotable(text: str) -> bool:
    """Say whether a sentence is long enough to be found again and short enough to read."""
    return count_content_words(text) >= FEWEST_CONTENT_WORDS and len(text.split()) <= MOST_WORDS


def _put(
    placed: Placed,
    item: Evidence,
    people: Mapping[str, str],
    as_of: date,
    vocabulary: Vocabulary | None,
) -> None:
    source = item.source
    assert isinstance(source, DocumentSource)
    wanted = [place for topic in topics_of(item.value, vocabulary) for place in PLACES[topic]]
    if looks_ahead(item.value, source.published or as_of, as_of):
        wanted.insert(0, "why_now")
    for place in [*dict.fromkeys(wanted), "person"]:
        if place == "person":
            person = _spoken_of(item, people)
            if person and person not in placed.by_person:
                placed.by_person[person] = item
                return
        elif len(placed.of(place)) < ROOM[place]:
            placed.by_place.setdefault(place, []).append(item)
            return


def _spoken_of(item: Evidence, people: Mapping[str, str]) -> str | None:
    """The contact a sentence names, else the one who wrote it."""
    assert isinstance(item.source, DocumentSource)
    for entity, name in people.items():
        if any(re.search(rf"\b{re.escape(part)}\b", item.value) for part in name.split()):
            return entity
    return next((e for e, name in people.items() if name == item.source.author), None)
