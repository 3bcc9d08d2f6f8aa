"""Which addresses may be fetched from: every private or special one is refused, in whatever form it is written."""

import ipaddress

import pytest

from transforms.fetch.addresses import forbidden

PRIVATE = ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1",
           "224.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.2.1", "240.0.0.1", "192.0.0.1"]  # fmt: skip
PUBLIC = ["8.8.8.8", "93.184.215.14", "185.60.216.35", "2606:4700::1111", "2a00:1450:4001::1"]


def in_ipv6(form: str, address: str) -> str:
    number = int(ipaddress.IPv4Address(address))
    shift = 80 if form == "2002::" else 0
    if form == "2001::":
        number ^= 0xFFFFFFFF
    return str(ipaddress.IPv6Address(int(ipaddress.IPv6Address(form)) | number << shift))


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_refused(address: str) -> None:
    assert forbidden(address)


FORMS = [
    "::ffff:0:0",
    "::",
    "::ffff:0:0:0",
    "64:ff9b::",
    "64:ff9b:1::",
    "2002::",
    "2001::",
    "fe80::5efe:0:0",
    "2a00:1::5efe:0:0",
    "2a00:1::200:5efe:0:0",
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "8.8.8.8"])
def test_addresses_inside_others_are_refused(form: str, address: str) -> None:
    assert forbidden(in_ipv6(form, address))


@pytest.mark.parametrize(
    "address",
    ["::1", "::", "fe80::1", "fe80::1%eth0", "2a00:1450::1%2", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "2001:db8::1", "100::1", "news.example", "", "127.1"],
)  # fmt: skip
def test_special_ones_are_refused(address: str) -> None:
    assert forbidden(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_ones_are_not(address: str) -> None:
    assert forbidden(address) is None
