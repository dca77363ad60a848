"""The six figures of a scenario in sentences and a table, never rolled into one."""

from __future__ import annotations

from agent.chat.context import ScenarioRow
from agent.chat.tools.pieces import cell_of
from agent.claims import Filled, claim
from domain.chat import AnswerTable, TableCell
from domain.evidence import Evidence
from domain.plan import Claim, SlotFormat

_BOTH: tuple[tuple[str, str, SlotFormat], ...] = (
    ("Spread of potential between reps", "spread_potential", "percent"),
    ("Spread of workload between reps", "spread_workload", "percent"),
    ("Heaviest week, travel included", "heaviest_week", "hours"),
)
_AFTER: tuple[tuple[str, str, SlotFormat], ...] = (
    ("Accounts moved", "accounts_moved", "number"),
    ("Share of accounts moved", "accounts_moved_share", "percent"),
    ("Revenue changing hands", "revenue_moved", "money"),
    ("Share of revenue", "revenue_moved_share", "percent"),
    ("Long relationships kept", "relationships_kept", "number"),
    ("Long relationships", "relationships", "number"),
)


class ScenarioWords:
    """Writes the figures of one scenario from its cells."""

    def __init__(self, row: ScenarioRow) -> None:
        self._subject = f"scenario:{row.scenario_id}"
        self._today = f"{self._subject}/design:0"
        designs = dict.fromkeys(cell.entity for cell in row.cells)
        # Where today is what is proposed there is no other design.
        self._design = next((one for one in designs if one != self._today), self._today)
        self._cells = {(cell.entity, cell.metric): cell for cell in row.cells}

    def claims(self) -> list[Claim]:
        """Opportunity, workload, then disruption; empty where there are no figures."""
        found = [
            self._both("potential", "Spread of potential between reps", "spread_potential"),
            self._both("workload", "Spread of workload between reps", "spread_workload"),
            self._both("week", "Heaviest week with travel", "heaviest_week"),
            self._moved(),
            self._revenue(),
            self._kept(),
        ]
        return [item for item in found if item is not None]

    def table(self) -> AnswerTable | None:
        """One row a figure; None where there are none."""
        today, design = self._of(self._today, "label"), self._of(self._design, "label")
        if today is None or design is None:
            return None
        rows = [
            (
                TableCell(text=name),
                cell_of(self._of(self._today, metric), form),
                cell_of(self._of(self._design, metric), form),
            )
            for name, metric, form in _BOTH
        ]
        rows += [
            (
                TableCell(text=name),
                TableCell(text=""),
                cell_of(self._of(self._design, metric), form),
            )
            for name, metric, form in _AFTER
        ]
        head = (TableCell(text=""), cell_of(today, "text"), cell_of(design, "text"))
        return AnswerTable(
            title="The six figures and their parts",
            columns=("Figure", "Today", "Proposed"),
            rows=(head, *rows),
        )

    def _of(self, entity: str, metric: str) -> Evidence | None:
        return self._cells.get((entity, metric))

    def _slots(self, **wanted: tuple[str, str, SlotFormat]) -> dict[str, Filled] | None:
        found = {
            name: (self._of(entity, metric), form)
            for name, (entity, metric, form) in wanted.items()
        }
        filled = {name: (cell, form) for name, (cell, form) in found.items() if cell is not None}
        return filled if len(filled) == len(found) else None

    def _written(self, key: str, text: str, slots: dict[str, Filled] | None) -> Claim | None:
        return None if slots is None else claim(key, "metric", self._subject, text, slots=slots)

    def _both(self, key: str, words: str, metric: str) -> Claim | None:
        form = next(form for _, name, form in _BOTH if name == metric)
        slots = self._slots(
            today=(self._today, "label", "text"), before=(self._today, metric, form),
            design=(self._design, "label", "text"), after=(self._design, metric, form),
        )  # fmt: skip
        text = f"{words}: {{{{today}}}} {{{{before}}}}, under {{{{design}}}} {{{{after}}}}."
        return self._written(f"scenario.{key}", text, slots)

    def _moved(self) -> Claim | None:
        slots = self._slots(
            design=(self._design, "label", "text"),
            moved=(self._design, "accounts_moved", "number"),
            share=(self._design, "accounts_moved_share", "percent"),
        )
        text = "{{design}}: {{moved}} accounts would be moved, {{share}} of all."
        return self._written("scenario.moved", text, slots)

    def _revenue(self) -> Claim | None:
        slots = self._slots(
            design=(self._design, "label", "text"),
            revenue=(self._design, "revenue_moved", "money_short"),
            share=(self._design, "revenue_moved_share", "percent"),
        )
        text = (
            "{{design}}: revenue of {{revenue}} in the year before would change hands, {{share}} "
            "of the revenue of the year before."
        )
        return self._written("scenario.revenue", text, slots)

    def _kept(self) -> Claim | None:
        slots = self._slots(
            design=(self._design, "label", "text"),
            kept=(self._design, "relationships_kept", "number"),
            long=(self._design, "relationships", "number"),
        )
        text = "{{design}}: {{kept}} of {{long}} long relationships would be kept."
        return self._written("scenario.kept", text, slots)
