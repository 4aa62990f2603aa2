"""What the made-up candidates and interviewers say."""

import itertools
import random
import re
from collections.abc import Iterator

from wordfreq import top_n_list

from app.banks.schema import Bank, Question
from app.text.scripts import EVERYDAY_HAN

_RUN = re.compile(rf"[{EVERYDAY_HAN}]{{4,16}}")


class Words:
    """What people say: stretches of the banks' own words, joined by words drawn by Zipf's law."""

    def __init__(self, bank: Bank, seed: int) -> None:
        self._random = random.Random(seed)
        questions = [question for _, question in bank.questions()]
        texts = [text for each in questions for text in _texts(each)]
        self._stretches = sorted({run for text in texts for run in _RUN.findall(text)})
        self._words = [word for word in top_n_list("zh", 30_000) if not word.isascii()]
        self._stretch_weights = list(itertools.accumulate(1 / (n + 20) for n in range(len(self._stretches))))
        self._word_weights = list(itertools.accumulate(1 / (n + 2) for n in range(len(self._words))))

    def said(self, clauses: int) -> str:
        stretches = self._random.choices(self._stretches, cum_weights=self._stretch_weights, k=clauses)
        words = iter(self._random.choices(self._words, cum_weights=self._word_weights, k=4 * clauses))
        around = ((next(words) + next(words), next(words) + next(words)) for _ in stretches)
        return "，".join(
            f"{lead}{each}{trail}" for (lead, trail), each in zip(around, stretches, strict=True)
        )


def _texts(question: Question) -> Iterator[str]:
    yield question.text
    yield question.reference_answer or ""
    for point in question.points:
        yield point.text
        yield point.probe or ""
