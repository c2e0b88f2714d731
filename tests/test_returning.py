"""The sender's own forms go back with comments: nothing is sent before, nothing waits for ever."""

from __future__ import annotations

import email
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from intake import NOW, new_store, reading
from letters import letter, team_papers
from outcomes import correction
from test_register import enter

from mailbot.clock import SetClock
from mailbot.keeping.archive import FolderArchive
from mailbot.letters.copies import copies_of, sentence
from mailbot.letters.reply import compose_reply
from mailbot.outcome import Copy, Reply
from mailbot.ports import StoreError
from mailbot.reading.copying import Copyist
from mailbot.returning import Returning
from mailbot.store import Store, replies
from mailbot.store.record import queue_reply


def never() -> bool:
    return False


class Marker:
    """Makes copies of these contents, or fails first."""

    def __init__(self, *contents: bytes | None, failures: int = 0) -> None:
        self.contents, self.failures = contents, failures
        self.calls = 0

    def mark(self, path: Path, copies: Sequence[Copy]) -> list[bytes | None]:
        self.calls += 1
        if self.calls <= self.failures:
            raise StoreError("暂时不可用")
        assert path.suffix == ".eml"
        return list(self.contents)[: len(copies)]


def asked() -> Reply:
    """A request to put something right, with two forms of the sender's."""
    reply = compose_reply(correction())
    assert reply.copies
    return replace(
        reply,
        copies=tuple(replace(reply.copies[0], name=f"表{n}（批注）.docx") for n in (1, 2)),
    )


def queued(folder: Path, reply: Reply, marker: Marker) -> tuple[Store, Returning]:
    """A store with this reply in its outbox."""
    store = new_store(folder)
    mail, _ = enter(store, 1, reading(1))
    with store.writing() as connection:
        queue_reply(connection, "mail:1", reply, NOW, mail=mail)
    archive = FolderArchive(folder / "archive")
    return store, Returning(store=store, archive=archive, marker=marker, clock=SetClock(NOW))


def due(store: Store) -> bool:
    with store.reading() as connection:
        return replies.is_due(connection, NOW)


def sent(store: Store) -> EmailMessage:
    """The bytes that would go out."""
    with store.writing() as connection:
        claim = replies.claim_next(connection, NOW, holder="x", lease=timedelta(minutes=1))
    assert claim is not None
    message = email.message_from_bytes(claim.message, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_a_reply_waits_for_its_copies_and_then_has_them(tmp_path: Path) -> None:
    """Header as composed; names in Chinese; the letter speaks of them."""
    reply = asked()
    store, returning = queued(tmp_path, reply, Marker(b"PK1", b"PK2"))
    assert not due(store)

    assert returning.complete_all(never) == 1
    assert due(store)
    message = sent(store)
    files = {part.get_filename(): part.get_content() for part in message.iter_attachments()}
    composed = email.message_from_bytes(reply.message, policy=policy.default)

    assert files == {"表1（批注）.docx": b"PK1", "表2（批注）.docx": b"PK2"}
    assert sentence() in body(message, "plain")
    assert sentence() in body(message, "html")
    for header in ("From", "To", "Subject", "Message-ID", "In-Reply-To", "Auto-Submitted", "Date"):
        assert message[header] == composed[header]


@pytest.mark.parametrize(
    ("made", "names"), [((None, b"PK2"), ["表2（批注）.docx"]), ((None, None), [])]
)
def test_what_cannot_be_copied_is_left_out(
    tmp_path: Path, made: tuple[bytes | None, ...], names: list[str]
) -> None:
    """Without any the letter promises none; all else in it stays."""
    reply = asked()
    store, returning = queued(tmp_path, reply, Marker(*made))
    returning.complete_all(never)
    message = sent(store)

    assert [part.get_filename() for part in message.iter_attachments()] == names
    for kind, whole in (("plain", reply.text), ("html", reply.html)):
        text = body(message, kind)
        assert (sentence() in text) is bool(names)
        assert len(text) > len(whole) - 2 * len(sentence()) - 80
        assert "需要补正的内容" in text


def test_a_step_that_fails_is_taken_again(tmp_path: Path) -> None:
    """The reply still waits, and is completed once."""
    marker = Marker(b"PK1", b"PK2", failures=1)
    store, returning = queued(tmp_path, asked(), marker)
    with pytest.raises(StoreError):
        returning.complete_all(never)
    assert not due(store)

    assert returning.complete_all(never) == 1
    assert returning.complete_all(never) == 0
    assert due(store)


def test_the_same_copies_give_the_same_bytes(tmp_path: Path) -> None:
    """What is sent after a crash is what would have been sent."""
    messages = set()
    for name in ("one", "two"):
        store, returning = queued(tmp_path / name, asked(), Marker(b"PK1", b"PK2"))
        returning.complete_all(never)
        messages.add(sent(store).as_bytes())

    assert len(messages) == 1


def test_only_what_the_sender_can_put_right_is_marked() -> None:
    """Places and texts of the findings; nothing that is meant for staff."""
    (copy,) = copies_of(correction())
    told = " ".join(text for _, text in copy.notes)

    assert copy.name.endswith("（批注）.docx")
    assert all(where for where, _ in copy.notes)
    assert "内部核对" not in told
    assert "依据：通知" in told


def test_a_mailed_form_comes_back_from_the_archive(tmp_path: Path) -> None:
    """The real child, the real mail."""
    papers = team_papers(postcode="41020")
    raw = letter(papers, arrived=NOW)
    archive = FolderArchive(tmp_path / "archive")
    sha256 = archive.put(raw)
    form = papers["附件二 成果表.docx"]
    wanted = Copy(
        name="x.docx", sha256=hashlib.sha256(form).hexdigest(), format="docx", author="协会",
        notes=(("表1 第3行第4列", "邮编应为 6 位数字。"),),
    )  # fmt: skip
    (made,) = Copyist().mark(archive.path(sha256), [wanted])

    assert made is not None
    assert archive.get(sha256) == raw
