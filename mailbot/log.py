"""The structured log: one line per thing that happened, on standard error.

Lines carry keys, codes and decisions, never what an applicant wrote: no address,
subject, name or telephone number is to be given to it.
"""

from __future__ import annotations

import logging
import sys
import traceback
from pathlib import Path
from typing import Literal

import structlog

#: Libraries that warn of what is no trouble: a poll that takes longer than its interval,
#: an answer of a server that is not in ASCII.
_TALKATIVE = ("apscheduler", "imapclient")

Logger = structlog.typing.FilteringBoundLogger


def configure(*, style: Literal["console", "json"] = "console", level: str = "info") -> None:
    """Send the log to standard error from ``level`` on; outside libraries only when they warn."""
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if style == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    threshold = logging.getLevelNamesMapping()[level.upper()]
    common: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=False),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*common, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    others = logging.StreamHandler(sys.stderr)
    others.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *common],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.basicConfig(handlers=[others], level=max(threshold, logging.WARNING))
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.ERROR)


def logger(room: str) -> Logger:
    """The log of one room; bound when first written to, so configuring may come later."""
    bound: Logger = structlog.get_logger(room=room)
    return bound


def place_of(error: BaseException) -> str:
    """Where it happened, innermost first, without a word of its text: that may quote a form."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    return " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))
