"""Versions of the coverage model: the text people wrote, by its hash, and the current one."""

from __future__ import annotations

import sqlalchemy as sa

from domain.coverage import CoverageModel, parse_coverage
from domain.errors import NotFound
from domain.principal import Principal
from domain.record import Record, text_hash
from store.clock import Clock, stamp, system_clock
from store.database import Database
from store.schema import coverage_models, current_coverage, decisions


class CoverageEntry(Record):
    """One kept text. `coverage_hash` is over the rules, so comments do not change it."""

    coverage_hash: str
    text_hash: str
    added_at: str
    added_by: str
    current: bool


class CoverageModels:
    """The coverage models of every workspace; they hold no rep's rows and need no scope."""

    def __init__(self, database: Database, clock: Clock = system_clock) -> None:
        self._database = database
        self._clock = clock

    def save(self, principal: Principal, text: str) -> CoverageModel:
        """Keep a text and make it current; the same text again only makes it current.

        Raises CoverageInvalid, and keeps nothing, when the text cannot be used.
        """
        model = parse_coverage(text)
        with self._database.writing(durable=True) as connection:
            self._keep(connection, principal, text, model)
            put_in_force(connection, principal.workspace, text_hash(text))
        return model

    def keep(self, principal: Principal, text: str) -> CoverageModel:
        """Keep a text without making it current, for a decision to do so.

        Raises CoverageInvalid, and keeps nothing, when the text cannot be used.
        """
        model = parse_coverage(text)
        with self._database.writing(durable=True) as connection:
            self._keep(connection, principal, text, model)
        return model

    def _keep(
        self, connection: sa.Connection, principal: Principal, text: str, model: CoverageModel
    ) -> None:
        connection.execute(
            sa.text(
                "INSERT INTO coverage_models (workspace_id, text_hash, coverage_hash, text, "
                "added_at, added_by) VALUES (:workspace, :digest, :coverage, :text, :at, :by) "
                "ON CONFLICT DO NOTHING"
            ),
            {
                "workspace": principal.workspace,
                "digest": text_hash(text),
                "coverage": model.hash,
                "text": text,
                "at": stamp(self._clock()),
                "by": principal.person,
            },
        )

    def current(self, principal: Principal) -> CoverageModel:
        """Return the current model; NotFound when none was saved."""
        return parse_coverage(self.current_text(principal))

    def current_text(self, principal: Principal) -> str:
        """Return the current model as it was written; NotFound when none was saved."""
        with self._database.reading() as connection:
            found = connection.scalar(
                sa.select(coverage_models.c.text)
                .join_from(coverage_models, current_coverage)
                .where(current_coverage.c.workspace_id == principal.workspace)
            )
        if found is None:
            raise NotFound(
                "There is no coverage model yet.",
                hint="Put a coverage.toml beside the export and run `cadastre import FOLDER`.",
            )
        return str(found)

    def in_force(self, principal: Principal, moment: str) -> str | None:
        """Return the text that was current just before a moment; None where none was.

        A text is current from when it was first kept or, later, adopted again by a decision.
        A kept text that an import made current again leaves no mark of the time.
        """
        added = sa.select(
            coverage_models.c.text_hash.label("digest"), coverage_models.c.added_at.label("at")
        ).where(coverage_models.c.workspace_id == principal.workspace)
        adopted = sa.select(
            decisions.c.subject_hash.label("digest"), decisions.c.decided_at.label("at")
        ).where(
            decisions.c.workspace_id == principal.workspace,
            decisions.c.subject_kind == "coverage",
            decisions.c.verdict == "approved",
        )
        known = sa.union_all(added, adopted).subquery()
        with self._database.reading() as connection:
            found = connection.scalar(
                sa.select(coverage_models.c.text)
                .join_from(
                    known,
                    coverage_models,
                    sa.and_(
                        coverage_models.c.workspace_id == principal.workspace,
                        coverage_models.c.text_hash == known.c.digest,
                    ),
                )
                .where(known.c.at < moment)
                .order_by(known.c.at.desc(), known.c.digest)
            )
        return None if found is None else str(found)

    def text(self, principal: Principal, coverage_hash: str) -> str:
        """Return the first text whose rules have that hash; NotFound when there is none."""
        with self._database.reading() as connection:
            found = connection.scalar(
                sa.select(coverage_models.c.text)
                .where(
                    coverage_models.c.workspace_id == principal.workspace,
                    coverage_models.c.coverage_hash == coverage_hash,
                )
                .order_by(coverage_models.c.added_at, coverage_models.c.text_hash)
            )
        if found is None:
            raise NotFound(f"There is no coverage model {coverage_hash!r} in this workspace.")
        return str(found)

    def get(self, principal: Principal, coverage_hash: str) -> CoverageModel:
        """Return the model of that hash; NotFound when there is none."""
        return parse_coverage(self.text(principal, coverage_hash))

    def list(self, principal: Principal) -> list[CoverageEntry]:
        """Return every kept text, oldest first."""
        with self._database.reading() as connection:
            current = connection.scalar(
                sa.select(current_coverage.c.text_hash).where(
                    current_coverage.c.workspace_id == principal.workspace
                )
            )
            rows = connection.execute(
                coverage_models.select()
                .where(coverage_models.c.workspace_id == principal.workspace)
                .order_by(coverage_models.c.added_at, coverage_models.c.text_hash)
            ).all()
        return [
            CoverageEntry(
                coverage_hash=row.coverage_hash,
                text_hash=row.text_hash,
                added_at=row.added_at,
                added_by=row.added_by,
                current=row.text_hash == current,
            )
            for row in rows
        ]


def put_in_force(connection: sa.Connection, workspace: str, digest: str) -> None:
    """Make a kept text the current one; NotFound when the workspace does not keep it."""
    kept = connection.scalar(
        sa.select(coverage_models.c.text_hash).where(
            coverage_models.c.workspace_id == workspace, coverage_models.c.text_hash == digest
        )
    )
    if kept is None:
        raise NotFound(
            f"There is no coverage model text {digest!r} in this workspace.",
            hint="Keep the text before it is decided on.",
        )
    connection.execute(
        sa.text(
            "INSERT INTO current_coverage (workspace_id, text_hash) "
            "VALUES (:workspace, :digest) "
            "ON CONFLICT (workspace_id) DO UPDATE SET text_hash = excluded.text_hash"
        ),
        {"workspace": workspace, "digest": digest},
    )
