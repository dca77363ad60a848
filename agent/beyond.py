"""What lies beside an account: relatives that are no account yet, lines its sister sites buy."""

from __future__ import annotations

from agent.case import Case
from agent.context import PlanningContext
from agent.verifier.markup import is_plain
from domain.book import Book
from domain.errors import NotCitable
from domain.evidence import Evidence
from domain.plan import Claim

RELATIVE_METRICS = ("name", "source", "observed", "worth")
SITE_METRICS = ("line", "sister_spend", "worth")
EACH = 2


def beyond(context: PlanningContext, account_id: str) -> list[Evidence]:
    """Collect the two best relatives and site gaps of an account, as its owner sees them.

    A relative without source or date stays out. The market is looked at only where the
    account has relatives or a family: most have neither, and it takes a tenth of a second.
    """
    analyses, owner = context.analyses, context.book.owners[account_id]
    found: list[Evidence] = []
    if owner is None or not has_kin(context.book, account_id):
        return found
    market = analyses.market(owner)
    told = 0
    for entity in market.relatives_of(account_id):
        try:
            cells = [analyses.cite_all(entity, metric) for metric in RELATIVE_METRICS]
        except NotCitable:
            continue
        found += [item for cell in cells for item in cell]
        told += 1
        if told == EACH:
            break
    for entity in market.sites_of(account_id)[:EACH]:
        for metric in SITE_METRICS:
            found += analyses.cite_all(entity, metric)
    return found


def has_kin(book: Book, account_id: str) -> bool:
    """Say whether an account has a family in the book, or relatives that are no account."""
    companies = book.rows("market_companies").values()
    if any(row["parent_account_id"] == account_id for row in companies):
        return True
    accounts = book.rows("accounts")
    parents = {row["parent_id"] for row in accounts.values()}
    return isinstance(accounts[account_id]["parent_id"], str) or account_id in parents


def beside(case: Case) -> list[Claim]:
    """At most one sentence: the best relative that is no account, else the best line of a site."""
    relative = _best(case, "/relative:")
    if relative:
        name, worth, source, seen = (
            case.cell(metric, relative) for metric in ("name", "worth", "source", "observed")
        )
        if name and worth and source and seen and is_plain(name.value) and is_plain(source.value):
            return [
                case.claim(
                    "space.relative", "metric",
                    "{{name}} belongs to it and is no account yet, says {{source}}, {{seen}}: "
                    "worth about {{worth}} a year, as such companies go.",
                    name=(name, "name"), source=(source, "name"), seen=(seen, "date"),
                    worth=(worth, "money_short"),
                )
            ]  # fmt: skip
    site = _best(case, "/site:")
    if site:
        line, spend, worth = (
            case.cell(metric, site) for metric in ("line", "sister_spend", "worth")
        )
        if line and spend and worth:
            return [
                case.claim(
                    "space.site", "metric",
                    "Its sister sites spend {{spend}} a year on {{line}} and it does not: worth "
                    "about {{worth}} a year.",
                    line=(line, "name"), spend=(spend, "money_short"),
                    worth=(worth, "money_short"),
                )
            ]  # fmt: skip
    return []


def _best(case: Case, part: str) -> str | None:
    found = {
        item.entity
        for item in case.ledger.of_entity(case.subject)
        if part in item.entity and item.metric == "worth"
    }
    ranked = sorted(found, key=lambda entity: (-case.number("worth", entity), entity))
    return ranked[0] if ranked else None
