"""What moved since the last book: nothing moves without a cause, and causes add up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.errors import NotCitable
from tests.tools.conftest import make_book
from tools.analyses import analyse, stand

THEN, NOW = date(2026, 5, 13), date(2026, 11, 13)


def book(as_of: date, spend: float, *, level: str | None = "executive", **account: object):
    """Ten peers that spend 100,000 a year, and A, which orders evenly for `spend` a year."""
    accounts = [{"account_id": f"P{n}"} for n in range(10)]
    accounts.append({"account_id": "A", "name": "Anchor", **account})
    orders = []
    for key, amount in [*((f"P{n}", 100_000.0) for n in range(10)), ("A", spend)]:
        orders += [
            {
                "account_id": key,
                "ordered": (pd.Timestamp(as_of) - pd.Timedelta(days=30 + 90 * at)).date(),
                "amount": amount / 4,
            }
            for at in range(8)
        ]
    contacts = [{"account_id": "A", "contact_id": "C", "level": level, "last_contact": THEN}]
    return make_book(
        as_of=as_of,
        book_id=f"book of {as_of}",
        accounts=accounts,
        orders=orders,
        contacts=contacts,
        opportunities=[{"account_id": "A", "opened": THEN, "stage": "proposal"}],
        reps=[{"rep_id": "ana"}],
    )


def test_an_account_tells_its_tier_and_score_then_and_now_with_what_moved_them(coverage):
    # A is placed by its peers' median, 100,000: Tier 1 with a director's access.
    before = stand(book(THEN, 100_000.0, level="director", owner_id="ana"), coverage)
    after = analyse(
        book(NOW, 100_000.0, level="manager", owner_id="ana"), coverage, previous=before
    )

    move = after.movement.moves["A"]
    assert (move.tier_before, move.tier) == ("tier_1", "tier_2")
    (cause,) = move.tier_causes
    assert (cause.kind, cause.before, cause.after) == ("access", "director", "below director")
    note = after.cite("account:A", "movement_note")
    assert note.value.startswith(
        "Tier 2, was Tier 1 on 13 May 2026: access director to below director; score "
    )
    assert note.scope == "ana"
    assert after.cite("account:A", "tier_before").value == "Tier 1"
    assert "Highest person known -5 (director to below director)" in note.value


def test_new_gone_and_renamed_accounts_are_listed(coverage):
    old, new = book(THEN, 1.0), book(NOW, 1.0, name="Anker")
    accounts = new["accounts"].copy()
    accounts.loc[accounts["account_id"] == "P9", "account_id"] = "Q"
    new = replace(new, tables={**new.tables, "accounts": accounts})

    found = analyse(new, coverage, previous=stand(old, coverage)).movement

    assert {key: move.kind for key, move in found.moves.items() if move.kind != "known"} == {
        "Q": "new",
        "P9": "gone",
    }
    assert found.moves["A"].renamed
    assert "named Anchor on 13 May 2026" in found.note("A")
    assert found.note("Q") == "New since 13 May 2026"
    assert found.note("P9").startswith("Gone since 13 May 2026: Tier 1, ")
    with pytest.raises(NotCitable):
        found.cite("account:P9", "movement_note")


def test_the_last_book_holds_a_tier_and_the_ids_of_what_follows_tell_so(coverage):
    # Peers fall from 80,000 to 73,000, 3 % below the bound of Tier 1.
    def peers(as_of: date, spend: float):
        some = book(as_of, spend)
        orders = some["orders"].assign(amount=spend / 4)
        return replace(some, tables={**some.tables, "orders": orders})

    last, now = peers(THEN, 80_000.0), peers(NOW, 73_000.0)
    alone, held = analyse(now, coverage), analyse(now, coverage, previous=stand(last, coverage))

    assert alone.tiers.of("A") == "tier_2"
    assert alone.movement is None
    assert held.tiers.of("A") == "tier_1"
    assert held.cite("account:A", "tier_note").value.endswith(
        "held in Tier 1 from the last book: 3 % below its bound"
    )
    assert held.movement.moves["A"].held
    assert held.movement.note("A").endswith(
        "Tier 1 as on 13 May 2026, held: its potential has passed a bound by too little"
    )
    # A different past is another argument of tiers and ranks, and of nothing before them.
    # A standing told from analyses that are there is the one made anew.
    standing = analyse(last, coverage).standing
    assert standing.hash == stand(last, coverage).hash
    again = analyse(now, coverage, previous=standing)
    assert again.cite("account:A", "tier") == held.cite("account:A", "tier")
    for metric, same in (("tier", False), ("tier_hours", False), ("score", True)):
        ids = [one.cite("account:A", metric).source.arguments_hash for one in (alone, held)]
        assert (ids[0] == ids[1]) is same, metric
    # What is held stays held in the book after, though that book's own bounds say otherwise.
    third = stand(last, coverage)
    for _ in range(3):
        third = stand(replace(now, book_id="again"), coverage, third)
    assert third.tiers.at["A", "tier"] == "tier_1"


def test_people_who_move_a_bound_mean_it(coverage):
    # 73,000 in both books: Tier 2 under 75,000, Tier 1 under a bound of 70,000.
    last = book(THEN, 73_000.0)
    last = replace(last, tables={**last.tables, "orders": last["orders"].assign(amount=18_250.0)})
    now = replace(last, book_id="next", as_of=date(2026, 5, 14))
    lower = coverage.model_copy(
        update={
            "tiers": tuple(
                tier.model_copy(update={"potential_from": 70_000.0})
                if tier.key == "tier_1"
                else tier
                for tier in coverage.tiers
            )
        }
    )
    found = analyse(now, lower, previous=stand(last, coverage))

    move = found.movement.moves["A"]
    assert (move.tier_before, move.tier, move.held) == ("tier_2", "tier_1", False)
    (cause,) = move.tier_causes
    assert cause.kind == "tier_rules"
    assert cause.words == "rules of tiers [tiers[tier_1].potential_from 75,000 to 70,000]"


@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 100_000))
def test_nothing_moves_without_a_cause_and_causes_add_up(coverage, seed) -> None:
    rng = np.random.default_rng(seed)

    def some(as_of: date, scale: float):
        count = 14
        return make_book(
            as_of=as_of,
            book_id=f"{as_of} {scale}",
            accounts=[
                {
                    "account_id": f"A{n}",
                    "segment": str(rng.choice(["x", "y"])),
                    "employees": int(rng.integers(1, 90)),
                }
                for n in range(count)
                if rng.random() < 0.9
            ],
            orders=[
                {
                    "account_id": f"A{rng.integers(count)}",
                    "ordered": (
                        pd.Timestamp(as_of) - pd.Timedelta(days=int(rng.integers(0, 700)))
                    ).date(),
                    "amount": float(rng.uniform(1_000, 90_000) * scale),
                }
                for _ in range(60)
            ],
            contacts=[
                {
                    "account_id": f"A{rng.integers(count)}",
                    "level": str(rng.choice(["executive", "director", "manager"])),
                    "last_contact": as_of,
                }
                for _ in range(12)
            ],
            opportunities=[
                {"account_id": f"A{rng.integers(count)}", "stage": "proposal", "opened": THEN}
                for _ in range(3)
            ],
        )

    rules = coverage.model_copy(
        update={
            "score": coverage.score.model_copy(update={"base": int(rng.choice([-30, -25]))}),
            "tiers": tuple(
                tier.model_copy(update={"fit_from": int(rng.choice([0, 3]))})
                if tier.fit_from is not None
                else tier
                for tier in coverage.tiers
            ),
        }
    )
    before = stand(some(THEN, 1.0), coverage)
    now = some(NOW, float(rng.uniform(0.7, 1.5)))
    found = analyse(now, rules, previous=before).movement

    assert set(found.moves) == set(before.accounts.index) | set(now["accounts"]["account_id"])
    for move in found.moves.values():
        if move.kind != "known":
            assert not move.tier_causes
            assert not move.score_causes
            continue
        assert bool(move.tier_causes) == (move.tier != move.tier_before)
        assert sum(cause.points for cause in move.score_causes) == move.score - move.score_before
        assert bool(move.score_causes) == (move.score != move.score_before)
        for cause in move.tier_causes:
            assert cause.before != cause.after or cause.rules, cause
        assert (found.note(move.account_id) is not None) == move.moved
