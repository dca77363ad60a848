"""Why an event cannot have happened to a team, said before anything changes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

import pandas as pd

from domain.errors import InvalidInput
from tools.territory.inputs import Inputs


def demand_rep(inputs: Inputs, rep_id: str) -> None:
    """Raise InvalidInput when the design has no such rep."""
    if rep_id not in inputs.reps.index:
        raise InvalidInput(
            f"There is no rep {rep_id!r} in this design.",
            hint=f"Its reps are {', '.join(map(str, inputs.reps.index))}.",
            rep_id=rep_id,
        )


def demand_accounts(inputs: Inputs, wanted: Collection[str]) -> None:
    """Raise InvalidInput, with the reason where known, when an account is not in the design."""
    stays = {item.account_id: item.reason for item in inputs.unplaced}
    absent = [account for account in dict.fromkeys(wanted) if account not in inputs.accounts.index]
    if absent:
        reasons = [f"{account} ({stays.get(account, 'unknown')})" for account in absent]
        raise InvalidInput(
            f"This design does not hold {', '.join(reasons)}.",
            hint="Name accounts of the team by their ids in the CRM.",
            accounts=absent,
        )


def demand_date(inputs: Inputs, on: date, what: str) -> None:
    """Raise InvalidInput unless the day lies between the book's date and the period's end."""
    if inputs.as_of <= on <= inputs.period.end:
        return
    if on < inputs.as_of:
        raise InvalidInput(
            f"The event {what} on {on.isoformat()}, before the book's date "
            f"{inputs.as_of.isoformat()}: the book should hold it already.",
            hint="Import a newer export, or correct the date.",
        )
    raise InvalidInput(
        f"The event {what} on {on.isoformat()}, after the planning period "
        f"({inputs.period.start.isoformat()} to {inputs.period.end.isoformat()}).",
        hint="Put it into the design of the period it falls in.",
    )


def noted(
    inputs: Inputs,
    note: str,
    *,
    accounts: pd.DataFrame | None = None,
    reps: pd.DataFrame | None = None,
) -> Inputs:
    """Return the inputs with other accounts or reps, and a sentence that says why."""
    return replace(
        inputs,
        accounts=inputs.accounts if accounts is None else accounts,
        reps=inputs.reps if reps is None else reps,
        notes=(*inputs.notes, note),
    )


def name_in(table: pd.DataFrame, key: str) -> str:
    """Name of a rep or an account in its table."""
    return str(table.loc[key, "name"])


def count_of(number: int) -> str:
    """Write a number of accounts."""
    return f"{number} account{'' if number == 1 else 's'}"
