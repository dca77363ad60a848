"""Territory plans and reviews: one table of versions for both."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TRIGGERS = (
    """
    CREATE TRIGGER cycle_versions_never_change BEFORE UPDATE ON cycle_versions
    BEGIN SELECT RAISE(ABORT, 'a version is never changed'); END
    """,
    """
    CREATE TRIGGER cycle_versions_stay BEFORE DELETE ON cycle_versions
    BEGIN SELECT RAISE(ABORT, 'a version is never removed'); END
    """,
    """
    CREATE TRIGGER cycle_plans_approved_by_decision BEFORE UPDATE ON cycle_plans
    WHEN NEW.approved_version IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM decisions JOIN cycle_versions
            ON cycle_versions.workspace_id = decisions.workspace_id
            AND cycle_versions.plan_id = decisions.subject_id
            AND cycle_versions.version = decisions.subject_version
            AND cycle_versions.plan_hash = decisions.subject_hash
        WHERE decisions.workspace_id = NEW.workspace_id AND decisions.subject_kind = NEW.kind
            AND decisions.subject_id = NEW.plan_id
            AND decisions.subject_version = NEW.approved_version
            AND decisions.verdict = 'approved')
    BEGIN SELECT RAISE(ABORT, 'a plan or review is approved by a decision alone'); END
    """,
    """
    CREATE TRIGGER cycle_plans_begin_unapproved BEFORE INSERT ON cycle_plans
    WHEN NEW.approved_version IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'a plan or review is approved by a decision alone'); END
    """,
)


def upgrade() -> None:
    """Create both tables and their triggers."""
    op.create_table(
        "cycle_plans",
        sa.Column("workspace_id", sa.Text, nullable=False),
        sa.Column("plan_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("quarter", sa.Text, nullable=False),
        sa.Column("approved_version", sa.Integer, nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "plan_id", name=op.f("pk_cycle_plans")),
    )
    op.create_table(
        "cycle_versions",
        sa.Column("workspace_id", sa.Text, nullable=False),
        sa.Column("plan_id", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("base_version", sa.Integer, nullable=True),
        sa.Column("reps", sa.Text, nullable=False),
        sa.Column("plan_hash", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("run_id", sa.Text, nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "plan_id"],
            ["cycle_plans.workspace_id", "cycle_plans.plan_id"],
            name=op.f("fk_cycle_versions_workspace_id_plan_id"),
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id", "plan_id", "version", name=op.f("pk_cycle_versions")
        ),
    )
    for trigger in TRIGGERS:
        op.execute(trigger)


def downgrade() -> None:
    """Refuse: what was decided about a quarter would lose its subject."""
    raise RuntimeError("Territory plans are part of the record; use a new home folder instead.")
