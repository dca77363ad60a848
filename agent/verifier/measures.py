"""What each metric is called in words: the closed lexicon of check 8.

A measure has words of its own (`families`). A figure may stand in a clause that speaks
of its measure, or of none; in a clause that speaks only of another measure it is struck,
and where no word of the claim names its measure it is flagged. Some measures need
a distinguishing word as well (`qualifiers`): the order before the last one is not
"the last order".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple


class Family(NamedTuple):
    """Words that name a measure. `strong` ones exclude other measures, `weak` ones do not."""

    strong: re.Pattern[str] | None
    weak: re.Pattern[str] | None


def _words(pattern: str) -> re.Pattern[str] | None:
    return re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE) if pattern else None


_WORDS_OF: Mapping[str, tuple[str, str]] = {
    "spend": ("spend|spends|spent|spending", "bought|buys?|buying|purchases?|business|revenue"),
    "open": ("open potential|headroom|untapped", "room"),
    "potential": (r"(?<!open )potential", "percentile|quartile|quarter|median|P50|P75|P90"),
    "order": ("orders?|ordered|ordering", "bought|buying|since"),
    "pipeline": ("pipeline|opportunity|opportunities|deals?", ""),
    "deal": ("", "deal|worth|amount|close[sd]?|closing|opened|won|at"),
    "score": ("scores?|scored", ""),
    "points": ("points", ""),
    "firm": ("turnover|annual revenue", "revenue"),
    "founded": ("", "founded|since"),
    "rank": ("ranks?|ranked|ranking", ""),
    "touch": (
        "touch|touches|touched|last contact",
        "contact|met|talked|spoke|seen|since|heard",
    ),
    "contacts": ("contacts|contacts on file", "people|persons|contact|supportive|opposed"),
    "peer": ("peers?", "comparable|similar|others|percentile|quartile"),
    "hours": ("hours|capacity", "time|tier|week|weeks|travel|trip|way|work"),
    "intent": ("intent", "signals?|interest"),
    "chance": ("chance|probability|likelihood|odds", "likely"),
    "worth": ("", "worth|together|lines|whitespace"),
    "lines": ("product lines|categories|whitespace", "lines|range"),
    "mix": ("", "category|mix|line|of it|of that|what it buys|makes up|share|most"),
    "staff": ("employees|staff|headcount", "people|store|size"),
    "expected": ("expected value", "expected"),
    "rhythm": ("", "apart|interval|every|between|rhythm|cycle|regular|exception|spread|within"),
    "due": ("", "due|next|expected"),
    "last": ("", "last|latest|since|ago|back|quiet|silent"),
    "quota": ("quota", "target"),
    "tier": ("", "tier"),
    "plan": ("", "plan|version|running|period"),
    "documents": ("", "documents?|notes?|filed"),
    "revenue": ("", "revenue"),
    "below": ("", "below|line|not reached|cut"),
    "play": ("", "plays?|plan|plans"),
    "bookings": ("bookings?|booked", ""),
    "attainment": ("attainment|attained", ""),
    "adherence": ("adherence", "followed|follows"),
    "meetings": ("", "meetings?|visits?|demos?"),
    "accounts": ("", "accounts?|family|rows?"),
    "winning": ("win rate|win rates", "won"),
    "relationships": ("", "relationships?"),
    "buyers": ("", "bought|buyers?"),
    "products": ("", "products?|on sale"),
    "overdue": ("overdue", "late"),
    "age": ("", "old|days"),
    "ramp": ("", "newcomer|ramp|at first"),
    "leaving": ("", "left|leaves|leaving|last day"),
    "joining": ("", "joined|joins|joining|first day"),
    "exception": ("", "exceptions?"),
    "stale": ("", "stale"),
    "spread": ("", "spread|apart|differ|differs"),
}
FAMILIES: Mapping[str, Family] = {
    name: Family(_words(strong), _words(weak)) for name, (strong, weak) in _WORDS_OF.items()
}
STRONG = re.compile(
    "|".join(rf"(?P<{name}>\b(?:{strong})\b)" for name, (strong, _) in _WORDS_OF.items() if strong),
    re.IGNORECASE,
)
"""Every strong word; the group that matched is its family."""


class Measure(NamedTuple):
    """The families a metric belongs to, the qualifier it needs, and those it tolerates."""

    families: tuple[str, ...]
    needs: str = ""
    admits: tuple[str, ...] = ()


_ORDER = ("order",)
MEASURES: Mapping[str, Measure] = {
    "net_spend_12m": Measure(("spend",)),
    "net_spend_prior_12m": Measure(("spend",), "year_before", ("previous",)),
    "spend_change_12m": Measure(("spend",), "", ("year_before",)),
    "orders_12m": Measure(_ORDER),
    "first_order_date": Measure(_ORDER, "first"),
    "last_order_date": Measure(_ORDER, "last"),
    "last_order_amount": Measure(_ORDER, "last"),
    "previous_order_amount": Measure(_ORDER, "previous"),
    "third_last_order_amount": Measure(_ORDER, "previous"),
    "last_order_change": Measure(_ORDER, "last", ("previous",)),
    "previous_order_change": Measure(_ORDER, "previous"),
    "order_interval_days": Measure((*_ORDER, "rhythm"), "interval"),
    "order_interval_spread_days": Measure(("rhythm",), "spread"),
    "next_order_due": Measure((*_ORDER, "due"), "next"),
    "days_since_order": Measure(_ORDER, "last"),
    "top_category_share": Measure(("mix",), "mix"),
    "product_lines_12m": Measure(("lines",)),
    "open_pipeline": Measure(("pipeline",)),
    "open_opportunities": Measure(("pipeline",)),
    "amount": Measure(("pipeline", "deal", "order")),
    "closes": Measure(("pipeline", "deal"), "closing"),
    "opened": Measure(("pipeline", "deal"), "opening"),
    "contacts": Measure(("contacts",)),
    "supportive_contacts": Measure(("contacts",)),
    "opposed_contacts": Measure(("contacts",)),
    "last_contact": Measure(("touch",)),
    "last_touch_date": Measure(("touch",)),
    "days_since_touch": Measure(("touch",)),
    "touches_90d": Measure(("touch",), "", ()),
    "intent_90d": Measure(("intent",)),
    "potential_p50": Measure(("potential",)),
    "potential_p75": Measure(("potential", "peer"), "upper"),
    "potential_p90": Measure(("potential", "peer"), "top"),
    "open_potential": Measure(("open",), "", ("upper",)),
    "alternative_open_potential": Measure(("open",)),
    "peer_count": Measure(("peer",), "", ("upper",)),
    "peer_p50": Measure(("peer",)),
    "peer_p75": Measure(("peer",), "", ("upper",)),
    "peer_share": Measure(("peer",)),
    "spend_to_p75": Measure(("spend", "peer", "potential"), "upper"),
    "score": Measure(("score",)),
    "score_base": Measure(("score",), "base"),
    "win_probability": Measure(("chance",)),
    "chance": Measure(("chance",)),
    "expected_value": Measure(("expected",)),
    "rank": Measure(("rank",)),
    "rank_of": Measure(("rank",)),
    "worth": Measure(("worth",)),
    "own_spend_12m": Measure(("spend",)),
    "sister_spend": Measure(("spend",)),
    "sister_p50": Measure(("spend",)),
    "whitespace_worth": Measure(("worth", "lines")),
    "whitespace_lines": Measure(("lines",), "whitespace"),
    "accounts_with_whitespace": Measure(("lines",), "whitespace"),
    "tier_hours": Measure(("hours",)),
    "selling_hours": Measure(("hours",)),
    "needed_hours": Measure(("hours",)),
    "travel_hours": Measure(("hours",)),
    "plan_hours": Measure(("hours",)),
    "plan_version": Measure(("plan",)),
    "plan_start": Measure(("plan",)),
    "plan_end": Measure(("plan",)),
    "load": Measure(("hours",)),
    "order_value_span": Measure((*_ORDER, "spend"), "", ("last",)),
    "order_value_prior_span": Measure((*_ORDER, "spend"), "year_before", ("previous", "last")),
    "order_value_change": Measure((*_ORDER, "spend"), "", ("year_before", "previous", "last")),
    "order_value_difference": Measure((*_ORDER, "spend"), "", ("year_before", "previous", "last")),
    "orders_span": Measure(_ORDER, "", ("last",)),
    "orders_prior_span": Measure(_ORDER, "year_before", ("previous", "last")),
    "deals_opened_span": Measure(("pipeline",), "opening"),
    "deals_opened_value_span": Measure(("pipeline", "deal"), "opening"),
    "deals_won_span": Measure(("pipeline",), "won"),
    "deals_won_value_span": Measure(("pipeline", "deal"), "won"),
    "deals_lost_span": Measure(("pipeline",), "lost"),
    "deals_lost_value_span": Measure(("pipeline", "deal"), "lost"),
    "line_value_span": Measure((*_ORDER, "spend", "lines"), "", ("last",)),
    "new_lines_span": Measure(("lines",), "new"),
    "touches_span": Measure(("touch",)),
    "touches_prior_span": Measure(("touch",), "year_before"),
    "documents_span": Measure(("documents",)),
    "quiet_contacts_span": Measure(("contacts",), "quiet"),
    "touch_every_days": Measure(("touch", "rhythm"), "interval"),
    "touch_hours": Measure(("hours", "touch")),
    "play_due": Measure(("play",), "next"),
    "play_hours": Measure(("hours", "play")),
    "revenue_moved": Measure(("revenue",), "", ("year_before",)),
    "revenue_moved_share": Measure(("revenue",), "", ("year_before",)),
    "cut_below": Measure(("below",)),
    "cut_hours_below": Measure(("hours",)),
    "week_selling_hours": Measure(("hours",)),
    "week_planned_hours": Measure(("hours",), "planned"),
    "week_free_hours": Measure(("hours",), "free"),
    "employees": Measure(("staff",)),
    "annual_revenue": Measure(("firm",)),
    "founded": Measure(("founded",)),
    "previous_potential_p50": Measure(("potential",), "earlier"),
    "potential_at_stake": Measure(("potential",)),
    "potential_of_accounts": Measure(("potential",)),
    "previous_potential_of_duplicates": Measure(("potential",)),
    "previous_open_pipeline": Measure(("pipeline",), "earlier"),
    "pipeline_moved": Measure(("pipeline",)),
    "previous_closes": Measure(("pipeline", "deal"), "closing"),
    "order_overdue_days": Measure(("overdue",)),
    "previous_spend_of_accounts": Measure(("spend",)),
    "spend_of_accounts": Measure(("spend",)),
    "accounts_owned": Measure(("accounts",)),
    "previous_accounts_owned": Measure(("accounts",)),
    "accounts_to_place": Measure(("accounts",)),
    "accounts_of_family": Measure(("accounts",)),
    "previous_accounts_of_family": Measure(("accounts",), "earlier"),
    "records_of_customer": Measure(("accounts",)),
    "previous_records_of_customer": Measure(("accounts",), "earlier"),
    "products_on_sale": Measure(("products",)),
    "previous_products_on_sale": Measure(("products",), "earlier"),
    "whitespace_of_line": Measure(("worth", "lines")),
    "stale_facts": Measure(("stale",)),
    "active_to": Measure(("leaving",)),
    "active_from": Measure(("joining",)),
    "least_adherence": Measure(("adherence",), "least"),
    "adherence": Measure(("adherence",)),
    "attainment_spread": Measure(("attainment", "spread")),
    "accounts_affected": Measure(("accounts",)),
    "bookings_missing": Measure(("bookings",), "gap"),
    "hours_affected": Measure(("hours",)),
    "relationships_affected": Measure(("relationships",)),
    "potential_affected": Measure(("potential",)),
    "pipeline_affected": Measure(("pipeline",)),
    "spend_affected": Measure(("spend",)),
    "open_potential_affected": Measure(("open",)),
    "open_potential_elsewhere": Measure(("open",)),
    "free_hours_elsewhere": Measure(("hours",), "free"),
    "newcomer_ramp": Measure(("ramp",)),
    "buyers_so_far": Measure(("buyers",)),
    "call_hours": Measure(("hours",)),
    "plan_hours_left": Measure(("hours",)),
    "touch_hours_planned": Measure(("hours",), "planned"),
    "touch_hours_found": Measure(("hours",)),
    "touch_hours_missed": Measure(("hours",)),
    "touches_read": Measure(("touch",)),
    "change_age_days": Measure(("age",)),
    "plays_planned": Measure(("play",), "planned"),
    "plays_done": Measure(("play",), "done"),
    "plays_late": Measure(("play",), "late"),
    "plays_dropped": Measure(("play",), "dropped"),
    "plays_open": Measure(("play",), "open"),
}
_QUARTER: Mapping[str, tuple[str, ...]] = {
    "touches": ("touch",),
    "meetings": ("meetings",),
    "demos": ("meetings",),
    "coverage_consistency": ("accounts",),
    "strategic_accounts": ("accounts",),
    "strategic_engagement": ("accounts",),
    "new_pipeline": ("pipeline",),
    "pipeline_coverage": ("pipeline",),
    "adherence": ("adherence",),
    "bookings": ("bookings",),
    "attainment": ("attainment",),
    "deal_size": ("pipeline", "deal"),
    "strategic_win_rate": ("winning",),
}
"""What a quarter is measured by; each measure has a plan, a part that is due, and an actual."""
_SIDES: Mapping[str, str] = {"plan": "planned", "due": "by_now", "actual": "", "gap": "gap"}

QUALIFIERS: Mapping[str, re.Pattern[str]] = {
    name: re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)
    for name, pattern in {
        "year_before": r"(?:the )?(?:year|months?|12) (?:before|prior|earlier)"
        r"|(?:prior|previous|preceding|earlier) (?:year|12 months|twelve months)|year earlier",
        "previous": r"order before|one before|previous order|previous one|prior order"
        r"|before that|before last|earlier order|before it",
        "last": r"(?:last|latest|newest|most recent) (?:order|one|time|of which|bought|buying)"
        r"|since|last ordered|ordered last|ago|the last (?:recovered|fell|rose|grew|was|dropped)",
        "first": r"first order(?:ed)?|customer since|since",
        "next": r"next|due|expected",
        "base": r"base",
        "closing": r"clos(?:e|es|ed|ing)|due|expected|by|before",
        "opening": r"opened|since|began|started",
        "interval": r"apart|interval|every|rhythm|cycle",
        "spread": r"spread|within|exception|vary|varies|variation",
        "upper": r"upper quart(?:er|ile)|top quarter|best quarter|(?:75th|seventy-fifth) percentile"
        r"|P75|quartile",
        "top": r"(?:90th|ninetieth) percentile|P90|top tenth",
        "mix": r"of it|of that|mix|what it buys|makes up|share|category",
        "won": r"won",
        "lost": r"lost",
        "new": r"first time|new|never before",
        "quiet": r"quiet|silent|not (?:been )?(?:met|heard|seen|spoken)",
        "planned": r"plans?|planned|promised|approved",
        "free": r"free|left|remain\w*|over",
        "earlier": r"before|earlier|was|were|had|instead of|used to",
        "least": r"least|at the least",
        "by_now": r"due|by now",
        "gap": r"gap|missing|short|less|more|below|above|over|not come",
        "done": r"done|carried out",
        "late": r"late",
        "dropped": r"dropped|given up",
        "open": r"open|left|still",
        "whitespace": r"whitespace|not (?:yet )?(?:bought|buy)|gaps?|could (?:buy|add)|open lines",
    }.items()
}
"""Words that tell measures of one family apart."""

EXCLUSIVE = ("year_before", "previous", "upper", "top")
"""Qualifiers that must belong to some cited measure when the words occur."""

UNSPOKEN = frozenset(
    {"published", "retrieved", "occurred", "observed", "updated", "said_on", "since"}
)
"""Metrics that need no word of their own: a date beside a name, a quotation or "since"."""

WINDOW = re.compile(
    r"\b(?:past|last|previous|prior|trailing|latest)\s+"
    r"(?P<span>week|fortnight|month|quarter|half[ -]year|year|decade)\b",
    re.IGNORECASE,
)
WINDOW_DAYS: Mapping[str, tuple[int, int]] = {
    "week": (7, 7),
    "fortnight": (14, 14),
    "month": (28, 31),
    "quarter": (89, 92),
    "half-year": (181, 184),
    "year": (364, 366),
    "decade": (3650, 3653),
}
"""Shortest and longest window, in days, that a word may name."""

EARLIER = re.compile(
    r"\b(?:before|prior|previous|earlier|preceding|formerly|last year|used to)\b",
    re.IGNORECASE,
)
"""Words that state that a figure is of an earlier time."""


def measure_of(metric: str) -> Measure | None:
    """Return what a metric is called, or None when the lexicon does not know it."""
    if metric.startswith("points:"):
        return Measure(("points",))
    stem, _, side = metric.rpartition("_")
    if stem in _QUARTER and side in _SIDES:
        return Measure(_QUARTER[stem], _SIDES[side])
    return MEASURES.get(metric)


def kin(metric: str) -> frozenset[str]:
    """Return the qualifiers that a metric needs or tolerates."""
    measure = measure_of(metric)
    return frozenset() if measure is None else frozenset({measure.needs, *measure.admits})
