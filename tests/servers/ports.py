"""Ports of this machine that are free now."""

from __future__ import annotations

import socket


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])
