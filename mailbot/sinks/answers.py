"""What a mail server's answer means: for this mail, for this moment, or for our whole account.

By the code (RFC 5321 section 4.2.1), the enhanced code (RFC 3463), the step it was given
at, and the words of providers, which put limits of the account into answers that read
like a refusal of one mail. Pure; waits for nothing and sends nothing.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Literal

from mailbot.ports import AccountPaused, LoginError, SendDeferred, SendRefused, WorldError

#: "connect": greeting, EHLO; "data": the DATA command; "message": after the final dot.
Step = Literal["connect", "login", "sender", "recipient", "data", "message"]

#: What limits the whole account for a short time. NetEase: SFQ too many mails in 15
#: minutes, QRC recipients in a short time; QQ says "frequency limited" in several ways.
_BURST = re.compile(
    r"\b(MI:SFQ|RP:QRC)\b|frequen|too many (mail|message|connection|login)|rate limit"
    r"|频率|过于频繁",
    re.IGNORECASE,
)
#: For the day: STC mails, TRC recipients of today; limits without a stated time.
_DAY = re.compile(r"\b(MI:STC|RP:TRC)\b|daily|sending (limit|quota)|发信(数量|超限)", re.IGNORECASE)
#: Until a person has looked: address or network of ours blocked, account locked.
_BLOCKED = re.compile(
    r"\bHL:(IFC|ICC|IPB|REP)\b|(user|account)( is| has been|:)? (suspended|locked|disabled|frozen)",
    re.IGNORECASE,
)
#: "Looks like spam" (SPM, SPB): of this mail, but a burst of ours is what causes it.
_SPAM = re.compile(r"\bDT:SP[MB]\b", re.IGNORECASE)
#: Our sender address, or our way out, is not allowed here: no mail will fare better.
_OURS = re.compile(
    r"must equal authorized user|sender (address|verify)|not owned by user|\bDT:SUM\b"
    r"|relay(ing)?( access)? (denied|not (permitted|allowed))|unable to relay",
    re.IGNORECASE,
)
_ENHANCED = re.compile(r"^\d{3}[ -]([245])\.(\d{1,3})\.(\d{1,3})\b")
_LOGIN = (530, 534, 535, 538)
_HANG_UP = 421
_TOO_LARGE = 552

#: How long the account rests, at first; it grows while the trouble lasts.
_SHORT, _LONG = timedelta(minutes=15), timedelta(hours=4)

#: Why a mail is refused for good, by subject and detail of the enhanced code, and by words.
_UNKNOWN = "收件地址不存在或已停用，请电话联系申报单位核实邮箱"
_FULL = "对方邮箱已满，请电话联系对方清理后再重发"
_LARGE = "邮件超过对方限制的大小"
_POLICY = "对方服务器按其规则拒收，请电话联系对方，并请其把本邮箱加入白名单"
_REASONS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^\d{3}[ -]5\.1\.(1|2|3|6|10)\b|^\d{3}[ -]5\.2\.1\b"), _UNKNOWN),
    (re.compile(r"^\d{3}[ -]5\.2\.2\b"), _FULL),
    (re.compile(r"^\d{3}[ -]5\.(2\.3|3\.4)\b"), _LARGE),
    (re.compile(r"^\d{3}[ -]5\.7\.\d"), _POLICY),
    (
        re.compile(
            r"(mailbox|storage|disk) (is )?full|over ?quota|quota exceeded|邮箱(已满|空间)",
            re.IGNORECASE,
        ),
        _FULL,
    ),
    (
        re.compile(
            r"(user|mailbox|recipient|account)\b.{0,20}\b(not found|unknown|unavailable"
            r"|(does not|doesn't) exist)|(no such|unknown|invalid) (user|mailbox|recipient)"
            r"|(用户|地址|邮箱)不存在",
            re.IGNORECASE,
        ),
        _UNKNOWN,
    ),
    (re.compile(r"too (large|big)|exceeds? .{0,20}size", re.IGNORECASE), _LARGE),
)


class HungUp(SendDeferred):
    """The server ended the connection; a new one may do better at once."""


def text(answer: bytes | str) -> str:
    """An answer in one line; providers write GBK as well as UTF-8."""
    if isinstance(answer, str):
        return " ".join(answer.split())
    try:
        told = answer.decode("utf-8")
    except UnicodeDecodeError:
        told = answer.decode("gb18030", "replace")
    return " ".join(told.split())


def meaning(host: str, code: int, answer: bytes | str, step: Step) -> WorldError:
    """The failure that an answer stands for; ``code`` is not one of success."""
    said = f"{code} {text(answer)}"
    later = code < 0 or code // 100 == 4 or _class(said) == "4"  # noqa: PLR2004 - 4yz: transient
    return (
        _of_account(said, step, later=later)
        or _of_login(host, code, said)
        or _of_ours(host, code, said, step, later=later)
        or _of_moment(host, code, said, later=later)
        or _refused(host, said)
    )


def _class(said: str) -> str:
    match = _ENHANCED.match(said)
    return match[1] if match else ""


def _of_account(said: str, step: Step, *, later: bool) -> WorldError | None:
    """The provider limits all our sending."""
    if re.match(r"^\d{3}[ -][45]\.2\.2\b", said):  # the recipient's quota, not ours
        return None
    ours = "HL:" in said.upper() or step in ("connect", "login", "sender")
    if ours and _BLOCKED.search(said):
        advice, pause = "请登录网页邮箱查看是否被锁定，或联系服务商。", _LONG
    elif _SPAM.search(said):
        if later:
            return None
        advice, pause = "请登录网页邮箱查看或联系服务商。", None
    elif _DAY.search(said):
        advice, pause = "请次日再发，或联系服务商提高限额。", _LONG
    elif _BURST.search(said):
        advice, pause = "请把配置中 [outgoing] pace 调大。", _SHORT
    else:
        return None
    told = f"服务商限制了本账号发信（{said}），已暂停发送，过一段时间自动恢复；如反复出现，{advice}"
    return AccountPaused(told, pause=pause, about_mail=bool(_SPAM.search(said)))


def _of_login(host: str, code: int, said: str) -> WorldError | None:
    if code not in _LOGIN:
        return None
    return LoginError(f"发信服务器 {host} 要求重新登录（{said}），请核对用户名和授权码。")


def _of_ours(host: str, code: int, said: str, step: Step, *, later: bool) -> WorldError | None:
    """Refused before anything of this mail was said, or because of our own address."""
    about_size = code == _TOO_LARGE or bool(re.match(r"^\d{3}[ -]5\.(2\.3|3\.4)\b", said))
    early = step in ("connect", "sender") and not about_size
    if later or not (early or _OURS.search(said)):
        return None
    return AccountPaused(
        f"发信服务器 {host} 不接受本账号或发件地址（{said}），已暂停发送，回复都保留在发件箱；"
        "请核对配置中 [outgoing] 的 from 是否与登录账号一致，并登录网页邮箱查看账号是否正常。"
    )


def _of_moment(host: str, code: int, said: str, *, later: bool) -> WorldError | None:
    if not later:
        return None
    kind = HungUp if code == _HANG_UP else SendDeferred
    return kind(f"发信服务器 {host} 暂未接收（{said}），稍后自动重发。")


def _refused(host: str, said: str) -> SendRefused:
    reason = next((why for pattern, why in _REASONS if pattern.search(said)), "")
    advice = f"：{reason}" if reason else ""
    return SendRefused(f"发信服务器 {host} 拒绝接收（{said}），不再重发{advice}。")
