"""Reads which parts of a story a behavioural answer tells: situation, task, action, result.

The production scorer judges four general points, `prompts/<language>/star.yaml`, so every judge can do it and
every part found has the candidate's words beside it. Read once, when the candidate first looks.
"""

import logging
import time
from pathlib import Path

from app.background import TaskSet
from app.banks.schema import Question
from app.db.engine import Database
from app.errors import AppError
from app.interviews.repository import Interviews
from app.interviews.schemas import QuestionReport, Report, StarReading
from app.interviews.turns.turn import answer_parts
from app.languages.files import LanguageFile, language_folder
from app.llm.metering import calls_about
from app.scoring.rubric import Item, RubricPoint
from app.scoring.scorer import Scorer

log = logging.getLogger("interviewer.interviews")

RETRY_SECONDS = 300.0


class StarFile(LanguageFile):
    """One language's four points."""

    file = "star"

    situation: str
    task: str
    action: str
    result: str


class StarReader:
    """Reads stories in the background. What fails is tried again when somebody looks after a while."""

    def __init__(self, database: Database, scorer: Scorer, prompts_dir: Path) -> None:
        self._database = database
        self._scorer = scorer
        self._prompts_dir = prompts_dir
        self._failed: dict[tuple[str, int], float] = {}
        self._tasks = TaskSet()

    def look_after(self, report: Report) -> Report:
        """Start reading what of the report is still to be read; what failed lately is shown as failed."""
        waiting = []
        questions = []
        for question in report.questions:
            if question.star is not None and question.star.status == "pending":
                if self._failed_lately(report.id, question.number):
                    question = question.model_copy(update={"star": StarReading(status="failed")})
                else:
                    waiting.append(question)
            questions.append(question)
        if waiting and report.id not in self._tasks:
            self._tasks.spawn(self._read_all(report.id, waiting), report.id)
        return report.model_copy(update={"questions": questions})

    async def close(self) -> None:
        """Stop; what is unread is read when somebody looks again."""
        await self._tasks.close()

    def _failed_lately(self, interview_id: str, number: int) -> bool:
        failed_at = self._failed.get((interview_id, number))
        return failed_at is not None and time.monotonic() - failed_at < RETRY_SECONDS

    async def _read_all(self, interview_id: str, questions: list[QuestionReport]) -> None:
        for question in questions:
            place = (interview_id, question.number)
            self._failed.pop(place, None)
            try:
                read = await self._read(interview_id, question.number)
            except AppError as error:
                log.warning("interview %s: story %d not read: %s", *place, error.detail)
                read = False
            except Exception:
                # A fault in the scorer costs this reading, not the report.
                log.exception("interview %s: story %d not read", *place)
                read = False
            if not read:
                self._failed[place] = time.monotonic()

    async def _read(self, interview_id: str, number: int) -> bool:
        """Read one story and keep it; whether every part could be judged."""
        async with self._database.reading() as session:
            interviews = Interviews(session)
            interview = await interviews.get(interview_id)
            row = (await interviews.questions(interview_id, [number])).get(number)
            parts = answer_parts(await interviews.lines(interview_id), number)
        if interview is None or row is None or not parts:
            return False
        if row.star is not None:  # by another process, or between the look and this
            return True
        item = star_item(
            Question.model_validate(row.question), interview.settings["bank_language"], self._prompts_dir
        )
        with calls_about(f"{interview_id}/{parts[-1].seq}"):
            card = await self._scorer.score(item, parts)
        if card.score is None:
            return False
        reading = StarReading(status="read", points=card.points)
        async with self._database.session() as session:
            row = (await Interviews(session).questions(interview_id, [number])).get(number)
            if row is not None:
                row.star = reading.model_dump(mode="json")
        return True


def star_item(question: Question, language: str, prompts_dir: Path) -> Item:
    """The question with the four general points in place of its own. Raises `SetupError`."""
    texts = language_folder(prompts_dir).get(StarFile, language)
    points = tuple(RubricPoint(name, text) for name, text in texts.model_dump().items())
    return Item(question.text, points, max_score=float(len(points)), language=language)
