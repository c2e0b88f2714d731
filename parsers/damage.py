"""Expected damage: a document that is broken, locked or hostile, said in plain words.

Readers raise :class:`Damaged`; only :mod:`parsers.documents` catches it and makes
the :class:`parsers.model.Problem` of it. Nothing else may pass for damage: our own
mistakes stay exceptions.
"""

from __future__ import annotations

from parsers.model import Problem


class Damaged(Exception):
    """The document cannot be read; ``problem`` says why and what the sender can do."""

    def __init__(self, code: str, message: str) -> None:
        """``code`` is a finding code, ``message`` a Chinese sentence with the cure."""
        super().__init__(message)
        self.problem = Problem(code=code, message=message)


def broken(cure: str) -> Damaged:
    """The bytes are not what their format demands."""
    return Damaged("document.unreadable", f"文件已损坏或不完整，无法打开，请{cure}后重新发送。")


def locked() -> Damaged:
    """A password stands before the content."""
    return Damaged("document.encrypted", "文件设有打开密码，无法读取，请取消密码后重新发送。")


def hostile(what: str) -> Damaged:
    """A bomb, or something built like one."""
    return Damaged(
        "document.unsafe", f"文件结构异常（{what}），为安全起见未予打开，请重新制作后发送。"
    )


def oversized(what: str) -> Damaged:
    """More than the limits allow, without being built to harm."""
    return Damaged("document.too_large", f"{what}，超出可处理范围，请精简或拆分后重新发送。")
