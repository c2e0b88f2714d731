"""What a monitoring system on this machine may ask: figures for Prometheus, and whether all is well.

``/metrics`` and ``/health``, on loopback only and only where configured. Every
answer is made from the register when it is asked for, so that nothing has to be
counted anywhere else. No personal data is shown, and nothing can be changed.
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http import HTTPStatus
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, make_wsgi_app
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from mailbot import __version__
from mailbot.configuration.config import Config
from mailbot.configuration.configured import Parts, parts
from mailbot.log import logger
from mailbot.ports import Clock, StoreError, WorldError
from mailbot.reports import paperwork
from mailbot.store import Store, health, queries
from mailbot.store.views import HealthRow

#: So long nobody may have looked into a mailbox before something is wrong with us.
_OVERDUE = timedelta(minutes=10)
_STATES = {
    "mails": ("received", "read", "decided", "failed"),
    "replies": ("queued", "sending", "sent", "uncertain", "refused", "held"),
}

Start = Callable[[str, list[tuple[str, str]]], Any]


class Figures(Collector):
    """Reads the register each time it is asked."""

    def __init__(
        self, store: Store, parts: Parts, free: Callable[[], int | None], clock: Clock
    ) -> None:
        self._store, self._parts = store, parts
        self._free = free
        self._clock = clock

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Nothing before the first question: a database that is away must not stop the start."""
        return ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """All figures; where the register cannot be read, only that it cannot."""
        yield _family("info", "Version of the program.", {(__version__,): 1}, ("version",))
        try:
            status = self._parts.only(queries.status(self._store))
            decisions = queries.decisions(self._store)
        except StoreError:
            yield _family("database_up", "Can the register be read?", {(): 0})
            return
        yield _family("database_up", "Can the register be read?", {(): 1})
        for name, told, found in (
            ("mails", "Mails by state.", status.mails),
            ("replies", "Replies by state.", status.replies),
        ):
            counted = dict.fromkeys(_STATES[name], 0) | found
            rows = {(state,): many for state, many in counted.items()}
            yield _family(name, told, rows, ("state",))
        labels = ("campaign", "category", "decision")
        yield _family("items", "Items by decision.", decisions, labels)
        oldest = status.oldest_waiting
        waited = (self._clock.now() - oldest).total_seconds() if oldest else 0
        yield _family("oldest_waiting_seconds", "Age of the first undecided mail.", {(): waited})
        told = "Items and mails that wait for a person."
        yield _family("waiting_for_person", told, {(): status.waiting})
        yield _family("replies_deferred", "Replies tried in vain.", {(): status.deferred})
        yield from _parts(status.health)
        free = self._free()
        if free is not None:
            yield _family("disk_free_bytes", "Free where the data lies.", {(): free})


def _parts(rows: tuple[HealthRow, ...]) -> Iterator[GaugeMetricFamily]:
    """The mailboxes, the way out, the digest: when they were tried, when it worked."""
    for name, told, times in (
        ("last_try", "When a part was last tried.", [row.last_try for row in rows]),
        ("last_success", "When it last worked.", [row.last_success for row in rows]),
        ("failing_since", "Since when it fails.", [row.failing_since for row in rows]),
    ):
        given = {
            (row.name,): at.timestamp()
            for row, at in zip(rows, times, strict=True)
            if at is not None
        }
        yield _family(f"{name}_timestamp_seconds", told, given, ("part",))
    failures = {(row.name,): row.failures for row in rows}
    yield _family("failures", "Failures in a row.", failures, ("part",))


def _family(
    name: str, told: str, rows: dict[Any, Any], labels: tuple[str, ...] = ()
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"mailbot_{name}", told, labels=labels)
    for key, value in rows.items():
        family.add_metric(list(key), value)
    return family


def complaints(config: Config, store: Store, now: datetime, since: datetime) -> list[str]:
    """What is wrong with the service itself, in Chinese; a provider that is down is not.

    ``since`` is when it was started: what was not tried before is given time.
    """
    try:
        seen = parts(config).only(queries.status(store))
        rows = {row.name: row for row in seen.health}
    except StoreError as error:
        return [str(error)]
    said = []
    names = {name for name in rows if name.startswith("mailbox:")}
    allowed = max(
        [_OVERDUE, *(timedelta(seconds=3 * box.poll_seconds) for box in config.mailboxes)]
    )
    if not names and now - since > allowed:
        said.append("启动以来没有查看过任何邮箱")
    for name in sorted(names):
        row = rows[name]
        tried = max(row.last_try or since, since)
        if now - tried > allowed and not health.is_paused(row, now):
            said.append(f"超过 {int(allowed.total_seconds() // 60)} 分钟没有查看邮箱 {name[8:]}")
    return said


@contextmanager
def served(config: Config, store: Store, clock: Clock) -> Iterator[tuple[str, int] | None]:
    """Answer while the block runs; the address, or None where nothing is configured.

    Raises WorldError where the port cannot be had.
    """
    if config.metrics.listen is None:
        yield None
        return
    host, port = config.metrics.listen
    started = clock.now()
    registry = CollectorRegistry()
    registry.register(Figures(store, parts(config), lambda: paperwork.free_bytes(config), clock))
    pages = {
        "/metrics": make_wsgi_app(registry),
        "/health": _health(lambda: complaints(config, store, clock.now(), started)),
    }
    try:
        server = make_server(
            host, port, _routed(pages), _Server6 if ":" in host else _Server, _Quiet
        )
    except OSError as error:
        raise WorldError(
            f"[metrics] listen = {host}:{port} 不能使用：{error.strerror}。请换一个端口，或停止占用它的程序。"
        ) from error
    with server:
        thread = threading.Thread(target=server.serve_forever, name="metrics", daemon=True)
        thread.start()
        logger("metrics").info("metrics.listening", port=server.server_port)
        try:
            yield host, server.server_port
        finally:
            server.shutdown()
            thread.join()


def _health(found: Callable[[], list[str]]) -> Any:
    """200 where all is well, else 503 with what is not."""

    def answered(_environ: dict[str, Any], start: Start) -> list[bytes]:
        problems = found()
        status = HTTPStatus.SERVICE_UNAVAILABLE if problems else HTTPStatus.OK
        said = {"status": "failing" if problems else "ok", "problems": problems}
        body = json.dumps(said, ensure_ascii=False).encode()
        start(
            f"{status.value} {status.phrase}", [("Content-Type", "application/json; charset=utf-8")]
        )
        return [body]

    return answered


def _routed(pages: dict[str, Any]) -> Any:
    """Two pages, asked for and not sent to."""

    def answered(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        page = pages.get(environ.get("PATH_INFO", ""))
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            start("405 Method Not Allowed", [("Allow", "GET, HEAD")])
            return [b""]
        if page is None:
            start("404 Not Found", [("Content-Type", "text/plain")])
            return [b"/metrics or /health\n"]
        answer: Iterable[bytes] = page(environ, start)
        return answer

    return answered


class _Server(ThreadingMixIn, WSGIServer):
    """A question that hangs holds up nobody."""

    daemon_threads = True
    allow_reuse_address = True


class _Server6(_Server):
    """The same on ::1."""

    address_family = socket.AF_INET6


class _Quiet(WSGIRequestHandler):
    """Being looked at every few seconds is no news."""

    timeout = 10  #: seconds for one question

    def log_message(self, *_: object) -> None:
        """Nothing is written."""
