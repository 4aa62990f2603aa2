"""The service as a child process, so that what is measured is what people run."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

_READY_WITHIN_SECONDS = 60.0


class ServiceProcess:
    """`interviewer serve` on a free port with its own data folder; ready when the block begins."""

    def __init__(self, data_dir: Path, environment: Mapping[str, str]) -> None:
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("INTERVIEWER_")},
            "INTERVIEWER_DATA_DIR": str(data_dir),
            "INTERVIEWER_PORT": "0",
            **environment,
        }
        self.base_url = ""
        self.first_password = ""
        self.seconds_to_ready = 0.0

    def __enter__(self) -> Self:
        started = time.perf_counter()
        self._process = subprocess.Popen(
            [sys.executable, "-c", "from app.cli import main; main()", "serve"],
            env=self._environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        while time.perf_counter() - started < _READY_WITHIN_SECONDS:
            try:
                if self.base_url and httpx.get(f"{self.base_url}/readyz", timeout=1).status_code == 200:
                    self.seconds_to_ready = time.perf_counter() - started
                    return self
            except httpx.TransportError:
                pass
            time.sleep(0.02)
        self._stop()
        raise TimeoutError(f"the service was not ready within {_READY_WITHIN_SECONDS:.0f} s")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if address := re.search(r"http://\S+?(?=/\s*$)", line):
                self.base_url = address[0]
            if password := re.search(r"password: (\S+)", line):
                self.first_password = password[1]

    def _stop(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def resident_bytes(self) -> int:
        """Resident memory of the service's own process."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        assert found is not None
        return int(found[1]) * 1024

    def processor_seconds(self) -> float:
        """Processor time the service's own process has used so far."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
