"""A document becomes a draft: read, repair, understand. Nothing is published here, and no LLM is asked."""

import hashlib
from bisect import bisect_right
from collections.abc import Sequence

from app.documents.bank_import import draft_of_bank
from app.documents.document import Document
from app.documents.draft import SURE, Draft, DraftQuestion, Flag, Repair, Source, Span
from app.documents.readers.reading import read_document
from app.documents.repair.repair import repair_lines
from app.documents.structure.structure import structure

_SHOWN = 200


def import_document(name: str, content: bytes) -> Draft:
    """The draft of a document. A file in the project's own bank format comes through field by field.

    Raises `BadInputError` for what can't be read or holds no text. Blocks: call it in a thread.
    """
    return draft_of_bank(name, content) or draft_of_document(
        read_document(name, content), hashlib.sha256(content).hexdigest()
    )


def draft_of_document(document: Document, sha256: str) -> Draft:
    """Repairs and understands a document that was read. `sha256` is that of its file."""
    repaired = repair_lines([line.text for line in document.lines])
    understood = structure(document.with_texts(repaired.lines))
    draft = Draft(
        title=understood.title,
        role=understood.role,
        language=understood.language,
        competencies=understood.competencies,
        source=Source(
            name=document.name,
            format=document.format,
            encoding=document.encoding,
            sha256=sha256,
            lines=len(document.lines),
            characters=len(document.text),
        ),
        sections=understood.sections,
        repairs=repaired.repairs,
        flags=understood.flags,
        lines=repaired.lines,
    )
    place_flags(draft, [*repaired.flags, *doubts(repaired.repairs)])
    return draft


def doubts(repairs: Sequence[Repair]) -> list[Flag]:
    """A flag for each repair that is not sure."""
    return [
        Flag(
            text=repair.after[:_SHOWN],
            reason="doubtful-repair",
            span=Span(line=repair.line, start=repair.start, end_line=repair.line, end=repair.end),
        )
        for repair in repairs
        if repair.confidence < SURE and not repair.settled
    ]


def place_flags(draft: Draft, flags: Sequence[Flag]) -> None:
    """Lays each flag on the question whose source holds its place, else on the draft."""
    spanned = sorted(
        ((question.span, question) for _, question in draft.questions() if question.span is not None),
        key=lambda item: _begin(item[0]),
    )
    beginnings = [_begin(span) for span, _ in spanned]
    for flag in flags:
        owner: Draft | DraftQuestion = draft
        if flag.span is not None and (before := bisect_right(beginnings, _begin(flag.span))):
            span, question = spanned[before - 1]
            if (flag.span.end_line, flag.span.end) <= (span.end_line, span.end):
                owner = question
        owner.flags.append(flag)


def _begin(span: Span) -> tuple[int, int]:
    return span.line, span.start
