"""A mail server that gives every kind of answer at every step: no reply lost, none twice.

Three replies wait; what happens to the first must not happen to the others.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from faults import World, aftermath, world
from intake import Shelf, mail
from servers.certificates import Certificates, Flaw, make_certificates
from servers.stepwise import CUT, CUT_TAKEN, SILENCE, STEPS, StepwiseServer

from mailbot.outbox import Policy
from mailbot.pipeline import Box
from mailbot.sinks.smtp import SmtpSink
from mailbot.store import health, queries

NUMBERS = (1, 2, 3)
#: What servers say, by its kind.
ANSWERS = {
    "421": "421 4.3.2 Service closing",
    "4xx": "450 4.2.0 Mailbox busy",
    "451 DT:SPM": "451 DT:SPM 163 smtp9, please try again later",
    "5xx": "550 5.7.1 Not welcome here",
    "535": "535 5.7.8 Authentication failed",
    "550 DT:SPM": "550 DT:SPM 163 smtp9, the mail looks like spam",
    "554 DT:SPM": "554 DT:SPM 163 smtp9, the mail looks like spam",
    "frequency": "550 RP:QRC 163 smtp9, too many recipients",
    "cut": CUT,
}
LATER = ("421", "4xx", "451 DT:SPM", "cut")  #: than the mail is tried again, alone
#: Before a mail has been named, or about ourselves: a refusal meets all mails.
OURS = ("connect", "EHLO", "STARTTLS", "AUTH", "MAIL")


@contextmanager
def way_out(
    folder: Path,
    certificates: Certificates,
    *,
    policy: Policy = "hold",
    seconds: float = 20,
    tls: ssl.SSLContext | None = None,
) -> Iterator[tuple[World, StepwiseServer]]:
    """Three mails that want replies, and the server that is to take these."""
    trusted = tls or ssl.create_default_context(cafile=str(certificates.authority))
    with StepwiseServer(certificates) as server:
        sink: Any = SmtpSink(
            host=server.host,
            port=server.port,
            user="qc",
            password="secret",
            security="starttls",
            tls=trusted,
            name="here.example",
            seconds=seconds,
        )
        sink.messages = server.messages
        shelf = Shelf([mail(number) for number in NUMBERS])
        with world(folder, Box(source=shelf), sink=sink, policy=policy) as here:
            yield here, server


def first_of(here: World) -> Any:
    """The reply that met the fault."""
    return queries.list_replies(here.store)[0]


def is_paused(here: World) -> bool:
    """Does the account wait?"""
    return health.is_paused(health.of(here.store, health.OUTGOING), here.clock.now())


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("kind", ANSWERS)
def test_every_answer_at_every_step(
    tmp_path: Path, certificates: Certificates, step: str, kind: str
) -> None:
    """Put off, refused, the account paused, or unknown; the others go out; never twice."""
    with way_out(tmp_path, certificates) as (here, server):
        server.fails(step, ANSWERS[kind])
        cycle = here.round()
        first = first_of(here)
        others = [row.state for row in queries.list_replies(here.store)][1:]
        ended = []
        if (step, kind) == ("dot", "cut"):
            assert (first.state, is_paused(here)) == ("uncertain", False)
            assert others == ["sent", "sent"]
            ended = ["uncertain"]
        elif kind in LATER:
            assert (first.state, is_paused(here)) == ("queued", False)
            assert first.next_attempt == here.clock.now() + timedelta(minutes=2)
            assert others == ["sent", "sent"]
        elif kind == "5xx" and step not in OURS:
            assert (first.state, is_paused(here)) == ("refused", False)
            assert others == ["sent", "sent"]
            ended = ["refused"]
        else:
            assert (first.state, is_paused(here)) == ("queued", True)
            assert others == ["queued", "queued"]
            assert server.messages == []
            assert cycle.problems == [first.last_error]
        assert cycle.failed
        assert server.steps.count("AUTH") <= 2, "a refused password is not tried again at once"
        aftermath(here, NUMBERS, told=not (ended or kind in LATER), ended=ended)


@pytest.mark.parametrize("step", ["connect", "AUTH", "DATA", "dot"])
def test_a_server_that_falls_silent(tmp_path: Path, certificates: Certificates, step: str) -> None:
    """The time-out ends the wait; after the final dot nobody knows whether it was taken."""
    with way_out(tmp_path, certificates, seconds=2) as (here, server):
        server.fails(step, SILENCE)
        here.round()
        server.over.set()
        first = first_of(here)
        assert first.state == ("uncertain" if step == "dot" else "queued")
        assert "超时" in first.last_error
        aftermath(here, NUMBERS, told=False, ended=["uncertain"] if step == "dot" else [])


@pytest.mark.parametrize("answer", [CUT, CUT_TAKEN])
def test_a_policy_that_sends_again(tmp_path: Path, certificates: Certificates, answer: str) -> None:
    """The same bytes under the same Message-ID, once more and no more."""
    with way_out(tmp_path, certificates, policy="resend") as (here, server):
        server.fails("dot", answer)
        here.round()
        here.round()
        taken = list(server.messages)
        assert here.states() == {"sent": 3}
        assert len(taken) == (4 if answer == CUT_TAKEN else 3)
        assert len(set(taken)) == 3
        assert here.round().sent.sent == 0


@pytest.mark.parametrize("kind", ["421", "4xx", "cut"])
@pytest.mark.parametrize("step", ["connect", "MAIL", "dot"])
def test_a_trouble_that_lasts(
    tmp_path: Path, certificates: Certificates, step: str, kind: str
) -> None:
    """After three in a row the account waits and staff are told; then all goes out."""
    with way_out(tmp_path, certificates) as (here, server):
        server.fails(step, ANSWERS[kind], times=100)
        here.round()
        if (step, kind) == ("dot", "cut"):
            assert here.states() == {"uncertain": 3}
            return
        assert is_paused(here)
        assert here.states() == {"queued": 3}
        server.times = 0
        aftermath(here, NUMBERS, told=True)


@pytest.mark.parametrize("flaw", ["wrong host", "expired", "self-signed"])
def test_a_server_that_is_not_the_right_one(tmp_path: Path, flaw: Flaw) -> None:
    """Neither password nor mail is said there; the account waits, and staff hear why."""
    with way_out(tmp_path, make_certificates(tmp_path, flaw)) as (here, server):
        cycle = here.round()
        assert "AUTH" not in server.steps
        assert is_paused(here)
        assert "证书" in cycle.problems[0]
        assert here.states() == {"queued": 3}


@pytest.mark.parametrize(("answer", "state"), [("251 fine", "sent"), ("354 more", "uncertain")])
def test_an_answer_out_of_order_is_no_refusal(
    tmp_path: Path, certificates: Certificates, answer: str, state: str
) -> None:
    """Any 2yz says yes (RFC 5321 section 4.3.2); nonsense after the final dot says nothing."""
    with way_out(tmp_path, certificates) as (here, server):
        server.fails("dot", answer)
        here.round()
        assert first_of(here).state == state
