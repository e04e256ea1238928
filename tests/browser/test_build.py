"""The build of the pages: small rules that keep one integrity value true for every line that runs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pages.build import GUIDE, build, pinned
from pages.bundle import bundled


def written(folder: Path, **modules: str) -> Path:
    for name, source in modules.items():
        (folder / f"{name}.js").write_text(source)
    return folder / "main.js"


def test_dependencies_come_first_and_once(tmp_path: Path) -> None:
    entry = written(
        tmp_path,
        main='import { a } from "./a.js";\nimport { b } from "./b.js";\na(b);\n',
        a='import { b } from "./b.js";\nexport function a() { return b; }\n',
        b="// a comment\nexport const b = 1;\n",
    )
    assert bundled(entry) == "const b = 1;\nfunction a() { return b; }\na(b);\n"


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ('import { x as y } from "./a.js";\n', "renames an import"),
        ('import x from "./a.js";\n', "in a form"),
        ("export default 1;\n", "in a form"),
        ('import { x } from "./a.js";\nconst x = 2;\n', "both declare x"),
        ('import { z } from "./b.js";\n', "imports itself"),
    ],
)
def test_what_the_bundle_cannot_join_fails_the_build(tmp_path: Path, source: str, complaint: str) -> None:
    entry = written(
        tmp_path, main=source, a="export const x = 1;\n", b='import { m } from "./main.js";\nexport const z = m;\n'
    )
    with pytest.raises(ValueError, match=complaint):
        bundled(entry)


def test_building_twice_gives_the_same_files() -> None:
    assert build() == build()


def test_builds_side_by_side_take_no_file_away_from_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pages.build.DIST", tmp_path / "dist")
    monkeypatch.setattr("pages.build.LIBRARY_IN_LAYER", tmp_path / "static")
    files = {f"{folder}/{n}.html": b"text" for folder in range(20) for n in range(10)}
    monkeypatch.setattr("pages.build._made", lambda: (files, {"library.js": b"text"}))
    with ThreadPoolExecutor(4) as builders:
        assert list(builders.map(lambda _: build(), range(4))) == [files] * 4

    assert all((tmp_path / "dist" / path).read_bytes() == content for path, content in files.items())
    assert not list(tmp_path.rglob(".new-*"))


def test_the_guide_shows_the_present_integrity_value() -> None:
    assert pinned(build()) in GUIDE.read_text(), "run: make pages"
