"""The sentences of notes that are in a ledger but may not be used."""

from __future__ import annotations

from datetime import date

from agent.screening import screen
from domain.coverage import CoverageModel
from domain.evidence import DocumentSource, Ledger


def left_out(
    ledger: Ledger, account_id: str, coverage: CoverageModel, *, as_of: date
) -> frozenset[str]:
    """Return the ids of the sentences that screening keeps out of a plan.

    No model is shown them, and no claim may cite them: what the page lists as left out
    is not on the page. Sentences that contradict each other are not left out; they are
    told together.
    """
    screened = screen(ledger, account_id, coverage, as_of=as_of)
    usable = {item.id for item in screened.usable}
    usable |= {item.id for pair in screened.conflicts for item in pair}
    return frozenset(
        item.id
        for item in ledger.entries.values()
        if isinstance(item.source, DocumentSource)
        and item.metric == "sentence"
        and item.id not in usable
    )
