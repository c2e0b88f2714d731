"""Which hosts are this machine: the only ones a password may go to without TLS."""

from __future__ import annotations

import ipaddress
import re


def is_loopback(host: str) -> bool:
    """Is the host this machine itself? Names are not looked up."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def listening(written: str) -> tuple[str, int]:
    """Host and port to listen on, from "127.0.0.1:9464" or "[::1]:9464".

    Raises ValueError, with a Chinese message, for what is no such pair, and for
    any host but this machine: what is shown there is for nobody else.
    """
    match = re.fullmatch(r"(\[[0-9a-fA-F:]+\]|[^:\s]+):(\d{1,5})", written)
    if not match or not 0 < int(match[2]) < 65_536:  # noqa: PLR2004 - ports have 16 bits
        raise ValueError(f'应为 主机:端口，如 "127.0.0.1:9464"，现为“{written}”')
    if not is_loopback(match[1]):
        raise ValueError("只能在本机监听，如 127.0.0.1:9464；要从别处查看，请经本机的反向代理")
    return match[1].strip("[]"), int(match[2])
