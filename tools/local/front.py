"""The one public port: the API at /paymentgw, the hosted pages and the sample shop beside it."""

from __future__ import annotations

import http.client
import json
import mimetypes
import os
import threading
import uuid
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from samtranslator.yaml_helper import yaml_parse

from tools.local.bodies import NotReadable, read_body
from tools.local.deploy import ROOT

# Each request in flight is a function process, and processes that start at once starve one another.
MOST_IN_FLIGHT: Final = min(16, 4 * (os.cpu_count() or 4))
STAGE: Final = "/paymentgw"
API_ROOTS: Final = ("/api/", "/sandbox/", "/webhook/")  # as the template's PagesIndex
PAGES: Final = ROOT / "pages" / "dist"
_HOP: Final = frozenset(
    {"connection", "keep-alive", "transfer-encoding", "te", "upgrade", "proxy-connection", "content-length"}
)
_LOCAL_FRAMES: Final = "http://127.0.0.1:* http://localhost:*"
CARD_SCRIPT_ORIGIN: Final = "http://127.0.0.1:*"  # a simulated gateway's, on any port
_BUCKET: Final = "https://${EvidenceBucket.RegionalDomainName}"

# A mounted program gets (method, path with query, headers, body) and answers (status, headers, body).
Answer = tuple[int, Mapping[str, str], bytes]
Program = Callable[[str, str, Mapping[str, str], bytes], Answer]


class Front(ThreadingHTTPServer):
    """Serves one deployed stack on one port. ``mount`` puts a program under a path of the pages' host."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, port: int, upstream: str, api_id: str) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.upstream = urlsplit(upstream).netloc
        self.serve(api_id)
        self.mounted: dict[str, Program] = {}
        self.slots = threading.BoundedSemaphore(MOST_IN_FLIGHT)
        self.headers_of = page_headers(upstream)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def serve(self, api_id: str) -> None:
        """Requests go to this API from now on: an update of the stack makes a new one here."""
        self.api_prefix = f"/_aws/execute-api/{api_id}"

    def mount(self, prefix: str, program: Program) -> None:
        """``/`` mounts the start page alone: the hosted pages live beside it."""
        self.mounted[prefix] = program

    def start(self) -> threading.Thread:
        thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
        thread.start()
        return thread

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away is no news."""


def page_headers(files: str) -> Callable[[str], Mapping[str, str]]:
    """The response headers of the template's policies, by path; so that tests see what production sends.

    ``files`` is the origin that the bucket of evidence has where the template is deployed.
    """
    resources = yaml_parse((ROOT / "template.yaml").read_text())["Resources"]
    checkout = _policy(resources["CheckoutHeaders"], files, frames=_LOCAL_FRAMES)
    dashboard = _policy(resources["DashboardHeaders"], files)
    others = _policy(resources["OtherPagesHeaders"], files)
    card_fields = _policy(resources["CardFieldsHeaders"], files)

    def headers_of(path: str) -> Mapping[str, str]:
        if path.startswith("/pay/shift4/"):
            return card_fields
        if path.startswith("/pay/"):
            return checkout
        return dashboard if path.startswith("/dashboard/") else others

    return headers_of


def _policy(resource: Mapping[str, Any], files: str, frames: str = "") -> dict[str, str]:
    config = resource["Properties"]["ResponseHeadersPolicyConfig"]
    security = config["SecurityHeadersConfig"]
    policy = security["ContentSecurityPolicy"]["ContentSecurityPolicy"]
    csp = policy["Fn::Sub"].replace(_BUCKET, files) if isinstance(policy, dict) else policy
    csp = csp.replace("${CardScriptOrigin}", CARD_SCRIPT_ORIGIN)
    headers = {
        "Content-Security-Policy": csp.replace("frame-ancestors https:", f"frame-ancestors https: {frames}".strip()),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": security["ReferrerPolicy"]["ReferrerPolicy"],
    }
    if "FrameOptions" in security:
        headers["X-Frame-Options"] = security["FrameOptions"]["FrameOption"]
    return headers | {item["Header"]: item["Value"] for item in config["CustomHeadersConfig"]["Items"]}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 75
    server: Front

    def handle_any(self) -> None:
        path = urlsplit(self.path).path
        if path == STAGE or path.startswith(f"{STAGE}/"):
            self._api()
            return
        for prefix, program in self.server.mounted.items():
            if path == prefix or (prefix != "/" and path.startswith(prefix + "/")):
                body = self._body()
                if body is not None:
                    self._send(*program(self.command, self.path, dict(self.headers.items()), body))
                return
        if path.startswith(API_ROOTS):
            self._refuse(404, "not_found", f"there is no such address; the API's begin with {STAGE}: {STAGE}{path}")
            return
        self._page(path)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_HEAD = handle_any

    def _body(self) -> bytes | None:
        try:
            return read_body(self.headers, self.rfile)
        except NotReadable as error:
            self.close_connection = True  # what is not read cannot be followed by another request
            self._refuse(error.status, error.code, str(error))
            return None

    def _api(self) -> None:
        body = self._body()
        if body is None:
            return
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP | {"host"}}
        try:
            with self.server.slots:
                status, kept, answer = self._forward(headers, body)
        except OSError:
            self._refuse(502, "bad_gateway", "The local cloud did not answer")
            return
        if status == 403 and b"Missing Authentication Token" in answer:
            self._refuse(404, "not_found", "there is no such address")  # the template's ApiProblemNoRoute
            return
        self._send(status, kept, answer)

    def _forward(self, headers: Mapping[str, str], body: bytes) -> Answer:
        """Ask the API. Raises OSError when it does not answer."""
        connection = http.client.HTTPConnection(self.server.upstream, timeout=35)
        try:
            connection.putrequest(self.command, self.server.api_prefix + self.path, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name, value)
            connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body or None)
            response = connection.getresponse()
            kept = _kept(response.getheaders())
            if self.command == "HEAD" and (length := response.getheader("Content-Length")):
                kept["Content-Length"] = length  # of what GET brings: nothing comes here
            return response.status, kept, response.read()
        except http.client.HTTPException as error:
            raise OSError("the local cloud answered with nonsense") from error
        finally:
            connection.close()

    def _page(self, path: str) -> None:
        found = _file(unquote(path))
        if self.command not in ("GET", "HEAD"):
            self._refuse(405, "method_not_allowed", "Pages are only read")
            return
        headers = dict(self.server.headers_of(path))
        if found is None:
            missing = PAGES / "404.html"
            text = (
                missing.read_bytes() if missing.is_file() else b"<!doctype html><title>Not found</title><p>Not found."
            )
            self._send(404, headers | {"Content-Type": "text/html; charset=utf-8"}, text)
            return
        kind = mimetypes.guess_type(found.name)[0] or "application/octet-stream"
        headers["Content-Type"] = f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
        headers["Cache-Control"] = "no-cache" if found.suffix == ".html" else "public, max-age=31536000, immutable"
        self._send(200, headers, found.read_bytes())

    def _refuse(self, status: int, code: str, message: str) -> None:
        problem = {
            "success": False,
            "error": message,
            "message": message,
            "code": code,
            "requestId": str(uuid.uuid4()),
        }
        headers = {"Content-Type": "application/json", "Access-Control-Allow-Origin": "*"}
        self._send(status, headers, json.dumps(problem).encode())

    def _send(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if "Content-Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD" and status != 204:
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: the API's own log lines say more."""


def _kept(headers: list[tuple[str, str]]) -> dict[str, str]:
    """End-to-end headers, in the letter case the handler chose (Paygol's SDK reads it)."""
    return {name: value for name, value in headers if name.lower() not in _HOP}


def _file(path: str) -> Path | None:
    """The page at ``path``, which may name a directory; None outside the pages or when absent."""
    found = (PAGES / path.lstrip("/")).resolve()
    if path.endswith("/") or found.is_dir():
        found = found / "index.html"
    return found if found.is_relative_to(PAGES.resolve()) and found.is_file() else None
