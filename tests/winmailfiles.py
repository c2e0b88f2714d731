"""winmail.dat and .msg as Outlook writes them, byte by byte ([MS-OXTNEF], [MS-OXMSG], [MS-CFB])."""

from __future__ import annotations

import struct

MESSAGE_INTERFACE = bytes.fromhex("0703020000000000c000000000000046")


def attribute(level: int, identifier: int, value: bytes, kind: int = 6) -> bytes:
    """One attribute with its checksum."""
    head = struct.pack("<BHHI", level, identifier, kind, len(value))
    return head + value + struct.pack("<H", sum(value) & 0xFFFF)


def prop(identifier: int, kind: int, value: bytes) -> bytes:
    """One property that carries its length: text in 8 bits or UTF-16, bytes, an object."""
    padded = value + bytes(-len(value) % 4)
    return struct.pack("<HHII", kind, identifier, 1, len(value)) + padded


def properties(*entries: bytes) -> bytes:
    return struct.pack("<I", len(entries)) + b"".join(entries)


def attached(name: str, content: bytes, *more: bytes, charset: str = "gbk") -> bytes:
    """One attachment as Outlook sends it: short name in GBK, the long one in ``charset``."""
    kind = 0x1F if charset == "utf-16-le" else 0x1E
    long_name = prop(0x3707, kind, f"{name}\0".encode(charset))
    number = struct.pack("<HHI", 3, 0x0E21, 7)
    named = struct.pack("<HH", 3, 0x8001) + bytes(16) + struct.pack("<III", 0, 0x8554, 1)
    return (
        attribute(2, 0x9002, bytes(14))
        + attribute(2, 0x800F, content)
        + attribute(2, 0x8010, "附件~1.DOC\0".encode("gbk"), 1)
        + attribute(2, 0x9005, properties(number, named, long_name, *more))
    )


def enclosed(name: str, mail: bytes) -> bytes:
    """A mail attached to the mail."""
    data = prop(0x3701, 0x0D, MESSAGE_INTERFACE + mail)
    shown = prop(0x3001, 0x1E, f"{name}\0".encode("gbk"))
    return attribute(2, 0x9002, bytes(14)) + attribute(2, 0x9005, properties(shown, data))


def tnef(*attachments: bytes) -> bytes:
    """A mail with its text, its recipients and its attachments."""
    return (
        b"\x78\x9f\x3e\x22\x01\x00"
        + attribute(1, 0x9006, struct.pack("<I", 0x10000), 8)
        + attribute(1, 0x9007, struct.pack("<II", 936, 0))
        + attribute(1, 0x8008, b"IPM.Microsoft Mail.Note\0", 7)
        + attribute(1, 0x9003, properties(prop(0x1009, 0x102, b"rtf")))
        + b"".join(attachments)
    )


def winmail(*files: tuple[str, bytes]) -> bytes:
    """A winmail.dat with these files."""
    return tnef(*(attached(name, content) for name, content in files))


Storage = dict[str, "bytes | Storage"]


def msg(*files: tuple[str, bytes | Storage], unicode: bool = True) -> Storage:
    """The storages of a mail: a file is its bytes, an attached mail its storages."""
    kind, charset = ("001F", "utf-16-le") if unicode else ("001E", "gbk")
    found: Storage = {"__properties_version1.0": bytes(32), "__substg1.0_0037001F": b"\0"}
    for number, (name, content) in enumerate(files):
        data = "__substg1.0_37010102" if isinstance(content, bytes) else "__substg1.0_3701000D"
        key = "3707" if isinstance(content, bytes) else "3001"
        found[f"__attach_version1.0_#{number:08X}"] = {
            "__properties_version1.0": bytes(8),
            f"__substg1.0_{key}{kind}": name.encode(charset),
            data: content,
        }
    return found


_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_NONE = 0xFFFFFFFF


def compound(root: Storage) -> bytes:
    """A compound file with these storages and streams, all of them in whole sectors of 512."""
    entries: list[tuple[str, int, int, int, bytes]] = []  # name, kind, right, child, content

    def add(name: str, value: bytes | Storage, kind: int) -> int:
        place = len(entries)
        content = value if isinstance(value, bytes) else b""
        entries.append((name, kind, _NONE, _NONE, content.ljust(4096, b"\0") if content else b""))
        if isinstance(value, dict):
            # siblings as a list: every one the right neighbour of the one before
            order = sorted(value, key=lambda text: (len(text), text.upper()))
            places = [add(key, value[key], 1 + isinstance(value[key], bytes)) for key in order]
            for one, following in zip(places, [*places[1:], _NONE], strict=True):
                entries[one] = (*entries[one][:2], following, *entries[one][3:])
            child = places[0] if places else _NONE
            entries[place] = (*entries[place][:3], child, entries[place][4])
        return place

    add("Root Entry", root, 5)
    sectors: list[bytes] = []
    fat: list[int] = []

    def store(content: bytes) -> int:
        chunks = [content[at : at + 512].ljust(512, b"\0") for at in range(0, len(content), 512)]
        start = len(sectors)
        sectors.extend(chunks)
        fat.extend([*range(start + 1, start + len(chunks)), _END])
        return start

    directory = b""
    for name, kind, right, child, content in entries:
        encoded = name.encode("utf-16-le") + b"\0\0"
        start = store(content) if content else _END
        directory += encoded.ljust(64, b"\0") + struct.pack("<HBB", len(encoded), kind, 1)
        directory += struct.pack("<III", _NONE, right, child) + bytes(36)
        directory += struct.pack("<IQ", start, len(content))
    first = store(directory + bytes(-len(directory) % 512))
    count = -(-(len(fat) + 8) // 127)
    places = range(len(sectors), len(sectors) + count)
    fat += [_FAT] * count
    fat += [_FREE] * (count * 128 - len(fat))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack(
        "<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, count, first, 0, 4096, _END, 0, _END, 0
    )
    head += b"".join(struct.pack("<I", place) for place in places).ljust(436, b"\xff")
    return head + b"".join(sectors) + struct.pack(f"<{len(fat)}I", *fat)
