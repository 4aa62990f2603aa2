from collections.abc import AsyncIterator, Iterator

import pytest

from app.banks.index import QuestionIndex
from app.banks.loader import BankLibrary
from app.settings import Settings
from tests.interviews.browsing import Browser, open_browser
from tests.interviews.house import House, LetterEmbedder, open_house, tiny_bank


@pytest.fixture(scope="session")
def tiny_questions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[QuestionIndex]:
    """The tiny bank in a real Chroma, shared by all tests: plans only read it."""
    folder = tmp_path_factory.mktemp("index")
    index = QuestionIndex(Settings(_env_file=None, data_dir=folder), LetterEmbedder())  # type: ignore[call-arg]
    index.sync(BankLibrary({"tiny": tiny_bank()}))
    yield index
    index.close()


@pytest.fixture
async def house(settings: Settings, tiny_questions: QuestionIndex) -> AsyncIterator[House]:
    """A running interview service on SQLite."""
    async with open_house(settings, tiny_questions) as opened:
        yield opened


@pytest.fixture
async def browser(house: House) -> AsyncIterator[Browser]:
    """A client of the service's API."""
    async with open_browser(house) as opened:
        yield opened
