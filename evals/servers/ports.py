"""Ports for servers that can't be handed a listening socket."""

import random
import socket

# Below those that systems give to outgoing connections, so that none of these takes it meanwhile.
_FIRST, _LAST = 20_000, 32_000


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    while True:
        port = random.SystemRandom().randint(_FIRST, _LAST)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
