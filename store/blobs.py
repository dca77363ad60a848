"""What a run leaves for its next step: texts kept under their hash, for those who may read them."""

from __future__ import annotations

import json

import sqlalchemy as sa

from domain.errors import NotFound
from domain.principal import Principal, Scope
from store.clock import Clock, stamp, system_clock
from store.database import Database
from store.schema import text_keepers
from store.texts import keep_text, read_texts


class Blobs:
    """Content-addressed texts.

    A text says nothing about whose rows it was made of, so it falls under its keeper's
    scope: others read it only if their scope reaches at least as far.
    """

    def __init__(self, database: Database, clock: Clock = system_clock) -> None:
        self._database = database
        self._clock = clock

    def keep(self, principal: Principal, kind: str, payload: str) -> str:
        """Store a text under its SHA-256 and return that digest; storing twice is once."""
        with self._database.writing() as connection:
            digest = keep_text(connection, principal.workspace, payload)
            connection.execute(
                sa.text(
                    "INSERT INTO text_keepers (workspace_id, digest, person, kind, reach, kept_at) "
                    "VALUES (:workspace, :digest, :person, :kind, :reach, :at) "
                    "ON CONFLICT (workspace_id, digest, person) DO UPDATE SET "
                    "reach = excluded.reach"
                ),
                {
                    "workspace": principal.workspace,
                    "digest": digest,
                    "person": principal.person,
                    "kind": kind,
                    "reach": _written(principal.scope),
                    "at": stamp(self._clock()),
                },
            )
        return digest

    def fetch(self, principal: Principal, digest: str) -> str:
        """Return a kept text; NotFound when there is none within the scope."""
        with self._database.reading() as connection:
            keepers = connection.execute(
                sa.select(text_keepers.c.reach).where(
                    text_keepers.c.workspace_id == principal.workspace,
                    text_keepers.c.digest == digest,
                )
            ).all()
            if any(_reaches(principal.scope, keeper.reach) for keeper in keepers):
                found = read_texts(connection, principal.workspace, [digest])
                if digest in found:
                    return found[digest]
        raise NotFound(f"There is no kept text {digest!r}.")


def _written(scope: Scope) -> str:
    return json.dumps("everything" if scope.everything else sorted(scope.reps))


def _reaches(scope: Scope, reach: str) -> bool:
    kept = json.loads(reach)
    if kept == "everything":
        return scope.everything
    return scope.everything or scope.reps.issuperset(kept)
