"""Judgements kept by what they depend on, and which reply a call was about."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "judgements",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("judgements", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_judgements")),
    )
    op.add_column("llm_calls", sa.Column("about", sa.String(length=80), server_default="", nullable=False))
    op.create_index("ix_llm_calls_about", "llm_calls", ["about"])


def downgrade() -> None:
    op.drop_index("ix_llm_calls_about", "llm_calls")
    op.drop_column("llm_calls", "about")
    op.drop_table("judgements")
