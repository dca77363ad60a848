"""The words of the field by which figures are asked for, and those that ask for another thing."""

# A pattern on one line is easier to read than one that is broken up.
# ruff: noqa: E501

from __future__ import annotations

import re
from functools import lru_cache


def any_of(words: str) -> re.Pattern[str]:
    """Compile alternatives, each of which stands as whole words."""
    return re.compile(rf"\b(?:{words})\b")


# What a text is read for other than a figure: its reasons, a comparison, words of notes.
ELSEWHERE = any_of(
    r"why|how come|because|explain\w*|compar\w+|versus|vs|than|better|bigger|smaller|say|says|said|saying"
    r"|mention\w*|notes?|emails?|mails?|wrote|written|told|complain(?:s|ed|ing)?|worr\w+|heard|find|search"
    r"|scenarios?|SCENARIO|tiers?|scores?|scored|ranks?|ranked|draft\w*|plans?|planned|hours?|white ?space"
    r"|changed|inbox|pending|approv\w+|(?:has|have|did|does|is|was) (?:any|some)(?:one|body)(?! last)|offered|promised|asked|asks|requested|agreed|interested|discuss\w*|talk(?:s|ed)? about"
)
SETTLES = any_of(r"why|how come|compar\w+|versus|vs|draft|redraft|explain")
# What no table or note of a book holds as a figure.
BEYOND = any_of(
    r"(?:gross |net |profit |contribution )?margins?|mark ?ups?|profit\w*|ebit\w*|cash ?flow|lose money|losing money"
    r"|make money|break ?even|cost (?:price|of (?:goods|sales|serving))|production costs?|discounts?|rebates?"
    r"|credit (?:ratings?|scores?|limits?|lines?|worth\w*|checks?|standing)|creditworth\w*|solven\w+|insolven\w+|bankrupt\w*|bonit\w+"
    r"|payment (?:terms|morale|history|behaviou?r|record|days)|days to pay|pays? (?:late|on time|promptly|its|their|invoices?|bills?)"
    r"|receivables|unpaid|arrears|dso|owes?|owed|debts?"
    r"|salar(?:y|ies)|wages?|bonus(?:es)?|commissions?|company cars?|pay ?slips?|pensions?|earns?"
    r"|churn\w*|nps|net promoter|satisfaction|complaint (?:rate|share|quota)|csat"
    r"|stock levels?|in stock|inventory levels?|stock on hand|warehouse|lead times?|delivery times?|backlog|on time delivery"
    r"|share price|stock price|market (?:cap\w*|shares?|value)|valuation|dividends?"
    r"|phone|phones|telephone|mobile|cell ?phone|cell number|fax|home address|private (?:number|address|mail|email)|email address"
    r"|birthdays?|birth ?dates?|date of birth|how old|married|kids|children|wife|husband|hobb(?:y|ies)|religio\w+|health|illness|sick"
    r"|web ?traffic|page views|followers|linkedin|downloads|weather|exchange rates?|tax(?:es)? (?:number|id)|vat|iban|bank|(?<!in )charges?|charged|fees?"
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
WHEN = any_of(
    r"when|(?:what|which) (?:day|date|time|month)|date|dates|day|how (?:long ago|recently)|since when|last time|by when"
    r"|most recent\w*|latest|deadline"
)
HOW_MUCH = any_of(
    r"how much|amounts?|value[ds]?|worth|totals?|totalled|sums?|figures?|size|sized|how (?:big|large)|money|volume|stake"
)
COUNTED = any_of(
    r"how many|how often|how frequently|number of|count|times|frequency|products?|lines?|items?|units?|pieces?"
)
HOW_MANY = any_of(
    r"how many|how often|how frequently|number|count|counted|nr|no of|times|frequency"
)

# Periods. A figure over twelve months answers for those alone.
YEAR = re.compile(
    r"\b(?:(?:(?:in|over|during|within|for) )?(?:the )?(?:(?:last|past|rolling|trailing|preceding|recent|latest) )?(?:twelve|12|365|52)[ -]?(?:months?|mths?|mos?|days?|weeks?|wks?)|12 ?m|ttm|ltm"
    r"|(?:past|rolling|trailing|preceding|the last|over (?:a|the)|in (?:a|the)|(?<!by )per|whole|full) (?:year|yr)|(?:a|one) (?:year|yr))\b"
)
ANOTHER_PERIOD = any_of(
    r"quarters?|months?|weeks?|weekly|monthly|quarterly|days|years?|yrs?|annual\w*|yearly|ytd|q[1-4]|h[12]|(?:19|20)\d\d|since|ever|lifetime"
    r"|all time|today|yesterday|season|january|february|march|april|may|june|july|august|september|october|november|december"
)
# "up to today" and the like end a period where every figure ends anyhow.
TO_TODAY = re.compile(r"\b(?:up )?(?:to|until|till|as of) (?:today|now|date|the books? date)\b")

# Words that make another figure of it.
OTHER_FIGURE = any_of(
    r"would|could|should|might|potential\w*|expect\w*|forecast\w*|predict\w*|will|going to|next|plan\w*|budget\w*|targets?|goals?|quotas?"
    r"|averages?|avg|mean|typical\w*|usual\w*|per (?:order|month|week|visit|head|employee|person|store)|each|shares?|percent\w*|proportion"
    r"|ratio|growth|grow\w*|grew|chang\w+|increas\w*|decreas\w*|drop\w*|fell|rose|trend|more|less|fewer|not|never|no longer"
    r"|competitors?|elsewhere|others?|peers?|lost|cancel\w*|return(?:s|ed)?|refund\w*|credited|late|overdue|outstanding|deliver\w*"
    r"|ship\w*|stock\w*|without|except|excluding|first|second|previous|prior|before|biggest|largest|smallest|missing|left|remain\w*"
    r"|cost\w*|pric\w+|marketing|travel|visit(?:s|ing) cost"
)
BUY = r"buy|buys|buying|bought|purchas(?:e|es|ed|ing)|order(?:s|ed|ing)?"
SPEND_NOUN = any_of(
    r"spend|spends|spent|spending|billed|billings?|invoiced?|invoicing|net spend|net sales|order (?:value|volume|intake)"
)
SPEND_SHARED = any_of(
    rf"turnover|revenues?|sales|sold|sell|business|net|come to|comes to|came to|takings|brought in|bring in|brings in|pa(?:y|ys|id) us|{BUY}"
)
POLITE = any_of(r"(?:would|could|can|will) you")
THE_TURNOVER = re.compile(
    r"\bwhat (?:is|s|are|was) (?:the |our )?(?:net )?(?:turnover|revenues?|sales)\b"
)
WITH_US = any_of(r"us|we|our|ours|me|my|i")
ORDERS = any_of(rf"orders?|ordered|ordering|purchases?|{BUY}")
LAST = any_of(r"last|latest|most recent\w*|recently|newest|final")
TOUCH = any_of(
    r"contact|contacted|spoke|spoken|speak|talk|talked|met|meet|meeting|met with|saw|seen|see|touch|reached|called|call|visited|visit"
    r"|conversation|in touch|heard from|dealings"
)
DEALS = any_of(
    r"deals?|opportunit(?:y|ies)|opps?|proposals?|offers?|quotes?|quotations?|bids?|tenders?|projects?|renewals?|rollouts?"
)
MANY_DEALS = any_of(r"deals|opportunities|opps|everything open|all open|business in play")
PIPELINE = any_of(r"pipeline|funnel|in play")
CLOSES = any_of(
    r"close|closes|closing|closed|close date|sign|signed|signing|signs|land|lands|due|decided|decision|expected|come in|finali[sz]ed"
)
NOT_OF_A_DEAL = any_of(
    r"opened|created|started?|begin|began|stage|chance|probab\w+|likel\w+|odds|lost|won|win|winning|who|whom|competitors?|hours|spent|spend"
    r"|discount\w*|margin|paid|invoiced|billed|bought|last|average|weighted|cost|costs|visit\w*|next step"
)
STAFF = any_of(
    r"employees?|staff\w*|headcount|head count|workforce|work force|workers|employ|employs|employed|personnel|payroll size|fte|ftes"
)
WORK_THERE = any_of(
    r"(?:people|persons|heads|men|hands|folks) (?:\w+ ){0,3}(?:work|works|working|employed|on (?:the|their|its) (?:staff|payroll))|work (?:at|for|there)|works (?:at|for|there)"
)
NOT_STAFF = any_of(
    r"know|known|met|contacts?|hired?|hiring|lost|left|new|open (?:positions|roles)|would|could|earn\w*|need\w*|paid|cost\w*|turnover"
    r"|sales ?(?:people|staff|force)|women|part time|in (?:it|sales|marketing|production|purchasing)|last|ago|previous\w*|used to|grow\w*|grew"
)
ACCOUNTS = any_of(r"accounts|accts?|customers|clients|companies")
OWN = any_of(r"i|my|mine|me|REP|his|her|he|she")
OWNED_WORDS = frozenset(
    """
    acct accts nr a all altogether am are accounts account assigned at belong belongs book by can carry carried carries
    clients companies count customers currently did do does exactly for give handle handled handles
    has have he her hers him his hold holds how i in is it just list look looked looks after many
    me mine much my named now number of on our out overall own owned owner owns patch please pls
    portfolio responsible right run runs s size so tell territory territories the there to today
    total under us we what whats which with REP TERRITORY am exact big large manage manages managed
    moment exactly serve serves cover covers covered quick quickly question
    """.split()
)

_PATTERNS = [item for item in list(globals().values()) if isinstance(item, re.Pattern)]
_IN_PHRASES = frozenset(
    word
    for item in _PATTERNS
    for word in re.findall(
        r"(?<![\\\w])[a-z]{3,}(?![\w*+?\\])", re.sub(r"\\[bwsd]", " ", item.pattern)
    )
)


@lru_cache(maxsize=10_000)
def is_figure_word(word: str) -> bool:
    """Say whether a word is one that figures are asked for by, and so no slip and no name."""
    return word in _IN_PHRASES or any(item.fullmatch(word) for item in _PATTERNS)
