"""The replies that wait for their copies are found without reading all the others."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Only an index."""
    waiting = sa.text("copies IS NOT NULL")
    op.create_index(
        "ix_replies_incomplete", "replies", ["id"], sqlite_where=waiting, postgresql_where=waiting
    )
