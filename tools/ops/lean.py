"""Takes out of the dependencies layer what no handler can reach; a test imports each handler from what is left."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any, Final

from botocore.loaders import Loader

# Every operation that the code in shared/ and functions/ calls; tests hold the two against each other.
OPERATIONS: Final = {
    "dynamodb": frozenset(
        {"BatchGetItem", "DeleteItem", "GetItem", "PutItem", "Query", "TransactWriteItems", "UpdateItem"}
    ),
    "kms": frozenset({"Decrypt", "Encrypt"}),
    "s3": frozenset(
        {"CreateBucket", "GetObject", "HeadObject", "PutObject"}
    ),  # a form is signed by way of CreateBucket
    "secretsmanager": frozenset({"GetSecretValue"}),
    "ses": frozenset({"SendEmail"}),
    "sns": frozenset({"Publish"}),
    "sqs": frozenset({"ChangeMessageVisibility", "SendMessage", "SendMessageBatch"}),
    "stepfunctions": frozenset({"DescribeExecution", "SendTaskSuccess", "StartExecution"}),
}
# Parts of a description that botocore reads whole, prose and all.
_UNTOUCHED: Final = frozenset({"clientContextParams"})
# The same services as endpoints.json names them.
ENDPOINTS: Final = (OPERATIONS.keys() - {"stepfunctions"}) | {"states", "email", "sts"}
# Who signs the certificates of AWS. botocore parses the whole bundle again for every connection, 20 times as long.
ROOTS: Final = ("Amazon Root CA 1", "Amazon Root CA 2", "Amazon Root CA 3", "Amazon Root CA 4")
ROOTS_OLDER: Final = "Starfield Services Root Certificate Authority - G2"
# botocore imports what writes the documentation of its clients, to write it should somebody ask for help.
_NO_DOCSTRINGS: Final = '''"""Nobody asks a deployed function for help."""


class _Empty(str):
    def __new__(cls, *of, **what):
        return super().__new__(cls)


ClientMethodDocstring = PaginatorDocstring = WaiterDocstring = _Empty
'''
# requests asks at its import where a bundle is; our sessions bring the system's roots. Were certifi there, botocore
# would trust it instead of its own.
_NO_BUNDLE: Final = '''"""Who calls brings its own roots."""


def where():
    return ""
'''
# Both ask for versions of what is installed: one for a protocol that nobody speaks here, one for plugins, of which
# none is in the layer.
_NO_HTTP2: Final = '''"""HTTP/1.1 is spoken."""
'''
_NO_PLUGINS: Final = '''"""There are none."""


def get_plugins():
    return ()
'''
_UNREACHED: Final = (
    "bin",
    "boto3",  # handlers build their clients from botocore's session
    "s3transfer",
    "certifi",
    "pydantic/v1",
    "pydantic/experimental",
    "pydantic/mypy.py",
    "qrcode/tests",
    "qrcode/console_scripts.py",
    "qrcode/image/pil.py",  # a code is a plain PNG here
    "qrcode/image/styledpil.py",
    "qrcode/image/svg.py",
    "qrcode/image/styles/colormasks.py",
    "qrcode/image/styles/moduledrawers/pil.py",
    "qrcode/image/styles/moduledrawers/svg.py",
    "qrcode/release.py",
    "simplejson/tests",
    "urllib3/contrib/emscripten",
    "dateutil/zoneinfo/dateutil-zoneinfo.tar.gz",
    "dateutil/zoneinfo/rebuild.py",
    "dateutil/rrule.py",  # recurrences of calendars; botocore reads moments
    "dateutil/easter.py",
    "tzdata/zoneinfo/tzdata.zi",  # the text that the zones beside it were compiled from
    # of Powertools, logging and metrics are used: one endpoint per function needs no router
    "aws_lambda_powertools/event_handler",
    *(
        f"aws_lambda_powertools/utilities/{name}"
        for name in (
            "auth_alpha",
            "batch",
            "circuit_breaker",
            "data_classes",
            "data_masking",
            "feature_flags",
            "idempotency",
            "kafka",
            "parameters",
            "parser",
            "streaming",
            "validation",
        )
    ),
)


def trim(layer: Path) -> None:
    """Remove unreached packages, service models, operations and certificates from ``layer``/python."""
    packages = layer / "python"
    for name in _UNREACHED:
        target = packages / name
        if target.is_dir():
            shutil.rmtree(target)
        else:
            target.unlink(missing_ok=True)
    for about in packages.glob("*.dist-info"):  # pydantic reads each of them when it looks for plugins
        shutil.rmtree(about)
    _leave_help_out(packages / "botocore" / "docs")
    # requests loads the one to guess what text is written in, which nobody asks it; the other, with what a debugger
    # wants to know, writes replies of a few thousand letters. The same in Python stands beside each.
    for name in ("charset_normalizer", "simplejson"):
        for compiled in (packages / name).glob("*.so"):
            compiled.unlink()
    (packages / "requests" / "certs.py").write_text(_NO_BUNDLE)
    (packages / "urllib3" / "http2" / "__init__.py").write_text(_NO_HTTP2)
    (packages / "pydantic" / "plugin" / "_loader.py").write_text(_NO_PLUGINS)
    for model in (packages / "botocore" / "data").iterdir():
        if model.is_dir() and model.name not in OPERATIONS:
            shutil.rmtree(model)
        elif model.is_dir():
            _trim_service(model)
    _trim_endpoints(packages / "botocore" / "data" / "endpoints.json")
    _trim_certificates(packages / "botocore" / "cacert.pem")


def _leave_help_out(docs: Path) -> None:
    """Of botocore's documenters keep ``utils``, which its handlers use, and nothing to write from."""
    kept = (docs / "utils.py").read_text()
    shutil.rmtree(docs)
    docs.mkdir()
    for name, source in (("__init__", ""), ("utils", kept), ("docstring", _NO_DOCSTRINGS)):
        (docs / f"{name}.py").write_text(source)


def _trim_service(folder: Path) -> None:
    """Keep the newest API version with the operations we call, and the rules that find its endpoint."""
    *older, latest = sorted(path for path in folder.iterdir() if path.is_dir())
    for path in older:
        shutil.rmtree(path)
    loader = Loader(extra_search_paths=[str(folder.parent)], include_default_search_paths=False)
    whole = loader.load_service_model(folder.name, "service-2")
    for path in latest.iterdir():
        if not path.name.startswith("endpoint-rule-set"):
            path.unlink()
    (latest / "service-2.json").write_text(json.dumps(trimmed(whole, OPERATIONS[folder.name])))


def trimmed(model: dict[str, Any], operations: frozenset[str]) -> dict[str, Any]:
    """A service's description with these operations, the shapes they reach, and no prose."""
    kept = {name: model["operations"][name] for name in sorted(operations)}
    wanted, found = [*_references(kept)], set[str]()
    while wanted:
        name = wanted.pop()
        if name not in found:
            found.add(name)
            wanted += _references(model["shapes"][name])
    shapes = {name: shape for name, shape in model["shapes"].items() if name in found}
    without: dict[str, Any] = _without_prose(model | {"operations": kept, "shapes": shapes})
    return without


def _references(part: Any) -> list[str]:
    if isinstance(part, dict):
        named = [part["shape"]] if isinstance(part.get("shape"), str) else []
        return named + [name for value in part.values() for name in _references(value)]
    return [name for value in part for name in _references(value)] if isinstance(part, list) else []


def _without_prose(part: Any) -> Any:
    if isinstance(part, dict):
        prose = {"documentation"} if isinstance(part.get("documentation"), str) else set()
        return {
            name: value if name in _UNTOUCHED else _without_prose(value)
            for name, value in part.items()
            if name not in prose
        }
    return [_without_prose(value) for value in part] if isinstance(part, list) else part


def _trim_certificates(path: Path) -> None:
    """Keep the roots of AWS's own certificates. Nothing but AWS clients uses this bundle."""
    found = re.findall(
        r"# Label: \"(.+?)\"\n.*?(-----BEGIN.*?-----END CERTIFICATE-----\n)", path.read_text(), re.DOTALL
    )
    roots = [pem for label, pem in found if label in ROOTS or label == ROOTS_OLDER]
    if len(roots) != len(ROOTS) + 1:
        raise ValueError(
            f"botocore's bundle has {len(roots)} of the {len(ROOTS) + 1} roots of AWS: look at its labels"
        )
    path.write_text("\n".join(roots))


def _trim_endpoints(path: Path) -> None:
    """botocore parses this file for every first client: keep the partitions, and our services in them."""
    known = json.loads(path.read_text())
    for partition in known["partitions"]:
        partition["services"] = {name: value for name, value in partition["services"].items() if name in ENDPOINTS}
    path.write_text(json.dumps(known, separators=(",", ":")))
