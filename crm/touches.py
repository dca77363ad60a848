"""Tasks and events as touches: of what kind, when, and with which account."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping as ByName
from collections.abc import Sequence
from dataclasses import dataclass, field

from crm.findings import many
from crm.record_ids import Keys
from crm.salesforce import VALUES
from crm.supplied import Supplied
from domain.tables import ACTIVITY_KINDS

SET_ASIDE, OPEN_TASK = "activity_set_aside", "open_task"
PLANNED = frozenset({"not started", "in progress", "waiting on someone else", "deferred"})
"""States of a task, as Salesforce ships them, in which it has not happened."""

_OF_EVENTS = ("EventSubtype", "StartDateTime", "EndDateTime", "ActivityDateTime", "IsAllDayEvent")
_LEAD = "00Q"
_LENGTHS = (15, 18)


@dataclass(frozen=True)
class Known:
    """What is known when activities are read: accounts, and the account of what else is named."""

    accounts: Keys = field(default_factory=lambda: Keys(()))
    contacts: Keys = field(default_factory=lambda: Keys(()))
    opportunities: Keys = field(default_factory=lambda: Keys(()))
    of_contact: ByName[str, str] = field(default_factory=dict)
    of_opportunity: ByName[str, str] = field(default_factory=dict)


def supply_touches(given: Supplied, known: Known) -> None:
    """Read Task.csv and Event.csv as touches; what is none is set aside and counted.

    Only Salesforce's own fields are read so. A file with the columns `kind`, `occurred`
    and `account_id` is read as it stands.
    """
    event = any(given.raw.cells(header) is not None for header in _OF_EVENTS)
    if event:
        _leave_out_invitees(given)
        _meetings(given)
    else:
        _leave_out_planned(given)
        _kinds(given)
    _days(given, ("StartDateTime", "ActivityDateTime") if event else ("CompletedDateTime",))
    _whom(given, known)


def _leave_out_invitees(given: Supplied) -> None:
    child = given.flags("IsChild")
    if child is not None:
        given.set_aside(
            _where(child),
            SET_ASIDE,
            lambda count: f"{many(count, 'event')} repeat another for one of its invitees.",
            "The meeting counts once.",
        )


def _leave_out_planned(given: Supplied) -> None:
    closed, status = given.flags("IsClosed"), given.field("Status")
    if closed is not None:
        still_open: Sequence[bool] = [flag is False for flag in closed]
    elif status is not None:
        still_open = [state.strip().casefold() in PLANNED for state in status]
    else:
        return
    given.set_aside(
        _where(still_open),
        OPEN_TASK,
        lambda count: f"{many(count, 'task')} still to be done.",
        "They are no touches yet and are set aside.",
    )


def _meetings(given: Supplied) -> None:
    own = given.column("kind")
    header, kinds = own or ("EventSubtype", ("",) * len(given.raw.rows))
    given.cells["kind"] = (header, tuple(kind if kind.strip() else "meeting" for kind in kinds))


def _kinds(given: Supplied) -> None:
    """Tell calls and e-mails by TaskSubtype, then by Type; set other tasks aside."""
    own, types = given.column("kind"), given.field("Type")
    if own is None and types is None:
        return
    header, kinds = own or ("Type", ("",) * len(given.raw.rows))
    if own is not None and header.casefold() != "tasksubtype":
        return
    mapped = given.mapping.values.get(given.table.name, {}).get("kind", {})

    def means(text: str) -> bool:
        folded = text.casefold()
        return text in mapped or VALUES["activities"]["kind"].get(folded, folded) in ACTIVITY_KINDS

    cells, none, named = [], [], Counter[str]()
    for place, kind in enumerate(kinds):
        told = [text.strip() for text in (kind, types[place] if types else "")]
        touch = next((text for text in told if means(text)), None)
        if touch is None:
            none.append(place)
            named[next((text for text in told if text), "blank")] += 1
        cells.append(touch or "")
    given.cells["kind"] = (header, tuple(cells))
    counts = ", ".join(f"{kind} {count:,}" for kind, count in sorted(named.items()))
    given.set_aside(
        none,
        SET_ASIDE,
        lambda count: f"{many(count, 'task')} of a kind that is no touch ({counts}).",
        "They are set aside; a kind counts once it is mapped under [values.activities.kind].",
    )


def _days(given: Supplied, instead: Sequence[str]) -> None:
    own = given.column("occurred")
    others = [cells for cells in map(given.field, instead) if cells is not None]
    if own is None and not others:
        return
    if own is not None and own[0].casefold() != "activitydate":
        return
    header, days = own or (instead[0], ("",) * len(given.raw.rows))
    cells = tuple(
        next((day for day in (days[place], *(o[place] for o in others)) if day.strip()), "")
        for place in range(len(days))
    )
    given.cells["occurred"] = (header, cells)
    given.set_aside(
        [place for place, day in enumerate(cells) if not day],
        SET_ASIDE,
        lambda count: f"{many(count, 'activity', 'activities')} without a date.",
        "They are set aside: a touch counts from the day it happened.",
        state="blank",
    )


def _whom(given: Supplied, known: Known) -> None:
    what, who = given.field("WhatId"), given.column("contact_id")
    if who is not None and who[0].casefold() == "whoid":
        # A lead is nobody's contact yet.
        people = tuple("" if _is_lead(person.strip()) else person for person in who[1])
        given.cells["contact_id"] = (who[0], people)
        who = given.cells["contact_id"]
    own = given.column("account_id")
    if (what is None and who is None) or (own and own[0].casefold() != "accountid"):
        return
    header, accounts = own or ("WhatId" if what else "WhoId", ("",) * len(given.raw.rows))
    blank = ("",) * len(accounts)
    cells = tuple(
        account if account.strip() else _account(about.strip(), person.strip(), known)
        for account, about, person in zip(
            accounts, what or blank, who[1] if who else blank, strict=True
        )
    )
    given.cells["account_id"] = (header, cells)
    given.set_aside(
        [place for place, account in enumerate(cells) if not account],
        SET_ASIDE,
        lambda count: f"{many(count, 'activity', 'activities')} with no account of the export.",
        "They are set aside: neither what nor whom they name leads to an account.",
        state="blank",
    )


def _account(about: str, person: str, known: Known) -> str:
    account = known.accounts.find(about)
    if account is None:
        account = known.of_opportunity.get(known.opportunities.find(about) or "")
    if account is None:
        account = known.of_contact.get(known.contacts.find(person) or "")
    return account or ""


def _is_lead(person: str) -> bool:
    return person.startswith(_LEAD) and len(person) in _LENGTHS


def _where(flags: Sequence[bool | None]) -> list[int]:
    return [place for place, flag in enumerate(flags) if flag]
