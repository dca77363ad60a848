"""A person's words in place of a section's sentences.

Lines that still say what a sentence said keep its evidence. Any other line is the
person's own statement: shown as such, without a source, and judged by the same verifier.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from agent.prompting import visible
from agent.render import NotWritable, render
from domain.errors import InvalidInput
from domain.evidence import Evidence, HumanSource, Ledger
from domain.plan import (
    SECTION_TITLES,
    AccountPlanDraft,
    Citation,
    Claim,
    PlanContent,
    SectionKey,
)

LONGEST_LINE = 2_000
MOST_LINES = 40

Field = Literal[
    "where_we_stand", "why_now", "buying_group", "whitespace", "competition", "success",
    "risks", "against", "unknowns",
]  # fmt: skip
# Which lists of the draft a section's sentences live in; new lines go to the first.
FIELDS: dict[SectionKey, tuple[Field, ...]] = {
    "where_we_stand": ("where_we_stand",),
    "why_now": ("why_now",),
    "buying_group": ("buying_group",),
    "whitespace": ("whitespace",),
    "competition": ("competition",),
    "plays": ("success",),
    "risks": ("risks", "against", "unknowns"),
}


@dataclass(frozen=True)
class _Old:
    """A sentence that is being replaced: where it lives, and how it reads."""

    field: Field
    claim: Claim
    text: str
    outputs: tuple[tuple[str, str], ...]


def edit_section(
    content: PlanContent,
    ledger: Ledger,
    section: SectionKey,
    text: str,
    *,
    person_name: str,
    said_on: date,
    where: str,
) -> tuple[AccountPlanDraft, Ledger]:
    """Replace a section's sentences by the lines of `text`.

    A line equal to a sentence keeps its claim. A line that still holds every figure,
    name and date of a sentence keeps its evidence under the new words, which the
    verifier then compares with the source. Any other line becomes a claim of kind
    `fact` that cites a new `human` statement. Tables and the objective stay as they are.

    Parameters
    ----------
    content
        The version the person read.
    ledger
        Its ledger.
    text
        One sentence a line; blank lines are skipped, and a blank text leaves the section
        without sentences.
    said_on
        The day the person typed it.
    where
        Where they typed it, for the statement's source.

    Returns
    -------
    draft, ledger
        The draft with the section replaced, and the ledger with the person's statements.

    Raises
    ------
    InvalidInput
        More than 40 lines, a line of more than 2,000 characters, or slot braces.
    """
    lines = _lines(section, text)
    draft = content.draft
    left = list(_sentences(draft, ledger, section, content.currency))
    taken = _match(lines, left)
    statements: list[Evidence] = []
    fields: dict[Field, list[Claim]] = {field: [] for field in FIELDS[section]}
    keys = {claim.key for _, claim in draft.claims()} - {old.claim.key for old in left}
    number = 0
    for line, match in zip(lines, taken, strict=True):
        if match is not None:
            old, claim = match
            fields[old.field].append(claim)
            keys.add(claim.key)
            continue
        statement = Evidence(
            entity=f"account:{content.account_id}",
            metric="statement",
            value=line,
            unit="text",
            source=HumanSource(person=person_name, said_on=said_on, where=where),
            scope=content.owner_id,
        )
        statements.append(statement)
        number += 1
        while (key := f"person.{section}.{number}") in keys:
            number += 1
        keys.add(key)
        fields[FIELDS[section][0]].append(_own_words(key, line, statement))
    edited = _replaced(draft, fields, keys)
    return edited, Ledger.of(
        [*ledger.entries.values(), *statements], ledger.texts, ledger.vocabulary
    )


def _lines(section: SectionKey, text: str) -> list[str]:
    lines = [" ".join(visible(line).split()) for line in text.splitlines()]
    lines = [line for line in lines if line]
    title = SECTION_TITLES[section]
    if len(lines) > MOST_LINES:
        raise InvalidInput(
            f"Section {title!r} has {len(lines)} lines; it may have {MOST_LINES}.",
            hint="Join or drop some lines.",
        )
    for number, line in enumerate(lines, start=1):
        if len(line) > LONGEST_LINE:
            raise InvalidInput(
                f"Line {number} of section {title!r} has {len(line)} characters; it may have "
                f"{LONGEST_LINE}.",
                hint="Break it into sentences of a line each.",
            )
        if "{{" in line or "}}" in line:
            raise InvalidInput(
                f"Line {number} of section {title!r} holds double braces.",
                hint="Write the figure or name itself.",
            )
    return lines


def _sentences(
    draft: AccountPlanDraft, ledger: Ledger, section: SectionKey, currency: str
) -> Iterable[_Old]:
    for field in FIELDS[section]:
        held = getattr(draft, field)
        for claim in held if isinstance(held, list) else [held] if held else []:
            try:
                parts = render(claim, ledger, currency)
            except NotWritable:
                # A sentence that cannot be shown cannot have been kept by anybody.
                continue
            names = re.findall(r"\{\{\s*([^{}]*?)\s*\}\}", claim.text)
            outputs = tuple(
                zip(names, (part.text for part in parts if part.evidence_id), strict=True)
            )
            words = " ".join("".join(part.text for part in parts).split())
            yield _Old(field, claim, words, outputs)


def _match(lines: Sequence[str], left: Sequence[_Old]) -> list[tuple[_Old, Claim] | None]:
    """Give each line the sentence it repeats or rewords; each sentence goes to one line."""
    found: list[tuple[_Old, Claim] | None] = [None] * len(lines)
    free = list(left)
    for position, line in enumerate(lines):
        same = next((old for old in free if old.text == line), None)
        if same is not None:
            free.remove(same)
            found[position] = (same, same.claim)
    for position, line in enumerate(lines):
        if found[position] is not None:
            continue
        # The sentence most of whose words the slots carry is the surest match.
        for old in sorted(free, key=lambda old: -sum(len(text) for _, text in old.outputs)):
            reworded = _reslotted(line, old)
            if reworded is not None:
                free.remove(old)
                found[position] = (old, old.claim.model_copy(update={"text": reworded}))
                break
    return found


def _reslotted(line: str, old: _Old) -> str | None:
    """Return `line` with the old sentence's slots put back, or None if one is missing."""
    if not old.outputs:
        return None
    pieces: list[str] = [line]
    for name, output in sorted(old.outputs, key=lambda item: (-len(item[1]), item[0])):
        # Slots already put back sit at the odd positions and are not searched.
        whole = re.compile(rf"(?<![\w.,]){re.escape(output)}(?![\w%]|[.,]\d)")
        for index in range(0, len(pieces), 2):
            hit = whole.search(pieces[index])
            if hit is not None:
                before, after = pieces[index][: hit.start()], pieces[index][hit.end() :]
                pieces[index : index + 1] = [before, f"{{{{{name}}}}}", after]
                break
        else:
            return None
    return "".join(pieces)


def _own_words(key: str, line: str, statement: Evidence) -> Claim:
    return Claim(
        key=key,
        kind="fact",
        subject=statement.entity,
        text=line,
        slots=[],
        citations=[Citation(evidence_id=statement.id, quote=None)],
        premises=[],
    )


def _replaced(
    draft: AccountPlanDraft, fields: dict[Field, list[Claim]], keys: set[str]
) -> AccountPlanDraft:
    """Put the new sentences in, and forget premises that went with the old ones."""
    update: dict[str, object] = {}
    for field, claims in fields.items():
        update[field] = (claims[0] if claims else None) if field == "against" else claims
    plain = draft.model_copy(update=update).model_dump()
    _forget_premises(plain, keys)
    return AccountPlanDraft.model_validate(plain)


def _forget_premises(node: object, keys: set[str]) -> None:
    if isinstance(node, dict):
        premises = node.get("premises")
        if isinstance(premises, list):
            node["premises"] = [key for key in premises if key in keys]
        for value in node.values():
            _forget_premises(value, keys)
    elif isinstance(node, list):
        for value in node:
            _forget_premises(value, keys)
