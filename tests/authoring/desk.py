"""One process of an installation, as far as drafts go."""

from app.authoring.catalogue import Catalogue
from app.authoring.drafts import keep_draft
from app.authoring.proposals import Proposer, propose_points
from app.authoring.schemas import DraftView
from app.authoring.service import DraftService, Importer, import_document
from app.db.engine import Database
from app.documents.draft import Draft
from app.llm.base import ChatModel
from app.llm.prompts import PromptLibrary
from app.search.index import QuestionIndex
from app.settings import Settings
from tests.waiting import until


class Desk:
    """The catalogue and the drafts of a process; `importer` and `proposer` may be replaced at any time."""

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
        self.catalogue = Catalogue(settings.banks_dir, database, index)
        self.library = self.catalogue.library
        self.importer: Importer = import_document
        self.proposer: Proposer = propose_points
        self.drafts = DraftService(
            database=database,
            catalogue=self.catalogue,
            index=index,
            llm=llm,
            prompts=prompts,
            importer=lambda name, content: self.importer(name, content),
            proposer=lambda *asked: self.proposer(*asked),
        )

    async def keep(self, draft: Draft, name: str = "questions.txt") -> DraftView:
        """Store a draft as an import does."""
        return await self.drafts.get(
            await keep_draft(self.database, self.library, name, draft.model_copy(deep=True))
        )

    async def serves(self, number: int) -> None:
        """Until this process serves that publication."""
        await until(lambda: self.catalogue.number >= number)

    async def close(self) -> None:
        await self.drafts.close()
        await self.catalogue.close()
