"""Settings of all tests."""

import sys

from hypothesis import HealthCheck, settings

# How long an example takes tells nothing on a machine that others use too.
settings.register_profile("khabar", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("khabar")


def _stay_here(event: str, arguments: tuple) -> None:
    """No test asks a name server or another machine for anything, whatever is broken."""
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    name = host.decode() if isinstance(host, bytes) else host
    if name not in (None, "", "localhost", "0.0.0.0", "::", "::1") and not str(name).startswith("127."):
        raise RuntimeError(f"a test would leave this machine for {name}")


sys.addaudithook(_stay_here)
