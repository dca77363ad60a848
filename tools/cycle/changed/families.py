"""Accounts that became one customer, left a family, or were merged as duplicates."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial

import pandas as pd

from domain.cycle import Figure
from domain.evidence import Evidence
from tools.cycle.changed.found import Found, found
from tools.cycle.changed.ground import Ground, figure, ids

ALONE, OUTSIDE = "none", "one outside of this review"


def merges(ground: Ground) -> dict[str, str]:
    """Return the accounts that are gone, and the account that took each over.

    An account was taken over by the one that most of its order lines belong to by now, or,
    where none of them is left, by the one of the same name; of several by the first id.
    """
    accounts = ground.after.book["accounts"]
    gone = ids(ground.owners_before.keys() - ground.owners.keys())
    if not gone:
        return {}
    lines = ground.before.book["orders"]
    lines = lines[lines["account_id"].isin(gone)][["account_id", "order_line_id", "ordered"]]
    later = ground.after.book["orders"][["account_id", "order_line_id", "ordered"]]
    moved = lines.merge(
        later[later["order_line_id"].isin(lines["order_line_id"])],
        on=["order_line_id", "ordered"],
        suffixes=("", "_now"),
    )
    counts = moved.groupby(["account_id", "account_id_now"]).size().rename("lines").reset_index()
    counts = counts[counts["account_id_now"].isin(ground.owners)]
    counts = counts.sort_values(
        ["account_id", "lines", "account_id_now"], ascending=[True, False, True]
    ).drop_duplicates("account_id")
    taken = dict(zip(counts["account_id"], counts["account_id_now"], strict=True))
    was = ground.before.book["accounts"]
    names = was[was["account_id"].isin(gone)].set_index("account_id")["name"].map(_plain).to_dict()
    heirs: dict[str, str] = {}
    for account, name in zip(accounts["account_id"], accounts["name"].map(_plain), strict=True):
        if name in names.values():
            heirs[name] = min(heirs.get(name, account), account)
    for account in gone:
        if account not in taken and names[account] in heirs:
            taken[account] = heirs[names[account]]
    return {account: str(taken[account]) for account in gone if account in taken}


def families_changed(ground: Ground, merged: Mapping[str, str]) -> list[Found]:
    """Tell families that gained or lost accounts, and accounts that took others over.

    What happens at once under one head is one trigger; where the head is not in the book or
    is not looked at, each account is told by itself. An account below a duplicate that is now
    below the one that took it over has not changed family.
    """
    groups: dict[str, list[str]] = {}
    for account in sorted(ground.parents.keys() & ground.parents_before.keys()):
        now, was = ground.parents[account], ground.parents_before[account]
        if now != merged.get(was or "", was):
            head = str(now or was)
            known = head in ground.owners and ground.sees(head)
            groups.setdefault(head if known else account, []).append(account)
    sizes = {earlier: _sizes(ground, groups, earlier=earlier) for earlier in (True, False)}
    told = [_family(ground, head, groups[head], sizes) for head in sorted(groups)]
    heirs: dict[str, list[str]] = {}
    for account, heir in merged.items():
        heirs.setdefault(heir, []).append(account)
    told += [_merge(ground, heir, sorted(gone)) for heir, gone in sorted(heirs.items())]
    return [item for item in told if item is not None]


def _family(
    ground: Ground, head: str, children: Collection[str], counts: Mapping[bool, Mapping[str, int]]
) -> Found | None:
    rep = next((ground.holders[item] for item in (head, *children) if item in ground.holders), None)
    seen = [account for account in children if ground.sees(account)]
    if rep is None or not seen:
        return None
    entity = f"account:{head}"
    sizes = [
        ground.worked(
            entity, "accounts_of_family", counts[earlier][head], "count", rep, earlier=earlier
        )
        for earlier in (True, False)
    ]
    label = "Accounts of the family"
    if head in children:
        label = "Parent account"
        sizes = [
            ground.worked(
                entity, "parent_account", OUTSIDE if parents[head] else ALONE, "text", rep,
                earlier=earlier,
            )
            for earlier, parents in ((True, ground.parents_before), (False, ground.parents))
        ]  # fmt: skip
    cells = []
    for account in seen:
        scope = ground.owners[account] or ""
        for earlier, parents in ((False, ground.parents), (True, ground.parents_before)):
            parent = parents[account]
            if parent is not None:
                cells.append(
                    ground.record(
                        "accounts", account, "parent_id", parent, "text", f"account:{account}",
                        scope, earlier=earlier,
                    )
                )  # fmt: skip
    cited = [ground.cite(account, "potential_p50") for account in seen]
    parts = [item[0] for item in cited if item]
    amount = []
    if len(parts) == len(seen):
        scope = ground.scope_of([rep, *(ground.owners[account] for account in seen)])
        amount = [
            ground.worked(
                entity, "potential_of_accounts", None, "money", scope, parts, operation="sum"
            )
        ]
    return found(
        "family_changed", entity, rep=rep, account=head,
        before=Figure.of(sizes[0], label),
        after=Figure.of(sizes[1], label),
        amount=figure(
            amount, "potential_of_accounts", "Their potential (P50)", "money",
            "the potential of some of the accounts is unknown",
        ),
        cited=[
            *sizes, *amount, *cells,
            *(ground.account_name(item, rep) for item in [head, *seen]),
        ],
        behind=[part for item in cited for part in item],
    )  # fmt: skip


def _sizes(ground: Ground, heads: Collection[str], *, earlier: bool) -> dict[str, int]:
    """Count heads and the accounts right below them, as far as the reps looked at see."""
    parents = ground.parents_before if earlier else ground.parents
    owners = ground.owners_before if earlier else ground.owners
    sizes = {head: int(head in owners) for head in heads}
    for account, parent in parents.items():
        if parent in sizes and (owners[account] is None or owners[account] in ground.reps):
            sizes[parent] += 1
    return sizes


def _merge(ground: Ground, heir: str, gone: list[str]) -> Found | None:
    rep = ground.holders.get(heir)
    if rep is None:
        return None
    entity = f"account:{heir}"
    count = partial(ground.worked, entity, "records_of_customer")
    there = heir in ground.owners_before
    sizes = [count(len(gone) + there, "count", rep, earlier=True), count(1, "count", rep)]
    potential = ground.before.analyses.potential.table["potential_p50"]
    parts = [
        ground.was(account, "potential_p50", potential[account], "money", rep)
        for account in gone
        if not pd.isna(potential[account])
    ]
    amount: list[Evidence] = []
    if len(parts) == len(gone):
        amount = [
            ground.worked(
                entity, "potential_of_duplicates", None, "money", rep, parts, operation="sum",
                earlier=True,
            )
        ]  # fmt: skip
    return found(
        "family_changed", entity, rep=rep, account=heir,
        before=Figure.of(sizes[0], "Rows of the customer"),
        after=Figure.of(sizes[1], "Rows of the customer"),
        amount=figure(
            amount, "previous_potential_of_duplicates", "Potential (P50) of what was merged",
            "money", "the potential of some of them was unknown",
        ),
        cited=[*sizes, *amount, *(ground.account_name(item, rep) for item in [heir, *gone])],
        behind=parts,
    )  # fmt: skip


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
