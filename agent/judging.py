"""The verifier applied to one draft: repair, strike until nothing is left to strike.

Striking a claim can leave a recommendation without the premise it rested on, so the
report is taken again after every strike until it holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from agent.context import PlanningContext
from agent.left_out import left_out
from agent.screening import screen
from agent.verifier.check import check_plan
from agent.verifier.repair import repair
from agent.verifier.strike import strike
from domain.coverage import CoverageModel
from domain.errors import Broken
from domain.evidence import Ledger
from domain.period import Period
from domain.plan import AccountPlanDraft, Claim, ClaimResult, Finding, Omission, Report
from domain.principal import Principal, Scope
from domain.record import Record


class Repairs(Record):
    """What was mended, by claim key."""

    by_claim: dict[str, list[Finding]]


@dataclass(frozen=True)
class Judge:
    """The rules of one run: its ledger, the reader they are applied for, and its dates.

    `screened` is False for a person's edit: what they left standing was screened before.
    """

    ledger: Ledger
    reader: Principal
    coverage: CoverageModel
    account_id: str
    as_of: date
    period: Period
    currency: str
    screened: bool = True

    def report(self, draft: AccountPlanDraft, repairs: Repairs | None = None) -> Report:
        """Return the verifier's word on `draft` as it stands."""
        report = check_plan(
            draft,
            self.ledger,
            self.reader,
            self.coverage,
            as_of=self.as_of,
            period=self.period,
            currency=self.currency,
            repairs=repairs.by_claim if repairs else None,
        )
        if not self._left_out:
            return report
        # `claims` begins with one result per claim, in the order of `draft.claims()`.
        cited = [_cited(claim) for _, claim in draft.claims()]
        cited += [frozenset()] * (len(report.claims) - len(cited))
        return report.model_copy(
            update={
                "claims": tuple(
                    _struck(result) if ids & self._left_out else result
                    for result, ids in zip(report.claims, cited, strict=True)
                )
            }
        )

    @cached_property
    def _left_out(self) -> frozenset[str]:
        if not self.screened:
            return frozenset()
        return left_out(self.ledger, self.account_id, self.coverage, as_of=self.as_of)

    def repair(self, draft: AccountPlanDraft) -> tuple[AccountPlanDraft, Repairs]:
        """Mend what has exactly one right answer."""
        repaired, findings = repair(draft, self.ledger, self.reader)
        return repaired, Repairs(by_claim=findings)

    def violations(self, draft: AccountPlanDraft) -> tuple[str, ...]:
        """What a writer should hear about: the claims that would be struck, and why."""
        return tuple(
            f"{result.key}: {finding.message}"
            for result in self.report(draft).claims
            for finding in result.findings
            if finding.effect == "strike"
        )

    def settle(
        self,
        draft: AccountPlanDraft,
        repairs: Repairs,
        *,
        carried: tuple[Omission, ...] = (),
    ) -> tuple[AccountPlanDraft, Report]:
        """Strike until nothing is left to strike.

        Parameters
        ----------
        draft
            After repair.
        repairs
            What repair did, to be told on the claims concerned.
        carried
            Omissions of an earlier version that still hold.

        Returns
        -------
        draft, report
            The draft without struck claims, and its report with every omission.

        Raises
        ------
        Broken
            When striking does not come to an end, which is a fault of ours.
        """
        omissions: list[Omission] = list(carried)
        if self.screened:
            omissions += screen(
                self.ledger, self.account_id, self.coverage, as_of=self.as_of
            ).omissions
        report = self.report(draft, repairs)
        # Every round takes out a claim or a row, so there are no more rounds than those.
        rounds = len(report.claims) + 1
        while any(result.outcome == "struck" for result in report.claims):
            if not rounds:
                raise Broken(
                    f"The draft for account {self.account_id} could not be settled: a claim "
                    "that was struck came back.",
                    hint="Draft it again; if it recurs, report it with the draft's digest.",
                )
            rounds -= 1
            draft, struck = strike(draft, report)
            omissions += struck
            report = self.report(draft, repairs)
        return draft, report.model_copy(update={"omissions": tuple(omissions)})


def owner_as_reader(context: PlanningContext, owner_id: str) -> Principal:
    """Return the account's owner as a reader.

    A plan's evidence is judged by what its owner may see, so that its content does not
    depend on who had it drafted.
    """
    return Principal(
        person=f"rep:{owner_id}",
        name=owner_id,
        workspace=context.principal.workspace,
        roles=frozenset({"rep"}),
        scope=Scope(reps=frozenset({owner_id})),
    )


def _cited(claim: Claim) -> frozenset[str]:
    return frozenset(
        [citation.evidence_id for citation in claim.citations]
        + [slot.evidence_id for slot in claim.slots]
    )


def _struck(result: ClaimResult) -> ClaimResult:
    finding = Finding(
        check="screened", effect="strike", message="It rests on a sentence that was left out."
    )
    return result.model_copy(
        update={"outcome": "struck", "mark": "none", "findings": (*result.findings, finding)}
    )
