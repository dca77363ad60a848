"""What a territory design starts from: the accounts and reps of a team, read from a book."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pandas as pd

from domain.assignment import Unplaced
from domain.book import Book
from domain.coverage import CoverageModel
from domain.errors import InvalidInput
from domain.period import Period
from tools.analyses import Analyses
from tools.territory.relationships import relationship_value, relationship_years
from tools.territory.reps import read_reps, team_groups
from tools.territory.service import service, touch_history, trip_sharing


@dataclass(frozen=True)
class Inputs:
    """Accounts and reps of one design, as tables. Events turn one of these into another.

    Attributes
    ----------
    accounts
        Indexed by `account_id` in order of id: the columns that `Case.accounts` documents
        but `unit`, and `parent_id`, `time_zone`, `language`, `product_focus`,
        `territory_group` (each missing where blank), `touches_90d` and `potential_known`.
        What hours and trips follow from comes along, so that another tier can be worked
        out: `logged_hours` and `logged_visits` (scaled to the period), `deal_hours`,
        `trip_sharing` (visits that one trip makes).
    reps
        Indexed by `rep_id` in order of id: `name`, `team`, `base_city`, `base_latitude`,
        `base_longitude`, `time_zone` (missing where blank), `selling_hours` (in the
        period, after leave, joining and leaving), `ramp` (above 0, at most 1), `segments`,
        `industries`, `languages` (tuples; empty is all), `groups` (tuple of territory
        groups they work; empty is all) and `quota` (currency, of the period; missing
        without one).
    unplaced
        Accounts of the team that stay as they are, each with the reason.
    notes
        Sentences on what had to be assumed.
    period, team, as_of
        The planning period, the team (empty for every rep of the book), the book's date.
    """

    accounts: pd.DataFrame
    reps: pd.DataFrame
    unplaced: tuple[Unplaced, ...]
    notes: tuple[str, ...]
    period: Period
    team: str
    as_of: date


def read_inputs(
    book: Book, analyses: Analyses, coverage: CoverageModel, *, team: str | None = None
) -> Inputs:
    """Read who is in a design, and what each account is worth and takes.

    In are reps (function `rep`) who work until the planning period ends, of `team` where
    one is given; accounts that they own, that someone who left owns, or that nobody owns
    in the territory groups of the team. Accounts of managers and others who are no reps
    stay as they are and are listed as unplaced.

    Parameters
    ----------
    book, analyses, coverage
        The book, all its analyses, and the coverage model they were made under.
    team
        `reps.team`; None for every rep of the book.

    Raises
    ------
    InvalidInput
        When the book has no such team.

    Notes
    -----
    `docs/methodology.md#territory-inputs` works an example by hand.
    """
    people = book["reps"].set_index("rep_id", drop=False)
    if team is not None and team not in set(people["team"].dropna()):
        known = ", ".join(sorted(set(people["team"].dropna()))) or "none"
        raise InvalidInput(
            f"The book has no team {team!r}.", hint=f"Its teams are: {known}.", team=team
        )
    accounts = _accounts(book, analyses, coverage)
    period = analyses.workload.period
    reps = read_reps(book, analyses, coverage, accounts, team)
    gone = people[_gone(people, period)]

    owner = accounts["owner_id"]
    of_team = set(people.index if team is None else people.index[people["team"] == team])
    unknown = owner.notna() & ~owner.isin(people.index)
    if team is None:
        inside = pd.Series(True, index=accounts.index)
    else:
        free = owner.isna() | unknown
        groups = team_groups(book, accounts, team, coverage)
        inside = owner.isin(of_team) | (free & accounts["territory_group"].isin(groups))
    accounts["owner_known"] = owner.isin(reps.index)
    due = owner.isna() | unknown | owner.isin(gone.index)
    placed = inside & (accounts["owner_known"] | due)
    stay = accounts[inside & ~placed]
    chosen = accounts[placed].copy()
    chosen["trip_sharing"] = trip_sharing(chosen, coverage)
    chosen[["hours", "visits"]] = service(chosen, coverage, period)
    return Inputs(
        accounts=chosen,
        reps=reps,
        unplaced=tuple(_stays(stay, people, period)),
        notes=tuple(_notes(chosen, reps, gone, unknown[placed])),
        period=period,
        team=team or "",
        as_of=book.as_of,
    )


def _accounts(book: Book, analyses: Analyses, coverage: CoverageModel) -> pd.DataFrame:
    facts, potential = analyses.facts.table, analyses.potential.table
    rows = book["accounts"].set_index("account_id")
    out = pd.DataFrame(index=rows.index)
    for column in (
        "name", "owner_id", "segment", "industry", "city", "country", "region", "latitude",
        "longitude", "parent_id", "time_zone", "language", "product_focus",
    ):  # fmt: skip
        # A book kept before a column was known has it blank.
        out[column] = rows[column] if column in rows else pd.Series(index=rows.index, dtype="str")
    out["territory_group"] = facts["territory_group"]
    out["touches_90d"] = facts["touches_90d"].fillna(0).astype("int64")
    out["tier"] = analyses.tiers.table["tier"].astype("str")
    for column, source in (
        ("potential", "potential_p50"), ("potential_p75", "potential_p75"),
        ("potential_p90", "potential_p90"),
    ):  # fmt: skip
        out[column] = potential[source].astype("float64")
    out["potential_known"] = out["potential"].notna()
    levels = ["potential", "potential_p75", "potential_p90"]
    out[levels] = out[levels].fillna(0.0)
    out["revenue"] = facts["net_spend_12m"].fillna(0.0).astype("float64")
    out = out.join(touch_history(book, coverage, analyses.workload.period))
    out["relationship_years"] = relationship_years(book, out["owner_id"])
    out["relationship"] = relationship_value(out, coverage.territory)
    return out.sort_index()


def _gone(people: pd.DataFrame, period: Period) -> pd.Series:
    """Reps whose last working day lies before the period ends: their accounts are due."""
    leaves = people["active_to"] < pd.Timestamp(period.end)
    return leaves & (people["function"] == "rep")


def _stays(stay: pd.DataFrame, people: pd.DataFrame, period: Period) -> Iterator[Unplaced]:
    for account_id, account in stay.iterrows():
        owner = people.loc[str(account["owner_id"])]
        if owner["function"] != "rep":
            does = str(owner["function"]).replace("_", " ")
            reason = f"{owner['name']} owns it and is no rep ({does}); it stays as it is."
            remedy = "To have it placed, give it to a rep or to nobody in the CRM first."
        else:
            reason = (
                f"{owner['name']} owns it and starts after the period ends "
                f"({period.end.isoformat()}); it stays as it is."
            )
            remedy = "Design for a later period, or give it to nobody in the CRM first."
        yield Unplaced(
            account_id=str(account_id),
            account_name=str(account["name"]),
            owner_id=str(account["owner_id"]),
            reason=reason,
            remedy=remedy,
        )


def _notes(
    accounts: pd.DataFrame, reps: pd.DataFrame, gone: pd.DataFrame, unknown: pd.Series
) -> Iterator[str]:
    left = accounts["owner_id"][accounts["owner_id"].isin(gone.index)].value_counts().sort_index()
    for rep, count in left.items():
        who = gone.loc[str(rep)]
        day = who["active_to"].date().isoformat()
        yield (
            f"{who['name']} leaves or left on {day}: {_accounts_word(count)} of theirs "
            "to be placed, moving them is free."
        )
    for count, what in (
        (int(unknown.sum()), "an owner who is not among the reps; they count as unowned"),
        (
            int((accounts["latitude"].isna() | accounts["longitude"].isna()).sum()),
            "no coordinates: each visit counts the budgeted hours, and rules about distance do "
            "not hold for them",
        ),
        (
            int((~accounts["potential_known"]).sum()),
            "no known potential (fewer than five accounts compare); it counts as nought",
        ),
    ):
        if count:
            yield f"{_accounts_word(count)} with {what}."
    blank = [str(name) for name in reps["name"][reps["base_latitude"].isna()]]
    if blank:
        yield (
            f"No coordinates of the base of {', '.join(blank)}: each of their visits counts the "
            "budgeted hours."
        )


def _accounts_word(count: int) -> str:
    return f"{count} account{'' if count == 1 else 's'}"
