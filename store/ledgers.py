"""Ledgers: the facts a plan may cite, when each was seen, and the texts they were read in."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa

from domain.errors import Broken, NotFound, NotPermitted
from domain.evidence import REPS_JOINED_BY, DocumentSource, Evidence, Ledger
from domain.principal import Principal
from domain.record import Record, canonical_json
from store.clock import Clock, stamp, system_clock
from store.database import Database
from store.schema import evidence, ledger_entries, ledger_texts, ledgers, sightings
from store.texts import keep_text, read_texts


class Sighting(Record):
    """Which book showed a fact, and that book's date."""

    book_id: str
    as_of: date


class Ledgers:
    """The evidence of every workspace.

    A fact is stored once, whatever book shows it. Who may read it, and the particulars
    that are no part of it (a document's title or publisher), are those of its newest
    sighting: when an account changes hands, its facts follow.
    """

    def __init__(self, database: Database, clock: Clock = system_clock) -> None:
        self._database = database
        self._clock = clock

    def keep_ledger(self, principal: Principal, ledger: Ledger, book_id: str, as_of: date) -> str:
        """Store a ledger's evidence, sightings and texts; return its root. Twice is once.

        Raises
        ------
        NotPermitted
            When the ledger holds a fact that the person may not read.
        """
        foreign = [item.id for item in ledger.entries.values() if not _may_read(principal, item)]
        if foreign:
            raise NotPermitted(
                f"The ledger holds {len(foreign)} facts outside {principal.name}'s scope, "
                f"{foreign[0]} first.",
                hint="Gather evidence under the scope of the person who asks for the plan.",
            )
        workspace = principal.workspace
        entries = list(ledger.entries.values())
        with self._database.writing() as connection:
            if entries:
                connection.execute(
                    _OR_IGNORE_EVIDENCE,
                    [
                        {
                            "workspace_id": workspace,
                            "evidence_id": item.id,
                            "entity": item.entity,
                            "metric": item.metric,
                            "value": item.value,
                            "unit": item.unit,
                            "period": item.period,
                        }
                        for item in entries
                    ],
                )
                connection.execute(
                    _OR_IGNORE_SIGHTING,
                    [
                        {
                            "workspace_id": workspace,
                            "evidence_id": item.id,
                            "book_id": book_id,
                            "as_of": as_of.isoformat(),
                            "scope": item.scope,
                            "source": canonical_json(item.source),
                        }
                        for item in entries
                    ],
                )
            known = connection.execute(
                ledgers.select().where(
                    ledgers.c.workspace_id == workspace, ledgers.c.root == ledger.root
                )
            ).first()
            if known is None:
                connection.execute(
                    ledgers.insert().values(
                        workspace_id=workspace, root=ledger.root, kept_at=stamp(self._clock())
                    )
                )
                if entries:
                    connection.execute(
                        ledger_entries.insert(),
                        [
                            {
                                "workspace_id": workspace,
                                "root": ledger.root,
                                "evidence_id": item.id,
                            }
                            for item in entries
                        ],
                    )
            for text in ledger.texts.values():
                digest = keep_text(connection, workspace, text)
                connection.execute(
                    _OR_IGNORE_TEXT,
                    {"workspace_id": workspace, "root": ledger.root, "digest": digest},
                )
        return ledger.root

    def ledger(self, principal: Principal, root: str) -> Ledger:
        """Return the ledger of that root, without vocabulary.

        Raises
        ------
        NotFound
            When there is none, or it holds a fact the person may not read.
        Broken
            When a stored fact no longer hashes to its id.
        """
        workspace = principal.workspace
        with self._database.reading() as connection:
            known = connection.execute(
                ledgers.select().where(ledgers.c.workspace_id == workspace, ledgers.c.root == root)
            ).first()
            if known is None:
                raise _no_such_ledger(root)
            found = facts_of(connection, workspace, root)
            if not all(_may_read(principal, item) for item in found):
                raise _no_such_ledger(root)
            digests = connection.scalars(
                sa.select(ledger_texts.c.digest).where(
                    ledger_texts.c.workspace_id == workspace, ledger_texts.c.root == root
                )
            ).all()
            kept = Ledger.of(found, read_texts(connection, workspace, digests))
        if kept.root != root:
            raise Broken(
                f"The ledger {root} lacks facts that it was frozen with.",
                hint="Restore the database from a backup.",
            )
        return kept

    def may_read(self, principal: Principal, root: str) -> bool:
        """Say whether the person may read every fact of a ledger; False where there is none.

        The same question as `ledger` asks, without reading the facts.
        """
        workspace = principal.workspace
        newest = _newest_sightings(workspace).with_only_columns(sightings.c.scope).distinct()
        with self._database.reading() as connection:
            scopes = connection.scalars(
                newest.join(
                    ledger_entries,
                    sa.and_(
                        ledger_entries.c.workspace_id == evidence.c.workspace_id,
                        ledger_entries.c.evidence_id == evidence.c.evidence_id,
                        ledger_entries.c.root == root,
                    ),
                )
            ).all()
        return bool(scopes) and all(_covers(principal, scope) for scope in scopes)

    def evidence(
        self, principal: Principal, evidence_id: str
    ) -> tuple[Evidence, tuple[Sighting, ...]]:
        """Return one fact that a ledger holds, and its sightings, oldest first.

        NotFound when no ledger holds it or the person may not read it.
        """
        with self._database.reading() as connection:
            row = connection.execute(
                _newest_sightings(principal.workspace).where(
                    evidence.c.evidence_id == evidence_id,
                    sa.exists().where(
                        ledger_entries.c.workspace_id == principal.workspace,
                        ledger_entries.c.evidence_id == evidence_id,
                    ),
                )
            ).first()
            found = None if row is None else _evidence(row)
            if found is None or not _may_read(principal, found):
                raise NotFound(
                    f"There is no evidence {evidence_id!r}.",
                    hint="Evidence ids stand behind the numbers in a plan.",
                )
            seen = connection.execute(
                sightings.select()
                .where(
                    sightings.c.workspace_id == principal.workspace,
                    sightings.c.evidence_id == evidence_id,
                )
                .order_by(sightings.c.as_of, sightings.c.sighting)
            ).all()
        return found, tuple(
            Sighting(book_id=item.book_id, as_of=date.fromisoformat(item.as_of)) for item in seen
        )

    def document_text(self, principal: Principal, evidence_id: str) -> str:
        """Return the whole text of the document that a span was read in; NotFound as for
        `evidence`, and for evidence that is no span."""
        found, _ = self.evidence(principal, evidence_id)
        if isinstance(found.source, DocumentSource):
            digest = found.source.document_hash
            with self._database.reading() as connection:
                text = read_texts(connection, principal.workspace, [digest]).get(digest)
            if text is not None:
                return text
        raise NotFound(f"There is no document behind evidence {evidence_id!r}.")


def facts_of(connection: sa.Connection, workspace: str, root: str) -> list[Evidence]:
    """Return the facts of a ledger as last seen, whoever may read them; the caller cuts."""
    rows = connection.execute(
        _newest_sightings(workspace).join(
            ledger_entries,
            sa.and_(
                ledger_entries.c.workspace_id == evidence.c.workspace_id,
                ledger_entries.c.evidence_id == evidence.c.evidence_id,
                ledger_entries.c.root == root,
            ),
        )
    ).all()
    return [_evidence(row) for row in rows]


def _may_read(principal: Principal, item: Evidence) -> bool:
    return _covers(principal, item.scope)


def _covers(principal: Principal, scope: str) -> bool:
    return not scope or principal.scope.covers_all(scope.split(REPS_JOINED_BY))


def _no_such_ledger(root: str) -> NotFound:
    return NotFound(f"There is no ledger {root!r}.")


def _or_ignore(table: sa.Table, names: Iterable[str]) -> sa.TextClause:
    columns = list(names)
    return sa.text(
        f"INSERT INTO {table.name} ({', '.join(columns)}) "  # noqa: S608 - names of our own
        f"VALUES ({', '.join(':' + name for name in columns)}) ON CONFLICT DO NOTHING"
    )


_OR_IGNORE_EVIDENCE = _or_ignore(evidence, [column.name for column in evidence.columns])
_OR_IGNORE_SIGHTING = _or_ignore(
    sightings, [column.name for column in sightings.columns if column.name != "sighting"]
)
_OR_IGNORE_TEXT = _or_ignore(ledger_texts, [column.name for column in ledger_texts.columns])


def _newest_sightings(workspace: str) -> sa.Select[Any]:
    """Select every fact with the scope and source of its newest sighting."""
    later = sightings.alias("later")
    newest = (
        sa.select(later.c.sighting)
        .where(
            later.c.workspace_id == evidence.c.workspace_id,
            later.c.evidence_id == evidence.c.evidence_id,
        )
        .order_by(later.c.as_of.desc(), later.c.sighting.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        sa.select(evidence, sightings.c.scope, sightings.c.source)
        .join_from(evidence, sightings, sightings.c.sighting == newest)
        .where(evidence.c.workspace_id == workspace)
    )


def _evidence(row: Any) -> Evidence:
    found = Evidence.model_validate(
        {
            "entity": row.entity,
            "metric": row.metric,
            "value": row.value,
            "unit": row.unit,
            "period": row.period,
            "source": json.loads(row.source),
            "scope": row.scope,
        }
    )
    if found.id != row.evidence_id:
        raise Broken(
            f"Evidence {row.evidence_id} was altered: it no longer hashes to its id.",
            hint="Restore the database from a backup.",
        )
    return found
