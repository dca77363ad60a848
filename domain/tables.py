"""The data model as data: every table of a book, its columns, keys, units and nulls.

`docs/data-model.md` is checked against this file, and the importer reads nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ColumnType = Literal["id", "text", "category", "money", "number", "integer", "date"]


@dataclass(frozen=True)
class Column:
    """One column. `nullable` columns may be blank; absent optional columns are all blank."""

    name: str
    type: ColumnType
    meaning: str
    unit: str = ""
    nullable: bool = True
    one_of: tuple[str, ...] = ()
    refers_to: str = ""


@dataclass(frozen=True)
class Table:
    """One table. `owner` says how a row finds the rep whose scope it falls under."""

    name: str
    key: str
    meaning: str
    columns: tuple[Column, ...]
    required: bool = False

    def column(self, name: str) -> Column:
        """Return the column called `name`; KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


def _id(name: str, meaning: str, refers_to: str = "", *, nullable: bool = False) -> Column:
    return Column(name, "id", meaning, nullable=nullable, refers_to=refers_to)


INFLUENCE = ("high", "medium", "low")
ATTITUDE = ("supportive", "neutral", "opposed")
CONTACT_ROLES = (
    "economic buyer",
    "purchasing",
    "technical evaluator",
    "user",
    "champion",
    "executive sponsor",
)
LEVELS = ("executive", "director", "manager", "staff")
STAGES = ("prospecting", "qualification", "proposal", "negotiation", "won", "lost")
ACTIVITY_KINDS = ("call", "email", "meeting", "visit", "demo")
DOCUMENT_KINDS = ("note", "call_summary", "email", "market", "competitive")
AUTHOR_CLASSES = ("internal", "customer", "external")
REP_FUNCTIONS = ("rep", "manager", "inside_sales", "solution_engineering", "customer_success")

TABLES: tuple[Table, ...] = (
    Table(
        "accounts",
        "account_id",
        "Companies that buy or could buy",
        (
            _id("account_id", "the CRM's id"),
            Column("name", "text", "name as written in the CRM", nullable=False),
            _id(
                "parent_id",
                "the account above it in its family; blank for a family's head",
                "accounts",
                nullable=True,
            ),
            _id("owner_id", "the one rep who owns it; blank for a prospect", "reps", nullable=True),
            _id("territory_id", "the territory it lies in", "territories", nullable=True),
            Column("industry", "category", "industry"),
            Column("segment", "category", "kind of business, as the company segments its market"),
            Column("product_focus", "category", "the product line it is known for"),
            Column("employees", "integer", "staff", "people"),
            Column("annual_revenue", "money", "the account's own revenue", "currency a year"),
            Column("founded", "integer", "year it opened", "year"),
            Column("country", "category", "ISO 3166 alpha-2 code"),
            Column("region", "category", "state or province"),
            Column("city", "text", "city"),
            Column("postal_code", "text", "postal code"),
            Column("latitude", "number", "north positive", "degrees"),
            Column("longitude", "number", "east positive", "degrees"),
            Column(
                "location_precision",
                "category",
                "how good the coordinates are",
                one_of=("city", "region centroid"),
            ),
            Column("time_zone", "category", "IANA name"),
            Column("language", "category", "language it is worked in, such as French"),
            Column("updated", "date", "when the CRM row was last edited"),
        ),
        required=True,
    ),
    Table(
        "contacts",
        "contact_id",
        "People at accounts",
        (
            _id("contact_id", "the CRM's id"),
            _id("account_id", "where they work", "accounts"),
            Column("name", "text", "full name", nullable=False),
            Column("title", "text", "job title"),
            Column("role", "category", "part in a purchase", one_of=CONTACT_ROLES),
            Column(
                "level", "category", "seniority; director and above count as access", one_of=LEVELS
            ),
            Column("influence", "category", "weight in a purchase", one_of=INFLUENCE),
            Column("attitude", "category", "stance towards us; blank is unknown", one_of=ATTITUDE),
            Column("last_contact", "date", "last two-way contact; blank means not met"),
        ),
    ),
    Table(
        "reps",
        "rep_id",
        "Our people who work accounts or support those who do",
        (
            _id("rep_id", "the CRM's user id"),
            Column("name", "text", "full name", nullable=False),
            Column("function", "category", "what they do", nullable=False, one_of=REP_FUNCTIONS),
            _id("manager_id", "whom they report to", "reps", nullable=True),
            Column("team", "category", "team name"),
            Column("base_city", "text", "where trips start"),
            Column("base_latitude", "number", "north positive", "degrees"),
            Column("base_longitude", "number", "east positive", "degrees"),
            Column("time_zone", "category", "IANA name"),
            Column(
                "selling_hours_week",
                "number",
                "hours a week for accounts, after internal work; blank takes the coverage model's",
                "hours a week",
            ),
            Column("active_from", "date", "first working day"),
            Column("active_to", "date", "last working day; blank while employed"),
            Column("languages", "text", "languages spoken, separated by `;`; blank is any"),
            Column(
                "segments", "text", "kinds of business worked, separated by `;`; blank is every one"
            ),
            Column("industries", "text", "industries worked, separated by `;`; blank is every one"),
        ),
        required=True,
    ),
    Table(
        "leave",
        "leave_id",
        "Days a rep does not work",
        (
            _id("leave_id", "id"),
            _id("rep_id", "whose", "reps"),
            Column("starts", "date", "first day off", nullable=False),
            Column("ends", "date", "last day off", nullable=False),
            Column("reason", "category", "why"),
        ),
    ),
    Table(
        "quotas",
        "quota_id",
        "Targets by rep and period",
        (
            _id("quota_id", "id"),
            _id("rep_id", "whose", "reps"),
            Column("starts", "date", "first day", nullable=False),
            Column("ends", "date", "last day", nullable=False),
            Column("amount", "money", "target", "currency", nullable=False),
        ),
    ),
    Table(
        "territories",
        "territory_id",
        "Sales territories",
        (
            _id("territory_id", "id"),
            Column("name", "text", "name", nullable=False),
            Column("country", "text", "country or group of countries"),
            Column("group", "category", "group of territories"),
        ),
    ),
    Table(
        "products",
        "product_id",
        "What we sell",
        (
            _id("product_id", "id"),
            Column("name", "text", "name", nullable=False),
            Column("category", "category", "family of product lines"),
            Column("subcategory", "category", "product line: the level whitespace is told at"),
            Column("list_price", "money", "list price", "currency each"),
            Column("live_from", "date", "first day on sale"),
            Column("live_to", "date", "last day on sale; blank while live"),
        ),
    ),
    Table(
        "orders",
        "order_line_id",
        "Order lines",
        (
            _id("order_line_id", "id of the line"),
            _id("order_id", "id of the order"),
            _id("account_id", "who bought", "accounts"),
            _id("rep_id", "who sold", "reps", nullable=True),
            _id("product_id", "what", "products"),
            Column("ordered", "date", "order date", nullable=False),
            Column(
                "quantity", "integer", "pieces; negative for a return", "pieces", nullable=False
            ),
            Column(
                "amount", "money", "net amount; negative for a return", "currency", nullable=False
            ),
        ),
    ),
    Table(
        "opportunities",
        "opportunity_id",
        "Deals, open and closed",
        (
            _id("opportunity_id", "the CRM's id"),
            _id("account_id", "with whom", "accounts"),
            _id("owner_id", "whose", "reps", nullable=True),
            Column("name", "text", "name", nullable=False),
            Column("stage", "category", "stage", nullable=False, one_of=STAGES),
            Column("amount", "money", "expected amount", "currency"),
            Column("opened", "date", "when it was opened"),
            Column("closes", "date", "expected or actual close"),
        ),
    ),
    Table(
        "activities",
        "activity_id",
        "Touches that happened",
        (
            _id("activity_id", "the CRM's id"),
            _id("account_id", "with whom", "accounts"),
            _id("contact_id", "person met", "contacts", nullable=True),
            _id("rep_id", "who did it", "reps", nullable=True),
            Column("kind", "category", "kind of touch", nullable=False, one_of=ACTIVITY_KINDS),
            Column("occurred", "date", "day", nullable=False),
            Column("minutes", "integer", "duration", "minutes"),
            Column("subject", "text", "subject line"),
        ),
    ),
    Table(
        "intent_signals",
        "signal_id",
        "Signs of interest from outside",
        (
            _id("signal_id", "id"),
            _id("account_id", "whose", "accounts"),
            Column("topic", "category", "what about"),
            Column("strength", "integer", "1 weak, 2 clear, 3 strong", "level", nullable=False),
            Column("observed", "date", "day seen", nullable=False),
            Column("source", "text", "who observed it"),
        ),
    ),
    Table(
        "documents",
        "document_id",
        "Notes, call summaries, e-mails, market and competitive intelligence",
        (
            _id("document_id", "id"),
            _id(
                "account_id",
                "about which account; blank when about a segment",
                "accounts",
                nullable=True,
            ),
            Column("segment", "category", "about which segment; blank when about an account"),
            Column("kind", "category", "kind", nullable=False, one_of=DOCUMENT_KINDS),
            Column("title", "text", "title", nullable=False),
            Column("author", "text", "who wrote it"),
            Column(
                "author_class",
                "category",
                "how close the author is",
                nullable=False,
                one_of=AUTHOR_CLASSES,
            ),
            Column("publisher", "text", "who published it; needed for competitive intelligence"),
            Column("uri", "text", "where it can be found; needed for competitive intelligence"),
            Column("published", "date", "date of the content; needed for competitive intelligence"),
            Column("retrieved", "date", "when it was fetched"),
            Column("text", "text", "the whole text", nullable=False),
        ),
    ),
    Table(
        "market_companies",
        "company_id",
        "Companies known from market data that are no account yet",
        (
            _id("company_id", "the source's id"),
            Column("name", "text", "name", nullable=False),
            _id(
                "parent_account_id",
                "the account whose subsidiary or branch it is; blank where none is known",
                "accounts",
                nullable=True,
            ),
            Column("industry", "category", "industry"),
            Column("segment", "category", "kind of business, as the company segments its market"),
            Column("employees", "integer", "staff", "people"),
            Column("annual_revenue", "money", "the company's own revenue", "currency a year"),
            Column("country", "category", "ISO 3166 alpha-2 code"),
            Column("region", "category", "state or province"),
            Column("city", "text", "city"),
            Column("source", "text", "who says so; needed where a plan is to name it"),
            Column("uri", "text", "where it can be found"),
            Column("observed", "date", "day it was seen; needed where a plan is to name it"),
        ),
    ),
)

LATER = frozenset({"market_companies"})
"""Tables that books were kept without; such a book reads as one whose export lacks them."""

TABLE_BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}
