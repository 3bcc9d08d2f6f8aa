"""Which addresses of the internet protocol a fetch may go to: public ones alone.

Pure.  Knows: private, special and embedding ranges.  Does not know: names, or how a connection is made (`backend`).
"""

import ipaddress
from typing import Final

_IPV6 = ipaddress.IPv6Network
#: Forms that carry an IPv4 address, which a gateway on the way would unpack: none is a public site's own.
_EMBEDDING: Final = (
    (_IPV6("::ffff:0:0/96"), "IPv4-mapped"),
    (_IPV6("::/96"), "IPv4-compatible"),
    (_IPV6("::ffff:0:0:0/96"), "IPv4-translated"),
    (_IPV6("64:ff9b::/96"), "NAT64"),
    (_IPV6("64:ff9b:1::/48"), "local NAT64"),
    (_IPV6("2002::/16"), "6to4"),
    (_IPV6("2001::/32"), "Teredo"),
)
#: Of the interface part of an ISATAP address, all but its IPv4 address and the bit for global ones.
_ISATAP: Final = 0x00005EFE


def forbidden(text: str) -> str | None:
    """Why nothing may be fetched from this address, for a person; None where it is a public one.

    >>> forbidden("127.0.0.1"), forbidden("64:ff9b::7f00:1"), forbidden("8.8.8.8")
    ('a loopback address', 'an address with another in it (NAT64)', None)
    """
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return "no address"
    if isinstance(found, ipaddress.IPv6Address):
        if found.scope_id:
            return "an address of one link"
        if not (found.is_loopback or found.is_unspecified) and (form := _embedding(found)):
            return f"an address with another in it ({form})"
        if found.is_site_local:
            return "a private address"
    kinds = (
        (found.is_loopback, "a loopback address"),
        (found.is_unspecified, "the unspecified address"),
        (found.is_link_local, "a link-local address"),
        (found.is_multicast, "a multicast address"),
        (found.is_private, "a private address"),
        (found.is_reserved, "a reserved address"),
        (not found.is_global, "no public address"),
    )
    return next((what for holds, what in kinds if holds), None)


def _embedding(found: ipaddress.IPv6Address) -> str | None:
    if (int(found) >> 32) & 0xFDFFFFFF == _ISATAP:
        return "ISATAP"
    return next((form for network, form in _EMBEDDING if found in network), None)
