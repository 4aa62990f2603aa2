from collections.abc import AsyncIterator

import pytest

from app.search.index import QuestionIndex
from app.settings import Settings
from tests.recruiting.rescoring.desk import Desk, open_desk


@pytest.fixture
async def desk(settings: Settings, tiny_questions: QuestionIndex) -> AsyncIterator[Desk]:
    async with open_desk(settings, tiny_questions) as opened:
        yield opened
