"""Everything a territory plan or review may cite, collected before a word is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from agent.cells import records, sentences_of
from agent.cycle.context import CycleContext, ReviewParts, TerritoryParts
from domain.errors import ApprovalRequired, NoLaterBook, NotFound, NothingToPlan
from domain.evidence import DocumentSource, Evidence, HumanSource, Ledger, Unit, texts_behind
from domain.plan import Remark
from tools.cycle.adjustments import adjustments
from tools.cycle.carried import carried
from tools.cycle.customer_plan import customer_plan
from tools.cycle.rep_calendar import rep_calendar
from tools.cycle.side import demand_later
from tools.cycle.territory_figures import territory_figures
from tools.cycle.tracking import track
from tools.cycle.triggers import triggers
from tools.cycle.wishes import wishes_of

FOCUS_QUESTIONS = (
    "delivery date deadline before the season order",
    "expansion new store opening budget decision",
)
CHANGE_QUESTIONS = (
    "left moved leaving changed owner closing",
    "competitor quote other supplier problem late delivery",
)
PASSAGES = 3
ACCOUNTS_READ = 12
DOCUMENT_FIELDS: tuple[tuple[str, Unit], ...] = (
    ("author", "name"),
    ("publisher", "name"),
    ("published", "date"),
)


def demand(context: CycleContext) -> None:
    """Refuse what cannot be drafted, before a run leaves a trace.

    Raises
    ------
    NotFound
        A rep outside the scope, in the words of one that is missing.
    NothingToPlan
        The quarter is over.
    ApprovalRequired
        A review of a quarter for which no territory plan is approved.
    NoLaterBook, InvalidInput
        There is no later book, or it is the earlier one.
    """
    if not context.principal.scope.covers_all(context.reps):
        missing = context.rep_id or ", ".join(context.reps) or "none"
        raise NotFound(f"There is no rep {missing!r} in the book.", hint="Check the reps table.")
    period = context.quarter.period
    if context.kind == "territory":
        if context.side.as_of >= period.end:
            raise NothingToPlan(
                f"Quarter {context.quarter} ended on {period.end.isoformat()}, and the book is of "
                f"{context.side.as_of.isoformat()}: nothing of it is left to plan.",
                hint="Plan the next quarter, or review this one.",
            )
        return
    if not context.territory_plans:
        raise ApprovalRequired(
            f"No territory plan for {context.quarter} is approved, so there is nothing to hold "
            "what happened against.",
            hint=f"Draft one with `cadastre territory plan REP --quarter {context.quarter}` and "
            "have a manager approve it.",
        )
    if context.before is None:
        raise NoLaterBook(
            f"Nothing later than the book of {context.side.as_of.isoformat()} is known.",
            hint="Import a newer export with `cadastre import FOLDER`, then review.",
        )
    demand_later(context.before, context.side)


def parts(context: CycleContext) -> tuple[TerritoryParts | ReviewParts, list[Evidence]]:
    """Work out the tables of a plan or review, and the evidence behind them."""
    return _territory(context) if context.kind == "territory" else _review(context)


def _territory(context: CycleContext) -> tuple[TerritoryParts, list[Evidence]]:
    side, quarter = context.side, context.quarter
    if context.customer is not None:
        team = customer_plan(side, context.customer, quarter, context.plans)
        told = TerritoryParts(reps=team.reps, tables=team.tables, calendars=(), units=team.units)
        return told, _named(context, list(team.evidence), _accounts(told))
    figures = territory_figures(side, context.rep_id, quarter, context.plans)
    focus = [item.account_id for item in figures.tables.focus]
    fitted = rep_calendar(side, context.rep_id, quarter, context.plans, focus)
    told = TerritoryParts(
        reps=(context.rep_id,), tables=figures.tables, calendars=(fitted.calendar,)
    )
    return told, _named(context, [*figures.evidence, *fitted.evidence], _accounts(told))


def _review(context: CycleContext) -> tuple[ReviewParts, list[Evidence]]:
    before, after = context.before, context.side
    assert before is not None  # `demand` refuses a review without an earlier book
    tracked = track(
        before,
        after,
        context.quarter,
        context.reps,
        context.territory_plans,
        (*context.earlier_plans, *context.plans),
    )
    ledgers = context.ledgers_of()
    found = triggers(
        before,
        after,
        reps=context.reps,
        plans=context.plans,
        data=tracked.data,
        locks=context.locks,
        ledgers=ledgers,
    )
    advised = adjustments(
        before,
        after,
        found,
        tracked.data,
        context.plans,
        reps=context.reps,
        wishes=wishes_of(before, after, context.reps),
    )
    kept = carried(
        after,
        context.plans,
        ledgers,
        territory_plans=context.territory_plans,
        reps=context.reps,
    )
    told = ReviewParts(
        data=tracked.data,
        triggers=found.rows,
        adjustments=advised.rows,
        not_proposed=advised.not_proposed,
        carried=kept.rows,
        notes=(*advised.notes, *kept.notes),
    )
    evidence = [*tracked.evidence, *found.evidence, *advised.evidence, *kept.evidence]
    return told, _named(context, evidence, _accounts(told))


def _accounts(told: TerritoryParts | ReviewParts) -> list[str]:
    """Ids of the accounts that sentences may name, in the order they are told."""
    listed: list[str | None]
    if isinstance(told, ReviewParts):
        listed = [item.account_id for item in told.adjustments]
        listed += [item.account_id for item in told.triggers]
        listed += [item.account_id for item in told.carried]
    else:
        listed = [item.account_id for item in told.tables.focus]
        listed += [row.action.account_id for row in told.tables.scorecard if row.action]
        listed += [unit.account_id for unit in told.units]
    return [account for account in dict.fromkeys(listed) if account]


def _named(
    context: CycleContext, evidence: list[Evidence], accounts: Sequence[str]
) -> list[Evidence]:
    """Add the names that sentences write through slots: of accounts and of our people."""
    book = context.side.book
    for account in accounts:
        if account in book.owners:
            owner = book.owners[account]
            if context.before is not None and owner is not None and owner not in context.reps:
                # It went to somebody else: its name was known to the rep who had it.
                owner = context.before.book.owners.get(account)
            # Once for sentences about the account, once for those about the whole plan.
            for entity in (f"account:{account}", f"{context.head}/account:{account}"):
                evidence += records(book, "accounts", account, entity, (("name", "name"),), owner)
    for rep in context.reps:
        for entity in (f"rep:{rep}", f"rep:{rep}/quarter:{context.quarter}"):
            evidence += records(book, "reps", rep, entity, (("name", "name"),), rep)
    return evidence


def spans(context: CycleContext, told: TerritoryParts | ReviewParts) -> list[Evidence]:
    """Sentences of notes about the accounts that matter most, as whole sentences."""
    questions = CHANGE_QUESTIONS if isinstance(told, ReviewParts) else FOCUS_QUESTIONS
    book = context.side.book
    passages: dict[tuple[str, str], list[Evidence]] = {}
    for account in _accounts(told)[:ACCOUNTS_READ]:
        if not context.principal.scope.covers(book.owners.get(account)):
            continue
        for question in questions:
            for passage in context.retrieve(account, question, PASSAGES):
                source = passage.source
                if isinstance(source, DocumentSource) and source.document_hash in book.texts:
                    key = (source.document_id, passage.entity)
                    passages.setdefault(key, []).append(passage)
    found: dict[str, Evidence] = {}
    for (document_id, entity), touched in sorted(passages.items()):
        for sentence in sentences_of(book, touched):
            found.setdefault(sentence.id, sentence)
        account = entity.removeprefix("account:").split("/")[0]
        scope = book.owners.get(account) if entity.startswith("account:") else None
        for item in records(book, "documents", document_id, entity, DOCUMENT_FIELDS, scope):
            found.setdefault(item.id, item)
    return list(found.values())


def statements(context: CycleContext, remarks: tuple[Remark, ...]) -> list[Evidence]:
    """What people asked of this plan, as evidence of kind `human`."""
    return [
        Evidence(
            entity=context.head,
            metric="remark",
            value=remark.text,
            unit="text",
            period=context.side.as_of.isoformat(),
            source=HumanSource(
                person=remark.person_name, said_on=context.side.as_of, where=context.kind
            ),
            scope=context.rep_id,
        )
        for remark in remarks
        if remark.text.strip()
    ]


def freeze(context: CycleContext, evidence: Iterable[Evidence]) -> Ledger:
    """Freeze the ledger together with the full texts its spans were taken from."""
    items = list(evidence)
    texts = dict(context.side.book.texts)
    if context.before is not None:
        # What a plan quoted may be in neither book any more.
        quoted = [ledger.texts for ledger in context.ledgers_of().values()]
        for more in (context.before.book.texts, *quoted):
            texts = {**more, **texts}
    return Ledger.of(items, texts_behind(items, texts), context.vocabulary)


def ledger(context: CycleContext, root: str) -> Ledger:
    """Return a frozen ledger with the names of the book beside it."""
    if root not in context.read_ledgers:
        context.read_ledgers[root] = replace(
            context.records.ledger(root), vocabulary=context.vocabulary
        )
    return context.read_ledgers[root]


def plan_from(context: CycleContext) -> date:
    """The first day that is planned: of the quarter, or after the book's date."""
    return max(context.quarter.period.start, context.side.as_of + timedelta(days=1))
