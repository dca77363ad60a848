from __future__ import annotations

import re
from pathlib import Path

from crm.salesforce import COLUMNS, FILES
from domain.tables import TABLE_BY_NAME, TABLES

PAGE = (Path(__file__).parents[2] / "docs" / "data-model.md").read_text(encoding="utf-8")


def sections() -> dict[str, str]:
    parts = re.split(r"^## (\w+)$", PAGE.split("\n## What is not a table")[0], flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_the_page_lists_every_table_and_no_other_with_key_and_file() -> None:
    assert list(sections()) == [table.name for table in TABLES]
    for table in TABLES:
        text = sections()[table.name]
        assert f"{table.meaning}. Key: `{table.key}`." in text
        assert ("Needed." in text) == table.required
        for file, name in FILES.items():
            assert (f"`{file}.csv`" in text) == (name == table.name)


def test_the_page_lists_every_column_exactly_as_the_data_model_has_it() -> None:
    for name, text in sections().items():
        rows = [
            [cell.strip() for cell in line.strip("|").split("|")]
            for line in text.splitlines()
            if line.startswith("| `")
        ]
        table = TABLE_BY_NAME[name]
        assert [row[0] for row in rows] == [f"`{column.name}`" for column in table.columns]
        for row, column in zip(rows, table.columns, strict=True):
            _, kind, unit, blank, values, salesforce, meaning = row
            assert (kind, unit, meaning) == (column.type, column.unit, column.meaning)
            assert blank == ("yes" if column.nullable else "no")
            if column.one_of:
                assert values == ", ".join(column.one_of)
            if column.refers_to:
                assert values == f"key of `{column.refers_to}`"
            names = [theirs for theirs, ours in COLUMNS[name].items() if ours == column.name]
            assert salesforce == ", ".join(f"`{theirs}`" for theirs in names)


def test_every_column_has_a_salesforce_name_and_every_name_a_column() -> None:
    for table in TABLES:
        columns = {column.name for column in table.columns}
        assert set(COLUMNS[table.name].values()) == columns
