"""What model calls used, one row a call; rows are only ever added."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TRIGGERS = (
    """
    CREATE TRIGGER model_usage_is_not_changed BEFORE UPDATE ON model_usage
    BEGIN SELECT RAISE(ABORT, 'what a model call used is never changed'); END
    """,
    """
    CREATE TRIGGER model_usage_is_not_deleted BEFORE DELETE ON model_usage
    BEGIN SELECT RAISE(ABORT, 'what a model call used is never deleted'); END
    """,
)


def upgrade() -> None:
    """Create the table and its triggers."""
    op.create_table(
        "model_usage",
        sa.Column("workspace_id", sa.Text, nullable=False),
        sa.Column("usage_id", sa.Text, nullable=False),
        sa.Column("run_id", sa.Text, nullable=True),
        sa.Column("thread_id", sa.Text, nullable=True),
        sa.Column("plan_id", sa.Text, nullable=True),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("prompt", sa.Text, nullable=False),
        sa.Column("prompt_version", sa.Integer, nullable=False),
        sa.Column("input_tokens", sa.Integer, nullable=False),
        sa.Column("output_tokens", sa.Integer, nullable=False),
        sa.Column("estimated", sa.Integer, nullable=False),
        sa.Column("cost_millionths", sa.Integer, nullable=True),
        sa.Column("at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "usage_id", name=op.f("pk_model_usage")),
    )
    op.create_index(op.f("ix_model_usage_workspace_id_at"), "model_usage", ["workspace_id", "at"])
    for trigger in TRIGGERS:
        op.execute(trigger)


def downgrade() -> None:
    """Refuse: what was spent would be forgotten."""
    raise RuntimeError("Usage is part of the record; use a new home folder instead.")
