"""Replies that wait for the sender's own forms with comments in them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No reply of before waits for any."""
    op.add_column("replies", sa.Column("copies", sa.JSON(none_as_null=True), nullable=True))
