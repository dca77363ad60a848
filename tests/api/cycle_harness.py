"""The pages of territory plans and reviews without a server: drawn from views made by hand."""

from __future__ import annotations

from agent.cycle.review_view import review_view
from agent.cycle.territory_view import territory_view
from agent.cycle.view import ReviewView, TerritoryView
from api.cycle_page import Reader, printed, review_page, stamp_of, territory_page
from api.page_look import draw
from tests.api.cycle_samples import review_sample, territory_sample, version_of
from tests.api.page_harness import frame, request


def a_territory(*, customer: str | None = None, **changes: object) -> TerritoryView:
    """The view of the hand-made territory plan."""
    content, ledger = territory_sample(customer=customer)
    return territory_view(version_of(content, **changes), ledger, newest_version=1)


def a_review(**changes: object) -> ReviewView:
    """The view of the hand-made review."""
    content, ledger = review_sample()
    return review_view(version_of(content, **changes), ledger, newest_version=1)


def territory_html(view: TerritoryView, mode="plan", theme=None, **reader: object) -> str:
    """Return the page of a territory plan, as a manager sees it unless told otherwise."""
    may = Reader(**{"may_decide": True, "may_draft": True, **reader})
    shown = {**frame(), **territory_page(view, may, mode)}
    return draw(request(theme), "territory_plan.html", shown).body.decode()


def review_html(view: ReviewView, theme=None, **reader: object) -> str:
    """Return the page of a review, as a manager sees it unless told otherwise."""
    may = Reader(**{"may_decide": True, "may_draft": True, **reader})
    return draw(
        request(theme), "review_page.html", {**frame(), **review_page(view, may)}
    ).body.decode()


def paper_html(view: TerritoryView | ReviewView) -> str:
    """Return the print page of either."""
    numbers, listed = printed(view)
    page = (
        territory_page(view, Reader())
        if isinstance(view, TerritoryView)
        else review_page(view, Reader())
    )
    shown = {**page, "numbers": numbers, "listed": listed, "stamp": stamp_of(view)}
    return draw(request(), "cycle_print.html", shown).body.decode()
