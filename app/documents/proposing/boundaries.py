"""Where the rules find no question, a language model says on which lines questions and answers begin.

It names line numbers and nothing else, so all text still comes from the document.
"""

from collections.abc import Callable, Iterator, Sequence

from pydantic import BaseModel

from app.documents.document import DocumentLine
from app.documents.structure.vocabulary import Role
from app.errors import LLMError, LLMUnavailableError
from app.llm.base import LLM
from app.llm.prompts import PromptLibrary
from app.text.quoting import as_quoted_data

PROMPT = "structure"
_WINDOW_LINES, _WINDOW_LENGTH = 60, 3000
_OVERLAP = 6
_LONGEST_LINE = 300
_LONGEST_ANSWER = 1500  # tokens


class QuestionLines(BaseModel):
    """`answer` is 0 where a question has none."""

    line: int
    answer: int


class Boundaries(BaseModel):
    """What the model answers for a window of lines."""

    sections: list[int]
    questions: list[QuestionLines]


Window = list[tuple[int, str]]


async def find_boundaries(
    lines: Sequence[DocumentLine],
    language: str,
    llm: LLM,
    prompts: PromptLibrary,
    on_progress: Callable[[int, int], None],
    is_cancelled: Callable[[], bool],
) -> dict[int, Role]:
    """The role that each line number begins, as far as the model says so in a way that can be right.

    A window that it does not answer usably is left out. Raises `LLMUnavailableError` if the model is away.
    """
    all_windows = list(windows(lines))
    heads: dict[int, Role] = {}
    for done, window in enumerate(all_windows):
        if is_cancelled():
            break
        on_progress(done, len(all_windows))
        try:
            answer = await llm.complete(
                prompts.get(PROMPT, language).render(lines=window),
                schema=Boundaries,
                max_tokens=_LONGEST_ANSWER,
            )
        except LLMUnavailableError:
            raise
        except LLMError:
            continue
        if isinstance(answer.parsed, Boundaries):
            for number, role in _roles(answer.parsed, window).items():
                heads.setdefault(number, role)
    on_progress(len(all_windows), len(all_windows))
    return heads


def windows(lines: Sequence[DocumentLine]) -> Iterator[Window]:
    """Runs of lines with text, each a little into the one before, so that no question falls between two."""
    filled = [(line.number, as_quoted_data(line.text)[:_LONGEST_LINE]) for line in lines if line.text.strip()]
    start = 0
    while start < len(filled):
        end, length = start, 0
        while end < len(filled) and end - start < _WINDOW_LINES and (end == start or length < _WINDOW_LENGTH):
            length += len(filled[end][1])
            end += 1
        yield filled[start:end]
        if end == len(filled):
            return
        start = max(end - _OVERLAP, start + 1)


def _roles(answer: Boundaries, window: Window) -> dict[int, Role]:
    known = {number for number, _ in window}
    roles: dict[int, Role] = {number: "section" for number in answer.sections if number in known}
    for question in answer.questions:
        if question.line not in known:
            continue
        roles[question.line] = "question"
        if question.answer in known and question.answer > question.line:
            roles.setdefault(question.answer, "answer")
    return roles
