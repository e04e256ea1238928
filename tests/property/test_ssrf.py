"""Where a webhook may go: judged by form when given, by the dialled address at every attempt."""

from __future__ import annotations

import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.errors import InvalidRequest
from shared.domain.payment import Environment
from shared.domain.target_url import check_browser_url, check_webhook_url, is_public

REFUSED = """
0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254 169.254.169.254 169.254.170.2
172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.8 192.0.0.170 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1
198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
:: ::1 ::127.0.0.1 ::10.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:169.254.169.254 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1
64:ff9b::127.0.0.1 64:ff9b::169.254.169.254 64:ff9b::8.8.8.8 64:ff9b:1::1 100::1 100:0:0:1::1
2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:2::1 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1::
2002:a9fe:a9fe:: 2002:808:808:: 3fff::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 fec0::1 ff02::1
2a00:1450:4001::5efe:10.0.0.1 2a00:1450:4001::200:5efe:127.0.0.1 4000::1 localhost 1.2.3 999.1.1.1 0x7f.0.0.1
""".split()  # noqa: SIM905 - a table of words is easier to read
ALLOWED = """
1.1.1.1 8.8.8.8 93.184.216.34 100.63.255.255 100.128.0.1 172.15.255.255 172.32.0.1 192.0.1.1 198.17.255.255
198.20.0.1 223.255.255.255 2606:4700:4700::1111 2a00:1450:4001:81b::200e 2001:4860:4860::8888 2620:fe::fe
""".split()  # noqa: SIM905 - a table of words is easier to read


@pytest.mark.parametrize("address", REFUSED)
def test_no_socket_is_opened_to(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ALLOWED)
def test_a_public_address_is_dialled(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4) | st.ip_addresses(v=6))
def test_nothing_is_allowed_that_the_standard_library_calls_special(address: ipaddress._BaseAddress) -> None:
    parsed = ipaddress.ip_address(str(address))
    special = (
        parsed.is_private
        or parsed.is_loopback
        or parsed.is_link_local
        or parsed.is_multicast
        or parsed.is_reserved
        or parsed.is_unspecified
    )

    assert not (special and is_public(str(address)))


@given(st.ip_addresses(v=4))
def test_a_v4_address_inside_a_v6_one_is_never_dialled(address: ipaddress.IPv4Address) -> None:
    for carrier in (f"::{address}", f"::ffff:{address}", f"64:ff9b::{address}", f"2a00::5efe:{address}"):
        assert not is_public(carrier)


ODD_LITERALS = """
2130706433 017700000001 0x7f000001 0177.0.0.1 127.1 127.0.1 0x7f.1 0x7f.0.0.0x1 127.0.0.1. localhost LOCALHOST
localhost. sub.localhost 169.254.169.254 10.1 3232235521 [::1] [::ffff:7f00:1] [fd00:ec2::254] [fe80::1%25eth0]
①②⑦.0.0.1 127。0。0。1 １２７.0.0.1 ⓛⓞⓒⓐⓛⓗⓞⓢⓣ
""".split()  # noqa: SIM905 - a table of words is easier to read


@pytest.mark.parametrize("host", ODD_LITERALS)
def test_a_private_literal_is_refused_however_it_is_written(host: str) -> None:
    with pytest.raises(InvalidRequest):
        check_webhook_url(f"https://{host}/hook", "url", allow_private=False)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "shop.example.com/hook",
        "http://shop.example.com/",
        "https://shop.example.com:80/",
        "https://shop.example.com:22/",
        "https://shop.example.com:0/",
        "https://shop.example.com:99999/",
        "https://shop.example.com:x/",
        "https://user@shop.example.com/",
        "https://user:secret@shop.example.com/",
        "https://@shop.example.com/",
        "https://",
        "https:///hook",
        "https://shop.example.com/a b",
        "https://shop.example.com/\r\nX-Evil: 1",
        "https://shop.example.com\\@127.0.0.1/",
        "https://[::1/",
        "file:///etc/passwd",
        "gopher://shop.example.com/",
        "javascript:alert(1)",
    ],
)
def test_an_address_we_would_not_post_to_is_refused_by_form(url: str) -> None:
    with pytest.raises(InvalidRequest):
        check_webhook_url(url, "url", allow_private=False)


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example.com/hook",
        "https://shop.example.com:443/hook?a=b",
        "https://shop.example.com:8443",
        "https://does-not-resolve.invalid/",
        "https://münchen.example/hook",
        "https://8.8.8.8/hook",
        "https://[2606:4700:4700::1111]/hook",
        "https://x.shop24.example/",
    ],
)
def test_a_public_address_is_taken_without_asking_dns(url: str) -> None:
    assert check_webhook_url(url, "url", allow_private=False) == url


@pytest.mark.parametrize("url", ["http://127.0.0.1:9999/hook", "http://localhost/", "https://10.0.0.1:1234/"])
def test_the_local_cloud_lifts_scheme_port_and_address_together(url: str) -> None:
    assert check_webhook_url(url, "url", allow_private=True) == url


@pytest.mark.parametrize("host", [host for host in ODD_LITERALS if host[0] in "0123456789"])
def test_what_a_resolver_reads_as_an_address_is_judged_as_that_address(host: str) -> None:
    try:
        found = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return  # this system's resolver does not read it at all
    assert not any(is_public(str(each[4][0])) for each in found)


@pytest.mark.parametrize(
    ("url", "environment", "taken"),
    [
        ("https://shop.example.com/back", Environment.LIVE, True),
        ("http://localhost:3000/back", Environment.TEST, True),
        ("http://127.0.0.1/back", Environment.TEST, True),
        ("http://localhost:3000/back", Environment.LIVE, False),
        ("http://shop.example.com/back", Environment.TEST, False),
        ("javascript:alert(1)", Environment.TEST, False),
    ],
)
def test_a_browser_address_is_https_or_this_machine_in_test(url: str, environment: Environment, taken: bool) -> None:
    if taken:
        assert check_browser_url(url, environment, "callbackUrl") == url
        return
    with pytest.raises(InvalidRequest):
        check_browser_url(url, environment, "callbackUrl")
