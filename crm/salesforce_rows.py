"""Read Salesforce's records as ours where fields do not match one to one."""

from __future__ import annotations

from collections.abc import Mapping as ByName
from typing import TYPE_CHECKING

from crm.csv_files import RawTable
from crm.deal_outcomes import supply_outcomes
from crm.findings import many
from crm.mapping import Mapping
from crm.order_heads import OrderHeads, supply_heads
from crm.person_names import note_inactive, supply_names
from crm.record_ids import Keys
from crm.supplied import Supplied
from crm.touches import Known, supply_touches
from domain.tables import Table

if TYPE_CHECKING:
    from crm.typed_tables import TypedTable

DELETED = "deleted_row"


def supply(
    raw: RawTable,
    table: Table,
    mapping: Mapping,
    heads: OrderHeads | None,
    typed: ByName[str, TypedTable],
) -> Supplied:
    """Return a file's rows with what other fields supply, less the rows that do not count.

    Parameters
    ----------
    raw
        The file.
    table, mapping
        What it holds and under which names.
    heads
        The orders of Order.csv, for files of order lines.
    typed
        The tables read so far, for activities that name a contact or an opportunity.

    Raises
    ------
    ValuesInvalid
        When a checkbox is neither true nor false.
    """
    given = Supplied(raw, table, mapping)
    deleted = given.flags("IsDeleted")
    if deleted is not None:
        given.set_aside(
            [place for place, flag in enumerate(deleted) if flag],
            DELETED,
            lambda count: f"{many(count, 'row')} in the recycle bin of the CRM.",
            "They are set aside.",
        )
    match table.name:
        case "contacts":
            supply_names(given)
        case "reps":
            supply_names(given)
            note_inactive(given)
        case "orders":
            supply_heads(given, heads)
        case "opportunities":
            supply_outcomes(given)
        case "activities":
            supply_touches(given, _known(typed))
    return given


def _known(typed: ByName[str, TypedTable]) -> Known:
    def keys(name: str, key: str) -> Keys:
        return Keys(str(value) for value in typed[name].columns[key] if value is not None)

    def account_by(name: str, key: str) -> dict[str, str]:
        columns = typed[name].columns
        return {
            str(one): str(account)
            for one, account in zip(columns[key], columns["account_id"], strict=True)
            if account is not None
        }

    return Known(
        accounts=keys("accounts", "account_id"),
        contacts=keys("contacts", "contact_id"),
        opportunities=keys("opportunities", "opportunity_id"),
        of_contact=account_by("contacts", "contact_id"),
        of_opportunity=account_by("opportunities", "opportunity_id"),
    )
