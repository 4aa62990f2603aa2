"""The embedded model's process: llama.cpp's HTTP server on loopback, for chat and for last-layer states.

Run as `python -m app.llm.model_server`. The first line of standard input is its `ServerOptions` as JSON; it
answers with one line of JSON, `{"url": …}` or `{"error": …}`, and lives until standard input closes, that is,
until its parent dies.
"""

import ctypes
import json
import os
import signal
import sys
import threading
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

_PR_SET_PDEATHSIG = 1
# Room for the cached prompts of slots that went on to something else, about 28 kB a token.
_PROMPT_CACHE_MIB = 256


@dataclass(frozen=True)
class ServerOptions:
    """`context` tokens are shared by the `slots` that answer side by side.

    `longest_pass` is the most tokens whose states can be read: each pass is one batch, and memory grows with
    it by about 1.4 MB a token, once used.
    """

    model_path: str
    api_key: str
    threads: int
    context: int = 8192
    longest_pass: int = 2048
    slots: int = 2

    def to_json(self) -> str:
        return json.dumps(asdict(self))


def main() -> None:
    """Loads the model, says where it listens, waits for the parent's end."""
    _die_with_parent()
    options = ServerOptions(**json.loads(sys.stdin.readline()))
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # The library writes to the standard streams by itself: our one line goes to a copy of the real one.
    speaker = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    try:
        server = _serve(options)
    except Exception as error:
        print(json.dumps({"error": f"{type(error).__name__}: {error}"}), file=speaker, flush=True)
        os._exit(1)
    print(json.dumps({"url": server.listening_address}), file=speaker, flush=True)
    threading.Event().wait()


def _die_with_parent() -> None:
    """On Linux the kernel ends us even while loading, when no Python runs; elsewhere standard input tells."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _end_with_parent() -> None:
    sys.stdin.read()
    # The library's own shutdown waits for open requests; nobody is left to read them.
    os._exit(0)


def _serve(options: ServerOptions) -> Any:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = options.model_path
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [options.api_key]
    params.ui = False
    params.n_parallel = options.slots
    params.n_ctx = options.context
    params.kv_unified = True
    params.n_batch = options.longest_pass
    params.n_ubatch = options.longest_pass
    params.cpuparams.n_threads = options.threads
    params.cpuparams_batch.n_threads = options.threads
    params.cache_prompt = True
    params.cache_ram_mib = _PROMPT_CACHE_MIB
    # Embedding mode without pooling serves states, and chat all the same.
    params.embedding = True
    params.pooling_type = xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_NONE
    params.embd_normalize = -1
    return xllamacpp.Server(params)


if __name__ == "__main__":
    main()
