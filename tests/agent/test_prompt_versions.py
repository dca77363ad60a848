"""A prompt's text belongs to its version: changed text needs a version of its own."""

from __future__ import annotations

import hashlib
import tomllib
from importlib import resources

import pytest

from agent.prompting import load_prompt

FOLDER = resources.files("prompts")
VERSIONS: dict[str, dict[str, str]] = tomllib.loads(
    (FOLDER / "versions.toml").read_text(encoding="utf-8")
)
NAMES = sorted(file.name[:-3] for file in FOLDER.iterdir() if file.name.endswith(".md"))


def test_every_prompt_has_its_versions_listed() -> None:
    assert sorted(VERSIONS) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_changed_prompt_has_a_version_more(name: str) -> None:
    digest = hashlib.sha256((FOLDER / f"{name}.md").read_bytes()).hexdigest()
    version = load_prompt(name).version
    known = VERSIONS[name]

    assert list(known) == [str(number) for number in range(1, version + 1)], (
        f"prompts/{name}.md says version {version}: prompts/versions.toml needs a line for each "
        f"version up to it, and none beyond."
    )
    assert known[str(version)] == digest, (
        f"The text of prompts/{name}.md changed. Plans and answers name the version they were "
        f'written with, so raise it to {version + 1} and add `{version + 1} = "HASH"` to '
        "prompts/versions.toml, HASH being the SHA-256 of the changed file. A version that was "
        "never released may instead keep its number and get the new hash."
    )
    assert len(set(known.values())) == len(known)
