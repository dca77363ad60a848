"""Texts kept once under the hash of their content."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from domain.errors import Broken
from domain.record import text_hash
from store.schema import texts


def keep_text(connection: sa.Connection, workspace: str, text: str) -> str:
    """Store a text unless it is there; return its SHA-256."""
    digest = text_hash(text)
    connection.execute(
        sa.text(
            "INSERT INTO texts (workspace_id, digest, text) VALUES (:workspace, :digest, :text) "
            "ON CONFLICT DO NOTHING"
        ),
        {"workspace": workspace, "digest": digest, "text": text},
    )
    return digest


def read_texts(connection: sa.Connection, workspace: str, digests: Iterable[str]) -> dict[str, str]:
    """Return the texts that are there, by hash; Broken when one no longer hashes to its name."""
    wanted = sorted(set(digests))
    found: dict[str, str] = {}
    for start in range(0, len(wanted), 500):
        rows = connection.execute(
            sa.select(texts.c.digest, texts.c.text).where(
                texts.c.workspace_id == workspace, texts.c.digest.in_(wanted[start : start + 500])
            )
        )
        for row in rows:
            if text_hash(row.text) != row.digest:
                raise Broken(
                    f"The kept text {row.digest} was altered.",
                    hint="Restore the database from a backup.",
                )
            found[row.digest] = row.text
    return {digest: found[digest] for digest in sorted(found)}
