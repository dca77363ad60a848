from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import store.home
from domain.book import Book, QualityFinding, QualityReport
from domain.errors import Broken, NotFound
from domain.principal import Principal
from store.store import Store
from tests.store.tiny_store import ANA, AS_OF, BO, DANA, NOTES, REVOPS, STRANGER, make_book, note


def wide_table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "text": pd.Series(["Ünïcode ☃", None, ""], dtype="str"),
            "blank_text": pd.Series([None, None, None], dtype="str"),
            "count": pd.Series([2**60 + 1, None, -3], dtype="Int64"),
            "blank_count": pd.Series([None, None, None], dtype="Int64"),
            "money": np.array([0.1 + 0.2, np.nan, -1e-300]),
            "day": pd.Series(["2026-01-31", None, "1999-12-31"], dtype="datetime64[us]"),
            "second": pd.Series(["2026-01-31", None, "1999-12-31"], dtype="datetime64[s]"),
            "nano": pd.Series(["2026-01-31", None, "1999-12-31"], dtype="datetime64[ns]"),
        }
    )


def test_a_book_comes_back_as_it_was_with_every_column_type(store: Store) -> None:
    finding = QualityFinding(
        code="blank",
        table="accounts",
        severity="notice",
        state="blank",
        rows=("1",),
        message="m",
        consequence="c",
    )
    tiny = make_book(*NOTES)
    book = Book(
        book_id="bk_wide",
        as_of=AS_OF,
        currency="EUR",
        tables={**tiny.tables, "wide": wide_table(), "nothing": wide_table().iloc[:0]},
        quality=QualityReport(findings=(finding,), rows_by_table={"wide": 3}),
        sources={"wide": "Wide.csv"},
    )
    store.books.add(REVOPS, book)
    store.close()
    reopened = Store.open(store.home)

    kept = reopened.books.get(REVOPS, "bk_wide")

    assert (kept.book_id, kept.as_of, kept.currency) == ("bk_wide", AS_OF, "EUR")
    assert (kept.quality, kept.sources) == (book.quality, book.sources)
    assert set(kept.tables) == set(book.tables)
    for name, frame in book.tables.items():
        assert_frame_equal(kept[name], frame, obj=name)
    # 2**60 + 1 has no exact float.
    assert kept["wide"]["count"].iloc[0] == 1152921504606846977
    reopened.close()


def test_importing_twice_changes_nothing(store: Store) -> None:
    first, second = make_book(*NOTES), make_book(*NOTES[1:])
    assert store.books.add(REVOPS, first) is True
    assert store.books.add(REVOPS, second) is True
    files = sorted(path.name for path in store.home.tables.iterdir())
    before = store.books.list(REVOPS)

    assert store.books.add(REVOPS, first) is False

    assert store.books.list(REVOPS) == before
    assert store.books.current(REVOPS).book_id == second.book_id
    assert sorted(path.name for path in store.home.tables.iterdir()) == files


def test_books_share_the_files_of_tables_that_did_not_change(store: Store) -> None:
    store.books.add(REVOPS, make_book(*NOTES))
    before = len(list(store.home.tables.iterdir()))

    store.books.add(REVOPS, make_book(*NOTES, note("D-8", "1", "New.")))

    assert len(list(store.home.tables.iterdir())) == before + 1


def test_the_current_book_can_be_chosen(store: Store) -> None:
    first, second = make_book(*NOTES), make_book(*NOTES[1:])
    store.books.add(REVOPS, first)
    store.books.add(REVOPS, second)

    store.books.use(REVOPS, first.book_id)

    assert store.books.current(REVOPS).book_id == first.book_id
    assert [item.current for item in store.books.list(REVOPS) if item.book_id == first.book_id] == [
        True
    ]
    with pytest.raises(NotFound, match="There is no book 'bk_none'"):
        store.books.use(REVOPS, "bk_none")
    assert store.books.current_id(REVOPS) == first.book_id


def test_a_book_is_read_once_per_process(store: Store) -> None:
    store.books.add(REVOPS, make_book(*NOTES))

    assert store.books.current(REVOPS) is store.books.current(ANA)


def test_before_the_first_import_there_is_a_remedy(store: Store) -> None:
    with pytest.raises(NotFound, match="There is no book yet") as missing:
        store.books.current(REVOPS)

    assert "cadastre import" in missing.value.hint


def test_another_workspaces_book_looks_like_a_missing_one(store: Store) -> None:
    book = make_book(*NOTES)
    store.books.add(REVOPS, book)

    with pytest.raises(NotFound) as foreign:
        store.books.get(STRANGER, book.book_id)
    with pytest.raises(NotFound) as missing:
        store.books.get(REVOPS, "bk_none")

    assert foreign.value.message.replace(book.book_id, "bk_none") == missing.value.message
    assert store.books.list(STRANGER) == []


def visible_accounts(reader: Principal, book: Book) -> set[str]:
    return {account for account, owner in book.owners.items() if reader.scope.covers(owner)}


def test_a_reader_sees_the_accounts_of_their_scope() -> None:
    book = make_book(*NOTES)

    assert visible_accounts(ANA, book) == {"1"}
    assert visible_accounts(DANA, book) == {"1", "2"}
    # The unowned account is seen only by who sees everything.
    assert visible_accounts(REVOPS, book) == {"1", "2", "3"}
    assert visible_accounts(BO, make_book(*NOTES, owner="bo")) == {"1", "2"}


def test_a_write_that_is_cut_short_leaves_nothing_behind(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def power_cut(temporary: Path, path: Path) -> None:
        assert temporary.exists()
        raise KeyboardInterrupt

    monkeypatch.setattr(store_home(), "_rename", power_cut)
    with pytest.raises(KeyboardInterrupt):
        store.books.add(REVOPS, make_book(*NOTES))
    monkeypatch.undo()

    assert list(store.home.tables.iterdir()) == []
    assert store.books.list(REVOPS) == []
    assert store.books.add(REVOPS, make_book(*NOTES)) is True


def test_what_a_killed_process_left_half_written_is_swept_and_never_read(store: Store) -> None:
    store.books.add(REVOPS, make_book(*NOTES))
    half = store.home.tables / ".abc.parquet.1.dead.part"
    half.write_bytes(b"half")
    store.close()

    reopened = Store.open(store.home)

    assert not half.exists()
    assert reopened.books.current(REVOPS)["accounts"].shape[0] == 3
    reopened.close()


def test_an_altered_or_missing_file_is_named(store: Store) -> None:
    store.books.add(REVOPS, make_book(*NOTES))
    store.close()
    files = sorted(store.home.tables.iterdir())
    files[0].write_bytes(files[0].read_bytes()[:-1] + b"x")
    reopened = Store.open(store.home)
    with pytest.raises(Broken, match="no longer has that hash"):
        reopened.books.current(REVOPS)

    files[0].unlink()

    with pytest.raises(Broken, match=f"is missing: {files[0].name}"):
        reopened.books.current(REVOPS)
    reopened.close()


def store_home():  # type: ignore[no-untyped-def]
    return store.home
