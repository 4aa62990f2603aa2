"""Answers kept for some seconds."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

_MOST = 500
Answer = TypeVar("Answer")


class Recent(Generic[Answer]):
    """The last few hundred answers by question, each for `seconds`, in this process."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._answers: OrderedDict[Hashable, tuple[float, Answer]] = OrderedDict()

    def get(self, question: Hashable) -> Answer | None:
        """The answer, unless it is too old or was never kept."""
        kept = self._answers.get(question)
        return kept[1] if kept is not None and kept[0] > self._clock() else None

    def keep(self, question: Hashable, answer: Answer) -> None:
        """Keep an answer from now on."""
        self._answers[question] = (self._clock() + self._seconds, answer)
        self._answers.move_to_end(question)
        if len(self._answers) > _MOST:
            self._answers.popitem(last=False)
