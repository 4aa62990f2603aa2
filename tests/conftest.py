import os
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from filelock import FileLock

from app.banks.library import BankLibrary
from app.search.embedding import build_index_embedder, release_encoders
from app.search.index import QuestionIndex
from app.settings import Settings
from evals.servers.endpoint import FakeEndpoint
from evals.servers.postgres import INSTALL, drop_database, fresh_database, postgres_binaries, postgres_server
from tests.fakes.databases import lay, migrate
from tests.fakes.scripted import ScriptedLLM
from tests.interviews.house import LetterEmbedder, tiny_bank

# How long an example takes says more about the machine than about the code.
hypothesis.settings.register_profile(
    "patient", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("patient")


def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are cores: each waits a third of the time."""
    return (os.cpu_count() or 1) + 1


# Files that take longest. They begin first, so that no process is left with one at the end.
LONG = (
    *("web/test_screens.py", "interviews/test_durability.py", "web/candidate/test_whole_interview.py"),
    *("recruiting/rescoring/test_kills.py", "evals/test_bench.py", "web/banks/test_banks_in_browser.py"),
    *("llm/test_embedded_live.py", "scoring/test_embedded_scoring.py", "web/candidate/test_cuts.py"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    folder = Path(__file__).parent
    places = {folder / name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: places.get(item.path, len(LONG)))


@pytest.fixture(autouse=True)
def _no_outside_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if (
            name.startswith("INTERVIEWER_") and not name.startswith("INTERVIEWER_MODEL_")
        ) or name == "OPENAI_API_KEY":
            monkeypatch.delenv(name)


@pytest.fixture
def fresh_settings(tmp_path: Path) -> Settings:
    """Settings of a fresh installation: there is no data folder yet."""
    return Settings(_env_file=None, data_dir=tmp_path / "data", port=0)  # type: ignore[call-arg]


@pytest.fixture
def settings(fresh_settings: Settings, migrated_files: Path) -> Settings:
    """Settings of an installation that is up to date and empty, in a folder of the test's own."""
    lay(migrated_files, fresh_settings.data_dir)
    return fresh_settings


@pytest.fixture(scope="session")
def migrated_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with nothing but the SQLite files of an installation that is up to date."""

    def make(folder: Path) -> None:
        migrate(Settings(_env_file=None, data_dir=folder))  # type: ignore[call-arg]

    return made_once(tmp_path_factory, "migrated", make)


def made_once(temporary: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that takes long to make, made once for all processes that run tests."""
    own = temporary.getbasetemp()
    shared = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / f"shared-{name}"
    with FileLock(f"{shared}.lock"):
        if not shared.exists():
            making = temporary.mktemp(f"making-{name}")
            make(making)
            making.rename(shared)
    return shared


@pytest.fixture(scope="session")
def tiny_questions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[QuestionIndex]:
    """The tiny bank in a real Chroma, shared by all tests: plans only read it."""
    folder = tmp_path_factory.mktemp("index")
    index = QuestionIndex(Settings(_env_file=None, data_dir=folder), LetterEmbedder())  # type: ignore[call-arg]
    index.sync(BankLibrary({"tiny": tiny_bank()}))
    yield index
    index.close()


@pytest.fixture(scope="session")
def shipped_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that holds nothing but the index of the shipped banks, to be copied."""

    def make(folder: Path) -> None:
        settings = Settings(_env_file=None, data_dir=folder)  # type: ignore[call-arg]
        index = QuestionIndex(settings, build_index_embedder(settings))
        index.sync(BankLibrary.from_folder(settings.banks_dir))
        index.close()
        release_encoders()

    return made_once(tmp_path_factory, "index", make)


@pytest.fixture
def scripted_llm() -> ScriptedLLM:
    return ScriptedLLM()


@pytest.fixture
def fake_endpoint() -> Iterator[FakeEndpoint]:
    """An OpenAI-compatible server on loopback, with scripted faults."""
    with FakeEndpoint() as endpoint:
        yield endpoint


@pytest.fixture(scope="session")
def postgres_server_url() -> Iterator[str]:
    """A throw-away Postgres server; without its binaries tests are skipped, in CI they fail."""
    binaries = postgres_binaries()
    if binaries is None:
        missing = f"no Postgres server on this machine; install one with: {INSTALL}"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    with postgres_server(binaries) as url:
        yield url


@pytest.fixture
def empty_postgres_url(postgres_server_url: str) -> Iterator[str]:
    """An empty Postgres database of the test's own."""
    url = fresh_database(postgres_server_url)
    yield url
    drop_database(url)


@pytest.fixture(scope="session")
def migrated_postgres_url(postgres_server_url: str) -> str:
    """A Postgres database that is up to date, to be copied."""
    url = fresh_database(postgres_server_url)
    migrate(Settings(_env_file=None, database_url=url))  # type: ignore[call-arg]
    return url


@pytest.fixture
def postgres_url(postgres_server_url: str, migrated_postgres_url: str) -> Iterator[str]:
    """A Postgres database of the test's own that is up to date and holds nothing yet."""
    url = fresh_database(postgres_server_url, template=migrated_postgres_url)
    yield url
    drop_database(url)


@pytest.fixture
def require_weights(settings: Settings) -> Settings:
    """Settings with the embedded model's real weights at hand. Absent: skipped aloud, in CI a failure."""
    from app.llm.source import DEFAULT_WEIGHTS
    from app.llm.weights import cached_path, is_whole

    if settings.model_path is None and not is_whole(cached_path(settings), DEFAULT_WEIGHTS):
        message = f"no model in {settings.model_dir}: run '.venv/bin/interviewer model pull'"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return settings
