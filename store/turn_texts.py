"""What a chat turn keeps from step to step; nothing of it is left once the turn has ended."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from domain.errors import NotFound
from domain.evidence import Ledger
from domain.principal import Principal
from domain.record import text_hash
from store.database import Database
from store.ledgers import Ledgers
from store.schema import turn_texts
from store.turn_rows import turn_row


class TurnTexts:
    """Texts by run and hash, for the run's person while the turn goes on."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, principal: Principal, run_id: str, text: str) -> str:
        """Keep a text under its SHA-256 and return that digest; NotFound once the turn is gone."""
        digest = text_hash(text)
        with self._database.writing() as connection:
            row = turn_row(connection, principal, run_id)
            if row is None or row.status != "running":
                raise NotFound(f"There is no run {run_id!r} that goes on.")
            connection.execute(
                sa.text(
                    "INSERT INTO turn_texts (workspace_id, run_id, digest, text) "
                    "VALUES (:workspace, :run, :digest, :text) ON CONFLICT DO NOTHING"
                ),
                {"workspace": principal.workspace, "run": run_id, "digest": digest, "text": text},
            )
        return digest

    def fetch(self, principal: Principal, run_id: str, digest: str) -> str:
        """Return a kept text; NotFound when there is none."""
        with self._database.reading() as connection:
            if turn_row(connection, principal, run_id) is not None:
                found = connection.scalar(
                    sa.select(turn_texts.c.text).where(
                        turn_texts.c.workspace_id == principal.workspace,
                        turn_texts.c.run_id == run_id,
                        turn_texts.c.digest == digest,
                    )
                )
                if found is not None:
                    return str(found)
        raise NotFound(f"Run {run_id!r} keeps no text {digest!r}.")


class StoreTurnRecords:
    """The store as one chat turn sees it; fulfils `agent.chat.context.TurnRecords`."""

    def __init__(
        self, texts: TurnTexts, ledgers: Ledgers, principal: Principal, run_id: str
    ) -> None:
        self._texts = texts
        self._ledgers = ledgers
        self._principal = principal
        self._run_id = run_id

    def keep(self, kind: str, payload: str) -> str:
        """Keep a text until the turn has ended; return its digest."""
        return self._texts.keep(self._principal, self._run_id, payload)

    def fetch(self, digest: str) -> str:
        """Return a kept text; NotFound when there is none."""
        return self._texts.fetch(self._principal, self._run_id, digest)

    def keep_ledger(self, ledger: Ledger, *, book_id: str, as_of: date) -> str:
        """Store a ledger's evidence, texts and sightings for good; return its root."""
        return self._ledgers.keep_ledger(self._principal, ledger, book_id, as_of)


def drop_texts(connection: sa.Connection, workspace: str, run_id: str) -> None:
    """Remove what a turn kept."""
    connection.execute(
        turn_texts.delete().where(
            turn_texts.c.workspace_id == workspace, turn_texts.c.run_id == run_id
        )
    )
