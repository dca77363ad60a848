"""What a fitted model offers an account, and what adds up to each score."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from domain.errors import InvalidInput
from tools.adoption.history import Floats, Ints
from tools.adoption.model import WhitespaceModel
from tools.adoption.parts import PARTS, values
from tools.adoption.ranking import scores, top


def recommend(
    model: WhitespaceModel,
    k: int = 10,
    accounts: Sequence[Hashable] | None = None,
    *,
    evidence: bool = False,
) -> pd.DataFrame:
    """Rank the live products an account does not own.

    Parameters
    ----------
    model
        From `fit_whitespace`.
    k
        Products an account, at most; fewer where it owns the rest.
    accounts
        Ids; all accounts that bought when None.
    evidence
        Whether to add `because`, `support`, `confidence` and `lift`. They are shown, never
        ranked by.

    Returns
    -------
    DataFrame
        One row an offer, accounts in the order asked, best first: `account`, `product`,
        `score` (log-odds), `rank` (from 1), `probability` (0 to 1, of a first purchase
        within `model.horizon` days; blank where nothing was tested) and `value` (currency a
        year: probability times the median spend of owners). With evidence: `because` is the
        owned product that speaks most for the offer, `confidence` the share of its owners
        who own the offer, `support` the share of accounts that own both, `lift` how often
        more than by chance.

    Raises
    ------
    InvalidInput
        When `k` is below 1 or an account never bought.
    """
    if k < 1:
        raise InvalidInput(f"k is {k}; at least one product must be asked for.", hint="k=10")
    rows = np.arange(model.history.accounts) if accounts is None else _rows(model, accounts)
    if accounts is None:
        rows = rows[model.known.exposure.group >= 0]
    chosen, score = top(model.weights, model.known.before, rows, k)
    told = chosen >= 0
    who, what = rows[np.nonzero(told)[0]], chosen[told]
    flat = score[told]
    chance = model.probability(flat)
    out = pd.DataFrame(
        {
            "account": model.accounts.take(who),
            "product": model.live.take(what),
            "score": flat,
            "rank": np.nonzero(told)[1] + 1,
            "probability": chance,
            "value": chance * model.spend["spend_p50"].to_numpy()[what],
        }
    )
    if evidence:
        out = out.assign(**_association(model, who, what.astype(np.int64)))
    return out


def explain(model: WhitespaceModel, account: Hashable, product: Hashable) -> pd.DataFrame:
    """Everything that adds up to a score.

    Returns
    -------
    DataFrame
        `part` (ease, neighbours, popularity, segment, recent, activity, constant),
        `because` (an owned product, an attribute with its level, or words), and
        `contribution` (log-odds). The contributions add up to the score of `recommend`.
        Largest first.

    Raises
    ------
    InvalidInput
        When the account never bought, or the product is not live or owned already.
    """
    row = int(_rows(model, [account])[0])
    places = model.live.get_indexer(pd.Index([product]))
    if places[0] < 0:
        raise InvalidInput(f"Product {product!r} is not live.", hint="See model.live.")
    column = int(places[0])
    if not np.isfinite(scores(model.weights, model.known.before, np.array([row]))[0, column]):
        raise InvalidInput(f"{account!r} owns {product!r} already.", hint="Ask for a gap.")
    have, weight, products = model.known, model.stack.weight, model.history.products
    table = model.weights.table
    items = table.item[table.first[row] : table.first[row + 1]]
    owned, level = items[items < products], items[items >= products]
    group = model.weights.group[row]
    lines = [
        ("ease", _name(model, item), weight[0] * model.eased[group, item, column]) for item in items
    ]
    lines += [
        ("neighbours", _name(model, item), model.weights.means[item, column] / len(owned))
        for item in owned
    ]
    lines += [
        ("segment", _name(model, item), weight[3] * have.segment[item - products, column])
        for item in level
    ]
    lines += [
        ("popularity", "how many accounts own it", weight[2] * have.popularity[column]),
        ("recent", "how many took it up lately", weight[4] * have.recent[column]),
        ("activity", "first purchases lately", _busy(model, row, 0)),
        ("activity", "days since the last purchase", _busy(model, row, 1)),
        ("constant", "", model.stack.constant),
    ]
    out = pd.DataFrame(lines, columns=["part", "because", "contribution"])
    out = out[out["contribution"] != 0].sort_values(
        "contribution", ascending=False, key=lambda column: column.abs(), kind="stable"
    )
    return out.reset_index(drop=True)


def parts_of(model: WhitespaceModel, rows: Ints, columns: Ints) -> Floats:
    """Contributions by part of pairs of account and candidate, numbered.

    One row a pair; columns `PARTS`, activity, constant. They add up to the score.
    """
    accounts, place = np.unique(rows, return_inverse=True)
    out = np.zeros((len(rows), len(PARTS) + 2))
    for begin in range(0, len(accounts), 4_096):
        block = accounts[begin : begin + 4_096]
        told = values(model.known, model.eased, model.weights.table, model.history.products, block)
        mine = np.flatnonzero((place >= begin) & (place < begin + len(block)))
        out[mine, : len(PARTS)] = told[place[mine] - begin, columns[mine]] * model.stack.weight
    out[:, -2] = model.weights.offset[rows]
    out[:, -1] = model.stack.constant
    return out


def said_by_owned(
    model: WhitespaceModel, rows: Ints, columns: Ints
) -> Iterator[tuple[slice, Floats]]:
    """What every owned product adds to pairs of account and candidate, block by block.

    One row a pair and one column a product; minus infinity where it is not owned.
    """
    products, weights = model.history.products, model.weights
    step = max(1, 4_000_000 // max(products, 1))
    for begin in range(0, len(rows), step):
        block = slice(begin, min(begin + step, len(rows)))
        row, column = rows[block], columns[block]
        owned = weights.table.matrix(model.known.before)[row][:, :products].toarray() > 0
        said = weights.sums[weights.group[row], :products, column]
        said = said + weights.means[:, column].T / np.maximum(owned.sum(axis=1), 1)[:, None]
        yield block, np.where(owned, said, -np.inf)


def rule_figures(model: WhitespaceModel, product: Ints, columns: Ints) -> tuple[Floats, ...]:
    """Support, confidence and lift of "who owns the product owns the candidate too".

    Counted over the accounts that could have bought the candidate.
    """
    have = model.known
    offer = have.candidates[columns]
    rows = have.exposure.learn[have.exposure.since[offer]]
    group = have.exposure.group
    sizes = np.bincount(group[group >= 0], minlength=have.exposure.groups)[::-1].cumsum()[::-1]
    both, one = have.together[rows, product, offer], have.together[rows, product, product]
    other, whole = have.together[rows, offer, offer], sizes[rows]
    with np.errstate(divide="ignore", invalid="ignore"):
        confidence = both / one
        return both / whole, confidence, confidence / (other / whole)


def _rows(model: WhitespaceModel, accounts: Sequence[Hashable]) -> Ints:
    rows = model.accounts.get_indexer(pd.Index(list(accounts)))
    for row, account in zip(rows, accounts, strict=True):
        if row < 0 or model.known.exposure.group[row] < 0:
            raise InvalidInput(
                f"Account {account!r} has bought nothing by {model.as_of}.",
                hint="Everything is open there; ask for accounts that bought.",
            )
    return np.asarray(rows, dtype=np.int64)


def _busy(model: WhitespaceModel, row: int, at: int) -> float:
    return float(model.known.activity[row, at] * model.stack.activity[at])


def _name(model: WhitespaceModel, item: int) -> Hashable:
    if item < model.history.products:
        name: Hashable = model.products[item]
        return name
    attribute, level = model.levels.name[item - model.history.products]
    return f"{attribute} = {level}"


def _association(model: WhitespaceModel, who: Ints, what: Ints) -> dict[str, Any]:
    """The owned product that speaks most for each offer, with its rule figures."""
    best = np.empty(len(who), np.int64)
    for block, said in said_by_owned(model, who, what):
        best[block] = said.argmax(axis=1)
    support, confidence, lift = rule_figures(model, best, what)
    return {
        "because": model.products.take(best),
        "support": support,
        "confidence": confidence,
        "lift": lift,
    }
