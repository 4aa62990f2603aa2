"""An LLM's proposals are laid on a draft that people went on editing. In place."""

from app.authoring.checks import recheck
from app.documents.draft import Draft


def take_proposals(current: Draft, asked: Draft, proposed: Draft) -> int:
    """Put into `current` what `proposed` adds to `asked`; the number of questions that changed.

    Points go to a question that still has none and still says what it said; sections to a draft that still
    has no question. What people wrote meanwhile stays.
    """
    if not current.questions():
        current.sections, current.competencies = proposed.sections, proposed.competencies
        if current.flags == asked.flags:
            current.flags = proposed.flags
        for _, question in current.questions():
            recheck(question)
        return len(current.questions())
    before = {question.key: question for _, question in asked.questions()}
    news = {question.key: question for _, question in proposed.questions()}
    changed = 0
    for _, question in current.questions():
        old, new = before.get(question.key), news.get(question.key)
        if old is None or new is None or not new.points or question.points:
            continue
        if (question.text, question.reference_answer) == (old.text, old.reference_answer):
            was = question.model_copy(deep=True)
            question.points = new.points
            known = [flag.model_dump() for flag in old.flags]
            question.flags += [flag for flag in new.flags if flag.model_dump() not in known]
            recheck(question, was)
            changed += 1
    return changed
