"""``python -m pages.build``: the sources become hashed, integrity-checked files in ``pages/dist``."""

from __future__ import annotations

import fcntl
import hashlib
import html
import json
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pages.badges import badges
from pages.bundle import bundled
from pages.docs.site import site
from shared.domain.currencies import BY_DIGITS
from shared.domain.person import Role
from shared.domain.served import integrity
from shared.families.paygol.reasons import OF_THE_PAYER
from shared.families.paygol.reasons import texts_of as texts_of_reasons
from shared.families.rights import RIGHTS

HERE: Final = Path(__file__).parent
SOURCES: Final = HERE / "src"
DIST: Final = HERE / "dist"
# The API serves the library from its own host, so the shared layer carries it too.
LIBRARY_IN_LAYER: Final = HERE.parent / "shared" / "static"
# What integrators download: the API's own description, beside the pages.
DOCUMENTS: Final = tuple(
    HERE.parent / "docs" / name for name in ("openapi.yaml", "payment-gateway.postman_collection.json")
)
REASONS: Final = {
    "checkout": "Shows the checkout pages and talks to this gateway's own API; the only script beside a card form.",
    "paying": "Asks for meal vouchers and shows how a payment ended, after the card; talks to our API alone.",
    "authenticate": "Asks for the code of a card's bank, where the shop's server had the number; talks to our API.",
    "shift4": "Has Shift4's own script draw its card fields and make a token of them; hands that to our own API.",
    "method": "Shows how a payment by another method than a card is made; talks to this gateway's own API alone.",
    "dashboard": "The merchant's dashboard, away from every card form; talks to our API and the evidence bucket.",
    "operator": "The operators' page and the link to a merchant's keys, away from every card form; talks to our API.",
    "docs": "Searches the documentation and copies samples; asks for the index that the build made alone.",
    "library": "The library that shops load; opens the checkout and reports its end. Never sees card data.",
}
# Pages of the checkout in all but their script, which the pages before them would carry for nothing.
_OF_THEIR_OWN: Final = {"paying": ("choice", "result"), "authenticate": ("authenticate",), "shift4": ("shift4",)}
# A link without an address loads the page again without what is behind its #, which the other pages live by.
_LOAD_AGAIN: Final = ("card", "link", "authenticate", "shift4")
_BUILT_ON: Final = {"method": ("checkout",)}  # whose looks it shares, and these of its texts
_DRESSED_AS: Final = {"operator": ("dashboard",)}  # whose looks it shares, and what its shared pieces say
_SPOKEN_BY_PIECES: Final = (
    *["language", "boot_slow", "boot_script", "try_again", "no_answer", "refused", "not_there", "copy", "copied"],
    *["working", "no", "more", "loading", "loaded", "needed", "name", "number", "created", "status", "what"],
    *["search", "all", "show_only", "refresh", "times_by", "count_so_far", "count_all"],
)
OPERATORS: Final = (
    ("operator/index.html", "Merchants", "For who runs the gateway"),
    ("operator/welcome/index.html", "Your keys", "The link to a merchant's keys"),
)
_PROBLEMS: Final = ("incomplete", "missing", "offline", "unexpected", "frame")
_TAKEN: Final = (
    *[
        "language",
        "shop",
        "secure",
        "secure_short",
        "test_mode",
        "cancel",
        "close_page",
        "print",
        "reference",
        "no_answer",
    ],
    *["leave_title", "leave_text", "leave_no", "leave_yes", "try_again", "boot_slow", "boot_script"],
    *(f"problem_{which}_{part}" for which in _PROBLEMS for part in ("title", "text")),
)
WITH_GUEST: Final = "/pay/shift4/"  # the page on which a card gateway's script runs beside ours
PLAIN: Final = ("nowhere", "home")  # the pages that only say something
NOT_FOUND_BY_SEARCH: Final = '<meta name="robots" content="noindex">\n'
GUIDE: Final = HERE.parent / "docs" / "guides" / "payglobe-js.md"
_PINNED: Final = re.compile(r"(<!-- release -->\n```html\n)[^\n]*")
_MARK: Final = re.compile(r"\{\{(\w+)\}\}")
_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)

Files = dict[str, bytes]


def build() -> Files:
    """Write ``pages/dist`` and the layer's copy of payglobe.js; returns what was written, by path.

    Safe to run from several processes at once: one of them writes at a time, files are replaced whole, and only when
    they differ.
    """
    files, library = _made()
    with _alone():
        _write(files, library)
    return files


@contextmanager
def _alone() -> Iterator[None]:
    """No other process writes pages: it would take away, as stale, what is about to be a file of ours."""
    folder = os.open(HERE, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _write(files: Files, library: Files) -> None:
    for stale in _existing(DIST) - files.keys():
        (DIST / stale).unlink(missing_ok=True)
    for path, content in files.items():
        _put(DIST / path, content)
    for stale in _existing(LIBRARY_IN_LAYER) - library.keys():
        (LIBRARY_IN_LAYER / stale).unlink(missing_ok=True)
    for path, content in library.items():
        _put(LIBRARY_IN_LAYER / path, content)


def _made() -> tuple[Files, Files]:
    icon = (SOURCES / "favicon.svg").read_bytes()
    icon_name = f"assets/favicon.{_digest(icon)}.svg"
    checkout, dashboard = _application("checkout", SOURCES / "js"), _application("dashboard", SOURCES / "dashboard")
    method = _application("method", SOURCES / "method")
    files = {icon_name: icon, **checkout.files, **dashboard.files, **method.files, **badges()}
    values = {**checkout.values, "icon": f"/{icon_name}"}
    shell = (SOURCES / "shell.html").read_text()
    for name, page in (("404.html", "nowhere"), ("index.html", "home")):
        said = dict.fromkeys(("boot_slow", "boot_script"), values[page]) | {"again": ""}
        files[name] = _filled(shell, values | said | {"page": page, "robots": NOT_FOUND_BY_SEARCH}, name).encode()
    for page in ("card", "checkout", "link"):
        said = {"again": values["again"] if page in _LOAD_AGAIN else "", "page": page, "robots": ""}
        files[f"pay/{page}/index.html"] = _filled(shell, values | said, page).encode()
    apart = {script: _with_script(script, pages, shell, values) for script, pages in _OF_THEIR_OWN.items()}
    files |= {path: content for made in apart.values() for path, content in made.files.items()}
    own = {**method.values, "icon": f"/{icon_name}", "page": "method", "robots": ""}
    files["pay/method/index.html"] = _filled(shell, own, "method").encode()
    shell = (SOURCES / "dashboard" / "shell.html").read_text()
    said = {"title": "Dashboard", "about": "The merchant's dashboard", "rights": f' data-rights="{_rights()}"'}
    files["dashboard/index.html"] = _filled(shell, values | dashboard.values | said, "dashboard").encode()
    operator = _application("operator", SOURCES / "operator")
    files |= operator.files
    for page, title, about in OPERATORS:
        said = {"title": title, "about": about, "rights": ""}
        files[page] = _filled(shell, values | operator.values | said, "operator").encode()
    library = _library()
    files |= {f"js/{path}": content for path, content in library.items()}
    hashed = next(path for path in library if path.startswith("v1/"))
    inventory = [
        _row(checkout.script, files[checkout.script], "checkout"),
        _row(method.script, files[method.script], "method"),
        *(_row(made.script, files[made.script], name) for name, made in apart.items()),
        _row(dashboard.script, files[dashboard.script], "dashboard"),
        _row(operator.script, files[operator.script], "operator"),
        _row(f"js/{hashed}", library[hashed], "library"),
        _row("js/payglobe.js", library["payglobe.js"], "library"),
    ]
    documentation = _application("docs", SOURCES / "docs")
    own = {**documentation.values, "icon": f"/{icon_name}"}
    files |= documentation.files | site((SOURCES / "docs" / "shell.html").read_text(), own)
    inventory.append(_row(documentation.script, files[documentation.script], "docs"))
    for document in DOCUMENTS:
        files[f"docs/{document.name}"] = document.read_bytes()
    files["scripts-inventory.json"] = (json.dumps(inventory, indent=2) + "\n").encode()
    return files, library | {"served.json": json.dumps(_served(files, inventory)).encode()}


def _rights() -> str:
    """The one table of what people may call, for the page whose buttons follow it; see ``rights.js``."""
    rows = {role: ",".join(route for route, least in RIGHTS.items() if least is role) for role in Role}
    return ";".join(f"{role}:{routes}" for role, routes in rows.items())


def _served(files: Files, scripts: list[dict[str, str]]) -> list[dict[str, str | bool]]:
    """Every page and script by its address, for the function that looks whether they are served as they are here."""
    pages = [(path, f"/{path.removesuffix('index.html')}") for path in files if path.endswith("/index.html")]
    rows: list[dict[str, str | bool]] = [
        {"path": address, "integrity": integrity(files[path]), "is_page": True, "has_guest": address == WITH_GUEST}
        for path, address in pages
    ]
    return rows + [{"path": row["path"], "integrity": row["integrity"], "is_page": False} for row in scripts]


@dataclass(frozen=True, slots=True)
class _Application:
    """One script, one sheet and the texts of some pages; ``values`` are what their HTML is filled with."""

    files: Files
    script: str
    values: dict[str, str]


def _application(name: str, folder: Path) -> _Application:
    script = bundled(folder / "main.js").encode()
    sheets = ("base", *_DRESSED_AS.get(name, _BUILT_ON.get(name, ())), name)
    style = "".join(_style(SOURCES / f"{sheet}.css") for sheet in sheets).encode()
    files = {f"assets/{name}.{_digest(script)}.js": script, f"assets/{name}.{_digest(style)}.css": style}
    script_name, style_name = files
    catalogs = {}
    for language, said in texts_of(name).items():
        content = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
        catalogs[language] = f"assets/{name}.{language}.{_digest(content)}.json"
        files[catalogs[language]] = content
    values = {
        "script": f"/{script_name}",
        "style": f"/{style_name}",
        "scriptIntegrity": integrity(script),
        "styleIntegrity": integrity(style),
        "catalogs": ",".join(f"{language}=/{path}" for language, path in catalogs.items()),
        "decimals": ";".join(
            f"{digits}:{' '.join(codes.split())}" for digits, codes in BY_DIGITS.items() if digits != 2
        ),
        **_before_the_script(name),
    }
    return _Application(files, script_name, values)


def _with_script(name: str, pages: tuple[str, ...], shell: str, values: dict[str, str]) -> _Application:
    """Pages of an application whose ``values`` are these, with a script of their own in the place of its."""
    script = bundled(SOURCES / "js" / f"main_{name}.js").encode()
    path = f"assets/{name}.{_digest(script)}.js"
    values = {**values, "script": f"/{path}", "scriptIntegrity": integrity(script), "robots": ""}
    files = {path: script}
    for page in pages:
        said = {"again": values["again"] if page in _LOAD_AGAIN else "", "page": page}
        files[f"pay/{page}/index.html"] = _filled(shell, values | said, page).encode()
    return _Application(files, path, values)


def texts_of(name: str) -> dict[str, dict[str, str]]:
    """The texts of an application by language, with those that it takes from the one it is built on."""
    said: dict[str, dict[str, str]] = {
        path.stem: json.loads(path.read_text()) for path in sorted((SOURCES / "lang" / name).glob("*.json"))
    }
    for base in _DRESSED_AS.get(name, ()):
        for language, texts in texts_of(base).items():
            said[language] = {key: texts[key] for key in _SPOKEN_BY_PIECES} | said[language]
    for base in _BUILT_ON.get(name, ()):
        for language, texts in texts_of(base).items():
            said[language] = {key: texts[key] for key in _TAKEN} | _reasons(language) | said[language]
    return said


def _reasons(language: str) -> dict[str, str]:
    """Why a field is wrong, said under the field: the API and the page of a form say the same beside its name."""
    texts = texts_of_reasons(language)
    return {f"wrong_{why.name.lower()}": f"{texts['THIS']} {texts[why.name]}." for why in OF_THE_PAYER}


def _before_the_script(name: str) -> dict[str, str]:
    """What a shell says while no script has run, which is why nobody knows yet in which language: in all."""
    texts = texts_of(name)

    def lines(key: str, tag: str) -> list[str]:
        return [f'<{tag} lang="{language}">{html.escape(said[key])}</{tag}>' for language, said in texts.items()]

    return {
        "boot_slow": "\n".join(lines("boot_slow", "p")),
        "boot_script": "\n".join(lines("boot_script", "p")),
        **{page: "\n".join(lines(f"problem_{page}_text", "p")) for page in PLAIN if name == "checkout"},
        "again": f'<a href="">{" · ".join(lines("try_again", "span"))}</a>',
    }


def _library() -> Files:
    source = (SOURCES / "lib" / "payglobe.js").read_bytes()
    types = (SOURCES / "lib" / "payglobe.d.ts").read_bytes()
    release = {"file": f"payglobe.{_digest(source)}.js", "integrity": integrity(source)}
    return {
        "payglobe.js": source,
        "payglobe.d.ts": types,
        f"v1/{release['file']}": source,
        "v1/release.json": json.dumps(release).encode(),
    }


def _row(path: str, content: bytes, reason: str) -> dict[str, str]:
    return {"path": f"/{path}", "integrity": integrity(content), "reason": REASONS[reason]}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


def _style(path: Path) -> str:
    return re.sub(r"\s*\n\s*", "\n", _COMMENT.sub("", path.read_text())).strip() + "\n"


def _filled(text: str, values: dict[str, str], name: str) -> str:
    def value(match: re.Match[str]) -> str:
        if match[1] not in values:
            raise ValueError(f"{name} asks for {match[0]}, which the build does not know")
        return values[match[1]]

    return _MARK.sub(value, text)


def _existing(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def _put(path: Path, content: bytes) -> None:
    if path.is_file() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as file:
        file.write(content)
    Path(file.name).chmod(0o644)
    os.replace(file.name, path)  # noqa: PTH105 - Path.replace is the same call


def pinned(files: Files) -> str:
    """The guide's example of the hashed file."""
    release = json.loads(files["js/v1/release.json"])
    return (
        f'<script src="https://YOUR-GATEWAY/paymentgw/js/v1/{release["file"]}" '
        f'integrity="{release["integrity"]}" crossorigin="anonymous"></script>'
    )


def write_guide(files: Files) -> None:
    """Put the present file name and integrity value into the guide."""
    text = _PINNED.sub(lambda match: match[1] + pinned(files), GUIDE.read_text())
    _put(GUIDE, text.encode())


if __name__ == "__main__":
    made = build()
    write_guide(made)
    print(f"pages: {len(made)} files, {sum(map(len, made.values())) / 1000:.0f} kB in {DIST.name}/")
