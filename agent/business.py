"""What a sentence is about: the things of trade it names, and whether they carry it.

Vivid gossip borrows the verbs and dates of business ("approved", "by 5 April", "signed"),
so these prove nothing. What it cannot borrow without becoming business is the *object*:
money that is budgeted, goods that are supplied, sites that produce, people and bodies that
decide. So an anchor is a noun of trade, a product line or a competitor of the book, and
urgency counts only where there is one (`agent.placing.weight`). The fields are those
of any purchase: who decides, what it costs, on what terms, for which use.
"""

from __future__ import annotations

from functools import lru_cache

from agent.verifier.words import whole_words
from domain.vocabulary import Vocabulary

TRADE = {
    field: whole_words(words)
    for field, words in {
        "money": r"budget\w*|bgt|fund(?:s|ed|ing)|finance\w*|controlling|capex|spend(?:ing)?"
        r"|prices?|priced|pricing|px|expensive|cheaper|cost cut\w*|invoic\w+|payments?|pays?|paid"
        r"|prepay\w*|instal?ments?|credit (?:lines?|limits?|notes?)|discounts?|rebates?|margins?"
        r"|cash|overdue|turnover|revenue|sales figures|bank|quotes?|quoted|quotations?|proposals?"
        r"|per ?cent|subsidy|grant|investments?|invests?",
        "deal": r"contracts?|contractual|agreements?|agrmt|tender\w*|rf[pqi]|bids?|bidd\w+|orders?"
        r"|ordered|ordering|call-?offs?|pos?|purchas\w+|procure\w+|buying|buyers?|buys?"
        r"|sourc(?:e|es|ed|ing)|suppl(?:y|ies|ied|iers?)|vendors?|negotiat\w+|renewals?|terms"
        r"|deals?|customers?|clients?|dealers?|distributors?|competitors?|rivals?|exclusiv\w+"
        r"|offers?|list(?:ed|ing)|framework|rate card|notice period|portal|dual|outsourc\w+"
        r"|elsewhere|new commitments",
        "goods": r"stock\w*|deliver(?:y|ies|ed)|dlv|shipments?|shipped|consignments?|lead times?"
        r"|pallets?|cartons?|boxes|pieces|pcs|units?|samples?|trials?|pilots?|demos?|demonstrat\w+"
        r"|prototypes?|on loan|spare parts?|spares|warranty|service level|defect\w*|damaged|faulty"
        r"|complaints?|complain(?:s|ed)? (?:about|of|that)|claims?|quality|specs?|specifications?"
        r"|certifi\w+|iso \d+|compliance|regulations?|audits?|auditors?|inspect\w+|requirements?"
        r"|products?|brands?|goods|materials?|range|catalogues?|assortment|installation|dock|short|late|test"
        r"|training|hotline|support|reports?",
        "works": r"plants?|factor(?:y|ies)|warehouses?|depots?|branch(?:es)?|sites?|stores?"
        r"|premises|production|produce|capacity|output|shifts?|machin\w+|equipment|fleet|trucks"
        r"|maintenance|workshops?|volumes?|usage|consumption|demand for|headcount|ftes?|jobs"
        r"|employees|hiring|recruit\w+|lay-?offs?|redundanc\w+|halls?|locations?|second line"
        r"|(?:production|packing|assembly|new) lines?|line \d+|season|promotion|export\w*|project",
        "people": r"board|management|directors?|ceo|cfo|coo|cto"
        r"|(?:plant|purchasing|category|production|quality|operations"
        r"|site|supply chain|account|store|warehouse) managers?"
        r"|new manager|heads? of|head ?office|headquarters|parent|group|owners?|steering|committee"
        r"|successor|replacement|in charge|dm|decision[- ]makers?|signatures?"
        r"|signs (?:off|every\w+)|last word|final say|authori\w+|approvals?|procurement"
        r"|decisions? (?:on|about|for|between)|technical lead|engineers?|technicians?|qa"
        r"|last (?:working )?day|resign\w*|leaves the company|my notice|promoted"
        r"|our (?:side|case|champion|advocate)",
        "firm": r"mergers?|merged|acqui\w+|takeover|taken over|takes over|reorgani\w+|restructur\w+"
        r"|insolv\w+|freeze|expan(?:d|ds|ding|sion)|openings?|centrali\w+|strateg(?:y|ic)"
        r"|business|company|companies|polic(?:y|ies)|market|(?:for|from|with|between) us"
        r"|find us (?:in|at)|not a cent",
    }.items()
}  # fmt: skip


def named_lines(text: str, vocabulary: Vocabulary | None) -> list[str]:
    """Return what the book itself names: product lines and competitors."""
    if vocabulary is None:
        return []
    return [*vocabulary.lines_in(text), *vocabulary.competitors_in(text)]


@lru_cache(maxsize=10_000)
def _trade_words(text: str) -> tuple[tuple[int, str], ...]:
    return tuple(
        (found.start(), found.group().lower())
        for words in TRADE.values()
        for found in words.finditer(text)
    )


def anchors(text: str, vocabulary: Vocabulary | None = None) -> dict[str, int]:
    """Return the things of trade that a sentence names, each with the place of its first."""
    found: dict[str, int] = {}
    for name in named_lines(text, vocabulary):
        found.setdefault(name.lower(), text.find(name))
    for place, word in _trade_words(text):
        found[word] = min(place, found.get(word, place))
    return found
