"""What ``make build`` makes: everything a handler imports, with bytecode that stays valid, and not much else."""

from __future__ import annotations

import hashlib
import os
import re
import ssl
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from botocore import xform_name
from botocore.loaders import Loader
from botocore.model import OperationModel
from botocore.session import Session

from tools.contract.routes import modules
from tools.local.built import built as built_here
from tools.local.deploy import ROOT
from tools.ops.build import PARTS, RUNTIME, build, runnable, unzipped
from tools.ops.lean import OPERATIONS, ROOTS
from tools.ops.packing import pack

TARGET = runnable()
INTERPRETER = str(TARGET.interpreter)
DATES_OF_A_ZIP = 315532800  # 1980-01-01: what packaging makes of every file's time
LIMIT_MB = 15 if TARGET.version == RUNTIME else 16  # the bytecode of older versions is larger, and is not deployed
# What a call to a real gateway needs, and no start of a function does.
REAL = {
    "requests",
    "shared.adapters.psp_http",
    "shared.adapters.credentials",
    "shared.adapters.card_gateways.igfs",
    "shared.adapters.card_gateways.stripe",
    "shared.adapters.card_gateways.paypal",
    "shared.adapters.card_gateways.nexi",
    "shared.adapters.card_gateways.worldline",
    "shared.adapters.card_gateways.shift4",
}


@pytest.fixture(scope="module")
def built() -> list[Path]:
    """The function's folder and both layers, built for an interpreter of this machine."""
    made = built_here(TARGET)
    parts = [made.functions, *made.layers]
    for part in parts:
        for path in part.rglob("*"):
            os.utime(path, (DATES_OF_A_ZIP, DATES_OF_A_ZIP))
    return parts


def run(built: list[Path], code: str, *flags: str, **more: str) -> subprocess.CompletedProcess[str]:
    """What ``code`` comes to where nothing is but what is deployed; ``more`` joins its environment."""
    environment = {"PYTHONPATH": os.pathsep.join(map(str, built)), "PATH": os.environ["PATH"], **more}
    command = [INTERPRETER, "-S", "-P", *flags, "-c", code]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=900, check=False)


def test_every_handler_imports_from_what_is_deployed_and_nothing_is_compiled(built: list[Path]) -> None:
    code = f"import importlib\nfor name in {modules()!r}: importlib.import_module(name)"

    done = run(built, code, "-v")

    assert done.returncode == 0, [line for line in done.stderr.splitlines() if "Error" in line]
    from_source = re.findall(r"# code object from '([^']+\.py)'", done.stderr)
    assert [path for path in from_source if str(built[0].parent) in path] == []


def test_the_runtimes_interpreter_is_found_where_pyenv_was_told_to_keep_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "elsewhere" / "versions" / f"{RUNTIME}.1" / "bin" / f"python{RUNTIME}"
    kept.parent.mkdir(parents=True)
    kept.write_text(f"#!/bin/sh\necho Python {RUNTIME}.1\n")
    kept.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "elsewhere"))

    assert runnable().interpreter == kept


def test_a_function_with_its_layers_stays_small(built: list[Path]) -> None:
    assert unzipped(built[0].parent) / 1e6 <= LIMIT_MB


def test_a_second_build_elsewhere_makes_the_same_archives_byte_by_byte(built: list[Path], tmp_path: Path) -> None:
    again = tmp_path / "somewhere" / "else"

    build(TARGET, again)

    first = built[0].parent
    assert digests(again) == digests(first)
    here = [str(ROOT).encode(), str(tmp_path).encode()]
    for part in PARTS:
        files = {path: path.read_bytes() for path in (again / part).rglob("*") if path.is_file()}
        assert [str(path) for path, content in files.items() if any(place in content for place in here)] == []


def digests(folder: Path) -> dict[str, str]:
    return {part: hashlib.sha256((folder / f"{part}.zip").read_bytes()).hexdigest() for part in PARTS}


def test_what_is_uploaded_is_what_was_built_and_the_template_names_nothing_else(built: list[Path]) -> None:
    for part in PARTS:
        folder = built[0].parent / part
        with zipfile.ZipFile(folder.with_name(f"{part}.zip")) as archive:
            names = archive.namelist()
            assert names == sorted(
                path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
            )
            assert {about.date_time for about in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            assert {about.external_attr >> 16 for about in archive.infolist()} == {0o100644}


def test_a_packed_template_sends_every_function_one_archive_and_each_layer_its_own(tmp_path: Path) -> None:
    for name in ("PaymentInit", "PaymentVoid", "SharedLayer"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "code.py").write_text("pass\n")
    code = "      CodeUri: PaymentInit\n      CodeUri: PaymentVoid\n      ContentUri: SharedLayer\n"
    (tmp_path / "template.yaml").write_text(code)

    pack(tmp_path, ("PaymentInit", "SharedLayer"))

    said = (tmp_path / "template.yaml").read_text().split()
    assert said[1::2] == ["PaymentInit.zip", "PaymentInit.zip", "SharedLayer.zip"]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "PaymentInit",
        "PaymentInit.zip",
        "SharedLayer",
        "SharedLayer.zip",
        "template.yaml",
    ]


def test_every_service_the_code_asks_for_is_in_the_layer(built: list[Path]) -> None:
    sources = "\n".join(path.read_text() for path in Path("shared").rglob("*.py"))
    wanted = set(re.findall(r'aws\.client\("(\w+)"\)', sources))

    assert wanted
    assert wanted <= OPERATIONS.keys()
    assert all((built[2] / "botocore" / "data" / service).is_dir() for service in wanted)


def test_every_operation_the_code_calls_is_in_its_services_description() -> None:
    sources = "\n".join(path.read_text() for folder in ("shared", "functions") for path in Path(folder).rglob("*.py"))
    called = set(re.findall(r"\.([a-z][a-z0-9_]+)\(", sources)) - {"delete_endpoint"}  # a merchant's, not SNS's
    called -= {
        "create_secret",
        "put_secret_value",
        "delete_secret",
    }  # credentials are written from an operator's machine, untrimmed
    models = {name: Session().get_service_model(name).operation_names for name in OPERATIONS}

    missing = {
        (service, operation)
        for service, operations in models.items()
        for operation in operations
        if xform_name(operation) in called and operation not in OPERATIONS[service]
    }

    assert missing == set()


def test_trimmed_descriptions_say_of_each_operation_what_the_whole_ones_say(built: list[Path]) -> None:
    whole, lean = Session(), Session()
    data = Loader(extra_search_paths=[str(built[2] / "botocore" / "data")], include_default_search_paths=False)
    lean.register_component("data_loader", data)
    whole.register_component("data_loader", Loader())  # its own: a client that was made changes what it has read
    for service, operations in OPERATIONS.items():
        ours, theirs = lean.get_service_model(service), whole.get_service_model(service)
        assert set(ours.operation_names) == operations
        assert ours.metadata == theirs.metadata
        for name in operations:
            assert _described(ours.operation_model(name)) == _described(theirs.operation_model(name))


def _described(operation: OperationModel) -> str:
    """Everything that requests are made and answers read by."""

    def shape(of: Any, above: tuple[str, ...] = ()) -> Any:
        if of is None or of.name in above:
            return of and of.name
        inside = {name: shape(member, (*above, of.name)) for name, member in getattr(of, "members", {}).items()}
        parts = [shape(getattr(of, part, None), (*above, of.name)) for part in ("member", "key", "value")]
        return (of.name, of.type_name, sorted(of.metadata.items(), key=str), of.serialization, inside, parts)

    errors = [shape(error) for error in operation.error_shapes]
    return repr((operation.http, shape(operation.input_shape), shape(operation.output_shape), errors))


def test_connections_to_aws_trust_the_roots_of_aws_only(built: list[Path]) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(built[2] / "botocore" / "cacert.pem")

    roots: list[Any] = context.get_ca_certs()
    names = {dict(part[0] for part in root["subject"])["commonName"] for root in roots}
    assert names == {*ROOTS, "Starfield Services Root Certificate Authority - G2"}


def test_a_client_of_a_deployed_function_trusts_that_bundle_and_no_other(built: list[Path]) -> None:
    code = "from botocore.httpsession import get_cert_path; print(get_cert_path(True))"

    said = run(built, code)

    assert said.returncode == 0, said.stderr
    assert said.stdout.strip() == str(built[2] / "botocore" / "cacert.pem")


def test_clients_of_a_deployed_function_are_made_and_looked_at_without_their_documentation(built: list[Path]) -> None:
    code = (
        "import sys, botocore.session\n"
        "client = botocore.session.get_session().create_client('dynamodb', region_name='eu-south-1')\n"
        "print([client.put_item.__doc__], client.can_paginate('query'), client.waiter_names)\n"
        "print(sorted(name for name in sys.modules if name.startswith('botocore.docs')))"
    )

    done = run(built, code)

    assert done.stdout.splitlines() == [
        "[''] False []",
        "['botocore.docs', 'botocore.docs.docstring', 'botocore.docs.utils']",
    ], done.stderr


def test_a_function_that_calls_and_reads_a_body_asks_for_no_versions_of_what_is_installed(built: list[Path]) -> None:
    """That look goes through every folder that Lambda itself brings, at every start."""
    code = (
        "import sys, botocore.session, pydantic\n"
        "print(pydantic.create_model('M', n=(int, ...)).model_validate({'n': 7}))\n"
        "botocore.session.get_session().create_client('dynamodb', region_name='eu-south-1')\n"
        "print('importlib.metadata' in sys.modules)"
    )

    done = run(built, code)

    assert done.stdout.splitlines() == ["n=7", "False"], done.stderr


@pytest.mark.parametrize("module", ["payment_flow.capture_card", "webhook.deliver", "payment.transaction"])
def test_a_function_starts_without_a_look_for_garbage(built: list[Path], module: str) -> None:
    # The interpreter's own first imports, before any of ours, are not counted.
    code = (
        "import gc, importlib, shared\n"
        "looks = []\n"
        "gc.callbacks.append(lambda phase, info: looks.append(phase))\n"
        f"importlib.import_module({module!r}); from shared.adapters import aws; aws.client('dynamodb'); print(looks)"
    )

    done = run(built, code, AWS_DEFAULT_REGION="eu-south-1")

    assert done.stdout.strip() == "[]", done.stderr


def test_what_calls_acquirers_is_in_the_layer_and_is_imported_by_no_handler(built: list[Path]) -> None:
    code = (
        "import importlib, sys\n"
        f"for name in {modules()!r}: importlib.import_module(name)\n"
        f"print({REAL!r} & sys.modules.keys() or '-')\n"
        "import shared.adapters.psp_sessions; print('requests' in sys.modules)"
    )

    done = run(built, code, "-W", "error")

    assert done.stdout.split() == ["-", "True"], done.stdout + done.stderr
