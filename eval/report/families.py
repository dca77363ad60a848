"""The rubric by family of tasks, open and closed wordings apart."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from eval.report import charts
from eval.report.look import title_of
from eval.report.tables import between, hundredths
from eval.summary import Slice, Summary
from eval.task import FAMILIES


@dataclass(frozen=True)
class FamilyCells:
    """Tasks of one kind of wording; `label` names it."""

    label: str
    plot: Markup
    value: str
    interval: str
    tasks: str


@dataclass(frozen=True)
class FamilyRows:
    """A family with a row for each kind of wording in it."""

    title: str
    about: str
    rows: tuple[FamilyCells, ...]


def families(summary: Summary) -> list[FamilyRows]:
    """Write all tasks first, then each family of the dataset in the published order.

    Where all wordings of a family are known to be open or closed, those two rows stand for it.
    """
    slices = {(one.family, one.wording): one for one in summary.slices}
    found = []
    for family in (None, *FAMILIES):
        whole = slices.get((family, None))
        if whole is None:
            continue
        worded = [
            (label, slices[family, label])
            for label in ("open", "closed")
            if (family, label) in slices
        ]
        apart = sum(one.tasks for _, one in worded)
        rows = worded if apart == whole.tasks else [("all", whole), *worded]
        found.append(
            FamilyRows(
                title="All tasks" if family is None else title_of(family),
                about="" if family is None else FAMILIES[family],
                rows=tuple(_cells(label, one) for label, one in rows),
            )
        )
    return found


def _cells(label: str, one: Slice) -> FamilyCells:
    mean = one.rubric.mean
    return FamilyCells(
        label=label,
        plot=charts.interval(
            None if mean.value is None else mean.value / 100,
            mean.low / 100,
            mean.high / 100,
            series="hollow" if label == "closed" else "whole" if label == "all" else "",
        ),
        value=hundredths(mean.value),
        interval=between(mean),
        tasks=f"{one.tasks:,}",
    )
