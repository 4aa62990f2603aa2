"""The browser that tests and screenshots drive."""

import os
import shutil

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# How long a page may take. A busy machine is slow, which is not what the tests are about.
PATIENCE_MS = 60_000
MISSING = "no Chromium to drive: `apt-get install chromium`, or set CHROMIUM to its path"


def find_chromium() -> str | None:
    """Its path: `CHROMIUM`, or the one that is installed."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
