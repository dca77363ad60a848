"""Signs in a sentence that it bears on the business, or on something else.

Closed lists of word families, by field of life and not by story: what people do outside
their work or around the office, however vivid and dated, decides no deal; nor does a
sentence that says that all is as it was, or that a form or a file was put right.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from domain.evidence import DocumentSource, Evidence

PRIVATE = {
    field: re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    for field, words in {
        "family": r"wife|husband|spouse|fianc\w+|daughters?|sons?|kids?|children(?:'s)?"
        r"|bab(?:y|ies)|twins|mother|father|parents?|grand\w+|brothers?|sisters?|aunts?|uncles?|cousins?"
        r"|nieces?|nephews?|in-laws|engaged|wedding|marri\w+|honeymoon|newborn|christening"
        r"|school ?run|kindergarten|nursery|boyfriend|girlfriend",
        "feast": r"birthdays?|jubilee|part(?:y|ies)|celebrat\w+|xmas|christmas|easter|new year's"
        r"|carnival|barbecue|bbq|toast(?:ed)?|champagne|bouquet|flowers|gift|present for"
        r"|confetti|costumes?|karaoke|farewell drinks|raffle|lottery|secret santa|ribbons?",
        "table": r"coffee|espresso|cappuccino|tea|kettles?|caffeine|cakes?|biscuits?|cookies?"
        r"|pizza|lunch|dinner|breakfast|barista|beer|wine|whisky|bottle|recipes?|cook(?:ing|ed|s)?"
        r"|bak(?:ing|ed|es)|kitchens?|canteen|cafeteria|menu|snacks?|fridge|microwave|vegan"
        r"|vegetarian|soup|sandwich\w*|restaurant|pub|nuts|honey|jam|chilli",
        "sport": r"marathons?|relay|runners?|jog\w*|race|football|soccer|match(?:es)?|league"
        r"|tournament|cup final|goalkeeper|tennis|golf|ski(?:ing|s)?|sail(?:ing|s)?|regatta"
        r"|yoga|gym|swimm\w+|climb(?:ing)?|hik(?:e|es|ing)|chess|bowling|darts|rugby|cricket"
        r"|basketball|volleyball|hockey|fishing|trophy|medal|knee|table football",
        "leisure": r"holidays?|vacation|beach|cruise|camping|campsite|hotel pool|concert|choir"
        r"|band|guitar|piano|film|movie|cinema|theatre|musical|novel|book club|netflix|series"
        r"|podcast|garden(?:ing)?|allotment|greenhouse|knitting|painting class|museum|festival"
        r"|hobby|hobbies|quiz|crossword|bets?|betting|wager|stake:|horoscope",
        "animals": r"dogs?|puppy|cats?|kittens?|parrot|hamsters?|horses?|pon(?:y|ies)|bees|hens"
        r"|goldfish|aquarium|pets?|vet|barks?|swan|pigeons?|squirrel",
        "body": r"flu|fever|surgery on|back pain|dentist|hospice|diet|pregnan\w+|allerg\w+"
        r"|sunburn|sleep|slept|tired|smok(?:es?|ing)|migraine|plaster cast|crutches",
        "weather": r"weather|rain(?:s|ed|ing)?|snow(?:s|ed|ing|man)?|sunshine|heat ?wave|storm"
        r"|umbrellas?|forecast beyond|frost|fog|thunder\w*",
        "charity": r"charit\w+|donat\w+|sponsor me|fund-?rais\w+|raise [\d.,]+|good cause|orphan\w*"
        r"|collection box|hat round",
        "office": r"parking|car parks?|visitors'? spaces|lost the space|badges?|dress code"
        r"|(?:desk|house|pot) plants?|lifts? (?:is|was|are)|elevator|air[- ]con\w*"
        r"|thermostat|fire drill|carpets?|wallpaper|curtains|coat rack|bike shed"
        r"|bicycle shed|table plan"
        r"|ping[- ]?pong|seating plan|open[- ]plan|meeting room names?|mug|mugs|stapler"
        r"|facilities|receipts|cleaners?|toilets?|showers?|smoking area|printer paper",
        "home": r"flat|balcony|apartment|house move|new house|mortgage|neighbours?|lawn|fence"
        r"|boiler|caravan|motorbike|sports car|tyres|driving test|commut\w+|rush hour",
    }.items()
}  # fmt: skip
_SETTLED = re.compile(
    r"\b(?:as (?:always|before|usual|planned|it (?:was|is)|scheduled|estimated)|unch(?:\.|anged)"
    r"|no (?:change|changes|questions?|action|open (?:points?|items?)|complaints|news)\b"
    r"(?! (?:among|before|until|in|of))"
    r"|nothing (?:to follow up|new|special|outstanding|open|to report|else pending|pending)"
    r"|all in order|in order|accounted for|none disputed|both lists agree|open items: none"
    r"|will not chase|routine|usual order|no rush|standing (?:order|arrangement))\b",
    re.IGNORECASE,
)
# What an office keeps in order for its own sake.
_CLERICAL = re.compile(
    r"\b(?:brochures?|address(?:es)?|master data|fax|tel(?:ephone)? \w+"
    r"|extensions?|voice ?mail|vm|e-?mail address|attach(?:ed|ments?)|mailbox|passwords?|logins?"
    r"|links?|certificates?|cert|protocol|packing list|labels?|stamps?|delivery note|pod"
    r"|business cards?|cost cent(?:er|re)s?|invoice ref\w*|filed|calendar"
    r"|cal invite|pics|photo\w*|pictures|small talk|greetings|pleasantries)\b",
    re.IGNORECASE,
)
ONE_PRIVATE, FURTHER_PRIVATE, MOST_PRIVATE = 3, 9, 24
"""A single word may be by the way ("they stand in the yard, and in February it rains")."""
BESIDE_COSTS, MOST_BESIDE = 2, 6
SETTLED_COSTS = 5
CLERICAL_COSTS = 4


@lru_cache(maxsize=10_000)
def private_words(text: str) -> frozenset[str]:
    """The words of private, social and office life in a sentence, in lower case."""
    return frozenset(word.lower() for words in PRIVATE.values() for word in words.findall(text))


def beside_the_point(text: str, business: frozenset[str] = frozenset()) -> int:
    """What a sentence's own words cost its weight: 0 for one that is all business.

    `business` holds words of the book's own trade: who sells to bakeries speaks of cake.
    """
    return (
        _private_costs(len(private_words(text) - business))
        + SETTLED_COSTS * bool(_SETTLED.search(text))
        + CLERICAL_COSTS * bool(_CLERICAL.search(text))
    )


def _private_costs(words: int) -> int:
    return min(ONE_PRIVATE + FURTHER_PRIVATE * (words - 1), MOST_PRIVATE) if words else 0


def in_company(
    reading: Sequence[Evidence], business: frozenset[str] = frozenset()
) -> dict[str, int]:
    """What the sentences next to each one cost its weight, by id.

    Half a story stands in the sentence before or after: "They reduce the spaces." is about
    parking where the next one says so. `reading` holds sentences of documents.
    """
    ordered = sorted(reading, key=_in_order)
    costs = {item.id: 0 for item in ordered}
    for one, other in pairwise(ordered):
        if _document(one) == _document(other):
            costs[one.id] += BESIDE_COSTS * len(private_words(other.value) - business)
            costs[other.id] += BESIDE_COSTS * len(private_words(one.value) - business)
    return {key: min(cost, MOST_BESIDE) for key, cost in costs.items()}


def _document(item: Evidence) -> str:
    assert isinstance(item.source, DocumentSource)
    return item.source.document_id


def _in_order(item: Evidence) -> tuple[str, int, str]:
    assert isinstance(item.source, DocumentSource)
    return item.source.document_id, item.source.start, item.id
