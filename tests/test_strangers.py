"""Others' sample mails through ``import``: each is recorded, and only people are answered.

What must not be answered is judged here once more, with nothing but the standard library.
"""

from __future__ import annotations

import email
import hashlib
import os
import re
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

import pytest
import sqlalchemy as sa
from command import CAMPAIGN, configured
from samplefiles import mails

from mailbot.store import open_store
from mailbot.store import schema as t

ADDRESS = CAMPAIGN.mailboxes[0].address
#: as long as anything here may take on a busy machine
PATIENCE = 280


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the register has about one sample."""

    state: str
    disposition: str
    silence: str
    trouble: str  #: why it could not be read or decided
    waits: bool  #: for a person, or may never be answered
    replies: tuple[str, ...]  #: recipients


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """All samples, imported by the command, and one cycle of the service behind it."""

    seen: dict[str, Seen]
    log: str
    letters: tuple[Message, ...]  #: that have gone out


@pytest.fixture(scope="module")
def intake(tmp_path_factory: pytest.TempPathFactory) -> Intake:
    """The real command, as somebody types it; whatever comes to our address is an application."""
    folder = tmp_path_factory.mktemp("strangers")
    file = configured(folder, "pace = 0\n")
    box = folder / "box"
    box.mkdir()
    for name, raw in mails().items():
        (box / f"{name.replace('/', '-')}.eml").write_bytes(raw)
    log = mailbot(file, "import", str(box), "--to", ADDRESS)
    log += mailbot(file, "run", "--once")
    sent = (folder / "out" / "new").iterdir()
    with (
        closing(open_store(f"sqlite:///{folder / 'data' / 'mailbot.db'}")) as store,
        store.reading() as connection,
    ):
        seen = {name: _seen(connection, raw) for name, raw in mails().items()}
    return Intake(
        seen=seen,
        log=log,
        letters=tuple(email.message_from_bytes(path.read_bytes()) for path in sent),
    )


def mailbot(file: Path, *arguments: str) -> str:
    """What the program logs; it must end well."""
    done = subprocess.run(
        [sys.executable, "-m", "mailbot", "--config", file, *arguments],
        capture_output=True,
        check=False,
        timeout=PATIENCE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    assert done.returncode == 0, done.stderr.decode()[-4000:]
    return done.stderr.decode()


def _seen(connection: sa.Connection, raw: bytes) -> Seen:
    mail = connection.execute(
        sa.select(t.mails).where(t.mails.c.sha256 == hashlib.sha256(raw).hexdigest())
    ).one()
    told = sa.select(t.replies.c.recipient).where(t.replies.c.mail_id == mail.id)
    return Seen(
        state=mail.state,
        disposition=mail.disposition,
        silence=mail.silence,
        trouble=f"{mail.reading_failure}{mail.failure}",
        waits=mail.decision == "review",
        replies=tuple(connection.scalars(told)),
    )


_ADDRESS = re.compile(r"[^\s<>@]+@[^\s<>@]+")
_ROBOT = re.compile(
    r"(mailer-daemon|postmaster|(.*[-_.])?(no|donot|do-not)-?_?reply)|owner-.*|.*-request"
)


def must_not_be_answered(raw: bytes) -> str:
    """Why no letter may go out, by the list of RFC 3834, 5230, 2369, 2919 and 3464; "" else."""
    message = email.message_from_bytes(raw)
    fields = {
        name.lower(): " ".join(str(value).split()) for name, value in reversed(message.items())
    }
    sender = (_ADDRESS.findall(fields.get("from", "")) or [""])[-1]
    path = fields.get("return-path")
    reasons = {
        "null or malformed Return-Path": path is not None
        and not _ADDRESS.fullmatch(path.removeprefix("<").removesuffix(">")),
        "Auto-Submitted": fields.get("auto-submitted", "no").split()[0].lower() != "no",
        "suppressed": fields.get("x-auto-response-suppress", "none").lower() != "none",
        "a list": any(name.startswith("list-") for name in fields),
        "Precedence": fields.get("precedence", "").lower() in ("bulk", "list", "junk"),
        "Feedback-ID": "feedback-id" in fields,
        "a report": message.get_content_type()
        in ("multipart/report", "message/delivery-status", "message/disposition-notification"),
        "a robot": bool(_ROBOT.fullmatch(sender.partition("@")[0].lower())),
        "a robot's path": bool(
            _ROBOT.fullmatch((path or "").strip("<>").partition("@")[0].lower())
        ),
        "ourselves": sender.lower() == ADDRESS,
        "no address": not (_ADDRESS.fullmatch(sender) or path),
    }
    return next((why for why, true in reasons.items() if true), "")


@pytest.mark.timeout(2 * PATIENCE)
def test_every_sample_is_recorded(intake: Intake) -> None:
    """State and disposition; none is set aside, none harms its child."""
    wrong = {
        name: seen
        for name, seen in intake.seen.items()
        if seen.state != "decided" or not seen.disposition or seen.trouble
    }

    assert wrong == {}
    assert [line for line in intake.log.splitlines() if "fault" in line or "error" in line] == []


def test_none_is_answered_that_must_not_be(intake: Intake) -> None:
    """The oracle finds a good dozen, and no letter went to any of them."""
    forbidden = {name: why for name, raw in mails().items() if (why := must_not_be_answered(raw))}

    assert len(forbidden) > 12
    assert {name: why for name, why in forbidden.items() if intake.seen[name].replies} == {}


def test_what_is_not_answered_says_why(intake: Intake) -> None:
    """One letter at most, or a reason."""
    assert [
        name
        for name, seen in intake.seen.items()
        if len(seen.replies) > 1 or bool(seen.replies) == bool(seen.silence)
    ] == []


def test_people_are_answered(intake: Intake) -> None:
    """Of those that the oracle lets pass only a repeated mail and two more have no letter.

    These two come from a web server's own account, and from one that calls itself
    "Mail Delivery Subsystem" under another address.
    """
    silent = {
        name: seen.silence
        for name, seen in intake.seen.items()
        if not seen.replies and not must_not_be_answered(mails()[name])
    }

    assert sorted(why for why in silent.values() if "重复" not in why) == [
        "系统地址发出的邮件（www-data）",
        "邮件服务器发出的邮件",
    ]


def test_a_letter_goes_to_the_envelope_sender(intake: Intake) -> None:
    """RFC 3834 section 4: to the Return-Path, where there is one."""
    for name, seen in intake.seen.items():
        path = str(email.message_from_bytes(mails()[name]).get("return-path", "")).strip("<> ")
        assert not (path and seen.replies) or seen.replies == (path.lower(),), name


def test_every_letter_says_that_a_program_wrote_it(intake: Intake) -> None:
    """RFC 3834 section 3: so that nobody's program answers it."""
    assert len(intake.letters) == sum(len(seen.replies) for seen in intake.seen.values()) > 20
    for message in intake.letters:
        assert message["Auto-Submitted"] == "auto-replied"
        assert message["X-Loop"] == ADDRESS
        assert message["Message-ID"]


def test_papers_that_nobody_can_be_answered_about_wait_for_a_person(intake: Intake) -> None:
    """Files from nobody are nobody's application: a person has to look."""
    lost = {
        name
        for name, seen in intake.seen.items()
        if seen.disposition == "submission" and not seen.replies and "重复" not in seen.silence
    }

    assert lost
    assert [name for name in sorted(lost) if not intake.seen[name].waits] == []
