"""People: who they are, what they see, and what a wrong file says."""

from __future__ import annotations

import pytest

from api.people import PeopleInvalid, PersonUnknown, parse_people, people_of

TWO = """
workspace = "acme"
default = "ops"

[[people]]
id = "ops"
name = "Op Ray"
roles = ["revops"]
everything = true

[[people]]
id = "mia"
name = "Mia Ng"
roles = ["manager"]
reps = ["R-1", "R-2"]
"""


def test_without_a_name_the_default_person_acts() -> None:
    people = parse_people(TWO)

    assert people.principal().person == "ops"
    assert people.principal("mia").scope.reps == {"R-1", "R-2"}


def test_managers_in_whose_scope_an_owner_lies_can_decide() -> None:
    people = parse_people(TWO)

    assert [person.name for person in people.deciders("R-2")] == ["Mia Ng"]
    assert people.deciders("R-3") == []
    assert people.deciders(None) == []


def test_an_unknown_person_is_told_who_there_is() -> None:
    with pytest.raises(PersonUnknown, match="no person 'zoe'") as raised:
        parse_people(TWO).principal("zoe")

    assert raised.value.hint == "There are ops, mia."
    assert raised.value.status == 401
    assert raised.value.exit_code == 4


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('default = "ops"', 'default = "who"'), "nobody under [[people]] has that id"),
        (('id = "mia"', 'id = "ops"'), "ops occurs twice"),
        (('["manager"]', '["boss"]'), "people.1.roles.0"),
        (("workspace", "[[workspace"), "not valid TOML"),
    ],
)
def test_a_wrong_people_file_names_what_is_wrong(change: tuple[str, str], words: str) -> None:
    with pytest.raises(PeopleInvalid) as raised:
        parse_people(TWO.replace(*change))

    assert words in raised.value.message


def test_before_the_first_import_revops_is_alone(tmp_path) -> None:
    assert [person.roles for person in people_of(tmp_path)] == [("revops",)]
