"""When the consent to an interview was withdrawn."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_interviews = sa.table(
    "interviews", sa.column("id"), sa.column("consent_withdrawn_at", sa.DateTime(timezone=True))
)
_events = sa.table(
    "audit_events",
    *(sa.column(name) for name in ("subject", "action")),
    sa.column("at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    column = sa.Column("consent_withdrawn_at", sa.DateTime(timezone=True), nullable=True)
    op.add_column("interviews", column)
    withdrawn = sa.select(_events.c.subject, _events.c.at).where(_events.c.action == "consent.withdraw")
    for event in op.get_bind().execute(withdrawn).all():
        of_event = _interviews.c.id == event.subject
        op.execute(sa.update(_interviews).where(of_event).values(consent_withdrawn_at=event.at))


def downgrade() -> None:
    op.drop_column("interviews", "consent_withdrawn_at")
