"""Turns written beforehand for a bank's questions: `turns/<bank>/<question>.yaml` beside the bank files.

Each answers a reply that covered one point and asks about another that is open; the interviewer needs no
model to say them. A bank without such files asks its points' probes.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field

from app.banks.file import BankProblem
from app.banks.leaks import leaks
from app.banks.schema import Bank, Id, Question, Text
from app.errors import SetupError
from app.languages.files import SHIPPED, Strict, base_of, language_folder, parse_yaml, read_text
from app.text.fold import fold
from app.text.scripts import is_by_character
from app.text.units import units

FOLDER = "turns"
# In characters of scripts counted so, and else in words.
LONGEST_CHARACTERS = 60
LONGEST_WORDS = 40

Lines = Annotated[list[Text], Field(min_length=1)]


class PointLines(Strict):
    """Lines about one point.

    `heard` is said when it was covered and another question follows; `ask` asks about it and stands alone;
    `more` asks for more where it was half said.
    """

    heard: Lines
    ask: Lines
    more: Lines


class AuthoredTurns(Strict):
    """One question's file. `turns` are by the point just covered, then by the point still open."""

    question: Id
    points: dict[Id, PointLines]
    turns: dict[Id, dict[Id, Lines]] = Field(default_factory=dict)

    def lines(self) -> Iterator[tuple[str, str | None, str]]:
        """Every line with the name of its place and the point that it asks about."""
        for point, lines in self.points.items():
            for place, texts in (("heard", lines.heard), ("ask", lines.ask), ("more", lines.more)):
                for text in texts:
                    yield f"points.{point}.{place}", None if place == "heard" else point, text
        for covered, open_points in self.turns.items():
            for point, texts in open_points.items():
                for text in texts:
                    yield f"turns.{covered}.{point}", point, text


class TurnLibrary:
    """The turns of a folder's banks, each file read when its question first comes up."""

    def __init__(self, banks: Path) -> None:
        self._paths = {path.stem: path for path in sorted(_folder(banks).glob("*/*.yaml"))}
        self._read: dict[tuple[str, str], AuthoredTurns] = {}

    def of(self, question: Question, written_in: str = "", language: str = "") -> AuthoredTurns | None:
        """The turns of a question of a bank `written_in` a language, in the script of the tag `language`.

        None where that is another language, and where there are more, fewer or other points than theirs.
        Raises `SetupError` naming file, line and fault.
        """
        path = self._paths.get(question.id)
        if path is None or base_of(written_in) != base_of(language):
            return None
        key = (question.id, language)
        if key not in self._read:
            text = read_turns(path).model_dump_json()
            text = language_folder(SHIPPED).rewritten(text, written_in, language)
            self._read[key] = AuthoredTurns.model_validate_json(text)
        turns = self._read[key]
        return turns if set(turns.points) == {point.id for point in question.points} else None


def _folder(banks: Path) -> Path:
    """Where the turns stand of the banks in a folder, or of one bank file."""
    return (banks if banks.is_dir() else banks.parent) / FOLDER


def read_turns(path: Path) -> AuthoredTurns:
    """One file. Raises `SetupError` naming file, line and fault."""
    return parse_yaml(read_text(path), AuthoredTurns, path)


def turn_problems(place: Path, banks: Mapping[str, Bank]) -> list[BankProblem]:
    """What is wrong with the turns of `banks`, which are those of the file or folder `place`.

    Points that are not the question's, lines that are long to say, lines that give away what they ask for.
    """
    found: list[BankProblem] = []
    for bank in banks.values():
        questions = {question.id: question for _, question in bank.questions()}
        for path in sorted((_folder(place) / bank.id).glob("*.yaml")):
            name = f"{FOLDER}/{bank.id}/{path.name}"
            try:
                turns = read_turns(path)
            except SetupError as error:
                found.append(BankProblem(name, 0, "", error.detail, error.hint or "correct it"))
                continue
            question = questions.get(turns.question)
            if question is None or turns.question != path.stem:
                fix = "name the file after its question, one of the bank's"
                found.append(BankProblem(name, 0, "question", f"{turns.question!r} is not it", fix))
                continue
            found += _faults(name, turns, question)
    return found


def _faults(name: str, turns: AuthoredTurns, question: Question) -> Iterator[BankProblem]:
    ids = {point.id for point in question.points}
    named = {*turns.points, *turns.turns, *(point for each in turns.turns.values() for point in each)}
    for point in sorted(named ^ ids):
        yield BankProblem(name, 0, point, "is not a point of both", "write each point once")
    points = {point.id: point for point in question.points}
    for place, asked, text in turns.lines():
        said = units(fold(text))
        characters = sum(map(is_by_character, said))
        if characters > LONGEST_CHARACTERS or len(said) - characters > LONGEST_WORDS:
            yield BankProblem(name, 0, place, f"is long to say: {text}", "say it shorter")
        # What was covered is no secret any more, and other points share everyday words with any line.
        about = (
            question.model_copy(update={"points": [points[asked]], "reference_answer": None})
            if asked in points
            else None
        )
        if about and (leaked := leaks(text, about)):
            yield BankProblem(name, 0, place, f"gives away {leaked[0]}: {text}", "ask without naming it")
