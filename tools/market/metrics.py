"""How the market's cells are cited: unit, window and arithmetic of each."""

from __future__ import annotations

from collections.abc import Mapping

from tools.cells import Arithmetic, Metric

RECORD_METRICS: Mapping[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("name", "name"),
        Metric("segment", "name"),
        Metric("industry", "name"),
        Metric("city", "name"),
        Metric("employees", "count"),
        Metric("annual_revenue", "money"),
        Metric("source", "name"),
        Metric("observed", "date"),
    )
}
RELATIVE_METRICS: Mapping[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("chance", "share"),
        Metric("potential", "money"),
        Metric("worth", "money", arithmetic=Arithmetic("analysis", ("chance", "potential"))),
    )
}
SITE_METRICS: Mapping[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("line", "name"),
        Metric("sisters", "count", "year"),
        Metric("sister_spend", "money", "year"),
        Metric("sister_p50", "money", "year"),
        Metric("own_spend_12m", "money", "year"),
        Metric("chance", "share"),
        Metric(
            "worth",
            "money",
            arithmetic=Arithmetic("analysis", ("chance", "sister_p50", "own_spend_12m")),
        ),
    )
}
SEGMENT_METRICS: Mapping[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("companies", "count"),
        Metric("owned", "count"),
        Metric("customers", "count", "year"),
        Metric("owned_share", "share", arithmetic=Arithmetic("share", ("owned", "companies"))),
        Metric(
            "reached_share", "share", arithmetic=Arithmetic("share", ("customers", "companies"))
        ),
        Metric("reached_low", "share"),
        Metric("reached_high", "share"),
        Metric("spend", "money", "year"),
        Metric("potential", "money"),
        Metric("spend_share", "ratio", arithmetic=Arithmetic("ratio", ("spend", "potential"))),
        Metric("unreached_potential", "money"),
        Metric("expected", "money"),
    )
}
