"""Plans whose ground gave way: stale evidence, a plan not followed, an exception that ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from domain.assignment import Lock
from domain.cycle import Figure
from domain.evidence import REPS_JOINED_BY, CalculationSource, Evidence, Ledger
from domain.freshness import is_stale
from domain.plan import AccountPlanDraft, Claim, PlanVersion
from domain.review import QuarterData
from tools.cycle.changed.accounts import SPEND
from tools.cycle.changed.found import Found, found
from tools.cycle.changed.ground import Ground, figure

YEAR = 365


def load_bearing(draft: AccountPlanDraft) -> tuple[str, ...]:
    """Return the ids of the evidence that objective, targets and recommendations rest on.

    Milestones and the value of plays count among the targets, and claims count that those
    rest on as premises.
    """
    claims = {claim.key: claim for _, claim in draft.claims()}
    waiting: list[Claim] = [draft.objective, *draft.success]
    waiting += [milestone.what for milestone in draft.milestones]
    # Why a person would care is what a play stands or falls with.
    waiting += [play.value for play in draft.plays if play.value is not None]
    waiting += [claim for claim in claims.values() if claim.kind == "recommendation"]
    seen: set[str] = set()
    cited: dict[str, None] = {}
    while waiting:
        claim = waiting.pop(0)
        if claim.key in seen:
            continue
        seen.add(claim.key)
        cited.update(dict.fromkeys(item.evidence_id for item in claim.citations))
        waiting += [claims[key] for key in claim.premises if key in claims]
    return tuple(cited)


def evidence_stale(
    ground: Ground, plans: Sequence[PlanVersion], ledgers: Mapping[str, Ledger]
) -> list[Found]:
    """Tell approved plans that rest on facts fresh at the earlier book and stale at the later.

    Of several plans of one account the newest counts. A plan without a ledger under its
    `ledger_root` rests on nothing that can be judged.
    """
    newest = {
        plan.content.account_id: plan
        for plan in sorted(plans, key=lambda item: (item.created_at, item.plan_id, item.version))
        if plan.status == "approved"
    }
    told = []
    for account, plan in sorted(newest.items()):
        ledger = ledgers.get(plan.content.ledger_root)
        if ledger is None or account not in ground.holders:
            continue
        facts = [ledger[key] for key in load_bearing(plan.content.draft) if key in ledger]
        was, now = ground.before, ground.after
        gone = [item for item in facts if is_stale(item, now.coverage.freshness, now.as_of)]
        before = [item for item in facts if is_stale(item, was.coverage.freshness, was.as_of)]
        known = {item.id for item in before}
        if all(item.id in known for item in gone):
            continue
        told.append(_stale(ground, plan, before, gone, ledger))
    return told


def _stale(
    ground: Ground,
    plan: PlanVersion,
    before: Sequence[Evidence],
    gone: Sequence[Evidence],
    ledger: Ledger,
) -> Found:
    account = plan.content.account_id
    rep = ground.holders[account]
    scope = ground.owners[account] or ""
    entity = f"account:{account}"
    counts = [
        ground.worked(entity, "stale_facts", len(before), "count", scope, earlier=True),
        ground.worked(entity, "stale_facts", len(gone), "count", scope),
    ]
    known = {item.id for item in before}
    fresh = [item for item in gone if item.id not in known]
    shown = [item for item in fresh if _stands_beside(ground, item)]
    return found(
        "evidence_stale", entity, rep=rep, account=account,
        before=Figure.of(counts[0], "Stale facts it rests on"),
        after=Figure.of(counts[1], "Stale facts it rests on"),
        on=min(filter(None, (_stale_from(ground, item) for item in fresh)), default=None),
        cited=[*counts, *shown, ground.account_name(account, rep)],
        behind=_ancestors(shown, ledger),
    )  # fmt: skip


def _stands_beside(ground: Ground, item: Evidence) -> bool:
    """Say whether a stale fact may be shown and not be taken for a rival of a newer one.

    Words are no measure. A figure's window has to end before any of the later book begins.
    """
    if item.scope and not ground.reps.issuperset(item.scope.split(REPS_JOINED_BY)):
        return False
    if item.kind in ("document", "human"):
        return item.unit == "text"
    dated = item.dated()
    return dated is not None and (ground.after.as_of - dated).days > YEAR


def _ancestors(items: Iterable[Evidence], ledger: Ledger) -> list[Evidence]:
    waiting, behind = list(items), dict[str, Evidence]()
    while waiting:
        source = waiting.pop(0).source
        for key in source.parents if isinstance(source, CalculationSource) else ():
            if key in ledger and key not in behind:
                behind[key] = ledger[key]
                waiting.append(ledger[key])
    return list(behind.values())


def _stale_from(ground: Ground, item: Evidence) -> date | None:
    """The first day between the books on which a fact is stale by the later book's rules."""
    rules = ground.after.coverage.freshness
    low, high = ground.before.as_of, ground.after.as_of
    if is_stale(item, rules, low):
        return None  # the rules are stricter now: no day made it stale
    while (high - low).days > 1:
        middle = low + timedelta(days=(high - low).days // 2)
        low, high = (low, middle) if is_stale(item, rules, middle) else (middle, high)
    return high


def adherence_lost(ground: Ground, data: QuarterData | None) -> list[Found]:
    """Tell territories whose plan is not followed and was not updated, as tracking says."""
    if data is None:
        return []
    least = ground.after.coverage.review.adherence_least
    told = []
    for row in sorted(data.territories, key=lambda item: item.rep_id):
        if not row.drift or row.rep_id not in ground.reps:
            continue
        entity = f"rep:{row.rep_id}"
        asked = ground.worked(entity, "least_adherence", least, "share", row.rep_id)
        told.append(
            found(
                "adherence_lost", entity, rep=row.rep_id, account=None,
                before=Figure.of(asked, "Least adherence"), after=row.adherence,
                cited=[asked, ground.rep_name(row.rep_id)],
                named=filter(None, [row.adherence.evidence_id]),
            )
        )  # fmt: skip
    return told


def locks_expired(ground: Ground, locks: Iterable[Lock]) -> list[Found]:
    """Tell exceptions that held at the earlier book and no longer do at the later."""
    told = {}
    for lock in locks:
        account, until = lock.account_id, lock.until
        if until is None or not ground.before.as_of <= until < ground.after.as_of:
            continue
        rep = ground.holders.get(account)
        if rep is None and lock.rep_id in ground.reps and ground.sees(account):
            rep = lock.rep_id
        if rep is None or account not in ground.owners:
            continue
        scope = ground.owners[account] or ""
        entity = f"account:{account}/lock:{lock.rep_id}"
        last = ground.record(
            "locks",
            f"{account}/{lock.rep_id}",
            "expires",
            until,
            "date",
            entity,
            scope,
            earlier=True,
        )
        who = ground.rep_name(lock.rep_id)
        holder = ground.worked(
            entity, "held_for", lock.rep_id if who is None else who.value, "name", scope,
            earlier=True,
        )  # fmt: skip
        amount = ground.cite(account, "net_spend_12m")
        item = found(
            "lock_expired", entity, rep=rep, account=account,
            before=Figure.of(last, "Exception held until"),
            amount=figure(amount, "net_spend_12m", SPEND, "money", "no orders are known"),
            on=until + timedelta(days=1),
            cited=[last, *amount[:1], holder, ground.account_name(account, rep)],
            behind=amount[1:],
        )  # fmt: skip
        told[item.row.trigger_id] = item
    return [told[key] for key in sorted(told)]
