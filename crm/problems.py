"""What can be wrong with an export, collected so that one run shows everything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.errors import InvalidInput

SHOWN = 20


class FolderUnusable(InvalidInput):
    """The place named does not hold an export: absent, a file, or without CSV files."""


class FileUnreadable(InvalidInput):
    """A file is not readable CSV in UTF-8."""


class FilesMissing(InvalidInput):
    """A table that every book needs has no file, or its file has no rows."""


class ValuesInvalid(InvalidInput):
    """Cells that do not hold what their column asks for."""


class CurrencyMixed(InvalidInput):
    """Amounts in a second currency; a book has one."""


class MappingInvalid(InvalidInput):
    """The mapping file names something that does not exist or contradicts itself."""


class TableUnknown(InvalidInput):
    """A table was named that no book has, or cannot be told from the file's name."""


class BookFileInvalid(InvalidInput):
    """`book.toml` is malformed, or no date of the book can be told."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One bad cell. `row` counts as in the file: the header is row 1."""

    file: str
    row: int
    column: str
    value: str
    expected: str

    def __str__(self) -> str:
        value = self.value if len(self.value) <= 60 else self.value[:57] + "..."
        return f"{self.file}, row {self.row}, column {self.column!r}: {value!r} {self.expected}"


def values_error(
    problems: Sequence[Problem],
    total: int,
    hint: str,
    kind: type[InvalidInput] = ValuesInvalid,
) -> InvalidInput:
    """Make one error of all problems of a file: at most 20 shown, all counted."""
    shown = [str(problem) for problem in problems[:SHOWN]]
    cells = "1 cell" if total == 1 else f"{total:,} cells"
    head = f"{problems[0].file} has {cells} that cannot be read"
    lines = [f"- {line}" for line in shown]
    if total > len(shown):
        lines.append(f"- and {total - len(shown):,} more")
    return kind(
        f"{head}:\n" + "\n".join(lines), hint=hint, problems=shown, total=total, shown=len(shown)
    )


def raise_all(errors: Sequence[InvalidInput]) -> None:
    """Raise what was collected, if anything: one error as it is, several joined into one.

    The joined error is of the first one's type when all agree, else plain InvalidInput.
    """
    if not errors:
        return
    if len(errors) == 1:
        raise errors[0]
    kinds = {type(error) for error in errors}
    kind = kinds.pop() if len(kinds) == 1 else InvalidInput
    problems = [line for error in errors for line in _lines(error)]
    raise kind(
        "\n".join(error.message for error in errors),
        hint=" ".join(_once(error.hint for error in errors)),
        problems=problems,
        codes=list(_once(error.code for error in errors)),
    )


def _lines(error: InvalidInput) -> Iterable[str]:
    problems = error.facts.get("problems")
    return problems if isinstance(problems, list) else [error.message]


def _once(texts: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(text for text in texts if text)
