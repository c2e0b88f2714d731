"""From the files of a campaign's folder to a :class:`Campaign`, or to every mistake in them.

Takes names and bytes (the caller reads the files), so that it works on shipped
data and on a user's own folder alike. Beyond the model's own checks it follows
every reference: a rule that names a form, a field or a table that does not
exist is a mistake with its line, never a rule that silently never applies.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from rules.notice.campaign import Campaign
from rules.notice.complaints import Complaint, Rejected, from_validation, parse
from rules.notice.places import Places
from rules.notice.quotatables import read_table, table_complaints
from rules.notice.references import dangling_references

MAIN = "campaign.toml"


def load_campaign(files: Mapping[str, bytes]) -> Campaign:
    """The campaign in these files (``*.toml`` and the ``*.csv`` tables it names).

    Top-level keys may be spread over several TOML files, each key in one of
    them. Raises :class:`rules.notice.complaints.Rejected` with every mistake found.
    """
    sources = {name: files[name] for name in sorted(files) if name.endswith(".toml")}
    if not sources:
        raise Rejected(
            [Complaint(file=MAIN, line=1, key="", message="文件夹中没有活动数据文件（.toml）")]
        )
    data, owner = _merge(sources)
    sheets = {name: read_table(name, body) for name, body in files.items() if name.endswith(".csv")}
    tables = {name: sheet.rows for name, sheet in sheets.items()}
    try:
        campaign = Campaign.model_validate(data)
    except ValidationError as error:
        raise Rejected(_sorted_by_file(error, sources, owner)) from None
    dangling = list(dangling_references(campaign, tables))
    if dangling:
        raise Rejected([_complaint(path, text, sources, owner) for path, text in dangling])
    unclear = list(table_complaints(campaign, sheets))
    if unclear:
        raise Rejected(unclear)
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(name.encode() + b"\0" + files[name] + b"\0")
    return campaign.model_copy(update={"version": digest.hexdigest()[:12], "tables": tables})


def _merge(sources: Mapping[str, bytes]) -> tuple[dict[str, Any], dict[str, str]]:
    """All top-level keys with the file each stands in."""
    data: dict[str, Any] = {}
    owner: dict[str, str] = {}
    complaints: list[Complaint] = []
    for name, body in sources.items():
        try:
            part = parse(body, file=name)
        except Rejected as error:
            complaints += error.complaints
            continue
        for key, value in part.items():
            if key in data:
                line = Places(body).find([key])[0]
                text = f"{key} 已写在 {owner[key]} 中，请只写在一个文件里"
                complaints.append(Complaint(file=name, line=line, key=key, message=text))
            data[key] = value
            owner[key] = name
        for key in ("version", "tables"):
            if key in part:
                line = Places(body).find([key])[0]
                text = f"{key} 由程序填写，请删去"
                complaints.append(Complaint(file=name, line=line, key=key, message=text))
    if complaints:
        raise Rejected(complaints)
    return data, owner


def _sorted_by_file(
    error: ValidationError, sources: Mapping[str, bytes], owner: Mapping[str, str]
) -> list[Complaint]:
    """Each complaint once, under the file its top-level key stands in; else under the main one."""
    main = MAIN if MAIN in sources else next(iter(sources))
    found: list[Complaint] = []
    for name, body in sources.items():

        def own(key: str, name: str = name) -> bool:
            return owner.get(key, main) == name

        found += from_validation(error, model=Campaign, source=body, file=name, own=own)
    return found


def _complaint(
    path: Sequence[str | int], text: str, sources: Mapping[str, bytes], owner: Mapping[str, str]
) -> Complaint:
    name = owner[str(path[0])]
    key = ".".join(step for step in path if isinstance(step, str))
    return Complaint(file=name, line=Places(sources[name]).find(path)[0], key=key, message=text)
