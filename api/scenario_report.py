"""A design as one HTML file that a manager understands in two minutes.

The file needs nothing: no script, no request, no font. It follows the reader's light or
dark theme and prints on A4. It is analysis, never an assignment, and says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from markupsafe import Markup

from api import scenario_words as words
from api.amounts import count
from api.balance_charts import Targets, frontier_chart, frontier_table, six_figures
from api.map_places import Place
from api.page_look import STATIC, environment
from api.scenario_report_parts import ReportParts, drawn
from domain.assignment import Feedback, Frontier, MostMoves, MoveChoice, ScenarioStatus
from domain.errors import NotFound
from domain.territory_rules import TerritoryRules

if TYPE_CHECKING:
    import pandas as pd

    from tools.territory.before_after import BeforeAfter

_SHOWN_MOVES = 15
UNSEEN = dict.fromkeys(
    [*range(9), 11, 12, *range(14, 32), *range(127, 160), 0x200E, 0x200F,
     *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)  # fmt: skip
"""Control characters and those that turn the reading direction: no name needs them."""

_STYLES = ("tokens.css", "territory-charts.css", "scenario-report.css")


@dataclass(frozen=True)
class Heading:
    """What the record knows of a scenario; all of it is shown as text."""

    title: str
    trigger: str = ""
    status: ScenarioStatus = "draft"
    scenario_id: str = ""
    version: int | None = None
    made_on: date | None = None


def html(
    frontier: Frontier,
    point: int,
    *,
    accounts: pd.DataFrame | Sequence[Place],
    heading: Heading,
    before_after: BeforeAfter | None = None,
    names: Mapping[str, str] | None = None,
    targets: Targets | None = None,
    choices: Sequence[MoveChoice] = (),
    feedback: Sequence[Feedback] = (),
) -> str:
    """Write the report of one design.

    Parameters
    ----------
    frontier
        The row of designs; its first one is the present assignment.
    point
        Index of the design.
    accounts
        `Case.accounts`, or places. Of the table, `owner_id`, `city` and `tier` are used
        where present. Accounts that no design holds may be left out.
    heading
        Title, trigger, status, id and version.
    before_after
        The team's figures under both, when worked out; the section is left out otherwise.
    names
        Names of people by id, for owners outside the scenario's reps.
    targets
        What the figures are held against (`targets_of`); the default rules when None.
    choices, feedback
        What people said of single moves so far.

    Raises
    ------
    NotFound
        When the frontier has no design of that index.
    """
    if not 0 <= point < len(frontier.points):
        raise NotFound(
            f"There is no design {point}: this scenario has designs 0 to "
            f"{len(frontier.points) - 1}.",
            hint="List them with `cadastre scenario frontier`.",
        )
    targets = targets or targets_of(frontier)
    page = ReportParts(frontier, frontier.points[point], accounts, names or {})
    template = environment().get_template("scenario_report.html")
    written = template.render(
        heading=heading,
        frontier=frontier,
        point=page.point,
        styles=Markup("\n".join(_style(name) for name in _STYLES)),  # noqa: S704
        figures=drawn(
            six_figures(page.point, frontier.points[0], frontier.currency, targets)
        ),
        verdict=words.verdict(frontier, page.point),
        next_step=words.next_step(frontier, page.point),
        chart=drawn(
            frontier_chart(
                frontier.points, point, frontier.suggested, frontier.knee,
                targets.spread,
            )
        ),
        chart_table=drawn(frontier_table(frontier.points, point, frontier.suggested)),
        maps=page.maps(),
        map_table=page.map_table(),
        legend=[Markup(mark.chip()) + f" {mark.name}" for mark in page.marks.values()],  # noqa: S704
        bars=page.bars(),
        bars_table=page.bars_table(),
        moves=page.moves(choices, feedback),
        listed_moves=words.listed_moves(page.point),
        shown_moves=_SHOWN_MOVES,
        people=page.people(),
        rules=words.rules(frontier, page.point, page.account_names, page.rep_names),
        limits=words.limits(frontier, page.account_names, page.rep_names),
        certainty=words.certainty(page.point),
        compared=words.compared(before_after) if before_after is not None else [],
        territories=words.territories(before_after) if before_after is not None else [],
        before_after=before_after,
        decided=words.decided(page.point, choices, feedback),
        method=words.method(frontier),
        total=page.total(),
        count=count,
    )  # fmt: skip
    return re.sub(r"(?<=\d) %", "\u00a0%", written.translate(UNSEEN))


def targets_of(frontier: Frontier, rules: TerritoryRules | None = None) -> Targets:
    """Return what a design is held against: the coverage model, and the limits of its row."""
    rules = rules or TerritoryRules()
    limits = [item for item in frontier.constraints if isinstance(item, MostMoves)]
    shares = [rules.most_moves_share, *(item.accounts_share for item in limits)]
    return Targets(
        spread=rules.spread_target,
        moved_share=min((share for share in shares if share is not None), default=None),
        moved=min((item.accounts for item in limits if item.accounts is not None), default=None),
        long_years=rules.long_relationship_years,
    )


def _style(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")
