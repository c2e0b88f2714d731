"""What every test may ask for."""

from collections.abc import Iterator

import pytest
from intake import OPENED

pytest_plugins = ["servers.plugin"]


def pytest_make_parametrize_id(
    config: pytest.Config,  # noqa: ARG001 - the names of the arguments are pytest's
    val: object,
    argname: str,
) -> str | None:
    """Files as parameters are named, not spelled out: their bytes may hold the time of day."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(autouse=True)
def _no_store_stays_open() -> Iterator[None]:
    yield
    while OPENED:
        OPENED.pop().close()
