"""Names of contacts and users in two fields, and users whom the CRM has switched off."""

from __future__ import annotations

from crm.findings import finding, listed, many
from crm.supplied import Supplied

INACTIVE = "inactive_user"


def supply_names(given: Supplied) -> None:
    """Join FirstName and LastName where `Name` is absent or blank.

    A row with none of them stays blank, and the reading of the column names it.
    """
    first, last = given.field("FirstName"), given.field("LastName")
    if first is None and last is None:
        return
    blank = ("",) * len(given.raw.rows)
    joined = [
        " ".join(part for part in (one.strip(), other.strip()) if part)
        for one, other in zip(first or blank, last or blank, strict=True)
    ]
    own = given.column("name")
    if own is None:
        header = ", ".join(
            name for name, cells in (("FirstName", first), ("LastName", last)) if cells is not None
        )
        given.cells["name"] = (header, tuple(joined))
        return
    header, names = own
    filled = (
        name if name.strip() else instead for name, instead in zip(names, joined, strict=True)
    )
    given.cells["name"] = (header, tuple(filled))


def note_inactive(given: Supplied) -> None:
    """Tell users whom the CRM calls inactive and who have no last day; none is invented."""
    active = given.flags("IsActive")
    if active is None:
        return
    ends = given.column("active_to")
    places = [
        place
        for place, flag in enumerate(active)
        if flag is False and not (ends and ends[1][place].strip())
    ]
    if not places:
        return
    rows = given.keys(places)
    given.notes.append(
        finding(
            INACTIVE,
            given.table.name,
            "notice",
            "blank",
            rows,
            f"{many(len(rows), 'user')} {'is' if len(rows) == 1 else 'are'} inactive in the CRM "
            f"and without a last day: {listed(rows)}.",
            "What they own counts as owned by someone who left; the day they left is unknown.",
        )
    )
