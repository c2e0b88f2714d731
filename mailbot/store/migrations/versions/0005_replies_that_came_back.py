"""Replies that came back, what a reply is about, and for whom a forwarded mail was written."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """So far none is known to have come back, and none was forwarded."""
    op.add_column("replies", sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True))
    for name, size in (("returned_by", 64), ("topic", 64)):
        op.add_column(
            "replies", sa.Column(name, sa.String(length=size), nullable=False, server_default="")
        )
    op.add_column(
        "replies", sa.Column("returned_why", sa.Text(), nullable=False, server_default="")
    )
    op.create_index("ix_replies_topic_composed_at", "replies", ["topic", "composed_at"])
    op.create_index("ix_replies_composed_at", "replies", ["composed_at"])
    op.create_index("ix_replies_returned_by", "replies", ["returned_by"])
    op.add_column("mails", sa.Column("applicant", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_mails_applicant", "mails", ["applicant"])
