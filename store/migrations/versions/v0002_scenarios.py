"""Scenarios and their versions, kept as they were written; a decision alone approves one."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TRIGGERS = (
    """
    CREATE TRIGGER scenario_versions_are_not_changed BEFORE UPDATE ON scenario_versions
    BEGIN SELECT RAISE(ABORT, 'a scenario version is never changed'); END
    """,
    """
    CREATE TRIGGER scenario_versions_are_not_deleted BEFORE DELETE ON scenario_versions
    BEGIN SELECT RAISE(ABORT, 'a scenario version is never deleted'); END
    """,
    """
    CREATE TRIGGER scenario_approval_needs_a_decision
    BEFORE UPDATE OF approved_version ON scenarios
    WHEN NEW.approved_version IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM decisions JOIN scenario_versions
            ON scenario_versions.workspace_id = decisions.workspace_id
            AND scenario_versions.scenario_id = decisions.subject_id
            AND scenario_versions.version = decisions.subject_version
            AND scenario_versions.scenario_hash = decisions.subject_hash
        WHERE decisions.workspace_id = NEW.workspace_id AND decisions.subject_kind = 'scenario'
            AND decisions.subject_id = NEW.scenario_id
            AND decisions.subject_version = NEW.approved_version
            AND decisions.verdict = 'approved')
    BEGIN SELECT RAISE(ABORT, 'a scenario is approved by a decision alone'); END
    """,
    """
    CREATE TRIGGER scenarios_begin_unapproved BEFORE INSERT ON scenarios
    WHEN NEW.approved_version IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'a scenario is approved by a decision alone'); END
    """,
)


def upgrade() -> None:
    """Create both tables and their triggers."""
    op.create_table(
        "scenarios",
        sa.Column("workspace_id", sa.Text, nullable=False),
        sa.Column("scenario_id", sa.Text, nullable=False),
        sa.Column("approved_version", sa.Integer, nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "scenario_id", name=op.f("pk_scenarios")),
    )
    op.create_table(
        "scenario_versions",
        sa.Column("workspace_id", sa.Text, nullable=False),
        sa.Column("scenario_id", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("base_version", sa.Integer, nullable=True),
        sa.Column("reps", sa.Text, nullable=False),
        sa.Column("frontier", sa.Text, nullable=False),
        sa.Column("scenario_hash", sa.Text, nullable=False),
        sa.Column("submitted", sa.Integer, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "scenario_id"],
            ["scenarios.workspace_id", "scenarios.scenario_id"],
            name=op.f("fk_scenario_versions_workspace_id_scenario_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "frontier"],
            ["texts.workspace_id", "texts.digest"],
            name=op.f("fk_scenario_versions_workspace_id_frontier"),
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id", "scenario_id", "version", name=op.f("pk_scenario_versions")
        ),
    )
    for trigger in TRIGGERS:
        op.execute(trigger)


def downgrade() -> None:
    """Refuse: what was decided about scenarios would lose its subject."""
    raise RuntimeError("Scenarios are part of the record; use a new home folder instead.")
