"""People who spoke for us, and no longer do."""

from __future__ import annotations

from datetime import timedelta

from eval.accountplanbench.changes.ground import Ground
from eval.accountplanbench.later import SILENT_DAYS, is_champion
from eval.accountplanbench.measuring import contact_entity
from eval.accountplanbench.rows import Account, Contact


def change_champions(ground: Ground) -> None:
    """Let one champion go, one fall silent, and one have been met on the last day that counts."""
    gone, silent, held = (ground.take(lambda item: _champion(ground, item)) for _ in range(3))
    if gone is not None and (person := _champion(ground, gone)) is not None:
        ground.after.contacts.remove(person)
        for touch in ground.after.activities:
            if touch.contact_id == person.contact_id:
                touch.contact_id = None
        ground.later.change("champion_gone", _entity(person), gone.owner_id)
    if silent is not None and (person := _champion(ground, silent)) is not None:
        earlier = ground.before.contacts_of(silent.account_id)
        was = next(item for item in earlier if item.contact_id == person.contact_id)
        _unmeet(ground, person)
        person.last_contact = was.last_contact
        ground.later.change("champion_gone", _entity(person), silent.owner_id)
    if held is not None and (person := _champion(ground, held)) is not None:
        _unmeet(ground, person)
        person.last_contact = ground.after.as_of - timedelta(days=SILENT_DAYS)
        ground.later.near_miss("champion_gone", _entity(person), held.owner_id)


def _champion(ground: Ground, account: Account) -> Contact | None:
    """Return a champion who was not silent at the earlier book."""
    since = ground.before.as_of - timedelta(days=SILENT_DAYS)
    fresh = {
        person.contact_id
        for person in ground.before.contacts_of(account.account_id)
        if is_champion(person) and person.last_contact is not None and person.last_contact >= since
    }
    people = ground.after.contacts_of(account.account_id)
    return next((person for person in people if person.contact_id in fresh), None)


def _unmeet(ground: Ground, person: Contact) -> None:
    """Take back what was logged with a person since the earlier book."""
    ground.after.activities[:] = [
        touch
        for touch in ground.after.activities
        if touch.contact_id != person.contact_id or touch.occurred <= ground.before.as_of
    ]


def _entity(person: Contact) -> str:
    return contact_entity(person.account_id, person.contact_id)
