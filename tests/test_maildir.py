"""A Maildir folder as source and as sink."""

from __future__ import annotations

import os
import resource
from datetime import UTC, datetime
from mailbox import Maildir
from pathlib import Path

import pytest

from mailbot.model import Arrival, Mark
from mailbot.ports import SendDeferred, SourceError
from mailbot.sinks.maildir import MaildirSink
from mailbot.sources.maildir import MaildirSource

RAW = b"Subject: x\r\n\r\nbody\r\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "mail"
    Maildir(path, create=True)
    return path


def source(folder: Path) -> MaildirSource:
    return MaildirSource(path=folder, index=folder.parent / "index")


def put(folder: Path, name: str, raw: bytes = RAW) -> Path:
    path = folder / name
    path.write_bytes(raw)
    return path


def after(arrival: Arrival) -> Mark:
    return Mark(uidvalidity=arrival.sighting.uidvalidity, uid=arrival.sighting.uid)


def test_new_and_cur_in_order_of_delivery(folder: Path) -> None:
    """Both are read, the earlier delivery first, with the same bytes."""
    put(folder, "new/1783645205.M1P1.host", b"second")
    put(folder, "cur/1783645200.M1P1.host:2,S", b"first")
    found = list(source(folder).arrivals(None))
    assert [(entry.sighting.uid, entry.raw) for entry in found] == [(1, b"first"), (2, b"second")]


def test_arrival_is_the_delivery_time_of_the_name(folder: Path) -> None:
    """The first number of the name; where it is none, the time of the file."""
    put(folder, "new/1783645200.M1P1.host")
    os.utime(put(folder, "new/abc"), (1783645300, 1783645300))
    os.utime(put(folder, "new/12.host"), (1783645400, 1783645400))
    found = {entry.arrived for entry in source(folder).arrivals(None)}
    assert found == {
        datetime(2026, 7, 10, 1, 0, tzinfo=UTC),
        datetime(2026, 7, 10, 1, 1, 40, tzinfo=UTC),
        datetime(2026, 7, 10, 1, 3, 20, tzinfo=UTC),
    }


def test_only_what_is_above_the_mark(folder: Path) -> None:
    """A message that comes later is above it, even with an older name."""
    put(folder, "new/1783645200.M1P1.host")
    box = source(folder)
    [first] = box.arrivals(None)
    assert list(box.arrivals(after(first))) == []
    put(folder, "new/1783640000.M1P1.host", b"late")
    assert [entry.raw for entry in box.arrivals(after(first))] == [b"late"]


def test_numbers_outlive_the_process_and_the_flags(folder: Path) -> None:
    """Moved to cur and flagged by a reader, it is the same message to the next process."""
    path = put(folder, "new/1783645200.M1P1.host")
    [first] = source(folder).arrivals(None)
    path.rename(folder / "cur" / "1783645200.M1P1.host:2,RS")
    [again] = source(folder).arrivals(None)
    assert again.sighting == first.sighting


def test_lost_index_is_another_folder(folder: Path) -> None:
    """Numbers given anew come under another UIDVALIDITY, so that the old mark says nothing."""
    put(folder, "new/1783645200.M1P1.host")
    [first] = source(folder).arrivals(None)
    (folder.parent / "index").unlink()
    [again] = source(folder).arrivals(after(first))
    assert again.sighting.uidvalidity != first.sighting.uidvalidity


def test_torn_last_line_of_the_index(folder: Path) -> None:
    """A number whose line was cut short by a crash was never used and is given out anew."""
    put(folder, "new/1783645200.M1P1.host")
    list(source(folder).arrivals(None))
    with (folder.parent / "index").open("ab") as index:
        index.write(b"2 17836452")
    put(folder, "new/1783645201.M1P1.host", b"second")
    assert [entry.sighting.uid for entry in source(folder).arrivals(None)] == [1, 2]
    assert [entry.sighting.uid for entry in source(folder).arrivals(None)] == [1, 2]


def test_a_disk_that_fills_up_leaves_no_half_line_in_the_index(folder: Path) -> None:
    """Half a line would swallow the number of the next message."""
    put(folder, "new/1783645200.M1P1.host")
    kept = source(folder)
    (first,) = kept.arrivals(None)
    index = folder.parent / "index"
    before = index.read_bytes()
    put(folder, "new/1783645201.M2P1.host")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 10, hard))
    try:
        with pytest.raises(SourceError):
            list(kept.arrivals(after(first)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert index.read_bytes() == before
    assert [arrival.sighting.uid for arrival in kept.arrivals(after(first))] == [2]


def test_moved_and_removed_while_reading(folder: Path) -> None:
    """A message moved by a reader is found again, one removed is passed over."""
    paths = [put(folder, f"new/178364520{n}.M1P1.host", b"%d" % n) for n in range(4)]
    arrivals = source(folder).arrivals(None)
    taken = [next(arrivals).raw]
    paths[1].unlink()
    paths[2].rename(folder / "cur" / f"{paths[2].name}:2,S")
    taken += [entry.raw for entry in arrivals]
    assert taken == [b"0", b"2", b"3"]


def test_nothing_is_touched(folder: Path) -> None:
    """Files and folders are as they were."""
    path = put(folder, "new/1783645200.M1P1.host")
    before = (path.stat().st_mtime_ns, sorted(folder.rglob("*")))
    list(source(folder).arrivals(None))
    assert (path.stat().st_mtime_ns, sorted(folder.rglob("*"))) == before


def test_missing_folder(tmp_path: Path) -> None:
    """What is no Maildir is a SourceError that says what one looks like."""
    box = source(tmp_path / "nothing")
    with pytest.raises(SourceError, match="new、cur、tmp"):
        list(box.arrivals(None))
    with pytest.raises(SourceError, match="nothing"):
        box.probe()


def test_probe_counts(folder: Path) -> None:
    """The number of messages, read or not; nothing is numbered by looking."""
    put(folder, "new/1783645200.M1P1.host")
    put(folder, "cur/1783645201.M1P1.host:2,S")
    assert "2 封" in source(folder).probe()
    assert not (folder.parent / "index").exists()


def test_sink_stores_the_bytes(tmp_path: Path) -> None:
    """What is sent lies in new, unchanged, in a folder made for it."""
    sink = MaildirSink(tmp_path / "out" / "sent")
    answer = sink.send(message=RAW, sender="a@b.cn", recipient="c@d.cn")
    [stored] = (tmp_path / "out" / "sent" / "new").iterdir()
    assert stored.read_bytes() == RAW
    assert stored.name in answer


def test_sink_that_cannot_write(tmp_path: Path) -> None:
    """A file in the place of the folder puts the reply off, and says so."""
    (tmp_path / "sent").write_bytes(b"")
    sink = MaildirSink(tmp_path / "sent")
    with pytest.raises(SendDeferred, match="无法写入"):
        sink.send(message=RAW, sender="a@b.cn", recipient="c@d.cn")
    with pytest.raises(SendDeferred):
        sink.probe()


def test_what_the_sink_stores_the_source_reads(tmp_path: Path) -> None:
    """The two ends fit each other."""
    MaildirSink(tmp_path / "mail").send(message=RAW, sender="", recipient="")
    [arrival] = source(tmp_path / "mail").arrivals(None)
    assert arrival.raw == RAW
