"""What the port ``Books`` promises."""

from __future__ import annotations

from tests.storage import Storage


def test_a_document_nobody_wrote_is_empty(storage: Storage) -> None:
    assert storage.books.load("page", "PAY1") == ({}, 0)


def test_a_document_is_read_back_as_it_was(storage: Storage) -> None:
    doc = {"amount": 15000, "calls": [{"operation": "PREAUTH", "ok": True}], "name": "è", "none": None}

    assert storage.books.save("page", "PAY1", doc, 0)

    assert storage.books.load("page", "PAY1") == (doc, 1)


def test_kinds_are_kept_apart(storage: Storage) -> None:
    storage.books.save("page", "1", {"a": 1}, 0)

    assert storage.books.load("voucher", "1") == ({}, 0)


def test_a_document_that_moved_is_not_overwritten(storage: Storage) -> None:
    storage.books.save("page", "1", {"n": 1}, 0)

    assert not storage.books.save("page", "1", {"n": 9}, 0)
    assert storage.books.save("page", "1", {"n": 2}, 1)
    assert not storage.books.save("page", "1", {"n": 9}, 1)
    assert storage.books.load("page", "1") == ({"n": 2}, 2)


def test_changing_what_was_loaded_changes_nothing_stored(storage: Storage) -> None:
    storage.books.save("page", "1", {"calls": []}, 0)
    loaded, _ = storage.books.load("page", "1")
    loaded["calls"].append("mine")

    assert storage.books.load("page", "1") == ({"calls": []}, 1)
