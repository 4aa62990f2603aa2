"""Stands in for `app.llm.model_server`: the same first lines, a fake endpoint instead of a model.

The words after the magic number of the "weights" say how it behaves: `unreadable` reports a load error,
`dies` ends without a word, `waits` serves once there is a file `gate` beside the weights, `echoes` says
what it was told, anything else serves.
"""

import json
import os
import sys
import time
from pathlib import Path

from evals.servers.endpoint import FakeEndpoint


def main() -> None:
    options = json.loads(sys.stdin.readline())
    behaviour = Path(options["model_path"]).read_bytes().removeprefix(b"GGUF").decode()
    if "unreadable" in behaviour:
        print(json.dumps({"error": "RuntimeError: tensor missing"}), flush=True)
        sys.exit(1)
    if "dies" in behaviour:
        print("out of memory", file=sys.stderr, flush=True)
        os._exit(9)
    if "waits" in behaviour:
        while not Path(options["model_path"]).with_name("gate").exists():
            time.sleep(0.02)
    with FakeEndpoint() as endpoint:
        endpoint.api_key = options["api_key"]
        if "echoes" in behaviour:
            endpoint.reply = lambda request: str(request["messages"][-1]["content"])
        url = endpoint.base_url.removesuffix("/v1")
        print(json.dumps({"url": url, "states_url": url}), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
