"""The phrasings of chat: whole, halved by rule, and about the example book."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path
from typing import get_args

import pytest

from eval.chat.phrasings import (
    Meaning,
    Persona,
    PhrasingsUnreadable,
    counts,
    half_of,
    load_phrasings,
    read_phrasings,
)

EXAMPLE = Path(__file__).parents[3] / "examples" / "adventureworks"
PERSONAS: tuple[Persona, ...] = ("rep", "manager")


def names_in(table: str) -> dict[str, dict[str, str]]:
    with (EXAMPLE / table).open(encoding="utf-8") as file:
        return {row["Id"]: row for row in csv.DictReader(file)}


@pytest.mark.parametrize("persona", PERSONAS)
def test_each_persona_has_more_than_150_phrasings_of_every_command(persona: Persona) -> None:
    phrasings = load_phrasings(persona)

    assert len(phrasings) >= 170
    for half in ("open", "closed"):
        meant = {command for command, which in counts(phrasings) if which == half}
        assert meant == set(get_args(Meaning))


@pytest.mark.parametrize("persona", PERSONAS)
def test_the_halves_are_those_of_the_rule_and_make_up_the_whole(persona: Persona) -> None:
    opened, closed = load_phrasings(persona, "open"), load_phrasings(persona, "closed")

    assert all(half_of(item.text) == "open" for item in opened)
    assert all(half_of(item.text) == "closed" for item in closed)
    assert len(opened) + len(closed) == len(load_phrasings(persona))
    assert min(len(opened), len(closed)) >= 75


@pytest.mark.parametrize("persona", PERSONAS)
def test_what_is_named_is_in_the_book_and_what_is_meant_in_the_persons_scope(
    persona: Persona,
) -> None:
    accounts, reps = names_in("Account.csv"), names_in("User.csv")
    territories, lines = names_in("Territory2.csv"), names_in("Product2.csv")
    people = tomllib.loads((EXAMPLE / "people.toml").read_text(encoding="utf-8"))["people"]
    scope = {person["id"]: set(person.get("reps", ())) for person in people}

    for item in load_phrasings(persona):
        for account in (item.account, item.other, item.focus_account, *item.accounts):
            assert not account or accounts[account]["OwnerId"] in scope[item.person], item.text
        assert not item.rep or item.rep in reps.keys() & scope[item.person], item.text
        assert not item.territory or item.territory in territories, item.text
        assert not item.line or item.line in {row["Line__c"] for row in lines.values()}, item.text
        assert not item.segment or item.segment in {row["Type"] for row in accounts.values()}
        said = item.text.lower()
        assert item.remark_contains.lower() in said, item.text
        assert all(word in said for word in item.words.lower().split()), item.text


def test_half_of_a_text_is_the_parity_of_the_first_byte_of_its_hash() -> None:
    # `printf a | sha256sum` begins with ca; b: 3e, c: 2e, d: 18, all even; e: 3f, which is odd.
    assert [half_of(text) for text in "abcde"] == ["open", "open", "open", "open", "closed"]


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ('{ text = "why", command = "why", half = "closed" }', "'why' needs 'account'"),
        ('{ text = "why", command = "guess", half = "closed" }', "entry 1 ('why'), command: "),
        ('{ text = "e", command = "week", half = "open" }', "the text's own is 'closed'"),
        ('{ text = "e", command = "week", half = "closed", who = "x" }', "who: Extra inputs"),
    ],
)
def test_a_wrong_entry_is_named_with_its_fault(tmp_path: Path, entry: str, words: str) -> None:
    path = tmp_path / "rep.toml"
    path.write_text(
        f'persona = "rep"\nperson = "ana"\nas_of = 2026-11-13\nphrasings = [{entry}]\n',
        encoding="utf-8",
    )

    with pytest.raises(PhrasingsUnreadable) as refused:
        read_phrasings(path)

    assert words in refused.value.message
    assert "rep.toml" in refused.value.message


def test_the_same_question_twice_is_refused_unless_something_else_came_before(
    tmp_path: Path,
) -> None:
    path = tmp_path / "rep.toml"
    head = 'persona = "rep"\nperson = "ana"\nas_of = 2026-11-13\n'
    entry = '{ text = "e", command = "week", half = "closed" }'
    after = '{ text = "e", command = "week", half = "closed", focus_account = "A-1" }'

    path.write_text(f"{head}phrasings = [{entry}, {after}]\n", encoding="utf-8")
    assert len(read_phrasings(path).phrasings) == 2

    path.write_text(f"{head}phrasings = [{entry}, {entry}]\n", encoding="utf-8")
    with pytest.raises(PhrasingsUnreadable, match="'e' is there twice"):
        read_phrasings(path)


def test_a_missing_or_broken_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PhrasingsUnreadable, match=r"manager\.toml cannot be read"):
        load_phrasings("manager", folder=tmp_path)
    (tmp_path / "rep.toml").write_text("phrasings = [", encoding="utf-8")
    with pytest.raises(PhrasingsUnreadable, match=r"rep\.toml is not TOML"):
        load_phrasings("rep", folder=tmp_path)
