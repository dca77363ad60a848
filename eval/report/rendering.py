"""A run as one HTML file that needs nothing: no script to be read, no request, no font."""

from __future__ import annotations

import re
from collections.abc import Sequence

from api.amounts import count
from api.scenario_report import UNSEEN
from eval.comparing import Comparison
from eval.dataset import Dataset
from eval.logs import Log, demand_fit
from eval.report import charts, words
from eval.report.cases import cases_of
from eval.report.families import families
from eval.report.heading import heading
from eval.report.listing import LARGEST_BYTES, listing
from eval.report.look import environment, script, styles, title_of
from eval.report.tables import metrics
from eval.report.usage import spent, took
from eval.score import Scorer
from eval.summary import Summary
from eval.task import FAMILIES


def render(
    dataset: Dataset,
    log: Log,
    summary: Summary,
    *,
    scorers: Sequence[Scorer],
    baseline: Log | None = None,
    comparison: Comparison | None = None,
    with_latency: bool = True,
    most: int = LARGEST_BYTES,
) -> str:
    """Write the report of a scored run.

    Parameters
    ----------
    dataset, log, summary
        The run: what was asked, what came and was scored, and `eval.summary.summarise` of it.
    scorers
        Where the questions, reasons and weights of the metrics stand.
    baseline
        Another scored log of the dataset; its answers are set beside these.
    comparison
        `eval.comparing.compare` of the baseline and this log, or of a kept baseline.
    with_latency
        Without it, two runs that answered alike give the same bytes.
    most
        Bytes that the cases may take; what is shortened says so.

    Raises
    ------
    LogOfAnotherDataset
        When a log's tasks are not those of the dataset.
    """
    for one in (log, baseline):
        if one is not None:
            demand_fit(one, dataset)
    critical = {scorer.name for scorer in scorers if scorer.critical}
    cases = cases_of(dataset, log, baseline)
    listed = listing(cases, critical=critical, most=most)
    timings = log.timings if with_latency else ()
    present = {case.task.family for case in cases}
    notes = [words.HOW_TO_READ]
    notes += [words.HOW_TO_READ_TRIALS] if summary.trials > 1 else []
    notes += [words.HOW_TO_READ_CHANGES] if comparison is not None else []
    written = (
        environment()
        .get_template("report.html")
        .render(
            styles=styles(),
            script=script(),
            head=heading(summary, log.run, log.scores, comparison, critical),
            compared=comparison is not None,
            trials=summary.trials,
            metrics=metrics(summary.whole, comparison, scorers),
            notes=notes,
            families=families(summary),
            spread=charts.spread([case.rubric for case in cases]),
            spent=spent(log.samples),
            took=took(timings, dataset.tasks),
            strip=charts.strip([one.seconds for one in timings]),
            cases=listed.html,
            cases_told=count(len(cases), "task"),
            cases_note=listed.note,
            present=[(key, title_of(key)) for key in FAMILIES if key in present],
            falls=any(case.mood == "worse" for case in cases),
            limits=words.LIMITS if dataset.manifest.seeds else (*words.LIMITS, words.OF_PEOPLE),
        )
    )
    return re.sub(r"(?<=\d) %", "\u00a0%", written.translate(UNSEEN))
