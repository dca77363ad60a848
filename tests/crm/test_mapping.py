from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from crm.importer import import_book
from crm.mapping import load_mapping, parse_mapping
from crm.problems import MappingInvalid, ValuesInvalid

DOCS = Path(__file__).parents[2] / "docs"
Write = Callable[..., Path]


def test_the_mapping_of_the_documentation_imports_a_foreign_export(
    tmp_path: Path, write: Write
) -> None:
    text = (DOCS / "importing.md").read_text(encoding="utf-8")
    found = re.search(r"<!-- tested: mapping -->\n```toml\n(.*?)```", text, re.DOTALL)
    assert found is not None
    mapping = tmp_path / "map.toml"
    mapping.write_text(found[1], encoding="utf-8")
    folder = tmp_path / "export"
    folder.mkdir()
    write(
        folder / "customers.csv",
        [
            ("Cust No", "Cust Name", "Seller", "Fax number", "Cust Rating", "AnnualRevenue"),
            ("7", "Alder Foods", "1", "555", "A", "1.250.000,50"),
        ],
        delimiter=";",
    )
    write(
        folder / "sellers.csv",
        [("Seller No", "Seller Name", "Job"), ("1", "Ana Ruiz", "Field seller")],
        delimiter=";",
    )
    write(
        folder / "Opportunity.csv",
        [
            ("Id", "AccountId", "Name", "StageName", "CloseDate"),
            ("O-1", "7", "Crates", "Closed - Won", "03/02/2026"),
        ],
    )

    book = import_book(folder, mapping=mapping, as_of=date(2026, 3, 31))

    account = book.account("7")
    assert (account["name"], account["owner_id"]) == ("Alder Foods", "1")
    assert account["annual_revenue"] == 1_250_000.5
    assert book["reps"].loc[0, "function"] == "rep"
    assert book["opportunities"].loc[0, "stage"] == "won"
    assert book["opportunities"].loc[0, "closes"].date() == date(2026, 2, 3)


def test_a_format_that_starts_with_the_year_is_the_only_one_read(
    export: Path, change: Callable[[Path, str, str], None], tmp_path: Path
) -> None:
    # With year, day, month, an ISO date such as 2026-03-13 would else be read two ways.
    mapping = tmp_path / "map.toml"
    mapping.write_text('[dates]\nformat = "%Y-%d-%m"\n', encoding="utf-8")
    change(export / "OrderItem.csv", "2026-03-02", "2026-03-13")

    with pytest.raises(ValuesInvalid, match="'2026-03-13' is not a date written as %Y-%d-%m"):
        import_book(export, mapping=mapping)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[file]\n"a.csv" = "accounts"\n', "file: unknown key; a mapping has files, columns"),
        ('[files]\n"a.csv" = "customers"\n', "files.'a.csv' = 'customers': there is no such table"),
        ('[columns.accounts]\n"No" = "number"\n', "accounts has no such column; it has account_id"),
        ('[columns.people]\n"No" = "rep_id"\n', "columns.people: there is no such table"),
        (
            'ignore = ["No"]\n[columns.accounts]\n"No" = "account_id"\n',
            "is mapped and ignored at once",
        ),
        ('[values.opportunities.stage]\n"x" = "gained"\n', "use one of prospecting, qualification"),
        ('[values.opportunities.stage]\n"x" = ""\n', "stage must not be blank"),
        ('[values.opportunities.colour]\n"x" = ""\n', "opportunities has no such column"),
        ('[dates]\nformat = "%d/%m"\n', "needs a year, a month and a day, such as '%d/%m/%Y'"),
        ('[numbers]\ndecimal = ";"\n', "numbers.decimal = ';'"),
        ("files = \n", "is not valid TOML"),
    ],
)
def test_a_bad_mapping_is_told_by_key(text: str, told: str) -> None:
    with pytest.raises(MappingInvalid, match=re.escape(told)):
        parse_mapping(text)


def test_all_problems_of_a_mapping_come_in_one_error() -> None:
    with pytest.raises(MappingInvalid) as error:
        parse_mapping('[files]\n"a.csv" = "x"\n[columns.accounts]\n"No" = "y"\n')
    assert len(error.value.facts["problems"]) == 2


def test_a_mapping_that_does_not_exist_is_told(tmp_path: Path) -> None:
    with pytest.raises(MappingInvalid, match="cannot be read: No such file"):
        load_mapping(tmp_path / "map.toml")


def test_a_mapped_file_that_the_folder_lacks_is_told(export: Path, tmp_path: Path) -> None:
    mapping = tmp_path / "map.toml"
    mapping.write_text('[files]\n"old.csv" = "orders"\n', encoding="utf-8")

    with pytest.raises(MappingInvalid, match=r"does not hold: old\.csv"):
        import_book(export, mapping=mapping)
