"""The verifier: what it catches of planted faults, what it takes for one, and how fast it is.

Faults are planted in plans that the embedded writer drafts from the example book; claims
that already carry a finding are left alone, so that nothing is caught for another reason.
"""

from __future__ import annotations

import hashlib
import math
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from api.planning_context import planning_context
from bench.commands import PYTHON, run
from bench.example import deserving, example, folder
from bench.plain import Written, write_plainly
from bench.report import Report, arguments, publish
from bench.timing import Times, alternately
from domain.evidence import Evidence, Ledger
from domain.plan import AccountPlanDraft
from domain.plan import Report as Verdict
from domain.record import canonical_json
from eval.adversaries.faults import MAKERS
from eval.adversaries.mutants import MUST_STRIKE, Mutant, caught, mutate

PLANS = 60
CLAIMS = 200
CHECKS, CHECKED_PLANS = 20, 6
SURROUNDINGS = (
    ("0", "C", "UTC"),
    ("1", "C.UTF-8", "Pacific/Auckland"),
    ("42", "POSIX", "America/St_Johns"),
    ("4294967295", "de_DE.UTF-8", "Asia/Kolkata"),
    ("random", "tr_TR.UTF-8", "UTC"),
)
"""Hash seed, locale and time zone of each process that must print the same digest."""


def drafted(home: Path, most: int) -> list[Written]:
    """Draft and settle the plans of up to `most` accounts of the example."""
    with example(home) as workspace:
        principal = workspace.principal()
        reading = workspace.reading(principal)
        context = planning_context(workspace, principal, reading)
        return [write_plainly(context, account) for account in deserving(reading, most)]


def faults(plans: Sequence[Written], wanted: int) -> list[tuple[Written, Mutant]]:
    """Plant about `wanted` faults, kinds in turn, spread evenly over the plans."""
    planted: list[tuple[Written, Mutant]] = []
    share = math.ceil(wanted / len(plans))
    for number, plan in enumerate(plans):
        clean = clean_claims(plan.check())
        more = 2 * share
        found = [
            mutant
            for mutant in mutate(plan.draft, plan.ledger, number, more)
            if mutant.key in clean
        ]
        planted += [(plan, mutant) for mutant in found[:share]]
    return planted


def clean_claims(report: Verdict) -> set[str]:
    """Return the keys of claims with which nothing is wrong."""
    blocked = {blocker.claim for blocker in report.blockers}
    return {
        result.key
        for result in report.claims
        if result.outcome == "supported" and result.key not in blocked
    }


def mutants(report: Report, plans: Sequence[Written], wanted: int) -> None:
    """Count by kind what is caught, and tell what is not."""
    planted: Counter[str] = Counter()
    found: Counter[str] = Counter()
    missed: Counter[tuple[str, str]] = Counter()
    for plan, mutant in faults(plans, wanted):
        planted[mutant.kind] += 1
        if caught(mutant, plan.reader, plan.coverage, **plan.dated):
            found[mutant.kind] += 1
        else:
            missed[mutant.kind, mutant.wrong] += 1
    table = report.table(
        f"{planted.total():,} planted faults in {len(plans)} plans",
        ("kind", "planted", "caught", "rate", "95 % interval", "goal"),
    )
    for kind in MAKERS:
        goal = "100 %" if kind in MUST_STRIKE else "99.5 %"
        table.rows.append(_rate(kind, found[kind], planted[kind], goal))
    table.rows.append(_rate("all", found.total(), planted.total(), "99.5 %"))
    for (kind, wrong), count in sorted(missed.items(), key=lambda item: (-item[1], item[0])):
        report.note(f"Not caught, {count} times: {kind} ({wrong}).")


def alarms(report: Report, plans: Sequence[Written]) -> None:
    """Count what is struck, flagged or repaired in drafts that tell no lies."""
    claims = 0
    outcomes: Counter[str] = Counter()
    reasons: Counter[tuple[str, str, str]] = Counter()
    for plan in plans:
        for result in plan.check(plan.first).claims:
            claims += 1
            outcomes[result.outcome] += 1
            for finding in result.findings:
                reasons[finding.effect, finding.check, finding.message] += 1
    table = report.table(
        f"Real drafts: {claims:,} claims of {len(plans)} plans",
        ("outcome", "claims", "share", "95 % interval", "goal"),
    )
    for outcome in ("supported", "repaired", "flagged", "struck"):
        count = outcomes[outcome]
        low, high = wilson(count, claims)
        goal = "at most 0.5 % false" if outcome == "struck" else ""
        table.rows.append(
            (outcome, str(count), f"{count / claims:.2%}", f"{low:.2%} to {high:.2%}", goal)
        )
    for (effect, check, message), count in reasons.most_common(8):
        report.note(f"In real drafts, {count} times: {effect} by check {check}: {message}")


def speed(report: Report, plans: Sequence[Written], runs: int) -> None:
    """Time the checks of enough plans for 200 claims, as a run meets them and again."""
    some: list[Written] = []
    claims = 0
    for plan in plans:
        if claims < CLAIMS:
            some.append(plan)
            claims += sum(1 for _ in plan.draft.claims())
    texts = [canonical_json(plan.draft) for plan in some]
    fresh: list[list[Ledger]] = [[just_read(plan.ledger) for plan in some] for _ in range(runs)]

    def first() -> None:
        for plan, ledger in zip(some, fresh.pop(), strict=True):
            plan.check(ledger=ledger)

    def again() -> None:
        for plan in some:
            plan.check()

    def bare() -> None:
        for text in texts:
            AccountPlanDraft.model_validate_json(text)

    again()
    times = [
        Times(tuple(each * CLAIMS / claims for each in taken.seconds))
        for taken in alternately([first, again, bare], runs)
    ]
    table = report.times(f"{CLAIMS} claims (of {len(some)} plans with {claims}, scaled)")
    against = "only reading the drafts' JSON"
    table.add("ledger just read", times[0], against=against, other=times[2], goal="50 ms")
    table.add("the same ledger again", times[1], against=against, other=times[2], goal="50 ms")


def just_read(ledger: Ledger) -> Ledger:
    """Return the ledger as read from the store: nothing about it worked out yet."""
    entries = {
        key: Evidence.model_validate(item.model_dump()) for key, item in ledger.entries.items()
    }
    return replace(ledger, entries=entries)


def same_bytes(report: Report, home: Path) -> None:
    """Draft and check in processes with other hash seeds, locales and time zones."""
    drafts: list[str] = []
    checks: list[str] = []
    for seed, locale, zone in SURROUNDINGS:
        said = run(
            [PYTHON, "-m", "bench.verifier", "--digests", str(home)],
            PYTHONHASHSEED=seed,
            LC_ALL=locale,
            TZ=zone,
        )
        first, *rest = said.output.split()
        drafts.append(first)
        checks += rest
    table = report.table("Same bytes", ("what", "runs", "different results", "goal"))
    table.rows += [
        (f"{CHECKED_PLANS} plans drafted and settled", str(len(drafts)), _distinct(drafts), "1"),
        (f"{CHECKED_PLANS} plans checked", str(len(checks)), _distinct(checks), "1"),
    ]
    report.note(
        f"Same bytes: {len(SURROUNDINGS)} processes, each with a hash seed, a locale and a time "
        f"zone of its own, {CHECKS} checks in each."
    )


def digests(home: Path) -> list[str]:
    """Return a digest of plans as drafted, then one of their reports for every check."""
    plans = drafted(home, CHECKED_PLANS)
    found = [_digest([canonical_json(plan.draft) + canonical_json(plan.report) for plan in plans])]
    for _ in range(CHECKS):
        reports = [plan.check(ledger=just_read(plan.ledger)) for plan in plans]
        found.append(_digest([canonical_json(report) for report in reports]))
    return found


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927, doi:10.1080/01621459.1927.10502953)."""
    if not trials:
        return 0.0, 1.0
    z = 1.959964
    share, spread = hits / trials, z * z / trials
    middle = share + spread / 2
    half = z * math.sqrt(share * (1 - share) / trials + spread / (4 * trials))
    return max(0.0, (middle - half) / (1 + spread)), min(1.0, (middle + half) / (1 + spread))


def _rate(kind: str, hits: int, trials: int, goal: str) -> tuple[str, ...]:
    low, high = wilson(hits, trials)
    rate = f"{hits / trials:.2%}" if trials else "none planted"
    return kind, str(trials), str(hits), rate, f"{low:.2%} to {high:.2%}", goal


def _distinct(found: Sequence[str]) -> str:
    return str(len(set(found)))


def _digest(parts: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def main() -> int:
    """Measure and print."""
    if sys.argv[1:2] == ["--digests"]:
        print("\n".join(digests(Path(sys.argv[2]))))
        return 0
    given = arguments(__doc__, mutants=(5000, "planted faults"))
    report = Report("verifier")
    with folder() as made:
        plans = drafted(made / "home", PLANS)
        speed(report, plans, given.runs)
        alarms(report, plans)
        mutants(report, plans, given.mutants)
        same_bytes(report, made / "home")
    publish(report, given)
    return 0


if __name__ == "__main__":
    sys.exit(main())
