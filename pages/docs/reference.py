"""The API's description as HTML: an endpoint a section, with what it takes, a sample, its answers and errors."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Final

import yaml

from pages.docs.contents import DOCS, TAGS
from pages.docs.prose import Prose, Section, slug

SPECIFICATION: Final = DOCS / "openapi.yaml"
EVENTS: Final = DOCS.parent / "events"
_DEEP: Final = 4
_METHODS: Final = ("get", "post", "put", "patch", "delete")

Spec = Mapping[str, Any]


@cache
def specification() -> Spec:
    """The description of the API as it is committed. Nobody changes it: it is read once."""
    parsed: Spec = yaml.load(SPECIFICATION.read_text(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    return parsed


def reference(spec: Spec) -> dict[str, Prose]:
    """A page for each tag, by its name: ``api-payment``."""
    return {f"api-{tag.replace('_', '-')}": _page(tag, spec) for tag in TAGS}


def _page(tag: str, spec: Spec) -> Prose:
    said = next(each["description"] for each in spec["tags"] if each["name"] == tag)
    parts = [f"<h1>{escape(TAGS[tag])}</h1><p>{escape(said)}.</p>"]
    sections = [Section("", TAGS[tag], 1, said)]
    for name, method, operation in _operations(tag, spec):
        heading = name if tag == "webhooks" else f"{method.upper()} {name}"
        anchor = slug(heading.replace("/", "-").replace("{", "").replace("}", "").replace(".", "-"))
        fields = list(_rows(_body(operation), spec))
        text = f"{operation['summary']} {' '.join(field for field, *_ in fields)}"
        sections.append(Section(anchor, heading, 2, text))
        parts.append(_section(anchor, heading, operation, spec, told=tag == "webhooks"))
    return Prose(TAGS[tag], "\n".join(parts), tuple(sections))


def _operations(tag: str, spec: Spec) -> Iterator[tuple[str, str, Spec]]:
    for name, methods in spec["webhooks" if tag == "webhooks" else "paths"].items():
        for method in _METHODS:
            if method in methods and tag in methods[method]["tags"]:
                yield name, method, methods[method]


def _section(anchor: str, heading: str, operation: Spec, spec: Spec, *, told: bool) -> str:
    parts = [f'<h2 id="{anchor}"><code>{escape(heading)}</code></h2><p>{escape(operation["summary"])}.</p>']
    parts.append(f'<p class="soft">{escape(operation["description"])}</p>')
    parts.append(_table("Parameters", list(_parameters(operation))))
    parts.append(_table("Body", list(_rows(_body(operation), spec))))
    if not told:
        parts.append(_sample(operation, heading))
        parts += [_answer(status, reply, spec) for status, reply in operation["responses"].items() if status < "4"]
        parts.append(_errors(operation))
    return "\n".join(part for part in parts if part)


def _body(operation: Spec) -> Any:
    for content in operation.get("requestBody", {}).get("content", {}).values():
        return content["schema"]
    return None


def _parameters(operation: Spec) -> Iterator[tuple[str, str, str]]:
    for each in operation.get("parameters", []):
        kind = f"{each['in']}, required" if each.get("required") else each["in"]
        yield each["name"], kind, each.get("description", "")


def _rows(schema: Any, spec: Spec, where: str = "", deep: int = _DEEP) -> Iterator[tuple[str, str, str]]:
    """(field, type, meaning) of each field and of the fields below it."""
    for part in _alternatives(schema, spec):
        required = part.get("required", [])
        for name, inner in part.get("properties", {}).items():
            kind = _kind(inner, spec)
            yield f"{where}{name}", f"{kind}, required" if name in required else kind, _meaning(inner)
            if deep:
                below = f"{where}{name}[]." if "array" in kind else f"{where}{name}."
                for alternative in _alternatives(inner, spec):
                    yield from _rows(alternative.get("items"), spec, below, deep - 1)
                yield from _rows(inner, spec, below, deep - 1)


def _alternatives(schema: Any, spec: Spec) -> Iterator[Spec]:
    """The schema without references; of what is one or all of several, each."""
    if not isinstance(schema, Mapping):
        return
    if "$ref" in schema:
        yield from _alternatives(spec["components"]["schemas"][schema["$ref"].rpartition("/")[2]], spec)
    for several in ("allOf", "anyOf", "oneOf"):
        for part in schema.get(several, []):
            yield from _alternatives(part, spec)
    yield schema


def _kind(schema: Spec, spec: Spec) -> str:
    kinds: list[str] = []
    for part in _alternatives(schema, spec):
        named = part.get("type", [])
        kinds += [named] if isinstance(named, str) else named
        kinds += [str(word) for word in part.get("enum", [])]
        kinds += [json.dumps(part["const"])] if "const" in part else []
    several = [kind for kind in dict.fromkeys(kinds) if kind != "string" or not _words(schema, spec)]
    return " or ".join(several) or "any"


def _words(schema: Spec, spec: Spec) -> bool:
    return any("enum" in part for part in _alternatives(schema, spec))


def _meaning(schema: Spec) -> str:
    bounds = [f"at most {schema['maxLength']} characters"] if "maxLength" in schema else []
    if "default" in schema and schema["default"] not in (None, "", []):
        bounds.append(f"{schema['default']} unless given")
    return "; ".join([str(schema.get("description", "")), *bounds]).strip("; ")


def _table(title: str, rows: list[tuple[str, str, str]]) -> str:
    if not rows:
        return ""
    once = dict.fromkeys(rows)
    lines = "".join(
        f"<tr><th scope=row><code>{escape(name)}</code><td>{escape(kind)}<td>{escape(meaning)}"
        for name, kind, meaning in once
    )
    return (
        f'<h3>{title}</h3><div class="scroll" tabindex="0" role="group" aria-label="{title}"><table class="fields">'
        f"<thead><tr><th scope=col>field<th scope=col>type<th scope=col>meaning<tbody>{lines}</table></div>"
    )


def _answer(status: str, reply: Spec, spec: Spec) -> str:
    title = f"{status} {reply['description']}"
    for content in reply.get("content", {}).values():
        return _table(title, list(_rows(content["schema"], spec))) or f"<h3>{escape(title)}</h3>"
    return f"<h3>{escape(title)}</h3>"


def _errors(operation: Spec) -> str:
    told = [(status, reply["description"]) for status, reply in operation["responses"].items() if status >= "4"]
    rows = "".join(f"<li><strong>{status}</strong> {escape(said)}" for status, said in told)
    return f'<h3>Errors</h3><ul class="errors">{rows}</ul><p><a href="errors.html">Every code</a></p>' if told else ""


def _sample(operation: Spec, heading: str) -> str:
    """A call of curl with what ``events/`` has for the endpoint's handler, which tests run."""
    method, _, path = heading.partition(" ")
    given = _own(operation)
    if given is None:
        return ""
    for name, value in given.get("path", {}).items():
        path = path.replace(f"{{{name}}}", str(value))
    query = "&".join(f"{name}={value}" for name, value in given.get("query", {}).items())
    address = f"$BASE{path}{'?' + query if query else ''}"
    lines = [f'curl {"" if method == "GET" else f"-X {method} "}"{address}"']
    if operation["security"] and {} not in operation["security"] and "paygol" not in operation["tags"]:
        lines.append('-H "Authorization: Bearer $SECRET_KEY"')
    if body := given.get("body"):
        text = body if isinstance(body, str) else json.dumps(body)
        lines += ["-H 'Content-Type: application/json'", f"-d '{text}'"]
    call = " \\\n  ".join(lines)
    return f'<h3>Sample</h3><pre tabindex="0"><code>{escape(call)}</code></pre>'


def _own(operation: Spec) -> Mapping[str, Any] | None:
    tag, module = operation["tags"][0], operation["operationId"]
    name = module.removeprefix(f"{tag}_")
    for candidate in (name, name.rpartition("_")[0]):
        file: Path = EVENTS / tag / f"{candidate}.json"
        if file.is_file():
            found: Mapping[str, Any] = json.loads(file.read_text())
            return found
    return None
