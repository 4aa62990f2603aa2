"""How the interviewer converses, in whole interviews with candidates that others wrote.

Measured by rule: what costs the candidate a turn though it is no answer, follow-ups about what was already
said by the writers' labels, sentences said twice, leaks, and how many of a model's own words were spoken.
Whether it sounds like a person, only readers can say: the rows hold what they need, and
`datasets/conversation/checklist.md` what they are asked.
"""

from collections import Counter
from collections.abc import Sequence

from app.banks.library import BankLibrary
from app.banks.schema import Bank, Question, Section
from app.interviews.flow.moves import Intent
from app.interviews.schemas import NewInterview
from app.interviews.speaking.interviewer import build_interviewer
from app.interviews.speaking.modelled import ModelSpeaker
from evals import metrics
from evals.bench import Bench
from evals.interviews.candidates import Candidate, PlayedPart, read_candidates
from evals.interviews.conversations import Conversation, Turn, one_question
from evals.interviews.interviewing import Exchange, InterviewFailedError, hold_interview, interview_service
from evals.results import Cell, Figure, Row, SuiteResult, Table

NAME = "conversation"
MOST_FOLLOW_UPS = 2


async def run(bench: Bench) -> SuiteResult:
    """An interview with each written candidate, on the questions their file names."""
    candidates = bench.limited(read_candidates())
    banks = {candidate.id: _bank(bench.banks, candidate) for candidate in candidates}
    interviewer = build_interviewer(bench.settings, bench.prompts, bench.llm)
    async with interview_service(bench, BankLibrary(banks), interviewer) as service:

        async def interview(candidate: Candidate) -> Conversation | Row:
            asked = {part.question: bench.banks.question(part.question)[2] for part in candidate.questions}
            recorder = _Recorder(
                {part.question: PlayedPart(part, asked[part.question]) for part in candidate.questions}
            )
            wanted = NewInterview(
                bank=candidate.id, questions=len(asked), follow_ups=MOST_FOLLOW_UPS, mode="practice", seed=0
            )
            try:
                exchanges = await hold_interview(service, wanted, recorder.reply)
            except InterviewFailedError as error:
                return {"id": candidate.id, "score": None, "failure": str(error)}
            return recorder.conversation(candidate, exchanges)

        outcomes = await bench.each(candidates, interview, label=NAME)
    held = [outcome for outcome in outcomes if isinstance(outcome, Conversation)]
    failed = [outcome for outcome in outcomes if not isinstance(outcome, Conversation)]
    speaker = interviewer.speaker
    return report(held, failed, speaker if isinstance(speaker, ModelSpeaker) else None)


class _Recorder:
    """Plays the parts, and keeps what each reply was and had left out when it was given."""

    def __init__(self, parts: dict[str, PlayedPart]) -> None:
        self._parts = parts
        self._typed: list[tuple[Intent, tuple[str, ...], tuple[str, ...]]] = []

    def reply(self, question_id: str, aimed_at: str | None) -> str:
        part = self._parts[question_id]
        typed = part.reply(aimed_at)
        self._typed.append((typed.kind, tuple(part.left_out), tuple(sorted(part.half))))
        return typed.text

    def conversation(self, candidate: Candidate, exchanges: Sequence[Exchange]) -> Conversation:
        turns = [
            Turn(
                question=self._parts[exchange.question_id].question,
                asked=exchange.asked,
                reply=exchange.reply,
                label=label,
                taken_as=exchange.taken_as,
                left_out=left_out,
                half=half,
                move=exchange.move,
                said=exchange.answer,
                aimed_at=exchange.aimed_at,
                cost=exchange.used[0] != exchange.used[1],
            )
            for exchange, (label, left_out, half) in zip(exchanges, self._typed, strict=True)
        ]
        return Conversation(candidate.id, candidate.personality, tuple(turns))


def report(
    held: Sequence[Conversation], failed: Sequence[Row] = (), speaker: ModelSpeaker | None = None
) -> SuiteResult:
    """The figures, tables by candidate and of refused words, and each turn as a row for readers."""
    tables = [_by_candidate(held)]
    if speaker is not None:
        tables.append(_refused(speaker))
    rows: list[Row] = [
        {"id": f"{one.candidate}-{number}", "personality": one.personality, "score": None, **turn.row}
        for one in held
        for number, turn in enumerate(one.turns, 1)
    ]
    return SuiteResult(
        figures=figures(held, speaker), tables=tables, rows=[*rows, *failed], not_scored=len(failed)
    )


def figures(held: Sequence[Conversation], speaker: ModelSpeaker | None = None) -> dict[str, Figure]:
    """Shares 0..1, but `turns`, `follow_ups`, `repeated` and `leaks`, which count."""
    turns = [turn for one in held for turn in one.turns]
    follow_ups = [turn for turn in turns if turn.is_follow_up]
    others = [turn for turn in turns if turn.label is not Intent.ANSWER]
    answers = [turn for turn in turns if turn.label is Intent.ANSWER]
    said, unsaid = (speaker.passed.total(), speaker.refused.total()) if speaker else (0, 0)
    return {
        f"{NAME}.turns": len(turns),
        f"{NAME}.follow_ups": len(follow_ups),
        f"{NAME}.asked_what_was_said": metrics.share([turn.asks_what_was_said for turn in follow_ups]),
        f"{NAME}.one_question": metrics.share(one_question(turns)),
        f"{NAME}.non_answers_that_cost": metrics.share([turn.cost for turn in others]),
        f"{NAME}.answers_not_judged": metrics.share([turn.taken_as != Intent.ANSWER for turn in answers]),
        f"{NAME}.repeated": sum(len(one.repeated) for one in held) if held else None,
        f"{NAME}.leaks": sum(len(one.leaks) for one in held) if held else None,
        f"{NAME}.own_words_spoken": said / (said + unsaid) if said + unsaid else None,
    }


def _by_candidate(held: Sequence[Conversation]) -> Table:
    rows: list[list[Cell]] = [
        [
            one.candidate,
            len(one.turns),
            sum(turn.is_follow_up for turn in one.turns),
            sum(turn.asks_what_was_said for turn in one.turns),
            sum(turn.cost for turn in one.turns if turn.label is not Intent.ANSWER),
            "; ".join(one.repeated) or "none",
            "; ".join(one.leaks) or "none",
        ]
        for one in held
    ]
    columns = ("candidate", "turns", "follow-ups", "about what was said", "non-answers that cost")
    return Table("Interviews by candidate", (*columns, "said twice", "given away"), rows)


def _refused(speaker: ModelSpeaker) -> Table:
    counted = Counter({f"spoken: {part}": times for part, times in speaker.passed.items()})
    counted.update({f"refused: {reason}": times for reason, times in speaker.refused.items()})
    rows: list[list[Cell]] = [[what, times] for what, times in counted.most_common()]
    return Table("The model's own words", ("what", "times"), rows)


def _bank(library: BankLibrary, candidate: Candidate) -> Bank:
    """A bank of the candidate's questions, in the order of their file."""
    found = [library.question(part.question) for part in candidate.questions]
    questions: list[Question] = [question for _, _, question in found]
    section = Section(id="all", title=found[0][0].title, questions=questions)
    return found[0][0].model_copy(
        update={"id": candidate.id, "sections": [section], "competencies": found[0][0].competencies}
    )
