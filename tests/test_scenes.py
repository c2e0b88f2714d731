"""Every scene of every campaign reads as its golden text; a person has read each of them."""

from __future__ import annotations

import importlib
import os
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
import scenarios
from scenarios.stage import Scene, Stage

from mailbot.catalogue import shipped_campaigns

HOME = Path(scenarios.__file__).parent


def _modules() -> Iterator[ModuleType]:
    for entry in pkgutil.iter_modules([str(HOME)]):
        if entry.ispkg:
            yield importlib.import_module(f"scenarios.{entry.name}")


def _folder(module: ModuleType) -> Path:
    return Path(module.__file__ or "").parent


CAMPAIGNS = {module.CAMPAIGN: module for module in _modules()}
SCENES = [
    pytest.param(module, scene, id=f"{name}-{scene.__name__}")
    for name, module in CAMPAIGNS.items()
    for scene in module.SCENES
]


@pytest.mark.parametrize(("module", "scene"), SCENES)
def test_a_scene_reads_as_its_golden_text(module: ModuleType, scene: Scene) -> None:
    """Verdicts and letters, mail by mail."""
    stage = Stage(mailbox=module.MAILBOX)
    scene(stage)
    golden = _folder(module) / f"{scene.__name__}.txt"
    if os.environ.get("GOLDEN") == "write":
        golden.write_text(stage.transcript(), encoding="utf-8")
    assert stage.transcript() == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", CAMPAIGNS)
def test_each_scene_has_its_text(name: str) -> None:
    """And no text is without a scene."""
    module = CAMPAIGNS[name]
    texts = {path.stem for path in _folder(module).glob("*.txt")}

    assert texts == {scene.__name__ for scene in module.SCENES}
    assert all(scene.__doc__ for scene in module.SCENES)


def test_every_shipped_campaign_has_a_dozen_scenes() -> None:
    """None is shipped without having been tried as a whole."""
    assert set(CAMPAIGNS) == set(shipped_campaigns())
    assert min(len(module.SCENES) for module in CAMPAIGNS.values()) >= 12
