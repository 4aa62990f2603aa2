"""Reading the model instead of asking it: its state where it would say whether a rubric point is covered."""

import re
from collections.abc import MutableMapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.llm.prompts import Prompt
from app.text import fold

States = NDArray[np.float32]
Baseline = tuple[str, ...]  # prompt hash, question and points: what a baseline depends on
_VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_TAG = re.compile(r"</?\w+>")


class ReadsStates(Protocol):
    """A language model that shows its last-layer states."""

    async def tokenize(self, text: str, parse_special: bool) -> list[int]:
        """Token ids, nothing added; without `parse_special`, chat-control tokens in `text` are plain text."""
        ...

    async def states(self, token_ids: list[int], positions: list[int]) -> States:
        """Last-layer states, `[len(positions), hidden]`, of one pass over `token_ids`."""
        ...


async def point_states(
    llm: ReadsStates,
    prompt: Prompt,
    question: str,
    answer: str,
    points: Sequence[str],
    baselines: MutableMapping[Baseline, States] | None = None,
) -> States:
    """How the reply changes the model's state on each rubric point, `[len(points), hidden]` float32.

    Two passes, each over question, reply and all points: one with the reply, one with an empty reply; the
    difference no longer says what the points are about, only what the reply does for them (measured: AUC
    0.83 instead of 0.77 on unseen questions). The second pass is the same for every reply to a question:
    `baselines` keeps it.

    `prompt` has a section `# context`, rendered once, and a section `# point`, rendered once a point. A state
    is read at the last token of its point's block, so it has seen the reply and the points before it.
    Question, answer and points are folded and can forge neither chat-control tokens nor the prompt's tags.
    Raises ValueError if the prompt lacks a section or names an unknown variable.
    """
    if not points:
        raise ValueError("there are no points to judge")
    answered = await llm.states(*await assemble(llm, prompt, question, answer, points))
    return answered - await baseline_states(llm, prompt, question, points, baselines)


async def baseline_states(
    llm: ReadsStates,
    prompt: Prompt,
    question: str,
    points: Sequence[str],
    baselines: MutableMapping[Baseline, States] | None = None,
) -> States:
    """The states of the pass without a reply, read at most once where there are `baselines`."""
    key = (prompt.hash, question, *points)
    if baselines is not None and key in baselines:
        return baselines[key]
    baseline = await llm.states(*await assemble(llm, prompt, question, "", points))
    if baselines is not None:
        baselines[key] = baseline
    return baseline


async def assemble(
    llm: ReadsStates, prompt: Prompt, question: str, answer: str, points: Sequence[str]
) -> tuple[list[int], list[int]]:
    """The token ids of the whole pass and, for each point, the position its state is read at."""
    try:
        context, block = prompt.sections["context"].strip(), prompt.sections["point"].strip()
    except KeyError as error:
        raise ValueError(
            f"prompt {prompt.language}/{prompt.name}.md has no section '# {error.args[0]}'"
        ) from None
    tags = set(_TAG.findall(context + block))
    token_ids: list[int] = []
    positions: list[int] = []

    async def append(template: str, **values: str) -> None:
        for text, ours in _segments(template, {k: _harmless(v, tags) for k, v in values.items()}):
            token_ids.extend(await llm.tokenize(text, parse_special=ours))

    await append(context, question=question, answer=answer)
    for number, point in enumerate(points, 1):
        numbered = re.sub(r"\{\{\s*number\s*\}\}", str(number), block)
        await append(f"\n{numbered}", point=point)
        positions.append(len(token_ids) - 1)
    return token_ids, positions


def _segments(template: str, values: dict[str, str]) -> list[tuple[str, bool]]:
    """The template cut at its variables: (text, whether it is ours and may hold chat-control tokens)."""
    segments: list[tuple[str, bool]] = []
    for index, part in enumerate(_VARIABLE.split(template)):
        if index % 2 == 0:
            segments.append((part, True))
        elif part in values:
            segments.append((values[part], False))
        else:
            raise ValueError(f"a prompt that reads states has no input '{part}' here")
    return [segment for segment in segments if segment[0]]


def _harmless(text: str, tags: set[str]) -> str:
    folded = fold(text).text
    for tag in tags:
        folded = re.sub(re.escape(tag), tag.replace("<", "(").replace(">", ")"), folded, flags=re.I)
    return folded
