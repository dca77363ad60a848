"""What contacts, touches, deals and signals tell about an account."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from domain.book import Book
from domain.coverage import CoverageModel
from domain.period import trailing
from tools.order_facts import within
from tools.past_deals import DealSigns


def relationship_facts(
    book: Book, accounts: pd.Index[str], deals: DealSigns, as_of: date
) -> pd.DataFrame:
    """People, touches, open deals and intent per account, indexed as `accounts`.

    A contact's level, stance and last meeting are those of the book's date: of an earlier
    day they are missing.
    """
    contacts = book["contacts"]
    return pd.concat(
        [
            _people(contacts.iloc[:0] if as_of < book.as_of else contacts, accounts, as_of),
            _touches(book["activities"], accounts, as_of),
            pd.DataFrame(
                {
                    "open_opportunities": deals.open_opportunities,
                    "open_pipeline": deals.open_pipeline,
                }
            ),
            _intent(book["intent_signals"], accounts, as_of),
        ],
        axis=1,
    )


def _counted(counts: pd.Series, accounts: pd.Index[str], *, known: bool) -> pd.Series:
    if not known:
        return pd.Series(pd.NA, index=accounts, dtype="Int64")
    return counts.reindex(accounts, fill_value=0).astype("Int64")


def _people(contacts: pd.DataFrame, accounts: pd.Index[str], as_of: date) -> pd.DataFrame:
    """Count people and tell access: True once someone of that level was met.

    Access is unknown while no contact's level is on record, and where the only people
    of that level have not been met.
    """
    out = pd.DataFrame(index=accounts)
    known = not contacts.empty
    by_account = contacts.groupby("account_id")
    out["contacts"] = _counted(by_account.size(), accounts, known=known)
    # Looked up once: `isin` over tens of thousands of ids takes a tenth of a second each.
    place = accounts.get_indexer(pd.Index(contacts["account_id"]))

    def with_some(wanted: pd.Series) -> np.ndarray:
        rows = place[wanted.to_numpy(dtype=bool)]
        found = np.zeros(len(accounts), dtype=bool)
        found[rows[rows >= 0]] = True
        return found

    has_stance = contacts["attitude"].notna()
    stance, told = contacts[has_stance], with_some(has_stance)
    for attitude, name in (
        ("supportive", "supportive_contacts"),
        ("opposed", "opposed_contacts"),
    ):
        counts = stance[stance["attitude"] == attitude].groupby("account_id").size()
        column = _counted(counts, accounts, known=known)
        out[name] = column.where(told)
    met = contacts["last_contact"] <= pd.Timestamp(as_of)
    levelled = with_some(contacts["level"].notna())
    for levels, name in (
        (("executive",), "has_executive_access"),
        (("executive", "director"), "has_director_access"),
    ):
        of_level = contacts["level"].isin(levels)
        reached, listed = with_some(of_level & met), with_some(of_level)
        unknown = ~levelled | (listed & ~reached)
        access = pd.Series(reached, index=accounts).astype("boolean")
        out[name] = access.mask(unknown & ~reached)
    named = pd.Series(None, index=accounts, dtype="str")
    named[out["has_director_access"].eq(False).fillna(False)] = "below director"
    named[out["has_director_access"].fillna(False)] = "director"
    named[out["has_executive_access"].fillna(False)] = "executive"
    out["access"] = named
    return out


def _touches(activities: pd.DataFrame, accounts: pd.Index[str], as_of: date) -> pd.DataFrame:
    happened = activities[activities["occurred"] <= pd.Timestamp(as_of)]
    out = pd.DataFrame(index=accounts)
    out["last_touch_date"] = happened.groupby("account_id")["occurred"].max().reindex(accounts)
    since = (pd.Timestamp(as_of) - out["last_touch_date"]).dt.days
    out["days_since_touch"] = since.astype("Int64")
    recent = happened[within(happened["occurred"], trailing(as_of, 90))]
    out["touches_90d"] = _counted(
        recent.groupby("account_id").size(), accounts, known=not happened.empty
    )
    return out


def _intent(signals: pd.DataFrame, accounts: pd.Index[str], as_of: date) -> pd.DataFrame:
    recent = signals[within(signals["observed"], trailing(as_of, 90))]
    strongest = recent.groupby("account_id")["strength"].max().reindex(accounts)
    return pd.DataFrame({"intent_90d": strongest.astype("Int64")}, index=accounts)


def cycle(
    facts: pd.DataFrame, deals: DealSigns, coverage: CoverageModel, as_of: date
) -> pd.DataFrame:
    """Place each account in a buying cycle, from CRM rows alone.

    `active`: an open deal in an active stage, or a regular order due (or overdue) within
    `active_order_due_days`. `six_months`: that, or an open deal closing within
    `six_months_days`, or an order to be expected by then from at least two orders in the
    last 12 months. `early`: that, or any open deal, an order in the last 12 months, or a
    sign of interest at least `early_intent_strength` strong in 90 days.

    What no row shows is unmet where the book holds opportunities, and unknown where it
    holds none: then nobody asked. It is unknown too where only a deal's stage, which an
    earlier day does not know, could tell.
    """
    rules = coverage.cycle
    today = pd.Timestamp(as_of)

    def due(dates: pd.Series, days: int) -> pd.Series:
        return (dates <= today + timedelta(days=days)) & (dates >= today - timedelta(days=days))

    ordered_soon = due(facts["next_order_due"], rules.active_order_due_days)
    orders = facts["orders_12m"].fillna(0)
    expected = due(facts["expected_order_date"], rules.six_months_days) & orders.ge(2).astype(bool)
    bought = orders.ge(1).astype(bool)
    interest = facts["intent_90d"].fillna(0).ge(rules.early_intent_strength).astype(bool)

    # What is missing here stays missing unless something else holds.
    active = deals.staged | ordered_soon
    six_months = active | deals.closing | expected
    early = six_months | deals.any_open | bought | interest
    out = pd.DataFrame(index=facts.index)
    for name, holds in (
        ("cycle_active", active),
        ("cycle_six_months", six_months),
        ("cycle_early", early),
    ):
        out[name] = holds.astype("boolean")
        if not deals.asked:
            out[name] = out[name].mask(~holds)
    named = pd.Series("none" if deals.asked else None, index=facts.index, dtype="str")
    basis = pd.Series(None, index=facts.index, dtype="str")
    # Weakest first, so that the strongest evidence has the last word.
    for holds, key, words in (
        (interest, "early", "a clear sign of interest in the last 90 days"),
        (bought, "early", "an order in the last 12 months"),
        (deals.any_open, "early", "an open opportunity"),
        (expected, "six_months", "a repeat order to be expected within six months"),
        (deals.closing, "six_months", "an open opportunity closing within six months"),
        (ordered_soon, "active", "a regular order that falls due"),
        (deals.staged, "active", "an open opportunity in an active stage"),
    ):
        named[holds.fillna(False).astype(bool)] = key
        basis[holds.fillna(False).astype(bool)] = words
    out["cycle"] = named.mask(active.isna())
    out["cycle_basis"] = basis.mask(active.isna())
    return out
