"""The campaigns at hand: those that ship with the program and a user's own.

Reads files and hands their bytes to :mod:`rules.notice.loader`; knows no campaign.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from parsers.spec import SpecSet
from rules.notice.campaign import Campaign
from rules.notice.complaints import Complaint, Rejected
from rules.notice.loader import load_campaign

_SUFFIXES = (".toml", ".csv")
#: A folder with this file is one campaign, in as many files as one likes.
_MAIN = "campaign.toml"


def shipped_campaigns() -> dict[str, Campaign]:
    """All campaigns in the package, by id; the newest first, which is the one most likely meant."""
    root = resources.files("rules") / "campaigns"
    folders = sorted((entry for entry in root.iterdir() if entry.is_dir()), key=lambda e: e.name)
    loaded = [_load(entry) for entry in folders if (entry / _MAIN).is_file()]
    loaded.sort(key=lambda campaign: -max(campaign.years, default=0))
    return {campaign.id: campaign for campaign in loaded}


def read_campaign(path: Path) -> Campaign:
    """A campaign from its folder, from a file of that folder, or from a single TOML file.

    A single file may name tables that lie beside it.

    Raises Rejected with every mistake; OSError when the path cannot be read.
    """
    folder = path if path.is_dir() else path.parent
    if path.is_dir() or (folder / _MAIN).is_file():
        return _load(folder)
    beside = {entry.name: entry.read_bytes() for entry in path.parent.glob("*.csv")}
    source = path.read_bytes()
    named = {name: body for name, body in beside.items() if name.encode() in source}
    return load_campaign({path.name: source, **named})


def load_campaigns(
    folder: Path | None = None, enabled: Sequence[str] | None = None
) -> dict[str, Campaign]:
    """Shipped campaigns and those in ``folder``, by id; only the ``enabled`` ones if given.

    A user's campaign with a shipped one's id takes its place. Raises Rejected
    for a faulty campaign and for an enabled id that does not exist.
    """
    found: dict[str, Campaign] = {}
    if folder is not None:
        entries = sorted(folder.iterdir())
        paths = [e for e in entries if (e / _MAIN).is_file() or e.suffix == ".toml"]
        found = {campaign.id: campaign for campaign in map(read_campaign, paths)}
    every = {**shipped_campaigns(), **found}
    if enabled is None:
        return every
    missing = [name for name in enabled if name not in every]
    if missing:
        known = "、".join(every)
        text = f"没有活动 {'、'.join(missing)}；可用的活动：{known}"
        raise Rejected([Complaint(file="", line=1, key="campaigns.enabled", message=text)])
    return {name: every[name] for name in enabled}


def spec_sets(campaigns: Mapping[str, Campaign]) -> tuple[SpecSet, ...]:
    """The forms of all campaigns, as the reader of forms takes them."""
    return tuple(
        SpecSet(campaign=entry.id, years=entry.years, forms=entry.forms)
        for entry in campaigns.values()
    )


def _load(folder: Traversable | Path) -> Campaign:
    files = {
        entry.name: entry.read_bytes()
        for entry in folder.iterdir()
        if entry.is_file() and entry.name.endswith(_SUFFIXES)
    }
    return load_campaign(files)
