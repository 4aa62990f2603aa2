"""One process of an installation, as far as drafts go."""

from app.authoring.keeping import keep_draft
from app.authoring.schemas import DraftView
from app.authoring.service import DraftService
from app.authoring.shelf import Shelf
from app.db.engine import Database
from app.documents.draft import Draft
from app.llm.base import ChatModel
from app.llm.prompts import PromptLibrary
from app.search.index import QuestionIndex
from app.settings import Settings
from tests.waiting import until


class Desk:
    """The shelf and the drafts of a process."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        index: QuestionIndex,
        llm: ChatModel,
        prompts: PromptLibrary,
    ) -> None:
        self.settings = settings
        self.database = database
        self.index = index
        self.shelf = Shelf(settings.banks_dir, database, index)
        self.library = self.shelf.library
        self.drafts = DraftService(database=database, shelf=self.shelf, index=index, llm=llm, prompts=prompts)

    async def keep(self, draft: Draft, name: str = "questions.txt") -> DraftView:
        """Store a draft as an import does."""
        return await self.drafts.get(
            await keep_draft(self.database, self.library, name, draft.model_copy(deep=True))
        )

    async def serves(self, number: int) -> None:
        """Until this process serves that publication."""
        await until(lambda: self.shelf.number >= number)

    async def close(self) -> None:
        await self.drafts.close()
        await self.shelf.close()
