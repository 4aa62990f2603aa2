"""One document through the production importer, and the figures of what came out."""

import time
from dataclasses import dataclass, field

from app.documents.draft import Draft
from app.documents.importing import import_document
from app.documents.readers.reading import read_document
from app.errors import AppError
from evals.importing.metrics import (
    Misses,
    Share,
    Structure,
    changed,
    left_over,
    sentences_right,
    understood,
    wrong,
)
from evals.importing.truth import Split, Truth


@dataclass(frozen=True)
class Case:
    """A document to import. Of one that was damaged here, `clean` and `damaged` are the texts."""

    name: str
    truth: Truth
    content: bytes
    clean: str | None = None
    damaged: str = ""


@dataclass(frozen=True)
class Figures:
    """`wrong_before` and `wrong_after` are characters: of a document damaged here, those that differ from its
    clean text (folded); of a clean one, those that repair changed (nothing folded, so 0 is right); None for
    a document that was damaged when we got it. Of that one `sentences` counts the damaged sentences that
    are right by letter, `punctuated` those with their punctuation. `left_over` is None where the document
    is clean: it may well explain a pronunciation."""

    structure: Structure
    wrong_before: int | None
    wrong_after: int | None
    sentences: Share
    punctuated: Share
    left_over: int | None
    repairs: int
    flags: int
    language: bool
    seconds: float


@dataclass(frozen=True)
class Outcome:
    """What became of a case: its figures, or the message it failed with."""

    name: str
    split: Split
    figures: Figures | None = None
    misses: Misses = field(default_factory=Misses)
    error: str = ""


def run(case: Case) -> Outcome:
    """Import a document and measure the draft."""
    began = time.perf_counter()
    try:
        draft = import_document(case.truth.document, case.content)
    except AppError as error:
        return Outcome(case.name, case.truth.split, error=str(error))
    seconds = time.perf_counter() - began
    structure, misses = understood(draft, case.truth)
    before, after = _characters(case, draft)
    sentences, punctuated = sentences_right(draft, case.truth)
    damaged = case.clean is not None or bool(case.truth.sentences)
    figures = Figures(
        structure=structure,
        wrong_before=before,
        wrong_after=after,
        sentences=sentences,
        punctuated=punctuated,
        left_over=left_over(draft) if damaged else None,
        repairs=sum(repair.count for repair in draft.repairs),
        flags=len(draft.flags) + sum(len(question.flags) for _, question in draft.questions()),
        language=draft.language == case.truth.language,
        seconds=seconds,
    )
    return Outcome(case.name, case.truth.split, figures, misses)


def _characters(case: Case, draft: Draft) -> tuple[int | None, int | None]:
    if case.clean is not None:
        return wrong(case.damaged, case.clean), wrong("\n".join(draft.lines), case.clean)
    if case.truth.sentences:
        return None, None
    read = read_document(case.truth.document, case.content)
    return 0, changed([line.text for line in read.lines], draft.lines)
