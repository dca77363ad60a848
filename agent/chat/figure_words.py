"""The words of the field by which figures are asked for, grouped by what they mean.

A question is read by the notions its words stand for, in whatever order and sentence they
come: a phrase that nobody thought of is still made of these words.
"""

# A pattern on one line is easier to read than one that is broken up.
# ruff: noqa: E501

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal


def any_of(words: str) -> re.Pattern[str]:
    """Compile alternatives, each of which stands as whole words."""
    return re.compile(rf"\b(?:{words})\b")


Notion = Literal[
    "order", "spend", "turnover", "buy", "trade", "deal", "deals", "pipeline", "open", "all", "touch", "staff",
    "people", "work", "accounts", "patch", "mine", "us", "last", "first", "close", "money", "much", "much_money", "size", "count", "when",
    "who",
]  # fmt: skip
"""What a word may stand for in a question of one figure."""

_NOTIONS: Mapping[Notion, str] = {
    "order": r"orders?|ordered|ordering|(?:distinct|separate|individual) orders|purchases?|purchased|purchasing",
    "buy": r"buy|buys|buying|bought|took off us|taken off us|placed (?:anything|something)",
    "spend": r"spend|spends|spent|spending|billed|billings?|invoic(?:e|es|ed|ing)|order (?:value|volume|intake)|net (?:spend|sales|value|revenue|turnover|of (?:what|all))",
    "turnover": r"turnover|revenues?|sales|sold|sell|income|takings|proceeds",
    "trade": r"business|net|volume|bring|brings|brought|came in|come in|comes to|came to|come to|put through|take|took|taken|made|make|earn(?:ed)?|generated?|yield\w*|consum\w+|worth|pa(?:y|ys|id) us|money|good for|customer value",
    "deal": r"deal|opportunity|opp|proposals?|offers?|quotes?|quotations?|bids?|tenders?|project|renewal|rollout",
    "deals": r"deals|opportunities|opps|(?:every|each|all) (?:\w+ )?(?:opportunity|deal|opp|business)",
    "pipeline": r"pipeline|funnel|in play|up for grabs",
    "open": r"open|undecided|unresolved|unsettled|(?:not|havent|hasnt|neither) (?:\w+ )?(?:been )?(?:decided|won|closed|signed)|still (?:alive|live|running|out)|live|running|ongoing|working on|unsigned|not yet (?:decided|signed|won)",
    "all": r"all|every|everything|together|altogether|add(?:s|ed)? up|sum total|combined|overall|aggregate\w*|total(?:s|led)?|sum",
    "touch": r"contact|contacts|contacted|spoke|spoken|speak|speaking|talk|talked|talking|chat|chatted|met|meet|meeting|saw|seen|see|touch|touchpoint|reached|called|call|calls|rang|rung|phoned|on the phone|visit|visits|visited|dropp?(?:ed)? by|stopped by|been (?:to|at)|were we|was (?:i|anyone|anybody|REP)|conversation|exchange|in touch|heard from|hear from|dealings|got hold|get hold|had (?:him|her|them) (?:in|on)",
    "staff": r"employees?|staff\w*|headcount|head ?count|count(?:ed)? heads|in heads|workforce|work force|workers|employ|employs|employed|personnel|manpower|payroll size|fte|ftes|on (?:the|their|its) payroll",
    "people": r"people|persons?|heads|men|hands|folks?|colleagues|souls|many are|team",
    "work": r"work|works|working|employed|there|ACCOUNT|they",
    "accounts": r"accounts?|accts?|customers|clients|companies|names",
    "patch": r"(?:my|his|her|REP(?: s)?) (?:\w+ )?(?:book|patch|portfolio|base|territory)",
    "mine": r"i|my|mine|me|REP|his|her|he|she",
    "us": r"us|we|our|ours|me|my|i",
    "last": r"last|latest|most recent\w*|recently|recent|newest|youngest|final|lately|at the bottom|long since|how long|since (?:when|what|which)|a while|no more",
    "first": r"next|first|before|previous|prior|will|cancel\w*|deliver\w*|return(?:s|ed)?|never",
    "close": r"close|closes|closing|closed|sign|signed|signing|signs|signature|land|lands|due|decide|decides|decided|deciding|decision|make(?:s)? up (?:its|their) minds?|expected|expect|come in|finali[sz]ed?|supposed|target date|deadline|won",
    "money": r"amounts?|value[ds]?|valued at|worth|sums?|money|volume|stake|price tag|price|euros?|dollars?|pounds?|usd|eur|gbp|bucks|come to|comes to|asking for|in money",
    "much_money": r"how many (?:euros?|dollars?|pounds?|bucks)|euros?|dollars?|pounds?|in money|money|worth|price tag|price",
    "much": r"how much|figures?|totals?|totalled|number|whats?",
    "size": r"size[ds]?|how (?:big|large|strong)|big|large",
    "count": r"how many|how often|how frequently|number of|numbers?|count|counted|counts|nr|no of|times|frequency|quantity|tally|how (?:\w+ ){0,2}frequent\w*|occasions",
    "when": r"when|whens|dates?|days?|(?:what|which) (?:month|time)|how (?:long|recently)|long since|since|last time|by when|deadline|a while",
    "who": r"who|whom|whose|where",
}  # fmt: skip
_COMPILED = {notion: any_of(words) for notion, words in _NOTIONS.items()}


def notions(text: str) -> frozenset[Notion]:
    """Return what the words of a shape stand for."""
    return frozenset(notion for notion, words in _COMPILED.items() if words.search(text))


# What a text is read for other than a figure: words of notes; reasons, a comparison, a plan.
TOLD = any_of(
    r"say|says|said|saying|mention\w*|notes?(?! for\b)|emails?|mails?|wrote|written|told|complain(?:s|ed|ing)?|worr\w+|(?:^|please |you )(?:find|search)"
    r"|(?:has|have|did|does|is|was) (?:any|some)(?:one|body)(?!.*\blast\b)|promised|asked|asks|requested|agreed|interested|discuss\w*|talk(?:s|ed)? about"
)
ELSEWHERE = any_of(
    r"why|how come|because|explain\w*|compar\w+|versus|vs|than|better|bigger|smaller"
    r"|scenarios?|SCENARIO|tiers?|scores?|scored|ranks?|ranked|draft\w*|plans?|planned(?! (?:clos|sign|date|decision))|hours?|white ?space"
    r"|changed|inbox|pending|approv\w+"
)
SETTLES = any_of(r"why|how come|compar\w+|versus|vs|draft|redraft|explain")
# What no table or note of a book holds, whatever else is said: the notions behind each line are
# profit, credit and payment, pay, loyalty, stock and delivery, the exchange, private life, and
# what others know.
BEYOND = any_of(
    r"(?:gross |net |profit |contribution )?margins?|mark ?ups?|profit\w*|ebit\w*|cash ?flow|(?:short of|out of|in) cash|lose money|losing money|(?:leave|leaves|left|earn|make) (?:anything|something|money)|after (?:all )?(?:costs?|freight|expenses)"
    r"|break ?even|cost (?:price|of (?:goods|sales|serving))|production costs?|discounts?|rebates?"
    r"|credit (?:ratings?|scores?|limits?|lines?|worth\w*|checks?|standing)|creditworth\w*|solven\w+|insolven\w+|bankrupt\w*|go(?:es|ing)? (?:bust|under)|bonit\w+|good for the money|good for it|ratings?|risk class|default"
    r"|payment (?:terms|morale|history|behaviou?r|record|days)|days to pay|(?:pay|pays|paying|settl\w+) (?:late|on time|promptly|an|its|their|the|your|our)? ?(?:invoices?|bills?|late|on time)|pay its|pay their"
    r"|(?:open|outstanding|overdue|due) invoices?|receivables|unpaid|arrears|dso|owes?|owed|debts?"
    r"|salar(?:y|ies)|wages?|bonus(?:es)?|commissions?|company cars?|pay ?slips?|pensions?|earns?|take[sn]? home"
    r"|churn\w*|nps|net promoter|satisf\w+|complaints?|csat|surveys?|out of (?:ten|10)|(?:1|one) to (?:10|ten)|scale"
    r"|stock levels?|in stock|inventory(?: levels?)?|stock on hand|warehouses?|shel(?:f|ves)|lead times?|delivery times?|backlog|on time delivery|containers?|trucks?|pallets?|shipments?|fleet size"
    r"|share ?holders?|shares?(?= price| cost| trad| have)|stock (?:price|exchange)|market (?:cap\w*|shares?|value)|valuation|dividends?|(?:slice|portion|proportion) of"
    r"|phone number|s phone|(?:a|the|his|her|their|PERSON s?) (?:number where|number to (?:call|reach))|can be reached|(?<!on the )phones?|telephone|mobile|cell ?phone|cell number|fax|home address|private\w*|email address|at home"
    r"|birthdays?|birth ?dates?|date of birth|how old|age|married|kids|children|wife|husband|hobb(?:y|ies)|free time|spare time|favou?rite|religio\w+|health|illness|sick"
    r"|web ?sites?|web ?traffic|page views|clicks?|clicked|visitors|followers|linkedin|downloads|newsletter|weather|hot|exchange rates?|tax(?:es)?|vat|iban|banks?|(?<!in )charges?|charged|fees?|rent"
    r"|probab\w+|how likely|likelihood|odds|employee turnover|staff turnover|founded|spen[dt]\w* on (?!us\b|our\b)\w+"
)
LINE_SPEND = re.compile(
    r"\bhow much\b.*\b(?:spend|spent|spending|bought|billed|invoiced|sold|paid)\b.*\b(?:LINE|SEGMENT)\b"
)
QUANTITY = any_of(
    r"how (?!about|come|is|are|am|do|does|did|can|could|should|shall|would|was|were|to|has|have|had|will|s|we|i|they|it|ACCOUNT|REP|NAME)\w+"
    r"|when(?:s| (?:is|was|are|were|do|does|did|will|has|have|can|should)\b)"
    r"|(?:what|which) (?:\w+ )?(?:share|percentage|percent|proportion|fraction|rate|amount|number|quantity|level|age|date|day|year)"
    r"|percentage|proportion|number of|as a percent\w*"
)

# Periods. A figure over twelve months answers for those alone.
YEAR = re.compile(
    r"\b(?:(?:(?:in|over|during|within|for|across|from) )?(?:the |this |a |one )?(?:(?:last|past|rolling|trailing|preceding|recent|latest) )?(?:twelve|12|365|52)[ -]?(?:months?|mths?|mos?|days?|weeks?|wks?|m)|12 ?m|ttm|ltm"
    r"|(?:past|rolling|trailing|preceding|the last|for the last|over (?:a|the)|in (?:a|the)|(?<!by )per|whole|full|past) (?:year|yr)|(?:a|one) (?:year|yr)|since this time last year|per annum)\b"
)
YEARLY = any_of(r"yearly|annual(?:ly)?")
ANOTHER_PERIOD = any_of(
    r"quarters?|months?|weeks?|weekly|monthly|quarterly|days(?! price)|years?|yrs?|annual\w*|yearly|ytd|q[1-4]|h[12]|(?:19|20)\d\d|since|ever|lifetime"
    r"|all time|yesterday|season|january|february|march|april|may|june|july|august|september|october|november|december"
)
# "up to today" and "net of returns" say what the figure is anyhow.
AS_IT_IS = re.compile(
    r"\b(?:(?:up |back )?(?:to|until|till|as of|from) (?:today|now|date|the books? date)"
    r"|(?:and )?(?:net of|less|minus|without|after|excluding|deduct(?:ing|ed)?|tak(?:e|ing) off|subtract(?:ing|ed)?|adjusted for) (?:all |any |the |their |its )*(?:returns?|credits?|credit notes?|refunds?|what (?:\w+ ){1,3}(?:back|returned))"
    r")\b"
)

A_PERIOD_BACK = any_of(
    r"(?:last|this|previous) (?:quarter|month|week|year|season|spring|summer|autumn|winter|PERIOD)"
)

# Words that make another figure of it.
OTHER_FIGURE = any_of(
    r"(?:would|could|should|might|will|going to) (?:\w+ ){0,2}(?:buy|spend|order|purchase|pay)|potential\w*|forecast\w*|predict\w*|next|budget\w*|targets?(?! date)|goals?|quotas?"
    r"|averages?|avg|mean|typical\w*|usual\w*|per (?:order|month|week|visit|head|employee|person|store)|each|shares?|percent\w*|proportion"
    r"|ratio|growth|grow\w*|grew|chang\w+|increas\w*|decreas\w*|drop|drops|fell|rose|trend|more|fewer|never|no longer"
    r"|competitors?|elsewhere|others?|peers?|cancel\w*|return(?:s|ed)?|refund\w*|credited|late|overdue|outstanding|deliver\w*"
    r"|ship\w*|stock\w*|except|first|second|previous|prior|before|biggest|largest|smallest|missing|remain\w*"
    r"|how much (?:time|effort)|weighted|marketing|travel|visit(?:s|ing) cost"
)
POLITE = any_of(
    r"(?:would|could|can|will) (?:you|i)|(?:i|we) (?:d|would|need|want|wish|should|have)(?: (?:like|love))? to (?:know|have|see|put down|learn)"
    r"|i would like|id like|remind me|(?:let me|to) know|tell me|pull up|on file|on record|on our side|look up|dig out|find out|for my notes|do (?:you|we) know (?:the|how|when|what|if)"
)
NOT_OF_A_DEAL = any_of(
    r"opened|created|started?|begin|began|stage|chance|probab\w+|likel\w+|odds|lost|win|winning|competitors?|hours|spent|spend"
    r"|discount\w*|margin|paid|invoiced|billed|bought|last|average|weighted|cost|costs|visit\w*|next step"
)
NOT_STAFF = any_of(
    r"know|known|met|contacts?|hired?|hiring|lost|left|lay|laid|fired|new|open (?:positions|roles)|would(?! (?:you|i))|could|earn\w*|need\w*|paid|cost\w*|turnover"
    r"|sales ?(?:people|staff|force)|women|part time|in (?:it|sales|marketing|production|purchasing)|last|ago|previous\w*|used to|grow\w*|grew|decide|decides"
)
NOT_OWNED = any_of(
    r"ACCOUNT|PERSON|NAME|CITY|LINE|SEGMENT|PERIOD|without|no|not|never|with (?!me\b|us\b)\w+|needs?|above|below|over|under|more|less|fewer"
    r"|new|lost|won|dead|active|inactive|ranked|rank|tier|grow\w*|fall\w*|quiet|risk|due|overdue|team|industry|in (?!my|his|her|all|total|the|accounts|numbers?|REP)\w+"
)

_PATTERNS = [
    *_COMPILED.values(),
    *(item for item in list(globals().values()) if isinstance(item, re.Pattern)),
]
FIGURE_WORDS = frozenset(
    word
    for item in _PATTERNS
    for word in re.findall(
        r"(?<![\\\w])[a-z]{3,}(?![\w*+?\\])", re.sub(r"\\[bwsd]", " ", item.pattern)
    )
)


@lru_cache(maxsize=10_000)
def is_figure_word(word: str) -> bool:
    """Say whether a word is one that figures are asked for by, and so no slip and no name."""
    return word in FIGURE_WORDS or any(item.fullmatch(word) for item in _PATTERNS)
