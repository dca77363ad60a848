"""Seeded faults planted in a good draft: would the verifier notice?

Every mutant differs from the good plan in one claim, in a way that makes it wrong, and
says what is wrong. A mutant is caught when the claim it touched is struck, flagged or
blocked; where the fault is an id or a quotation it must be struck.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from agent.verifier.check import check_plan
from agent.verifier.rewriting import rewrite
from domain.coverage import CoverageModel
from domain.evidence import Ledger
from domain.period import Period
from domain.plan import AccountPlanDraft, Claim
from domain.principal import Principal
from eval.adversaries.faults import MAKERS, Fault, Maker

MUST_STRIKE = frozenset({"quote", "offset", "wrong document", "foreign id"})
"""Kinds that no flag excuses: ids and quotations."""


@dataclass(frozen=True)
class Mutant:
    """One planted fault: its kind, the claim it is in, and what is wrong."""

    kind: str
    key: str
    draft: AccountPlanDraft
    ledger: Ledger
    wrong: str


def mutate(draft: AccountPlanDraft, ledger: Ledger, seed: int, n: int) -> list[Mutant]:
    """Plant `n` faults, kinds in turn, chosen by `seed` alone.

    Parameters
    ----------
    draft, ledger
        A plan in which the verifier finds nothing.
    seed
        Decides which claim, which way and which words.
    n
        Number of mutants; with fifteen kinds, 300 gives twenty of each. A kind for which
        the draft offers no place is skipped.

    Returns
    -------
    list of Mutant
        The same for the same arguments, on every machine.
    """
    rng = random.Random(seed)  # noqa: S311 - reproducible faults, no secret
    claims = list({claim.key: claim for _, claim in draft.claims()}.values())
    mutants: list[Mutant] = []
    kinds = list(MAKERS)
    while len(mutants) < n and kinds:
        for kind in list(kinds):
            fault = _plant(MAKERS[kind], claims, ledger, rng)
            if fault is None:
                kinds.remove(kind)
            elif len(mutants) < n:
                mutants.append(_mutant(kind, fault, draft, ledger))
    return mutants


def caught(
    mutant: Mutant,
    reader: Principal,
    coverage: CoverageModel,
    *,
    as_of: date,
    period: Period,
    currency: str,
) -> bool:
    """Say whether the verifier catches a mutant; ids and quotations must be struck."""
    report = check_plan(
        mutant.draft,
        mutant.ledger,
        reader,
        coverage,
        as_of=as_of,
        period=period,
        currency=currency,
    )
    result = report.result(mutant.key)
    assert result is not None
    if mutant.kind in MUST_STRIKE:
        return result.outcome == "struck"
    blocked = any(blocker.claim == mutant.key for blocker in report.blockers)
    return result.outcome in ("struck", "flagged") or blocked


def _plant(
    maker: Maker, claims: Sequence[Claim], ledger: Ledger, rng: random.Random
) -> Fault | None:
    order = list(claims)
    rng.shuffle(order)
    for claim in order:
        faults = list(maker(claim, ledger, rng))
        if faults:
            return rng.choice(faults)
    return None


def _mutant(kind: str, fault: Fault, draft: AccountPlanDraft, ledger: Ledger) -> Mutant:
    key = fault.claim.key
    mutated = rewrite(draft, lambda claim: fault.claim if claim.key == key else claim)
    if fault.facts:
        ledger = Ledger.of(
            [*ledger.entries.values(), *fault.facts], ledger.texts, ledger.vocabulary
        )
    return Mutant(kind, key, mutated, ledger, fault.wrong)
