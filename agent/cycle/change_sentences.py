"""One sentence for each change between two books: what it was, what it is, what hangs on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from agent.cycle.pen import Part, Pen, first, value_of
from domain.evidence import DocumentSource, Evidence
from domain.plan import Claim
from domain.review import Trigger, TriggerKind
from tools.cycle.changed.deals import PAST

Tell = Callable[[Pen, Trigger], Claim | None]


def key_of(trigger_id: str) -> str:
    """Name the sentence of a change."""
    return f"change.{trigger_id}"


def change_sentences(pen: Pen, triggers: Sequence[Trigger]) -> Iterator[Claim]:
    """Write each change that the ledger can tell, in the order given."""
    for trigger in triggers:
        told = _TELL[trigger.kind](pen, trigger)
        if told is not None:
            yield told


def _left(pen: Pen, trigger: Trigger) -> Claim | None:
    rep, key = trigger.subject, key_of(trigger.trigger_id)
    on = pen.ledger.find(rep, "active_to")
    name, place = pen.name(rep), trigger.after
    return first(
        pen.write(
            key,
            "metric",
            rep,
            "{{name}} left, with a last day of {{on}}: {{place}} accounts need an owner; "
            "their spend was {{amount}} a year.",
            {"name": name, "on": on, "place": place, "amount": trigger.amount},
        ),
        pen.write(
            key,
            "metric",
            rep,
            "{{name}} left: {{place}} accounts need an owner.",
            {"name": name, "place": place},
        ),
    )


def _joined(pen: Pen, trigger: Trigger) -> Claim | None:
    rep, key = trigger.subject, key_of(trigger.trigger_id)
    name = pen.name(rep)
    on = pen.ledger.find(rep, "active_from")
    return first(
        pen.write(
            key,
            "metric",
            rep,
            "{{name}} joined on {{on}} and owns {{owned}} accounts.",
            {"name": name, "on": on, "owned": trigger.after},
        ),
        pen.write(
            key,
            "metric",
            rep,
            "{{name}} joined and owns {{owned}} accounts.",
            {"name": name, "owned": trigger.after},
        ),
    )


def _owner(pen: Pen, trigger: Trigger) -> Claim | None:
    account, key = _account(trigger), key_of(trigger.trigger_id)
    name = pen.name(account)
    spend = "; its spend of the last year is {{amount}}"
    text = "{{name}} went from {{before}} to {{after}}"
    outside = "{{name}} went from {{before}} to a rep outside of this review"
    amount = trigger.amount if value_of(trigger.amount) else None
    owners: dict[str, Part] = {"name": name, "before": trigger.before, "after": trigger.after}
    return first(
        pen.write(key, "metric", account, f"{text}{spend}.", {"amount": amount, **owners}),
        pen.write(key, "fact", account, f"{text}.", owners),
        pen.write(key, "fact", account, f"{outside}.", {"name": name, "before": trigger.before}),
    )


def _family(pen: Pen, trigger: Trigger) -> Claim | None:
    account, key = _account(trigger), key_of(trigger.trigger_id)
    name = pen.name(account)
    counts: dict[str, Part] = {"name": name, "before": trigger.before, "after": trigger.after}
    merged = trigger.after is not None and trigger.after.metric == "records_of_customer"
    if merged:
        text = "{{name}} stands in {{after}} row of accounts, and stood in {{before}} before"
        money = "a potential of {{amount}} was counted more than it should have been"
    else:
        text = "The family of {{name}} has {{after}} accounts, and had {{before}} before"
        money = "a potential of {{amount}} comes with the change"
    return first(
        pen.write(
            key, "metric", account, f"{text}; {money}.", {"amount": trigger.amount, **counts}
        ),
        pen.write(key, "metric", account, f"{text}.", counts),
    )


def _product(pen: Pen, trigger: Trigger) -> Claim | None:
    line, key = trigger.subject, key_of(trigger.trigger_id)
    product = next(
        (
            item
            for item in pen.all_of(trigger.evidence)
            if item.metric == "name" and item.entity.startswith(f"{line}/product:")
        ),
        None,
    )
    text = "{{product}} is new: its line has {{after}} products on sale, and had {{before}} before"
    worth = "; whitespace in the line is worth {{amount}}"
    parts: dict[str, Part] = {"product": product, "after": trigger.after, "before": trigger.before}
    return first(
        pen.write(key, "metric", line, f"{text}{worth}.", {"amount": trigger.amount, **parts}),
        pen.write(key, "metric", line, f"{text}; what it is worth is not known yet.", parts),
    )


def _potential(pen: Pen, trigger: Trigger) -> Claim | None:
    account = _account(trigger)
    return pen.write(
        key_of(trigger.trigger_id),
        "metric",
        account,
        "The potential of {{name}} is {{after}} a year, and was {{before}} before.",
        {"name": pen.name(account), "after": trigger.after, "before": trigger.before},
    )


def _pipeline(pen: Pen, trigger: Trigger) -> Claim | None:
    account = _account(trigger)
    return pen.write(
        key_of(trigger.trigger_id),
        "metric",
        account,
        "The open pipeline of {{name}} is {{after}}, and was {{before}} before.",
        {"name": pen.name(account), "after": trigger.after, "before": trigger.before},
    )


def _deal(pen: Pen, trigger: Trigger) -> Claim | None:
    account, key = _account(trigger), key_of(trigger.trigger_id)
    parts: dict[str, Part] = {
        "deal": pen.name(trigger.subject),
        "name": pen.name(account),
        "after": trigger.after,
    }
    worth = "; the deal is worth {{amount}}"
    after = trigger.after
    if after is not None and after.note == PAST:
        text = "{{deal}} of {{name}} is a deal that should have closed by {{after}} and is open"
    elif after is not None and after.unit == "date":
        text = "{{deal}} of {{name}} is a deal that now closes on {{after}}, not on {{before}}"
        parts["before"] = trigger.before
    else:
        text = "{{deal}} of {{name}} is a deal that fell back from {{before}} to {{after}}"
        parts["before"] = trigger.before
    return first(
        pen.write(key, "metric", account, f"{text}{worth}.", {"amount": trigger.amount, **parts}),
        pen.write(key, "fact", account, f"{text}.", parts),
    )


def _renewal(pen: Pen, trigger: Trigger) -> Claim | None:
    account, key = _account(trigger), key_of(trigger.trigger_id)
    text = (
        "The regular order of {{name}} was due on {{before}} and did not come: it is {{after}} "
        "overdue"
    )
    parts: dict[str, Part] = {
        "name": pen.name(account),
        "before": trigger.before,
        "after": trigger.after,
    }
    last = "; the last order was {{amount}}"
    return first(
        pen.write(key, "metric", account, f"{text}{last}.", {"amount": trigger.amount, **parts}),
        pen.write(key, "metric", account, f"{text}.", parts),
    )


def _champion(pen: Pen, trigger: Trigger) -> Claim | None:
    account, key = _account(trigger), key_of(trigger.trigger_id)
    parts: dict[str, Part] = {
        "person": pen.name(trigger.subject),
        "name": pen.name(account),
        "before": trigger.before,
        "after": trigger.after,
    }
    text = "{{person}} of {{name}} is {{after}}, and was {{before}} before"
    spend = "; the spend of the last year is {{amount}}"
    return first(
        pen.write(key, "metric", account, f"{text}{spend}.", {"amount": trigger.amount, **parts}),
        pen.write(key, "fact", account, f"{text}.", parts),
    )


def _competitor(pen: Pen, trigger: Trigger) -> Claim | None:
    where = trigger.subject.partition("/")[0]
    spans = [
        item
        for item in pen.all_of(trigger.evidence)
        if isinstance(item.source, DocumentSource) and item.source.uri
    ]
    if not spans or not all(_speakable(item) for item in spans):
        return None
    text = "{{competitor}} is named as a competitor"
    parts: dict[str, Part] = {"competitor": pen.of(trigger.after)}
    if where.startswith("account:"):
        text += " at {{name}}"
        parts["name"] = pen.name(where)
    return pen.write(key_of(trigger.trigger_id), "fact", where, f"{text}.", parts, cites=spans)


def _strategy(pen: Pen, trigger: Trigger) -> Claim | None:
    return pen.write(
        key_of(trigger.trigger_id),
        "fact",
        trigger.subject,
        "The strategy reads {{after}} now, and read {{before}} before.",
        {"before": trigger.before, "after": trigger.after},
    )


def _stale(pen: Pen, trigger: Trigger) -> Claim | None:
    account = _account(trigger)
    return pen.write(
        key_of(trigger.trigger_id),
        "fact",
        account,
        "The approved plan of {{name}} rests on facts that went stale.",
        {"name": pen.name(account)},
        cites=filter(None, [pen.of(trigger.after)]),
    )


def _adherence(pen: Pen, trigger: Trigger) -> Claim | None:
    key = key_of(trigger.trigger_id)
    after, asked = pen.of(trigger.after), pen.of(trigger.before)
    if after is None or asked is None:
        return None
    parts: dict[str, Part] = {"after": after}
    text = "The plan is not followed: adherence is {{after}}"
    name = pen.name(after.entity)
    if name is not None:
        parts["name"] = name
        text = "{{name}} does not follow the plan: adherence is {{after}}"
        if after.entity == asked.entity:
            parts["asked"] = asked
            text += ", at the least {{asked}}"
    return pen.write(key, "metric", after.entity, f"{text}.", parts, cites=[asked])


def _lock(pen: Pen, trigger: Trigger) -> Claim | None:
    account = _account(trigger)
    return pen.write(
        key_of(trigger.trigger_id),
        "fact",
        account,
        "The exception that held {{name}} has expired.",
        {"name": pen.name(account)},
        cites=filter(None, [pen.of(trigger.before)]),
    )


def _account(trigger: Trigger) -> str:
    return f"account:{trigger.account_id}"


def _speakable(item: Evidence) -> bool:
    source = item.source
    return isinstance(source, DocumentSource) and bool(source.publisher and source.published)


_TELL: dict[TriggerKind, Tell] = {
    "rep_left": _left,
    "rep_joined": _joined,
    "owner_changed": _owner,
    "family_changed": _family,
    "new_product": _product,
    "potential_changed": _potential,
    "pipeline_changed": _pipeline,
    "deal_slipped": _deal,
    "renewal_slipped": _renewal,
    "champion_gone": _champion,
    "competitor_appeared": _competitor,
    "strategy_changed": _strategy,
    "evidence_stale": _stale,
    "adherence_lost": _adherence,
    "lock_expired": _lock,
}
