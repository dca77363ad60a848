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

from agent.business import anchors, named_lines
from agent.verifier.words import whole_words
from domain.evidence import DocumentSource, Evidence
from domain.vocabulary import Vocabulary

PRIVATE = {
    field: whole_words(words)
    for field, words in {
        "family": r"mums?|dads?|hubby|relatives|widow\w*|godson|goddaughter|teenagers?|toddlers?"
        r"|pupils?|schools?|class reunion|divorc\w+|dating|wife|husband|spouse|fianc\w+|daughters?"
        r"|sons?|kids?|children(?:'s)?|bab(?:y|ies)|twins|mother|father|parents?|grand\w+"
        r"|brothers?|sisters?|aunts?|uncles?|cousins?|nieces?|nephews?|in-laws|engaged|wedding"
        r"|marri\w+|honeymoon|newborn|christening|school ?run|kindergarten|nursery|boyfriend"
        r"|girlfriend",
        "feast": r"celebrations?|presents? (?:for|from)|farewell|surprise|band|sweepstake"
        r"|syndicate|stag night|dance|decorations?|mascot|birthdays?|jubilee|part(?:y|ies)"
        r"|celebrat\w+|xmas|christmas|easter|new year's|carnival|barbecue|bbq|toast(?:ed)?"
        r"|champagne|bouquet|flowers|gift|present for|confetti|costumes?|karaoke|farewell drinks"
        r"|raffle|lottery|secret santa|ribbons?",
        "table": r"meals?|cater\w+|chocolates?|ice cream|lollies|tomatoes|vegetables?|fruit bowl"
        r"|sausages?|grill\w*|potluck|yog(?:h)?urt|cheese|dessert|pancakes?|curry|vending"
        r"|sommelier|chef|waiter|glasses of|brewery|potatoes|coffee|espresso|cappuccino|tea"
        r"|kettles?|caffeine|cakes?|biscuits?|cookies?|pizza|lunch|dinner|breakfast|barista|beer"
        r"|wine|whisky|bottle|recipes?|cook(?:ing|ed|s)?|bak(?:ing|ed|es)|kitchens?|canteen"
        r"|cafeteria|menu|snacks?|fridge|microwave|vegan|vegetarian|soup|sandwich\w*|restaurant"
        r"|pub|nuts|honey|jam|chilli",
        "sport": r"games?|goal|keeper|coach|kilomet(?:er|re)s a week|half marathon|teams? mates?"
        r"|stadium|fitness|cycling tour|surf\w*|judo|boxing|scored?|championship|derby|tickets?"
        r"|season ticket|marathons?|relay|runners?|jog\w*|race|football|soccer|match(?:es)?"
        r"|league|tournament|cup final|goalkeeper|tennis|golf|ski(?:ing|s)?|sail(?:ing|s)?|regatta"
        r"|yoga|gym|swimm\w+|climb(?:ing)?|hik(?:e|es|ing)|chess|bowling|darts|rugby|cricket"
        r"|basketball|volleyball|hockey|fishing|trophy|medal|knee|table football",
        "leisure": r"trips?|hut|camper|travel stories|novels?|tickets?|choirs?|conductor|orchestra"
        r"|tv|television|video games?|videos?|selfies?|influencer|followers|stamps|puzzles?|jokes?"
        r"|joking|tourists?|island|airline|airport|suitcases?|luggage|passport|visa|sauna"
        r"|exhibition of|gallery|tattoo|holidays?|vacation|beach|cruise|camping|campsite"
        r"|hotel pool|concert|choir|band|guitar|piano|film|movie|cinema|theatre|musical|novel"
        r"|book club|netflix|series|podcast|garden(?:ing)?|allotment|greenhouse|knitting"
        r"|painting class|museum|festival|hobby|hobbies|quiz|crossword|bets?|betting|wager|stake:"
        r"|horoscope",
        "animals": r"donkeys?|fox(?:es)?|wasps?|nests?|swallows|rooster|chickens?|rabbits?|cubs"
        r"|kennel|greyhound|birds?|spiders?|mice|mouse in|cows?|tortoise|ducks?|beekeep\w*|paws?"
        r"|dogs?|puppy|cats?|kittens?|parrot|hamsters?|horses?|pon(?:y|ies)|bees|hens|goldfish"
        r"|aquarium|pets?|vet|barks?|swan|pigeons?|squirrel",
        "body": r"doctor told|ankle|broken (?:arm|leg|toe|finger)|his leg|her leg|teeth|tooth"
        r"|asleep|nap|snor\w+|haircut|barber|beard|sneez\w+|a cold|cough\w*"
        r"|vaccin\w+ (?:by|for) (?:it|him|her)|weighs?|hangover|operation|glasses on|flu|fever"
        r"|surgery on|back pain|dentist|hospice|diet|pregnan\w+|allerg\w+|sunburn|sleep|slept"
        r"|tired|smok(?:es?|ing)|migraine|plaster cast|crutches",
        "weather": r"hail|too hot|hot day|heat|wind|windy|degrees|ice on|icy|slippery|sunny|thaw"
        r"|drizzle|floods?|puddles?|lightning|sunset|tarpaulin|cold snap|weather|rain(?:s|ed|ing)?"
        r"|snow(?:s|ed|ing|man)?|sunshine|heat ?wave|storm|umbrellas?|forecast beyond|frost|fog"
        r"|thunder\w*",
        "charity": r"petitions?|parish|church|chapel|village|town hall choir|scouts|court case"
        r"|went to court|taken to court|lawyers|police|fire brigade|ambulance|newspaper"
        r"|page (?:two|three|four)|horoscopes?|mayor|funeral|burglar\w*|thief|thieves|stolen|stole"
        r"|stealing|charit\w+|donat\w+|sponsor me|fund-?rais\w+|raise [\d.,]+|good cause|orphan\w*"
        r"|collection box|hat round",
        "office": r"gates?|barriers?|entrance|lobby|reception(?:ist)?|doorm[ae]n|porter|caretaker"
        r"|security (?:guard|desk)|head of security|guards?|desks?|windows?|printers?|copy room"
        r"|wi-?fi|uniforms?|lockers?|locks?|door codes?|code gate|lot [a-z]|clamp\w*|towed"
        r"|park behind|flag ?poles?|heating|radiators?|fans are|notice ?boards?|paint(?:ed|ing)?"
        r"|gardeners?|trees?|chairs?|meeting rooms?|break room|coffee corner|secretary|gossip"
        r"|interns?|evacuation|siren|lamp post|seats?|seating|clocks?|carpool\w*|plastic plants?"
        r"|office plants?|floor is|parking|car parks?|visitors'? spaces|lost the space|badges?"
        r"|dress code|(?:desk|house|pot) plants?|lifts? (?:is|was|are)|elevator|air[- ]con\w*"
        r"|thermostat|fire drill|carpets?|wallpaper|curtains|coat rack|bike shed|bicycle shed"
        r"|table plan|ping[- ]?pong|seating plan|open[- ]plan|meeting room names?|mug|mugs|stapler"
        r"|facilities|receipts|cleaners?|toilets?|showers?|smoking area|printer paper",
        "home": r"at home|houses?|sofa|bathroom|attic|cellar|landlord|furniture|hedges?|shed"
        r"|roof of|conservatory|garage|motorbikes?|sailing boat|boats?|rented van"
        r"|van back|satnav|navigation|ring road|traffic|queues? on|toll|train (?:was|is)"
        r"|bus (?:line|stop)|taxi|punctures?|fine of|speeding|insurance offers|gas bill"
        r"|electricity provider|rooms|flatmates?|flat|balcony|apartment|house move|new house"
        r"|mortgage|neighbours?|lawn|fence|boiler|caravan|motorbike|sports car|tyres|driving test"
        r"|commut\w+|rush hour",
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
BY_THE_WAY, TIED, MOST_PRIVATE = 3, 9, 24
"""A single word may be by the way ("they stand in the yard, and in February it rains")."""
BESIDE_COSTS, MOST_BESIDE = 2, 6
SETTLED_COSTS = 5
CLERICAL_COSTS = 4


@lru_cache(maxsize=10_000)
def private_words(text: str) -> tuple[tuple[int, str], ...]:
    """Return the words of private, social and office life, each with its place."""
    return tuple(
        sorted(
            {
                found.start(): found.group().lower()
                for words in PRIVATE.values()
                for found in words.finditer(text)
            }.items()
        )
    )


def beside_the_point(text: str, vocabulary: Vocabulary | None = None) -> int:
    """What a sentence's own words cost its weight: 0 for one that is all business.

    Words of the book's own trade are none of private life: who sells to bakeries speaks of
    cake.
    """
    return (
        _private_costs(text, vocabulary)
        + SETTLED_COSTS * bool(_SETTLED.search(text))
        + CLERICAL_COSTS * bool(_CLERICAL.search(text))
    )


def is_private(text: str, vocabulary: Vocabulary | None = None) -> bool:
    """Say whether a sentence is about private or office life rather than trade."""
    return _private_costs(text, vocabulary) >= TIED


def _private_costs(text: str, vocabulary: Vocabulary | None) -> int:
    """Weigh private life against trade: what is named more often is what it is about.

    At one of each, English tells by the order: the subject comes first.
    """
    private = _private(text, vocabulary)
    if not private:
        return 0
    trade = anchors(text, vocabulary)
    if len(private) > len(trade):
        return MOST_PRIVATE
    if len(private) == len(trade) and (len(trade) > 1 or private[0][0] < min(trade.values())):
        return TIED
    return BY_THE_WAY * len(private) if 2 * len(private) > len(trade) else 0


def _private(text: str, vocabulary: Vocabulary | None) -> list[tuple[int, str]]:
    own = vocabulary.single_words if vocabulary else frozenset()
    return [(place, word) for place, word in private_words(text) if word not in own]


def in_company(reading: Sequence[Evidence], vocabulary: Vocabulary | None = None) -> dict[str, int]:
    """What the sentences next to each one cost its weight, by id.

    Half a story stands in the sentence before or after: "They reduce the spaces." is about
    parking where the next one says so. `reading` holds sentences of documents.
    """
    ordered = sorted(reading, key=_in_order)
    costs = {item.id: 0 for item in ordered}
    for one, other in pairwise(ordered):
        if _document(one) == _document(other):
            costs[one.id] += BESIDE_COSTS * len(_private(other.value, vocabulary))
            costs[other.id] += BESIDE_COSTS * len(_private(one.value, vocabulary))
    return {key: min(cost, MOST_BESIDE) for key, cost in costs.items()}


def carried(reading: Sequence[Evidence], vocabulary: Vocabulary | None = None) -> frozenset[str]:
    """Return the ids of sentences that go on about a product line which the one before names.

    "We would like a demo of bearings. Ideally before 7 March." says one thing in two.
    """
    ordered = sorted(reading, key=_in_order)
    return frozenset(
        other.id
        for one, other in pairwise(ordered)
        if _document(one) == _document(other)
        and named_lines(one.value, vocabulary)
        and not _private(one.value, vocabulary)
        and not _private(other.value, vocabulary)
    )


def _document(item: Evidence) -> str:
    assert isinstance(item.source, DocumentSource)
    return item.source.document_id


def _in_order(item: Evidence) -> tuple[str, int, str]:
    assert isinstance(item.source, DocumentSource)
    return item.source.document_id, item.source.start, item.id
