"""What a model is told before it speaks: what stays the same comes first, so that providers can cache it."""

from app.interviews.speaking.occasion import Line, Occasion
from app.llm.prompts import Prompt, RenderedPrompt
from app.scoring.judges.asking import neutralised

# Of what was said to other questions, the beginning tells enough; in code points.
_REMEMBERED = 300


def brief(occasion: Occasion, prompt: Prompt) -> RenderedPrompt:
    """The prompt for one reply. What people wrote can't close the tags that it stands in."""
    question = occasion.question
    return prompt.render(
        language=occasion.language,
        assessment=occasion.mode == "assessment",
        role=neutralised(occasion.role),
        job=neutralised(occasion.job),
        facts=[neutralised(fact) for fact in occasion.facts],
        question=neutralised(question.text) if question else "",
        kind=question.kind if question else "",
        points=[(point.id, neutralised(point.text)) for point in question.points] if question else [],
        earlier=[_shown(line, _REMEMBERED) for line in occasion.lines if line.question != occasion.number],
        lines=[_shown(line) for line in occasion.lines if line.question == occasion.number],
        credits=[(point, credit) for point, credit in occasion.credits.items() if credit is not None],
        follow_ups_left=0 if occasion.standard_probes or occasion.inviting else occasion.follow_ups_left,
        inviting=occasion.inviting,
        minutes_left=round(occasion.minutes_left),
        reply=neutralised(occasion.reply or ""),
    )


def _shown(line: Line, most: int | None = None) -> tuple[str, str]:
    return line.speaker, neutralised(line.text[:most])
