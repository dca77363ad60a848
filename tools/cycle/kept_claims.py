"""Which claims of approved plans go on: objectives, advice, milestones, and what they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from domain.cycle_version import CycleVersion
from domain.evidence import Evidence, Ledger
from domain.plan import Claim, PlanVersion
from domain.territory_plan import TerritoryPlanContent

OBJECTIVE, ADVICE, MILESTONE, FACT = range(4)
Claims = Mapping[str, Claim]
_Version = TypeVar("_Version", PlanVersion, CycleVersion)


@dataclass(frozen=True)
class KeptClaim:
    """A claim with the plan it is of and what it weighs: 0 an objective, 3 a fact.

    `facts` is the evidence that it and its premises cite. `account_id` is empty for a claim
    of a territory plan.
    """

    claim: Claim
    weight: int
    plan_id: str
    version: int
    account_id: str
    said_on: date
    currency: str
    ledger: Ledger
    facts: tuple[Evidence, ...]

    @property
    def key(self) -> str:
        """Names the claim among those of all plans."""
        return f"carried.{self.plan_id}.{self.claim.key}"


def kept_claims(
    plans: Sequence[PlanVersion],
    territory_plans: Sequence[CycleVersion],
    ledgers: Mapping[str, Ledger],
) -> tuple[list[KeptClaim], int]:
    """List the claims that go on, and count the plans whose ledger is missing."""
    found: list[KeptClaim] = []
    untold = 0
    for plan in _newest(plans):
        ledger = ledgers.get(plan.content.ledger_root) or ledgers.get(plan.plan_id)
        if ledger is None:
            untold += 1
            continue
        every = {claim.key: claim for _, claim in plan.content.draft.claims()}
        weights = dict(_of_account_plan(plan))
        found += _kept(plan, plan.content.account_id, every, weights, ledger)
    for version in _newest(territory_plans):
        if not isinstance(version.content, TerritoryPlanContent):
            continue
        ledger = ledgers.get(version.content.ledger_root) or ledgers.get(version.plan_id)
        if ledger is None:
            untold += 1
            continue
        every = {item.claim.key: item.claim for item in version.content.report.sentences}
        weights = {key: ADVICE for key, claim in every.items() if claim.kind == "recommendation"}
        found += _kept(version, "", every, weights, ledger)
    return found, untold


def _newest(versions: Sequence[_Version]) -> list[_Version]:
    ordered = sorted(versions, key=lambda item: (item.plan_id, item.version))
    return list({version.plan_id: version for version in ordered}.values())


def _kept(
    plan: PlanVersion | CycleVersion,
    account: str,
    every: Claims,
    weights: Mapping[str, int],
    ledger: Ledger,
) -> Iterator[KeptClaim]:
    weighed = dict(weights)
    for key in weights:
        for premise in _premises(every[key], every):
            if every[premise].kind in ("fact", "quote", "metric"):
                weighed.setdefault(premise, FACT)
    for key, weight in weighed.items():
        cited = [key, *_premises(every[key], every)]
        yield KeptClaim(
            claim=every[key],
            weight=weight,
            plan_id=plan.plan_id,
            version=plan.version,
            account_id=account,
            said_on=plan.content.as_of,
            currency=plan.content.currency,
            ledger=ledger,
            facts=tuple(_facts((every[name] for name in cited), ledger)),
        )


def _of_account_plan(plan: PlanVersion) -> Iterator[tuple[str, int]]:
    draft = plan.content.draft
    weights: dict[str, int] = {draft.objective.key: OBJECTIVE}
    for play in draft.plays:
        weights.setdefault(play.what.key, ADVICE)
    for _, claim in draft.claims():
        if claim.kind == "recommendation":
            weights.setdefault(claim.key, ADVICE)
    for milestone in draft.milestones:
        weights.setdefault(milestone.what.key, MILESTONE)
    for claim in draft.success:
        weights.setdefault(claim.key, MILESTONE)
    yield from weights.items()


def _premises(claim: Claim, every: Mapping[str, Claim]) -> list[str]:
    """Keys of the claims that one rests on, through others too, in order of appearance."""
    found: list[str] = []
    waiting = list(claim.premises)
    while waiting:
        key = waiting.pop(0)
        if key in found or key == claim.key or key not in every:
            continue
        found.append(key)
        waiting += every[key].premises
    return found


def _facts(claims: Iterable[Claim], ledger: Ledger) -> Iterator[Evidence]:
    ids: dict[str, None] = {}
    for claim in claims:
        ids |= dict.fromkeys(slot.evidence_id for slot in claim.slots)
        ids |= dict.fromkeys(citation.evidence_id for citation in claim.citations)
    for key in ids:
        item = ledger.entries.get(key)
        if item is not None:
            yield item
