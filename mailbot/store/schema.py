"""The tables of the register, in types that SQLite and PostgreSQL share.

One fact stands in one place: what was read of a mail is its envelope on the mail
row and its ``documents`` and ``forms`` rows, from which the reading is put
together again; nothing keeps a second copy. The migrations build these tables;
a test compares the two. Only tables stand here, no query.
"""

from __future__ import annotations

import sqlalchemy as sa

from mailbot.store.instants import Instant

#: constraint names that both databases and Alembic agree on
metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

#: One message, known by the SHA-256 of its raw bytes. Deciding goes by (arrived, id).
mails = sa.Table(
    "mails",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("sha256", sa.String(64), nullable=False, unique=True),
    sa.Column("state", sa.String(16), nullable=False),  # received, read, decided, failed
    sa.Column("arrived", Instant, nullable=False),
    sa.Column("fetched_at", Instant, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("mailbox", sa.Text, nullable=False, default=""),  # the configured address
    sa.Column("fixed_tier", sa.String(64)),  # by the operator
    # the reading
    sa.Column("read_at", Instant),
    sa.Column("subject", sa.Text, nullable=False, default=""),
    sa.Column("sender", sa.Text, nullable=False, default=""),
    sa.Column("message_id", sa.Text, nullable=False, default=""),
    sa.Column("envelope", sa.JSON),  # without subject, sender, message_id
    sa.Column("body", sa.Text, nullable=False, default=""),
    sa.Column("links", sa.JSON),
    sa.Column("defects", sa.JSON),
    sa.Column("reading_failure", sa.Text, nullable=False, default=""),
    # the outcome
    sa.Column("decided_at", Instant),
    sa.Column("disposition", sa.String(16)),
    sa.Column("campaign", sa.String(64)),
    sa.Column("tier", sa.String(64)),
    sa.Column("decision", sa.String(16)),
    sa.Column("silence", sa.Text, nullable=False, default=""),
    sa.Column("repeated", sa.Boolean, nullable=False, default=False),
    sa.Column("failure", sa.Text, nullable=False, default=""),  # why it was set aside
    sa.Column("settled_at", Instant),  # by staff, where no item stands for it
    # who wrote what the sender only forwards; "" for all other mails
    sa.Column("applicant", sa.Text, nullable=False, default="", server_default=""),
    sa.Column("purge", sa.Integer, index=True),  # that removed what it said; null: all is there
    sa.CheckConstraint("state IN ('received', 'read', 'decided', 'failed')", name="state"),
    sa.Index(None, "state", "arrived", "id"),
    sa.Index(None, "message_id"),
    sa.Index(None, "sender"),
    sa.Index(None, "applicant"),
)

#: Where a server showed the message; several a mail.
sightings = sa.Table(
    "sightings",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("mail_id", sa.ForeignKey("mails.id"), nullable=False, index=True),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("folder", sa.Text, nullable=False),
    sa.Column("uidvalidity", sa.BigInteger, nullable=False),
    sa.Column("uid", sa.BigInteger, nullable=False),
    sa.Column("seen_at", Instant, nullable=False),
    sa.Column("junk", sa.Boolean, nullable=False, default=False, server_default="0"),  # in Junk
    # what we have done to it there since: "", "flagged", "moving" or "moved"
    sa.Column("tidied", sa.String(16), nullable=False, default="", server_default=""),
    sa.UniqueConstraint("account", "folder", "uidvalidity", "uid"),
)

#: High-water mark of a folder.
marks = sa.Table(
    "marks",
    metadata,
    sa.Column("account", sa.Text, primary_key=True),
    sa.Column("folder", sa.Text, primary_key=True),
    sa.Column("uidvalidity", sa.BigInteger, nullable=False),
    sa.Column("uid", sa.BigInteger, nullable=False),
)

#: The last comparison of a folder on the server with the register and the archive.
balances = sa.Table(
    "balances",
    metadata,
    sa.Column("account", sa.Text, primary_key=True),
    sa.Column("folder", sa.Text, primary_key=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("on_server", sa.Integer, nullable=False),
    sa.Column("taken", sa.Integer, nullable=False),
    sa.Column("ignored", sa.Integer, nullable=False),
    sa.Column("failed", sa.JSON, nullable=False),
    sa.Column("found", sa.Integer, nullable=False),
    sa.Column("missing", sa.JSON, nullable=False),
)

#: The files of a mail as a tree; ``path`` is "0" for the first, "0.2" for its third member.
documents = sa.Table(
    "documents",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("mail_id", sa.ForeignKey("mails.id"), nullable=False),
    sa.Column("path", sa.String(64), nullable=False),
    sa.Column("file", sa.Text, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False, index=True),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("format", sa.String(16), nullable=False),
    sa.Column("problems", sa.JSON, nullable=False),
    sa.Column("characters", sa.Integer),
    sa.Column("text", sa.Text, nullable=False),
    sa.UniqueConstraint("mail_id", "path"),
)

#: What was recognised in a document. ``content`` holds fields, tables and sections
#: in the shape of the ``read`` command, each with raw text, value and place.
forms = sa.Table(
    "forms",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("document_id", sa.ForeignKey("documents.id"), nullable=False),
    sa.Column("ordinal", sa.Integer, nullable=False),
    sa.Column("kind", sa.String(64), nullable=False, index=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("where", sa.Text, nullable=False),
    sa.Column("confidence", sa.Float, nullable=False),
    sa.Column("content", sa.JSON, nullable=False),
    sa.UniqueConstraint("document_id", "ordinal"),
)

#: campaign x tier x unit. ``unit_key`` is the unit's normalised name, null where it has none.
dossiers = sa.Table(
    "dossiers",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("campaign", sa.String(64), nullable=False),
    sa.Column("tier", sa.String(64), nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("unit_key", sa.Text),
    sa.Column("region", sa.Text, nullable=False, default="", server_default=""),  # told by staff
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("purge", sa.Integer, index=True),  # as of a mail
    sa.UniqueConstraint("campaign", "tier", "unit_key"),
)

#: One mail's part in a dossier. ``documents`` has the paths of those of the mail that
#: belong to it; null: all of them.
submissions = sa.Table(
    "submissions",
    metadata,
    sa.Column("dossier_id", sa.ForeignKey("dossiers.id"), primary_key=True),
    sa.Column("ordinal", sa.Integer, primary_key=True),
    sa.Column("mail_id", sa.ForeignKey("mails.id"), nullable=False, index=True),
    sa.Column("mailbox", sa.Text, nullable=False),  # address it came to, as the rules see it
    sa.Column("answers", sa.Integer),
    sa.Column("documents", sa.JSON(none_as_null=True)),
    sa.UniqueConstraint("dossier_id", "mail_id"),
)

#: What is applied for; keeps its identity by (dossier, ordinal).
items = sa.Table(
    "items",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("dossier_id", sa.ForeignKey("dossiers.id"), nullable=False),
    sa.Column("ordinal", sa.Integer, nullable=False),
    # its dossier's, so that places are counted on one index alone
    sa.Column("campaign", sa.String(64), nullable=False, default="", server_default=""),
    sa.Column("tier", sa.String(64), nullable=False, default="", server_default=""),
    sa.Column("category", sa.String(32), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("company", sa.Text, nullable=False),
    sa.Column("region", sa.Text),
    sa.Column("decision", sa.String(16), nullable=False),
    sa.Column("receipt", sa.String(64)),
    sa.Column("first_arrival", Instant, nullable=False),
    sa.Column("decided_at", Instant, nullable=False),
    sa.Column("withdrawn", sa.Boolean, nullable=False, default=False),
    # accepted, and since then neither declined nor withdrawn
    sa.Column("holds_place", sa.Boolean, nullable=False, default=False, server_default="0"),
    sa.Column("waits", sa.Boolean, nullable=False, default=False, server_default="0"),  # for one
    # the region or unit whose places it takes, as the rules have it
    sa.Column("place", sa.Text, nullable=False, default="", server_default=""),
    sa.Column("grade", sa.Text, nullable=False, default="", server_default=""),  # told by staff
    sa.UniqueConstraint("dossier_id", "ordinal"),
    sa.Index(None, "receipt"),
    sa.Index(
        "ix_items_places",
        *("campaign", "tier", "holds_place", "category", "place", "grade", "dossier_id"),
    ),
    sa.Index("ix_items_waiting", "campaign", "tier", "waits"),
)

#: What a person has settled about an item; the last one counts, as long as it stands.
#: ``submissions`` is how many mails the dossier had then.
rulings = sa.Table(
    "rulings",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("item_id", sa.ForeignKey("items.id"), nullable=False, index=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("who", sa.Text, nullable=False),  # a member of staff, or the applicant's address
    sa.Column("what", sa.String(16), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("submissions", sa.Integer, nullable=False),
    sa.Column("mail_id", sa.ForeignKey("mails.id")),  # that asked for it, where one did
    sa.CheckConstraint("what IN ('accept', 'return', 'decline', 'withdraw')", name="what"),
)

#: What staff have ticked off: paper, fee, stamp; of one item, or of the whole dossier.
ticks = sa.Table(
    "ticks",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("dossier_id", sa.ForeignKey("dossiers.id"), nullable=False, index=True),
    sa.Column("item_id", sa.ForeignKey("items.id")),
    sa.Column("what", sa.String(16), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.CheckConstraint("what IN ('paper', 'fee', 'stamp')", name="what"),
    sa.UniqueConstraint("dossier_id", "item_id", "what"),
)

#: The forms and texts of a dossier as last filed: whose they are, which are in force.
papers = sa.Table(
    "papers",
    metadata,
    sa.Column("dossier_id", sa.ForeignKey("dossiers.id"), primary_key=True),
    sa.Column("ordinal", sa.Integer, primary_key=True),
    sa.Column("document_id", sa.ForeignKey("documents.id"), nullable=False),
    sa.Column("form_id", sa.ForeignKey("forms.id")),
    sa.Column("item_id", sa.ForeignKey("items.id"), index=True),
    sa.Column("kind", sa.String(64), nullable=False),
    sa.Column("current", sa.Boolean, nullable=False),
)

#: One judgement: of a dossier, or of a mail alone (no dossier). ``cause`` is what led to it,
#: "mail:<sha256>", "ruling:<id>" or the like; ``mail_id`` is null where no mail did.
verdicts = sa.Table(
    "verdicts",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("cause", sa.String(128), nullable=False),
    sa.Column("mail_id", sa.ForeignKey("mails.id"), index=True),
    sa.Column("dossier_id", sa.ForeignKey("dossiers.id"), index=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("campaign", sa.String(64)),
    sa.Column("version", sa.String(64), nullable=False),  # of the campaign's data
    sa.Column("decision", sa.String(16)),
    sa.UniqueConstraint("cause", "dossier_id"),
)

findings = sa.Table(
    "findings",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("verdict_id", sa.ForeignKey("verdicts.id"), nullable=False, index=True),
    sa.Column("item_id", sa.ForeignKey("items.id"), index=True),
    sa.Column("code", sa.String(64), nullable=False, index=True),
    sa.Column("severity", sa.String(16), nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("rule", sa.String(64), nullable=False),
    sa.Column("clause", sa.Text, nullable=False),
    sa.Column("document", sa.Text, nullable=False),
    sa.Column("kind", sa.String(64), nullable=False),
    sa.Column("where", sa.Text, nullable=False),
    sa.Column("field", sa.String(64), nullable=False),
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("categories", sa.JSON, nullable=False),
    sa.Column("submission", sa.Integer),  # ordinal of the mail it is about
)

#: The last receipt number given; rises by one inside the deciding transaction.
counters = sa.Table(
    "counters",
    metadata,
    sa.Column("campaign", sa.String(64), primary_key=True),
    sa.Column("tier", sa.String(64), primary_key=True),
    sa.Column("last", sa.Integer, nullable=False),
)

_INCOMPLETE = sa.text("copies IS NOT NULL")

#: Answers with their frozen bytes, and how far their delivery has come.
replies = sa.Table(
    "replies",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("cause", sa.String(128), nullable=False),  # "mail:<sha256>", "ruling:<id>"
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("mail_id", sa.ForeignKey("mails.id"), index=True),
    sa.Column("composed_at", Instant, nullable=False),
    sa.Column("recipient", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("html", sa.Text, nullable=False),
    sa.Column("message", sa.LargeBinary, nullable=False),
    sa.Column("message_id", sa.Text, nullable=False, index=True),
    # the marked copies that have still to be attached; nothing is sent before
    sa.Column("copies", sa.JSON(none_as_null=True)),
    # queued, sending, sent, uncertain, refused, held
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("holder", sa.Text, nullable=False, default=""),  # who is sending
    sa.Column("lease_until", Instant),
    sa.Column("fence", sa.Integer, nullable=False, default=0),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("first_attempt", Instant),
    sa.Column("next_attempt", Instant, nullable=False),
    sa.Column("sent_at", Instant),
    sa.Column("answer", sa.Text, nullable=False, default=""),  # of the server
    sa.Column("last_error", sa.Text, nullable=False, default=""),
    # it came back: when, by which mail (SHA-256), and why
    sa.Column("returned_at", Instant),
    sa.Column("returned_by", sa.String(64), nullable=False, default="", server_default=""),
    sa.Column("returned_why", sa.Text, nullable=False, default="", server_default=""),
    sa.Column("topic", sa.String(64), nullable=False, default="", server_default=""),
    sa.CheckConstraint(
        "state IN ('queued', 'sending', 'sent', 'uncertain', 'refused', 'held')", name="state"
    ),
    sa.UniqueConstraint("cause", "kind"),
    sa.Index(None, "state", "next_attempt"),
    sa.Index(None, "recipient", "composed_at"),
    sa.Index(None, "topic", "composed_at"),
    sa.Index(None, "composed_at"),
    sa.Index(None, "returned_by"),
    sa.Index("ix_replies_incomplete", "id", sqlite_where=_INCOMPLETE, postgresql_where=_INCOMPLETE),
)

#: One removal of a campaign's personal data. ``done_at`` is null until the raw bytes are gone.
purges = sa.Table(
    "purges",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("campaign", sa.String(64), nullable=False),
    sa.Column("due", Instant, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("removed", sa.JSON, nullable=False),  # how much of what
    sa.Column("done_at", Instant),
)

#: History; rows are only ever added, and lose personal data when it is due.
events = sa.Table(
    "events",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", Instant, nullable=False, index=True),
    sa.Column("who", sa.Text, nullable=False),  # "mailbot", or a member of staff
    sa.Column("what", sa.String(64), nullable=False),
    sa.Column("mail_id", sa.ForeignKey("mails.id"), index=True),
    sa.Column("dossier_id", sa.ForeignKey("dossiers.id"), index=True),
    sa.Column("item_id", sa.ForeignKey("items.id"), index=True),
    sa.Column("details", sa.JSON, nullable=False),
)

#: How each mailbox, the way out and the digest are doing.
health = sa.Table(
    "health",
    metadata,
    sa.Column("name", sa.String(255), primary_key=True),
    sa.Column("last_try", Instant),
    sa.Column("last_success", Instant),
    sa.Column("failing_since", Instant),
    sa.Column("failures", sa.Integer, nullable=False, default=0),
    sa.Column("last_error", sa.Text, nullable=False, default=""),
    sa.Column("paused_until", Instant),
    sa.Column("told_since", Instant),  # since when there is trouble that staff were told of
)
