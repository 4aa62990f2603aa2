"""What the interview API takes and gives."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from app.interviews.flow.moves import Intent, Mode, Status
from app.scoring.card import PointScore
from app.text.quoting import clean

Activity = Literal["idle", "reading", "judging", "writing"]
Speaker = Literal["interviewer", "candidate"]
Sees = Literal["nothing", "scores", "points", "everything"]
"""What a candidate sees of a released assessment: nothing but that it is over; total and competencies; also
the verdict on every point with its quotes; also the model answers. A practice shows everything."""


def _cleaned(typed: Any) -> Any:
    return clean(typed) if isinstance(typed, str) else typed


# Lone surrogates and control characters are legal JSON but no storable text.
Typed = Annotated[str, BeforeValidator(_cleaned)]


class NewInterview(BaseModel):
    """What to ask and how."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"bank": "online-customer-service", "questions": 3, "mode": "practice"}]
        },
    )

    bank: Annotated[Typed, Field(min_length=1, max_length=80, description="Id of a question bank.")]
    questions: int | None = Field(None, ge=1, description="How many questions; left out: all that fit.")
    sections: list[Typed] | dict[Typed, int] | None = Field(
        None, description="Section ids to ask from, or how many questions from each."
    )
    language: Typed | None = Field(
        None,
        pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
        description="Language the interviewer speaks; left out: the bank's.",
    )
    mode: Mode = Field(
        "practice", description="A practice shows its report; an assessment's is for recruiters."
    )
    follow_ups: int | None = Field(None, ge=0, le=5, description="Most follow-ups a question.")
    job_description: Annotated[Typed, Field(max_length=20_000)] | None = Field(
        None, description="Prefers questions that fit it."
    )
    seed: int | None = Field(None, ge=0, lt=2**31, description="The same seed picks the same questions.")


class QuestionPlace(BaseModel):
    """Question `number`, from 1, of `of` planned ones."""

    number: int
    of: int


class Minutes(BaseModel):
    """Minutes the interview has been open, pauses left out, of those it may take."""

    used: int
    of: int


class CreatedInterview(BaseModel):
    """A new interview. The token is shown only here."""

    id: str
    token: str = Field(description="Send it as `Authorization: Bearer …`.")
    status: Status
    bank: str
    language: str
    mode: Mode
    question: QuestionPlace


class TranscriptLine(BaseModel):
    """One line of the transcript. `kind` is the interviewer's move, or what the candidate's reply wanted."""

    seq: int = Field(description="Place in the transcript, from 1.")
    speaker: Speaker
    kind: str = Field(examples=["greet", "ask", "follow_up", "answer", "skip"])
    text: str
    at: datetime
    question: int | None = Field(None, description="Number of the question it belongs to.")


class StateView(BaseModel):
    """Where the interview stands, and what the interviewer is doing."""

    status: Status
    activity: Activity
    question: QuestionPlace
    minutes: Minutes

    @property
    def is_over(self) -> bool:
        """Whether nothing more will be said."""
        return self.status == "ended" and self.activity == "idle"


class BankName(BaseModel):
    id: str
    title: str


class InterviewView(StateView):
    """An interview as its candidate sees it; never the rubric."""

    id: str
    mode: Mode
    language: str
    bank: BankName
    transcript: list[TranscriptLine]


Count = Annotated[int, Field(ge=0, le=10_000_000)]
Seconds = Annotated[float, Field(ge=0, le=10_000_000, allow_inf_nan=False)]


class Signals(BaseModel):
    """How a reply came about, as its page counted: facts for a reviewer, kept in assessments only.

    Characters in code points, times in seconds from the interviewer's last word to sending. Nothing of what
    was typed on the way.
    """

    model_config = ConfigDict(extra="forbid")

    seconds: Seconds = Field(description="From the interviewer's last word to sending.")
    typed_chars: Count
    pasted_chars: Count
    dictated_chars: Count = 0
    keystrokes: Count
    longest_pause_seconds: Seconds = Field(description="Longest pause between two changes of the text.")
    away_times: Count = Field(description="How often the page was left.")
    away_seconds: Seconds


class NewReply(BaseModel):
    """A candidate's reply."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": "我会先安抚客户，再核对订单。", "client_turn_id": "5f0c…"}]}
    )

    text: Typed = Field(description="What the candidate typed. Control characters are dropped.")
    client_turn_id: str = Field(
        pattern=r"^[!-~]{1,80}$",
        description="The client's own id of this turn, 1–80 visible ASCII characters; a repeat is harmless.",
    )
    intent: Intent | None = Field(
        None, description="What a pressed button means; left out: read from the text."
    )
    after: int | None = Field(
        None,
        ge=0,
        description="`seq` of the line it follows: refused with 409 `overtaken` if the transcript went on.",
    )
    signals: Signals | None = None


class NewDeviceLink(BaseModel):
    """A link that opens the interview once on another device."""

    url: str
    expires_at: datetime
    qr: str = Field(description="The link as a QR code: an SVG document.")


class ScoreInterval(BaseModel):
    """Where the true score lies nine times in ten, in marks."""

    low: float
    high: float


class Suggestion(BaseModel):
    """The one thing to do better: `add` a point left out, `complete` one half said, or say it `first_time`.

    `text` is the rubric point it is about, `example` how the model answer words it, `probe` a question to ask
    oneself. `first_time` means that the points were said only when asked again.
    """

    kind: Literal["add", "complete", "first_time"]
    point_id: str
    text: str
    example: str | None = None
    probe: str | None = None


class StarReading(BaseModel):
    """Which of situation, task, action and result the answer tells, as points with those ids."""

    status: Literal["pending", "read", "failed"]
    points: list[PointScore] = []


class DisputeView(BaseModel):
    """A candidate's objection to one point, and what came of it."""

    point_id: str
    status: Literal["open", "upheld", "rejected"]
    text: str
    at: datetime
    outcome: str = ""
    resolved_at: datetime | None = None


class QuestionReport(BaseModel):
    """One question's card. `score` is null while not scored, which is never zero."""

    number: int
    question_id: str
    section: str
    text: str
    examines: str | None = None
    reference_answer: str | None = Field(None, description="Practice and recruiters only.")
    competencies: list[str]
    status: Literal["pending", "scored", "not_scored"]
    score: float | None
    max_score: float
    reason: str | None = Field(None, examples=["skipped", "no-answer", "not-asked", "not-answered"])
    points: list[PointScore]
    kind: str = Field("", examples=["behavioural", "situational", "knowledge", "motivation"])
    interval: ScoreInterval | None = Field(
        None, description="While not scored: what its verdicts leave open."
    )
    suggestion: Suggestion | None = None
    star: StarReading | None = Field(None, description="Answered behavioural questions only.")
    disputes: list[DisputeView] = []
    fingerprint: str = Field("", description="Of this question's card.")


class CompetencyScore(BaseModel):
    """Share of the marks, 0..1, over the scored questions that show the competency."""

    id: str
    title: str
    score: float


class Report(BaseModel):
    """The score card of an interview. Only scored questions count in `score` and `max_score`."""

    id: str
    status: Literal["pending", "scored", "partial", "not_scored"]
    released: bool = Field(description="False while the card is not for the candidate to see.")
    mode: Mode
    bank: BankName
    score: float | None
    max_score: float
    fingerprint: str = Field(description="Same fingerprint and same replies, same score.")
    competencies: list[CompetencyScore]
    questions: list[QuestionReport]
    interval: ScoreInterval | None = None
    sees: Sees = Field("everything", description="What the candidate of a released assessment is shown.")
    released_at: datetime | None = None
    again_of: str | None = Field(None, description="The practice that this one repeats.")
