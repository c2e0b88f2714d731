"""A connection that is kept for weeks gathers nothing."""

from __future__ import annotations

import threading
from contextlib import closing

from intake import mail
from servers.dovecot import Box

from mailbot.sources.session import Session


def session(box: Box) -> Session:
    """Over TLS."""
    return Session(
        host=box.host, port=box.imaps_port, user=box.user, password=box.password, tls=box.tls
    )


def gathered(connection: Session) -> int:
    """How many answers the library below keeps because nobody has asked for them."""
    answers = connection._client._imap.untagged_responses
    return sum(map(len, answers.values()))


def test_what_the_server_tells_between_polls_is_not_kept(dovecot: Box) -> None:
    """EXISTS and RECENT with every mail: after many polls no more than after one."""
    with closing(session(dovecot)) as connection:
        connection.open("INBOX")
        kept = []
        for number in range(6):
            dovecot.deliver(mail(number))
            connection.open("INBOX")
            kept.append(gathered(connection))

    assert max(kept) <= kept[0] + 1


def test_what_the_server_tells_in_idle_is_not_kept(dovecot: Box) -> None:
    """The same while it is listened to."""
    with closing(session(dovecot)) as connection:
        connection.open("INBOX")
        told = threading.Event()
        rounds = iter(range(4))
        kept: list[int] = []

        def changed() -> None:
            kept.append(gathered(connection))
            number = next(rounds, None)
            if number is None:
                told.set()
            else:
                dovecot.deliver(mail(number))

        connection.idle(changed, told.is_set)

    assert len(kept) >= 5
    assert max(kept) <= kept[0] + 2
