"""From a request to a planned interview, ready to be stored: what it asks, and on which terms it is held."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.banks.library import BankLibrary
from app.db.tables import Interview, InterviewQuestion, new_id, now
from app.errors import BadInputError
from app.interviews.flow.moves import FlowState, Mode
from app.interviews.planning.plan import Plan, make_plan
from app.interviews.schemas import NewInterview, Sees
from app.search.index import QuestionIndex
from app.settings import Settings


@dataclass(frozen=True)
class Terms:
    """What an interview may take, who sees what of it, and for how long it is kept.

    None stands for the installation's settings. `minutes` are those the interview may be open.

    `standard_probes` asks everyone the bank's own follow-ups, `asks_back` lets the candidate ask at the end,
    `facts` is what they may be told of the job. `blind` hides identity and scores from a reviewer until they
    have judged; `retention_days` counts from the end of the interview, after which it is deleted.
    """

    mode: Mode = "practice"
    follow_ups: int | None = None
    minutes: int | None = None
    language: str | None = None
    standard_probes: bool = False
    asks_back: bool = False
    facts: Sequence[str] = ()
    sees: Sees = "everything"
    blind: bool = False
    retention_days: int | None = None
    template_id: str | None = None
    template_revision: int | None = None
    person_id: str | None = None
    candidate_name: str | None = None
    consented_at: datetime | None = None
    again_of: str | None = None


class Planner:
    """Chooses questions from the banks in use."""

    def __init__(self, settings: Settings, banks: BankLibrary, questions: QuestionIndex) -> None:
        self._settings = settings
        self._banks = banks
        self._questions = questions

    async def plan(self, wanted: NewInterview, seed: int) -> Plan:
        """The questions of an interview from one bank. Raises `NotFoundError`, `BadInputError`."""
        bank = self._banks.get(wanted.bank)
        most = self._settings.max_questions
        if wanted.questions is not None and wanted.questions > most:
            raise BadInputError(
                f"questions: {wanted.questions} is more than {most}",
                hint=f"Ask for at most {most}, or raise INTERVIEWER_MAX_QUESTIONS.",
            )
        chosen = await make_plan(
            bank,
            self._questions,
            count=wanted.questions,
            sections=wanted.sections,
            job_description=wanted.job_description or None,
            seed=seed,
        )
        return Plan.of(bank, chosen[:most])


def planned_interview(
    plan: Plan, terms: Terms, settings: Settings, origin: Mapping[str, Any]
) -> tuple[Interview, list[InterviewQuestion]]:
    """An interview that asks `plan` on these terms, and its questions; it still lacks its token's hash."""
    created = now()
    expires = created + timedelta(days=settings.token_days)
    interview = Interview(
        id=new_id(),
        bank_id=plan.bank_id,
        bank_title=plan.title,
        bank_version=plan.version,
        language=plan.language,
        mode=terms.mode,
        status="open",
        settings={
            **origin,
            "of": len(plan.questions),
            "follow_ups": settings.follow_ups if terms.follow_ups is None else terms.follow_ups,
            "minutes": terms.minutes or settings.max_minutes,
            "role": plan.role,
            "bank_language": plan.language,
            "written_in": plan.written_in or plan.language,
            "competencies": plan.competencies,
            "standard_probes": terms.standard_probes,
            "invites": terms.asks_back,
            "facts": list(terms.facts),
            "sees": terms.sees,
            "blind": terms.blind,
            "retention_days": terms.retention_days,
        },
        state=FlowState().to_dict(),
        created_at=created,
        expires_at=expires,
        # For one that is never ended; `store_state` counts from the end.
        delete_after=expires + timedelta(days=terms.retention_days) if terms.retention_days else None,
        paused_seconds=0.0,
        template_id=terms.template_id,
        template_revision=terms.template_revision,
        person_id=terms.person_id,
        candidate_name=terms.candidate_name,
        consented_at=terms.consented_at,
        again_of=terms.again_of,
        blind=terms.blind,
    )
    questions = [
        InterviewQuestion(
            interview_id=interview.id,
            number=number,
            bank_id=planned.bank_id,
            bank_version=planned.bank_version,
            question_id=planned.question.id,
            section=planned.section_title,
            question=planned.question.model_dump(mode="json"),
        )
        for number, planned in enumerate(plan.questions, 1)
    ]
    return interview, questions
