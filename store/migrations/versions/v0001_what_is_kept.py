"""Every table, and the triggers that keep decisions and plan versions as they were written."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TRIGGERS = (
    """
    CREATE TRIGGER decisions_are_not_changed BEFORE UPDATE ON decisions
    BEGIN SELECT RAISE(ABORT, 'a decision is never changed'); END
    """,
    """
    CREATE TRIGGER decisions_are_not_deleted BEFORE DELETE ON decisions
    BEGIN SELECT RAISE(ABORT, 'a decision is never deleted'); END
    """,
    """
    CREATE TRIGGER payloads_are_only_erased BEFORE UPDATE ON decision_payloads
    WHEN OLD.payload IS NULL OR NEW.payload IS NOT NULL OR NEW.salt IS NOT NULL
        OR NEW.erased_at IS NULL OR NEW.decision_id <> OLD.decision_id
        OR NEW.workspace_id <> OLD.workspace_id
    BEGIN SELECT RAISE(ABORT, 'a payload can only be erased'); END
    """,
    """
    CREATE TRIGGER payloads_are_not_deleted BEFORE DELETE ON decision_payloads
    BEGIN SELECT RAISE(ABORT, 'a payload can only be erased'); END
    """,
    """
    CREATE TRIGGER versions_are_not_changed BEFORE UPDATE ON plan_versions
    BEGIN SELECT RAISE(ABORT, 'a plan version is never changed'); END
    """,
    """
    CREATE TRIGGER versions_are_not_deleted BEFORE DELETE ON plan_versions
    BEGIN SELECT RAISE(ABORT, 'a plan version is never deleted'); END
    """,
    """
    CREATE TRIGGER approval_needs_a_decision BEFORE UPDATE OF approved_version ON plans
    WHEN NEW.approved_version IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM decisions JOIN plan_versions
            ON plan_versions.workspace_id = decisions.workspace_id
            AND plan_versions.plan_id = decisions.subject_id
            AND plan_versions.version = decisions.subject_version
            AND plan_versions.plan_hash = decisions.subject_hash
        WHERE decisions.workspace_id = NEW.workspace_id AND decisions.subject_kind = 'plan'
            AND decisions.subject_id = NEW.plan_id
            AND decisions.subject_version = NEW.approved_version
            AND decisions.verdict = 'approved')
    BEGIN SELECT RAISE(ABORT, 'a plan is approved by a decision alone'); END
    """,
    """
    CREATE TRIGGER plans_begin_unapproved BEFORE INSERT ON plans
    WHEN NEW.approved_version IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'a plan is approved by a decision alone'); END
    """,
)


def upgrade() -> None:
    """Create everything."""

    op.create_table(
        "books",
        sa.Column("workspace_id", sa.Text, nullable=False),
        sa.Column("book_id", sa.Text, nullable=False),
        sa.Column("as_of", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("manifest", sa.Text, nullable=False),
        sa.Column("sources", sa.Text, nullable=False),
        sa.Column("quality", sa.Text, nullable=False),
        sa.Column("added_at", sa.Text, nullable=False),
        sa.Column("added_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "book_id", name=op.f("pk_books")),
    )
    op.create_table(
        "chain_heads",
        sa.Column("workspace_id", sa.Text, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("row_hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_chain_heads")),
    )
    op.create_table(
        "coverage_models",
        sa.Column("workspace_id", sa.Text, nullable=False),
        sa.Column("text_hash", sa.Text, nullable=False),
        sa.Column("coverage_hash", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("added_at", sa.Text, nullable=False),
        sa.Column("added_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "text_hash", name=op.f("pk_coverage_models")),
    )
    op.create_index(
        op.f("ix_coverage_models_workspace_id_coverage_hash"),
        "coverage_models",
        ["workspace_id", "coverage_hash"],
        unique=False,
    )
    op.create_table(
        "decision_payloads",
        sa.Column("workspace_id", sa.Text, nullable=False),
        sa.Column("decision_id", sa.Text, nullable=False),
        sa.Column("salt", sa.LargeBinary, nullable=True),
        sa.Column("payload", sa.Text, nullable=True),
        sa.Column("erased_at", sa.Text, nullable=True),
        sa.Column("erased_by", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "decision_id", name=op.f("pk_decision_payloads")),
    )
    op.create_table(
        "decisions",
        sa.Column("workspace_id", sa.Text, nullable=False),
        sa.Column("sequence", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("decision_id", sa.Text, nullable=False),
        sa.Column("subject_kind", sa.Text, nullable=False),
        sa.Column("subject_id", sa.Text, nullable=False),
        sa.Column("subject_version", sa.Integer, nullable=False),
        sa.Column("subject_hash", sa.Text, nullable=False),
        sa.Column("owner_id", sa.Text, nullable=False),
        sa.Column("ledger_root", sa.Text, nullable=False),
        sa.Column("coverage_hash", sa.Text, nullable=False),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("decided_by", sa.Text, nullable=False),
        sa.Column("decided_at", sa.Text, nullable=False),
        sa.Column("payload_digest", sa.Text, nullable=False),
        sa.Column("previous", sa.Text, nullable=False),
        sa.Column("row_hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "sequence", name=op.f("pk_decisions")),
        sa.UniqueConstraint(
            "workspace_id", "decision_id", name=op.f("uq_decisions_workspace_id_decision_id")
        ),
        sa.UniqueConstraint(
            "workspace_id",
            "subject_kind",
            "subject_id",
            "subject_version",
            name=op.f("uq_decisions_workspace_id_subject_kind_subject_id_subject_version"),
        ),
    )
    op.create_table(
        "effects",
        sa.Column("workspace_id", sa.Text, nullable=False),
        sa.Column("subject_kind", sa.Text, nullable=False),
        sa.Column("subject_id", sa.Text, nullable=False),
        sa.Column("subject_version", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("subject_hash", sa.Text, nullable=False),
        sa.Column("decision_id", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("taken_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint(
            "workspace_id",
            "subject_kind",
            "subject_id",
            "subject_version",
            "subject_hash",
            name=op.f("pk_effects"),
        ),
    )
    op.create_table(
        "evidence",
        sa.Column("workspace_id", sa.Text, nullable=False),
        sa.Column("evidence_id", sa.Text, nullable=False),
        sa.Column("entity", sa.Text, nullable=False),
        sa.Column("metric", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("period", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "evidence_id", name=op.f("pk_evidence")),
    )
    op.create_table(
        "ledgers",
        sa.Column("workspace_id", sa.Text, nullable=False),
        sa.Column("root", sa.Text, nullable=False),
        sa.Column("kept_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "root", name=op.f("pk_ledgers")),
    )
    op.create_table(
        "note_indexes",
        sa.Column("workspace_id", sa.Text, nullable=False),
        sa.Column("content_hash", sa.Text, nullable=False),
        sa.Column("encoder", sa.Text, nullable=False),
        sa.Column("dimensions", sa.Integer, nullable=False),
        sa.Column("spans", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_note_indexes")),
    )
    op.create_table(
        "plans",
        sa.Column("workspace_id", sa.Text, nullable=False),
        sa.Column("plan_id", sa.Text, nullable=False),
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("owner_id", sa.Text, nullable=False),
        sa.Column("approved_version", sa.Integer, nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "plan_id", name=op.f("pk_plans")),
    )
    op.create_index(
        op.f("ix_plans_workspace_id_account_id"),
        "plans",
        ["workspace_id", "account_id"],
        unique=False,
    )
    op.create_table(
        "runs",
        sa.Column("workspace_id", sa.Text, nullable=False),
        sa.Column("run_id", sa.Text, nullable=False),
        sa.Column("thread_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("account_id", sa.Text, nullable=True),
        sa.Column("owner_id", sa.Text, nullable=True),
        sa.Column("plan_id", sa.Text, nullable=True),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("error", sa.Text, nullable=True),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("updated_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "run_id", name=op.f("pk_runs")),
    )
    op.create_index(
        op.f("ix_runs_workspace_id_status"), "runs", ["workspace_id", "status"], unique=False
    )
    op.create_table(
        "texts",
        sa.Column("workspace_id", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "digest", name=op.f("pk_texts")),
    )
    op.create_table(
        "current_books",
        sa.Column("workspace_id", sa.Text, nullable=False),
        sa.Column("book_id", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "book_id"],
            ["books.workspace_id", "books.book_id"],
            name=op.f("fk_current_books_workspace_id_book_id"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_current_books")),
    )
    op.create_table(
        "current_coverage",
        sa.Column("workspace_id", sa.Text, nullable=False),
        sa.Column("text_hash", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "text_hash"],
            ["coverage_models.workspace_id", "coverage_models.text_hash"],
            name=op.f("fk_current_coverage_workspace_id_text_hash"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_current_coverage")),
    )
    op.create_table(
        "ledger_entries",
        sa.Column("workspace_id", sa.Text, nullable=False),
        sa.Column("root", sa.Text, nullable=False),
        sa.Column("evidence_id", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "evidence_id"],
            ["evidence.workspace_id", "evidence.evidence_id"],
            name=op.f("fk_ledger_entries_workspace_id_evidence_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "root"],
            ["ledgers.workspace_id", "ledgers.root"],
            name=op.f("fk_ledger_entries_workspace_id_root"),
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id", "root", "evidence_id", name=op.f("pk_ledger_entries")
        ),
    )
    op.create_table(
        "ledger_texts",
        sa.Column("workspace_id", sa.Text, nullable=False),
        sa.Column("root", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "digest"],
            ["texts.workspace_id", "texts.digest"],
            name=op.f("fk_ledger_texts_workspace_id_digest"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "root"],
            ["ledgers.workspace_id", "ledgers.root"],
            name=op.f("fk_ledger_texts_workspace_id_root"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "root", "digest", name=op.f("pk_ledger_texts")),
    )
    op.create_table(
        "plan_versions",
        sa.Column("workspace_id", sa.Text, nullable=False),
        sa.Column("plan_id", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("base_version", sa.Integer, nullable=True),
        sa.Column("owner_id", sa.Text, nullable=False),
        sa.Column("plan_hash", sa.Text, nullable=False),
        sa.Column("schema_version", sa.Integer, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("run_id", sa.Text, nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "plan_id"],
            ["plans.workspace_id", "plans.plan_id"],
            name=op.f("fk_plan_versions_workspace_id_plan_id"),
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id", "plan_id", "version", name=op.f("pk_plan_versions")
        ),
    )
    op.create_table(
        "sightings",
        sa.Column("sighting", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.Text, nullable=False),
        sa.Column("evidence_id", sa.Text, nullable=False),
        sa.Column("book_id", sa.Text, nullable=False),
        sa.Column("as_of", sa.Text, nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "evidence_id"],
            ["evidence.workspace_id", "evidence.evidence_id"],
            name=op.f("fk_sightings_workspace_id_evidence_id"),
        ),
        sa.PrimaryKeyConstraint("sighting", name=op.f("pk_sightings")),
        sa.UniqueConstraint(
            "workspace_id",
            "evidence_id",
            "book_id",
            name=op.f("uq_sightings_workspace_id_evidence_id_book_id"),
        ),
    )
    op.create_table(
        "text_keepers",
        sa.Column("workspace_id", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("reach", sa.Text, nullable=False),
        sa.Column("kept_at", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "digest"],
            ["texts.workspace_id", "texts.digest"],
            name=op.f("fk_text_keepers_workspace_id_digest"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "digest", "person", name=op.f("pk_text_keepers")),
    )
    for trigger in TRIGGERS:
        op.execute(trigger)


def downgrade() -> None:
    """Refuse: there is nothing before the first migration."""
    raise RuntimeError("There is no migration before 0001; use a new home folder instead.")
