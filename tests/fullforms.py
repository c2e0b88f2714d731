"""Forms of a shipped campaign filled in order, but for what a test says."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from parsers.model import Field, Form, Section, Table, Value
from parsers.spec import FieldSpec, FieldType
from rules.notice.campaign import Campaign

_HAND = (FieldType.STAMP, FieldType.SIGNATURE, FieldType.SERIAL)


@dataclass(frozen=True, kw_only=True)
class Filler:
    """What stands in a field by its key, else by its type."""

    campaign: Campaign
    by_type: Mapping[FieldType, Value]
    by_key: Mapping[str, Value]
    empty: Collection[FieldType] = ()  #: besides what is filled in by hand
    optional: str = ""  #: keys that begin so are left empty

    def form(
        self,
        kind: str,
        *,
        tables: tuple[Table, ...] = (),
        characters: int = 1000,
        missing: Collection[str] = (),
        campaigns: tuple[str, ...] = (),
        **values: Any,
    ) -> Form:
        """A form in order; ``missing`` sections are not found. A key it does not have is a mistake."""
        spec = self.campaign.form(kind)
        assert spec is not None
        fields = []
        for line, entry in enumerate(spec.fields, start=1):
            value = values.pop(entry.key, self._value(entry))
            if isinstance(value, Field):
                fields.append(value)
                continue
            raw = "" if value is None else str(value)
            where = f"表1 第{line}行第2列"
            fields.append(
                Field(key=entry.key, label=entry.label, value=value, raw=raw, where=where)
            )
        assert not values, f"{kind} has no {list(values)}"
        return Form(
            kind=kind,
            title=spec.title,
            campaigns=campaigns or (self.campaign.id,),
            fields=tuple(fields),
            tables=tables,
            sections=tuple(
                Section(key=entry.key, title=entry.title, found=entry.key not in missing)
                for entry in spec.sections
            ),
            characters=characters,
        )

    def _value(self, spec: FieldSpec) -> Value:
        if spec.type in (*_HAND, *self.empty):
            return None
        if self.optional and spec.key.startswith(self.optional):
            return None
        return self.by_key.get(spec.key, self.by_type.get(spec.type, "具体内容"))
