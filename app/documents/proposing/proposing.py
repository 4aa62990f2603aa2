"""What the rules left open is proposed: points for questions that have only a model answer, and, where no
question was found at all, the questions themselves.

Every proposal is tied to the document: what can't be traced to it is dropped. People approve the rest.
"""

import asyncio
from collections.abc import Callable, Sequence

from pydantic import BaseModel, Field

from app.documents.document import Document, DocumentLine
from app.documents.draft import Draft, DraftPoint, DraftQuestion
from app.documents.proposing.boundaries import find_boundaries
from app.documents.proposing.extracts import FEWEST, MOST, extract_points, worth_of
from app.documents.proposing.sentences import SourceText, spanning, split_sentences
from app.documents.proposing.tracing import is_traceable, says_the_same
from app.documents.structure.structure import structure
from app.documents.structure.vocabulary import vocabulary
from app.errors import LLMError, LLMUnavailableError
from app.llm.base import LLM
from app.llm.prompts import PromptLibrary
from app.text.quoting import as_quoted_data

PROMPT = "points"
CALLS_AT_ONCE = 4
_LONGEST_ANSWER = 1200  # tokens
_MOST_SENTENCES = 60
_MOST_NAMED = 3  # sentences a point may come from
_LONGEST_POINT = 200  # code points

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


class ProposedPoint(BaseModel):
    """What the model answers for one point; the sentences come first so that the text follows from them."""

    sentences: list[int] = Field(description="Numbers of the sentences that the point comes from")
    text: str = Field(description="The point, in words of those sentences")


class ProposedPoints(BaseModel):
    points: list[ProposedPoint]


async def propose(
    draft: Draft,
    llm: LLM,
    prompts: PromptLibrary,
    on_progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Draft:
    """A copy of `draft` with proposals in it; the draft itself where there is nothing to propose.

    `on_progress` is told how many of how many steps are done; `cancelled` ends it after the calls under way.
    Never fails for want of a model: without one, or with the embedded one, points are extracted by rules, and
    a document without questions stays as it is.
    """
    proposed = draft.model_copy(deep=True)
    tell = on_progress or (lambda done, total: None)
    is_cancelled = cancelled or (lambda: False)
    if not proposed.questions() and _is_able(llm) and any(line.strip() for line in proposed.lines):
        proposed = await _with_questions(proposed, llm, prompts, tell, is_cancelled)
    wanting = [question for _, question in proposed.questions() if _wants_points(question)]
    if not wanting:
        return proposed if proposed.questions() else draft
    await _Proposing(proposed, llm, prompts, tell, is_cancelled).all(wanting)
    return proposed


def _wants_points(question: DraftQuestion) -> bool:
    return question.included and not question.points and bool(question.reference_answer)


async def _with_questions(
    draft: Draft, llm: LLM, prompts: PromptLibrary, tell: Progress, is_cancelled: Cancelled
) -> Draft:
    is_table = draft.source.format in ("xlsx", "csv")
    lines = tuple(
        DocumentLine(text, number, cells=tuple(text.split("\t")) if is_table else ())
        for number, text in enumerate(draft.lines, 1)
    )
    try:
        heads = await find_boundaries(lines, draft.language, llm, prompts, tell, is_cancelled)
    except LLMUnavailableError:
        return draft
    if not heads:
        return draft
    plain = tuple(DocumentLine(line.text, line.number) for line in lines)
    understood = structure(Document(draft.source.name, draft.source.format, plain), heads)
    if not understood.sections:
        return draft
    kept = [flag for flag in draft.flags if flag.reason not in ("not-understood", "instructions")]
    draft.sections = understood.sections
    draft.competencies = understood.competencies or draft.competencies
    draft.flags = [*kept, *understood.flags]
    return draft


class _Proposing:
    """Points for the questions of one draft, a few calls at once."""

    def __init__(
        self, draft: Draft, llm: LLM, prompts: PromptLibrary, tell: Progress, is_cancelled: Cancelled
    ) -> None:
        self._draft = draft
        self._llm = llm
        self._prompts = prompts
        self._tell = tell
        self._is_cancelled = is_cancelled
        self._is_away = not _is_able(llm)
        self._done = 0

    async def all(self, questions: Sequence[DraftQuestion]) -> None:
        calls = asyncio.Semaphore(CALLS_AT_ONCE)
        self._tell(0, len(questions))

        async def one(question: DraftQuestion) -> None:
            async with calls:
                if self._is_cancelled():
                    return
                question.points = await self._points(question)
                self._done += 1
                self._tell(self._done, len(questions))

        await asyncio.gather(*(one(question) for question in questions))

    async def _points(self, question: DraftQuestion) -> list[DraftPoint]:
        source = SourceText(self._draft.lines, question)
        sentences = split_sentences(question.reference_answer or "")
        if question.incomplete and sentences:
            sentences = sentences[:-1] or sentences
        points = await self._asked(question, sentences[:_MOST_SENTENCES], source)
        return points if len(points) >= FEWEST else extracted(sentences, source)

    async def _asked(
        self, question: DraftQuestion, sentences: list[str], source: SourceText
    ) -> list[DraftPoint]:
        if self._is_away or len(sentences) < 2:
            return []
        prompt = self._prompts.get(PROMPT, self._draft.language).render(
            question=as_quoted_data(question.text),
            sentences=[as_quoted_data(sentence) for sentence in sentences],
        )
        try:
            answer = await self._llm.complete(prompt, schema=ProposedPoints, max_tokens=_LONGEST_ANSWER)
        except LLMUnavailableError:
            self._is_away = True  # the other questions need not find that out one by one
            return []
        except LLMError:
            return []
        return usable(answer.parsed, sentences, source) if isinstance(answer.parsed, ProposedPoints) else []


def _is_able(llm: LLM) -> bool:
    """Whether the model's proposals are better than the rules'; those of the embedded model are not.

    Of five answers of eleven to twenty-one sentences it made one point that held all of it three times, and
    copied every sentence, the opening among them, twice. In a page of twelve lines without numbers or
    question marks it named six questions, five of which were none.
    """
    return not hasattr(llm, "states")


def usable(answer: ProposedPoints, sentences: Sequence[str], source: SourceText) -> list[DraftPoint]:
    """The proposals that the sentences they name bear out, in the answer's order, none twice, at most 8."""
    kept: list[tuple[int, DraftPoint]] = []
    for proposal in answer.points:
        text = " ".join(proposal.text.split()).strip("。.；;，, ")[:_LONGEST_POINT]
        named = sorted({number for number in proposal.sentences if 1 <= number <= len(sentences)})
        if not text or not named or len(named) > _MOST_NAMED:
            continue
        origin = [sentences[number - 1] for number in named]
        if not is_traceable(text, origin) or any(says_the_same(text, point.text) for _, point in kept):
            continue
        spans = [span for sentence in origin if (span := source.span_of(sentence)) is not None]
        kept.append((named[0] - 1, DraftPoint(text=text, span=spanning(spans), proposed=True)))
    known = vocabulary()
    best = sorted(kept, key=lambda entry: -worth_of(sentences, entry[0], known))[:MOST]
    return [point for _, point in sorted(best, key=lambda entry: entry[0])]


def extracted(sentences: Sequence[str], source: SourceText) -> list[DraftPoint]:
    """Points by rules: verbatim parts of the answer's main sentences."""
    return [
        DraftPoint(
            text=extract.text,
            span=source.span_of(extract.text) or source.span_of(extract.sentence),
            proposed=True,
        )
        for extract in extract_points(sentences, vocabulary())
    ]
