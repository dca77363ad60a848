"""What people answered about notes that disagree."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


TRIGGERS = (
    """
    CREATE TRIGGER answers_are_not_changed BEFORE UPDATE ON question_answers
    BEGIN SELECT RAISE(ABORT, 'an answer is never changed'); END
    """,
    """
    CREATE TRIGGER answers_are_not_deleted BEFORE DELETE ON question_answers
    BEGIN SELECT RAISE(ABORT, 'an answer is never deleted'); END
    """,
)


def upgrade() -> None:
    """Create the table and what keeps it as it is."""
    op.create_table(
        "question_answers",
        sa.Column("workspace_id", sa.Text, nullable=False),
        sa.Column("question_id", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("side", sa.Text, nullable=True),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("person_name", sa.Text, nullable=False),
        sa.Column("said_on", sa.Text, nullable=False),
        sa.Column("answered_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint(
            "workspace_id", "question_id", "number", name=op.f("pk_question_answers")
        ),
    )
    op.create_index(
        op.f("ix_question_answers_workspace_id_account_id"),
        "question_answers",
        ["workspace_id", "account_id"],
    )
    for trigger in TRIGGERS:
        op.execute(trigger)


def downgrade() -> None:
    """Refuse: what people answered would be forgotten."""
    raise RuntimeError("Answers are part of the record; use a new home folder instead.")
