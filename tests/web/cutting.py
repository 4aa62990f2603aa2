"""A TCP proxy on the loopback that cuts connections after a random number of bytes."""

import asyncio
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

_SHORTEST, _LONGEST = 100, 2800


@dataclass
class CuttingProxy:
    """While `armed`, cuts each connection, in mid-word where it falls so, until it has made `most` cuts."""

    host: str
    port: int
    chance: random.Random
    most: int
    armed: bool = False
    cuts: int = 0
    url: str = ""
    _links: set[asyncio.Task[None]] = field(default_factory=set)

    async def link(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass bytes to and fro until an end closes, or the cut comes."""
        task = asyncio.current_task()
        assert task is not None
        self._links.add(task)
        there: asyncio.StreamWriter | None = None
        try:
            upstream, there = await asyncio.open_connection(self.host, self.port)
            budget = _Budget(self)
            ways = [
                asyncio.ensure_future(_pass(reader, there, budget)),
                asyncio.ensure_future(_pass(upstream, writer, budget)),
            ]
            _, waiting = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in waiting:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
        except asyncio.CancelledError:
            return  # The proxy closes; the stream's own callback would report a cancelled task.
        finally:
            self._links.discard(task)
            for end in (writer, there):
                if end is not None:
                    end.transport.abort()

    async def close(self) -> None:
        for link in tuple(self._links):
            link.cancel()
        await asyncio.gather(*self._links, return_exceptions=True)


class _Budget:
    """How many bytes of both ways a connection may still pass, drawn when the proxy is armed."""

    def __init__(self, proxy: CuttingProxy) -> None:
        self._proxy = proxy
        self._left: int | None = None

    def admitted(self, size: int) -> int:
        """How many of `size` bytes may pass; fewer mean that the connection is cut behind them."""
        if not self._proxy.armed or self._proxy.cuts >= self._proxy.most:
            return size
        if self._left is None:
            self._left = self._proxy.chance.randint(_SHORTEST, _LONGEST)
        passed = min(size, self._left)
        self._left -= passed
        if passed < size:
            self._proxy.cuts += 1
        return passed


async def _pass(source: asyncio.StreamReader, sink: asyncio.StreamWriter, budget: _Budget) -> None:
    while piece := await source.read(4096):
        passed = budget.admitted(len(piece))
        sink.write(piece[:passed])
        await sink.drain()
        if passed < len(piece):
            return


@contextmanager
def open_proxy(url: str, seed: int, most: int) -> Iterator[CuttingProxy]:
    """A proxy in front of the server at `url`, until the block ends."""
    target = urlsplit(url)
    assert target.hostname
    assert target.port
    proxy = CuttingProxy(target.hostname, target.port, random.Random(seed), most)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(asyncio.start_server(proxy.link, "127.0.0.1", 0), loop).result()
    proxy.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield proxy
    finally:
        server.close()
        asyncio.run_coroutine_threadsafe(proxy.close(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
