"""A plan in the language an interview is held in: as its bank is, in another script, or translated once."""

import asyncio
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from cachetools import LRUCache
from pydantic import BaseModel, Field

from app.banks.schema import Question
from app.errors import BadInputError, LLMError, LLMUnavailableError
from app.interviews.planning.plan import Plan
from app.languages.files import Facts, base_of
from app.languages.guessing import language_of, tag_of
from app.llm.base import LLM
from app.llm.prompts import PromptLibrary
from app.text.clauses import QUESTION_MARKS
from app.text.fold import fold
from app.text.quoting import as_quoted_data, clean
from app.text.units import contains, units

PROMPT = "translate"
CALLS_AT_ONCE = 4
_KEPT = 500  # translated questions: everyone invited by a template is asked the same words
_LONGEST_TEXT = 4000  # code points, as banks have it
_TELLING = 60  # code points from which words tell a language
_NAME = 12  # code points of a text that may be the same in both languages
_SPELLED_OUT = 12  # numbers up to this one may be words in one of the languages
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_ASKS = ("question", "probe:")

Texts = dict[str, str]


class TranslatedText(BaseModel):
    id: str = Field(description="The id of the text")
    text: str = Field(description="The text in the other language")


class Translation(BaseModel):
    """What the model answers: every text once."""

    texts: list[TranslatedText]


class Translator:
    """Brings plans into another language, a question in one call, a few at once."""

    def __init__(self, llm: LLM, prompts: PromptLibrary) -> None:
        self._llm = llm
        self._prompts = prompts
        self._files = prompts.files
        self._made: LRUCache[tuple[str, ...], Texts] = LRUCache(_KEPT)

    def languages(self, own: str) -> list[str]:
        """The languages an interview can be held in from a bank in the language `own`, which comes first.

        The embedded model does not translate: with it, those are the bank's own language and its scripts.
        """
        others = [each for each in self._files.spoken() if not self._is_same(each, own)]
        able = not hasattr(self._llm, "states")
        return [own, *(each for each in others if able or base_of(each) == base_of(own))]

    def check(self, language: str | None, own: str) -> None:
        """Raises `BadInputError` naming the possible languages if `language` is none of them."""
        possible = self.languages(own)
        if language is None or any(self._is_same(language, each) for each in possible):
            return
        raise BadInputError(
            f"language: an interview from this bank can't be held in {language!r}",
            hint=f"Possible are {', '.join(possible)}; other languages need a model behind an endpoint.",
        )

    async def in_language(self, plan: Plan, language: str | None) -> Plan:
        """The plan with all its texts in `language`; the plan itself where it is in it.

        Raises `BadInputError` for a language that is not possible, and `LLMError` if the model failed or its
        translation can't be used; nothing is translated by half.
        """
        if language is None or self._is_same(language, plan.language):
            return plan
        self.check(language, plan.language)
        if base_of(language) == base_of(plan.language):
            convert = partial(self._files.rewritten, before=plan.language, after=language)
            done = [{name: convert(text) for name, text in texts.items()} for texts in _texts_of(plan)]
        else:
            done = await self._translated(list(_texts_of(plan)), plan.language, language)
        return _with_texts(plan, done, language)

    def _is_same(self, one: str, other: str) -> bool:
        return base_of(one) == base_of(other) and self._files.variant(one) == self._files.variant(other)

    async def _translated(self, texts: list[Texts], before: str, after: str) -> list[Texts]:
        calls = asyncio.Semaphore(CALLS_AT_ONCE)

        async def one(each: Texts) -> Texts:
            key = (before, after, *(part for item in each.items() for part in item))
            if key not in self._made:
                async with calls:
                    self._made[key] = await self._ask(each, before, after)
            return self._made[key]

        tasks = [asyncio.create_task(one(each)) for each in texts]
        try:
            return await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()

    async def _ask(self, texts: Texts, before: str, after: str) -> Texts:
        """One translation, asked for again with what was wrong if it can't be used."""
        name = self._facts(after).name or after
        length = 1000 + 2 * sum(map(len, texts.values()))
        quoted = [(key, as_quoted_data(text)) for key, text in texts.items()]
        faults: list[tuple[str, str]] = []
        for is_last in (False, True):
            prompt = self._prompts.get(PROMPT, after).render(language=name, texts=quoted, faults=faults)
            try:
                answer = await self._llm.complete(prompt, schema=Translation, max_tokens=length)
            except LLMUnavailableError:
                raise
            except LLMError:
                if is_last:
                    raise
                continue
            assert isinstance(answer.parsed, Translation)
            given = [(each.id, self._in_script(clean(each.text), after)) for each in answer.parsed.texts]
            faults = list(self._faults(texts, given, before, after))
            if not faults:
                return {key: dict(given)[key] for key in texts}
        where = "; ".join(f"{key}: {kind}" for key, kind in faults[:3])
        raise LLMError(
            f"the model's translation into {name} can't be used ({where})",
            hint=f"Hold the interview in {before}, try again, or use another model.",
        )

    def _facts(self, language: str) -> Facts:
        known = {path.parent.name: facts for path, facts in self._files.all(Facts).items()}
        return known.get(base_of(language), Facts())

    def _is_in(self, text: str, before: str, after: str) -> bool:
        """Whether a translation is in its language, as far as that can be told."""
        found = language_of(text, among=(base_of(before), base_of(after)))
        if self._facts(after).letters:
            return found == base_of(after)
        if self._facts(before).letters or len(text) < _TELLING:
            return found != base_of(before) or not self._facts(before).letters
        return found == base_of(after)

    def _in_script(self, text: str, after: str) -> str:
        written = tag_of(text)
        return self._files.rewritten(text, written, after) if base_of(written) == base_of(after) else text

    def _is_name(self, text: str, source: str, before: str) -> bool:
        """Whether a text is short and the same in both languages, such as "iOS"."""
        letters = self._facts(before).letters
        return text == source and len(text) <= _NAME and not (letters and re.search(letters, text))

    def _faults(
        self, texts: Texts, given: list[tuple[str, str]], before: str, after: str
    ) -> Iterator[tuple[str, str]]:
        """What is wrong with a translation: ids of texts, and kinds of faults, which the prompt explains."""
        names = [key for key, _ in given]
        for key in sorted(set(texts) ^ set(names) | {key for key in names if names.count(key) > 1}):
            yield key, "ids"
        old, new = self._facts(before).persons, self._facts(after).persons
        for key, text in given:
            source = texts.get(key, "")
            if not text or len(text) > _LONGEST_TEXT:
                yield key, "length"
                continue
            if not self._is_in(text, before, after) and not self._is_name(text, source, before):
                yield key, "language"
            if not _same_numbers(source, text):
                yield key, "numbers"
            if key.startswith(_ASKS):
                if _questions(text) > max(1, _questions(source)):
                    yield key, "questions"
                if (
                    old
                    and new
                    and (
                        (_has(text, new.subject) and not _has(source, old.first))
                        or (_has(source, old.second) and not _has(text, new.second))
                    )
                ):
                    yield key, "persons"


def _texts_of(plan: Plan) -> Iterator[Texts]:
    """Every text of a plan under an id: first its titles, then question by question."""
    titles = {"role": plan.role, "title": plan.title}
    titles |= {f"competency:{name}": title for name, title in plan.competencies.items()}
    yield titles | {f"section:{number}": title for number, title in enumerate(_sections(plan), 1)}
    for each in plan.questions:
        question = each.question
        texts = {"question": question.text, "examines": question.examines or ""}
        for point in question.points:
            texts |= {f"point:{point.id}": point.text, f"probe:{point.id}": point.probe or ""}
        texts["reference_answer"] = question.reference_answer or ""
        yield {name: text for name, text in texts.items() if text}


def _with_texts(plan: Plan, done: list[Texts], language: str) -> Plan:
    titles, *texts = done
    sections = {title: titles[f"section:{number}"] for number, title in enumerate(_sections(plan), 1)}
    return plan.model_copy(
        update={
            "language": language,
            "written_in": plan.written_in or plan.language,
            "role": titles["role"],
            "title": titles["title"],
            "competencies": {name: titles[f"competency:{name}"] for name in plan.competencies},
            "questions": [
                each.model_copy(
                    update={
                        "section_title": sections[each.section_title],
                        "question": _question(each.question, own),
                    }
                )
                for each, own in zip(plan.questions, texts, strict=True)
            ],
        }
    )


def _sections(plan: Plan) -> list[str]:
    """The titles of the sections, each once."""
    return list(dict.fromkeys(each.section_title for each in plan.questions))


def _question(question: Question, texts: Mapping[str, str]) -> Question:
    points = [
        point.model_copy(update={"text": texts[f"point:{point.id}"], "probe": texts.get(f"probe:{point.id}")})
        for point in question.points
    ]
    return question.model_copy(
        update={
            "text": texts["question"],
            "examines": texts.get("examines"),
            "points": points,
            "reference_answer": texts.get("reference_answer"),
        }
    )


def _questions(text: str) -> int:
    return sum(text.count(mark) for mark in QUESTION_MARKS)


def _has(text: str, words: Iterable[str]) -> bool:
    said = units(fold(text))
    return any(contains(said, units(fold(word))) for word in words)


def _same_numbers(one: str, other: str) -> bool:
    """Whether two texts have the same numbers in figures; small ones may be words in one of them."""
    first, second = _numbers(one), _numbers(other)
    only_first, only_second = first - second, second - first
    unlike = only_first | only_second
    return not (only_first and only_second) and all(number <= _SPELLED_OUT for number in unlike)


def _numbers(text: str) -> set[float]:
    """The numbers in figures, each multiplied by the sign for a power of ten that follows it."""
    found = set()
    for figures in _NUMBER.finditer(text):
        number = float(re.sub(r"[,.](?=\d{3}\b)", "", figures[0]).replace(",", "."))
        following = text[figures.end() : figures.end() + 1]
        power = unicodedata.numeric(following, 0.0) if following else 0.0
        found.add(number * power if power >= 10 else number)
    return found
