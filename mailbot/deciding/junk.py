"""Which mails out of a provider's Junk are treated as ours; all others stay unanswered.

A filter that errs must lose nobody's papers, and an answer to real junk tells its
sender that somebody reads here. So only what no stranger can have by chance counts: a
form we know, a thread of ours, an address that has applied, a receipt number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

from mailbot.outcome import Incoming, Register
from rules.gathering.routing import Route, forms_of

#: What may be a receipt number, whatever its pattern: it ends in digits.
_NUMBER = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9][A-Za-z0-9_/-]{0,40}\d(?![A-Za-z0-9])")
_LOOKED_AT = 20_000  #: characters of the mail
_NUMBERS = 200


def is_ours(incoming: Incoming, register: Register, chosen: Route | None) -> bool:
    """Does it carry a form of a campaign, or belong to somebody who has applied?

    ``chosen`` is the campaign it would be filed in, None where none fits.
    """
    envelope = incoming.envelope
    if next(forms_of(incoming.reading.documents), None) is not None:
        return True
    if register.by_message([*envelope.in_reply_to, *envelope.references]):
        return True
    if register.by_receipt(list(_numbers(incoming))):
        return True
    writers = {envelope.sender, envelope.forwarded} - {""}
    return chosen is not None and any(
        register.by_sender(chosen.campaign, chosen.tier, writer) for writer in sorted(writers)
    )


def silence(incoming: Incoming) -> str:
    """Why it is not answered, and what to do where it should have been."""
    files = len(incoming.reading.documents)
    told = f"附有 {files} 个文件，" if files else ""
    return (
        f"只在垃圾邮件箱中收到，{told}没有认出申报表，也不属于已有的申报，未作答复。"
        "如是申报单位来信，请在邮箱中把它移到收件箱，程序会重新办理"
    )


def _numbers(incoming: Incoming) -> Iterator[str]:
    words = f"{incoming.envelope.subject}\n{incoming.reading.body}"[:_LOOKED_AT]
    plain = unicodedata.normalize("NFKC", words)
    for match in islice(_NUMBER.finditer(plain), _NUMBERS):
        yield match[0]
        yield match[0].upper()
