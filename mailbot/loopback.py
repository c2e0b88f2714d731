"""Which hosts are this machine: the only ones a password may go to without TLS."""

from __future__ import annotations

import ipaddress


def is_loopback(host: str) -> bool:
    """Is the host this machine itself? Names are not looked up."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
