"""Prompts: versioned files, checked slots, and evidence written so that it stays data."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

from agent.context import Brief
from agent.showing import evidence_line, shown_evidence
from domain.errors import Broken
from domain.record import canonical_json

_FRONT_MATTER = re.compile(r"\A---\n(?P<head>.*?)\n---\n(?P<body>.*)\Z", re.DOTALL)
_BRIEF = "<!-- brief -->\n"
# One space each side: `{{open}}` in a prompt tells a writer about claim slots and stays.
_SLOT = re.compile(r"\{\{ ([a-z_]+) \}\}")


class PromptInvalid(Broken):
    """A prompt file is malformed, or was filled with the wrong slots."""


@dataclass(frozen=True)
class Prompt:
    """One prompt file. `standing` never varies, so an endpoint may cache it; `brief` does."""

    name: str
    version: int
    writes: str
    standing: str
    brief: str

    @property
    def slots(self) -> frozenset[str]:
        """Names of the slots in the varying part."""
        return frozenset(_SLOT.findall(self.brief))

    def fill(self, **values: str) -> str:
        """Return the varying part with its slots filled, once: values are never expanded.

        Raises
        ------
        PromptInvalid
            When a slot is left without a value, or a value has no slot.
        """
        missing, surplus = self.slots - set(values), set(values) - self.slots
        if missing or surplus:
            raise PromptInvalid(
                f"Prompt {self.name!r} version {self.version}: "
                f"slots without a value {sorted(missing)}, values without a slot "
                f"{sorted(surplus)}.",
                hint="Make the prompt file and its caller agree on the slots.",
            )
        return _SLOT.sub(lambda match: values[match[1]], self.brief)


@cache
def load_prompt(name: str) -> Prompt:
    """Read `prompts/<name>.md`.

    Raises
    ------
    PromptInvalid
        When the file is missing, its front matter lacks a key, or its standing part
        has slots.
    """
    file = resources.files("prompts") / f"{name}.md"
    if not file.is_file():
        raise PromptInvalid(
            f"There is no prompt {name!r}.", hint="Prompts are Markdown files in `prompts/`."
        )
    return parse_prompt(name, file.read_text(encoding="utf-8"))


def parse_prompt(name: str, text: str) -> Prompt:
    """Read a prompt from its text; PromptInvalid says what is wrong with it."""
    found = _FRONT_MATTER.match(text)
    if found is None:
        raise PromptInvalid(
            f"Prompt {name!r} has no front matter.",
            hint="Begin it with `---`, `version:`, `writes:`, `---`.",
        )
    head: dict[str, str] = {}
    for line in found["head"].splitlines():
        key, _, value = line.partition(":")
        head[key.strip()] = value.strip()
    standing, marker, brief = found["body"].partition(_BRIEF)
    if set(head) != {"version", "writes"} or not head["version"].isdigit() or not marker:
        raise PromptInvalid(
            f"Prompt {name!r} needs exactly `version` (a whole number) and `writes` in front, "
            f"and one line `{_BRIEF.strip()}` before the part that varies.",
            hint="Correct the prompt file.",
        )
    if _SLOT.search(standing):
        raise PromptInvalid(
            f"Prompt {name!r} has a slot in its standing part.",
            hint=f"Move it below `{_BRIEF.strip()}`: what stands must not vary.",
        )
    return Prompt(name, int(head["version"]), head["writes"], standing.strip(), brief.strip())


def account_plan_messages(brief: Brief) -> list[dict[str, str]]:
    """Return the messages that ask a model for an account plan draft."""
    prompt = load_prompt("account_plan")
    planning = brief.coverage.planning
    asked = prompt.fill(
        account=visible_json({"id": brief.account_id, "name": brief.account_name}),
        owner=visible_json({"entity": f"rep:{brief.owner_id}", "name": brief.owner_name}),
        tier=brief.coverage.tier(brief.tier).label,
        depth=brief.depth,
        plays=str(planning.plays_full if brief.depth == "full" else planning.plays_light),
        bullets=str(planning.bullets),
        period=str(brief.period),
        as_of=brief.as_of.isoformat(),
        currency=brief.currency,
        roles=", ".join(planning.roles_wanted),
        strategy=visible_json(brief.coverage.strategy.statement),
        evidence=numbered(map(evidence_line, shown_evidence(brief))),
        remarks=numbered(
            {"by": remark.person_name, "section": remark.section, "text": remark.text}
            for remark in brief.remarks
        ),
        violations=numbered(brief.violations),
    )
    return [
        {"role": "system", "content": prompt.standing},
        {"role": "user", "content": asked},
    ]


def repair_message(problems: Iterable[str]) -> str:
    """Return the one message that asks for an answer again, with what was wrong with it."""
    prompt = load_prompt("repair")
    return prompt.standing + "\n" + prompt.fill(problems=numbered(problems))


def numbered(values: Iterable[object]) -> str:
    """Write values as numbered JSON, one a line, so that none can end its own line."""
    lines = [f"{number}. {visible_json(value)}" for number, value in enumerate(values, start=1)]
    return "\n".join(lines) or "none"


def visible(text: str) -> str:
    """Return `text` without control, bidirectional, zero-width and private characters.

    Line breaks and tabs become spaces; unassigned and surrogate code points go as well.
    """
    if text.isprintable():  # it holds none of all these, as most texts do
        return text
    spaced = re.sub(r"[\t\n\r\v\f\x85\u2028\u2029]+", " ", text)
    return "".join(char for char in spaced if not unicodedata.category(char).startswith("C"))


def visible_json(value: object) -> str:
    """Write a value as canonical JSON without control or invisible characters in its texts."""
    return canonical_json(_visible(json.loads(json.dumps(value))))


def _visible(value: object) -> object:
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, dict):
        return {key: _visible(item) for key, item in value.items()}
    return value
