"""The folder of raw messages."""

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path

import pytest

from mailbot.keeping.archive import FolderArchive
from mailbot.ports import ArchiveError

RAW = b"Subject: x\r\n\r\n" + bytes(range(256))
SHA256 = hashlib.sha256(RAW).hexdigest()


def test_stored_under_its_hash(tmp_path: Path) -> None:
    """The file is found by the SHA-256 of its bytes, in two levels of folders."""
    archive = FolderArchive(tmp_path / "raw")

    assert archive.put(RAW) == SHA256
    assert archive.path(SHA256) == tmp_path / "raw" / SHA256[:2] / SHA256[2:4] / f"{SHA256}.eml"
    assert archive.get(SHA256) == RAW


def test_putting_again_changes_nothing(tmp_path: Path) -> None:
    """The same bytes again are the same file, and nothing is left beside it."""
    archive = FolderArchive(tmp_path)
    archive.put(RAW)
    before = archive.path(SHA256).stat()

    assert archive.put(RAW) == SHA256
    assert archive.path(SHA256).stat().st_ino == before.st_ino
    assert [path.name for path in archive.path(SHA256).parent.iterdir()] == [f"{SHA256}.eml"]


def test_damaged_file_is_told_and_mended(tmp_path: Path) -> None:
    """Changed bytes are never handed out; putting the message again writes it anew."""
    archive = FolderArchive(tmp_path)
    archive.put(RAW)
    archive.path(SHA256).write_bytes(RAW[:-1])

    with pytest.raises(ArchiveError, match="已被改动或损坏"):
        archive.get(SHA256)
    archive.put(RAW)
    assert archive.get(SHA256) == RAW


def test_missing_file(tmp_path: Path) -> None:
    """What was never stored is an error that names the file."""
    with pytest.raises(ArchiveError, match=SHA256):
        FolderArchive(tmp_path).get(SHA256)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64])
def test_only_hashes_name_files(tmp_path: Path, name: str) -> None:
    """Nothing else can reach outside the folder."""
    with pytest.raises(ArchiveError):
        FolderArchive(tmp_path).path(name)


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What is synced from now on, in this order."""
    found: list[Path] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        real(descriptor)
        found.append(Path(f"/proc/self/fd/{descriptor}").readlink())

    monkeypatch.setattr(os, "fsync", fsync)
    return found


def test_folder_and_file_are_synced_before_return(tmp_path: Path, synced: list[Path]) -> None:
    """The bytes, then the entry of the file; the entries of its folders too."""
    archive = FolderArchive(tmp_path)
    archive.put(RAW)
    folder = archive.path(SHA256).parent

    assert synced[0].name.startswith(".new-")
    assert set(synced[1:]) == {folder, folder.parent, tmp_path}


def test_several_are_all_synced_before_return(tmp_path: Path, synced: list[Path]) -> None:
    """No folder before the last of the bytes; each message that comes twice is written once."""
    archive = FolderArchive(tmp_path / "raw")
    raws = [b"Subject: %d\r\n\r\n" % number for number in range(20)]

    names = archive.put_all([*raws, raws[0]])
    files = [name for name in synced if name.name.startswith(".new-")]
    folders = synced[1 + len(files) :]  # before all others, that the archive's own is there

    assert [archive.get(name) for name in names] == [*raws, raws[0]]
    assert len(files) == len(raws)
    assert synced[1 : 1 + len(files)] == files
    assert {archive.path(name).parent for name in names} <= set(folders)
    assert {archive.path(name).parent.parent for name in names} <= set(folders)
    assert tmp_path / "raw" in folders


def test_folders_left_unsynced_by_a_death_are_synced(tmp_path: Path, synced: list[Path]) -> None:
    """Whoever died between the bytes and the folders has promised nothing; the next one does."""
    archive = FolderArchive(tmp_path)
    archive.put(RAW)
    synced.clear()
    archive.put(RAW)
    folder = archive.path(SHA256).parent

    assert set(synced) == {folder, folder.parent, tmp_path}


def test_one_that_fails_among_several(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told, no half file is left, and all can be put again."""
    archive = FolderArchive(tmp_path)
    raws = [b"Subject: %d\r\n\r\n" % number for number in range(20)]
    real = os.fsync
    calls = iter(range(1000))

    def fsync(descriptor: int) -> None:
        if next(calls) == 10:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(ArchiveError, match="磁盘已满"):
        archive.put_all(raws)

    assert not list(tmp_path.rglob(".new-*"))
    assert [archive.get(name) for name in archive.put_all(raws)] == raws


@pytest.mark.parametrize(
    ("code", "advice"), [(errno.ENOSPC, "磁盘已满"), (errno.EACCES, "没有写入权限")]
)
def test_failures_say_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, advice: str
) -> None:
    """A full disk or a closed folder is an ArchiveError with advice, and leaves no rest behind."""

    def fail(_descriptor: int) -> None:
        raise OSError(code, os.strerror(code))

    archive = FolderArchive(tmp_path)
    archive.path(SHA256).parent.mkdir(parents=True)
    monkeypatch.setattr(os, "fsync", fail)

    with pytest.raises(ArchiveError, match=advice):
        archive.put(RAW)
    assert list(archive.path(SHA256).parent.iterdir()) == []


def test_file_in_the_place_of_a_folder(tmp_path: Path) -> None:
    """A real failure of the file system, whoever runs the test."""
    (tmp_path / "raw").write_bytes(b"")

    with pytest.raises(ArchiveError, match="同名文件"):
        FolderArchive(tmp_path / "raw").put(RAW)


def test_probe(tmp_path: Path) -> None:
    """The trial leaves nothing behind."""
    assert str(tmp_path / "raw") in FolderArchive(tmp_path / "raw").probe()
    assert list((tmp_path / "raw").iterdir()) == []
