"""What the trust page shows and the API gives: figures, their intervals, and what was counted."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from app.recruiting.trust.intervals import Interval


class Figure(BaseModel):
    """A figure and its 95 % interval; null where it is not defined or where there is too little for one."""

    value: float | None = None
    low: float | None = None
    high: float | None = None

    @classmethod
    def of(cls, value: float | None, interval: Interval | None) -> "Figure":
        low, high = (interval.low, interval.high) if interval else (None, None)
        return cls(value=value, low=low, high=high)


class AgreementRow(BaseModel):
    """Agreement on one question, or with `point_id` on one point.

    `bias` is the mean of the scorer's credit less people's.
    """

    bank_id: str
    question_id: str
    point_id: str | None
    question: str
    text: str = Field(description="The point's, or the question's.")
    verdicts: int
    enough: bool
    exact: Figure
    kappa: float | None
    bias: float


class ScorerAgreement(BaseModel):
    scorer_id: str | None
    label: str
    verdicts: int
    enough: bool
    exact: Figure
    kappa: Figure


class Agreement(BaseModel):
    """People's credits against the scorer's, or against other people's.

    Intervals are bootstrapped over questions. `totals` counts the question totals behind `icc`. `confusion`
    is by people's credit, then by the other's: 0, 0.5, 1. Rows run from the worst to the best, those with too
    few verdicts last.
    """

    verdicts: int
    questions: int
    interviews: int
    enough: bool
    exact: Figure
    kappa: Figure
    qwk: Figure = Field(description="Quadratically weighted κ of the credits.")
    macro_f1: Figure
    icc: Figure = Field(description="ICC(A,1) of question totals as shares of their marks.")
    totals: int
    confusion: list[list[int]]
    by_question: list[AgreementRow] = []
    by_point: list[AgreementRow] = []
    by_scorer: list[ScorerAgreement] = []


class Counted(BaseModel):
    """So many were counted, the newest of those in the period; `of` is null where these were not counted."""

    counted: int
    of: int | None


class CalibrationBin(BaseModel):
    confidence: float = Field(description="Mean confidence of the verdicts.")
    right: Figure = Field(description="Share of them that people gave too.")
    verdicts: int


class Calibration(BaseModel):
    """Confidence against people's blind verdicts; `error` is the expected calibration error."""

    verdicts: int
    enough: bool
    error: float | None
    bins: list[CalibrationBin]


class DriftPoint(BaseModel):
    """What the interviews begun from `begins` until the next point came to; intervals are over interviews."""

    begins: date
    interviews: int
    share: Figure = Field(description="Mean share of the marks, as the scorer gave them.")
    doubted: Figure = Field(description="Share of judged points that the scorer marked for a person.")
    overridden: Figure = Field(description="Share of judged points that people decided otherwise.")


class DriftSeries(BaseModel):
    """One scorer, or one version of a bank; `total` is the whole period."""

    id: str
    label: str
    detail: str
    total: DriftPoint
    points: list[DriftPoint | None] = Field(description="One a bucket; null where there was no interview.")


class Drift(BaseModel):
    bucket_days: int
    buckets: list[date]
    scorers: list[DriftSeries]
    banks: list[DriftSeries]
    left_out: int = Field(description="Scorers and bank versions with too few interviews for this list.")


class Disputes(BaseModel):
    opened: int
    open: int
    upheld: int
    rejected: int
    upheld_share: Figure


class Seconds(BaseModel):
    """Durations in seconds."""

    count: int
    p50: float | None
    p95: float | None


class PurposeUse(BaseModel):
    """The calls to language models with one purpose; tokens are means a call."""

    purpose: str
    calls: int
    failed: int
    seconds: Seconds
    prompt_tokens: float
    completion_tokens: float
    cached_share: float | None


class ModelUse(BaseModel):
    """All calls to one model in the period; only `seconds` is taken from the newest of all calls."""

    model: str
    calls: int
    failed: int
    failed_share: float
    mean_seconds: float
    seconds: Seconds
    prompt_tokens: int = Field(description="Of all calls together, as are the completion tokens.")
    completion_tokens: int
    cached_share: float | None


class Outcome(BaseModel):
    outcome: str
    calls: int


class Running(BaseModel):
    """What it took: from a reply to the end of what the interviewer answered, and the calls to models."""

    replies: Seconds
    reply_interviews: Counted
    calls: Counted
    models: list[ModelUse]
    purposes: list[PurposeUse]
    failures: list[Outcome]
    interviews_with_calls: int
    tokens_per_interview: float | None = Field(description="Median of the calls that judged an interview.")
    cached_share: float | None


class TrustReport(BaseModel):
    """How far the scores deserve trust, over the days from `since` to `until`."""

    days: int
    since: datetime
    until: datetime
    interviews: int
    judged: int = Field(description="Points that a scorer gave a credit.")
    overridden: int
    blind: Agreement
    blind_reviews: Counted
    unjudged: int = Field(description="Blind verdicts on points without a scorer's verdict, not counted.")
    settled: int = Field(
        description="Blind verdicts on skipped questions, which are zero by rule, not counted."
    )
    overrides: Agreement
    overridden_points: Counted
    people: Agreement
    calibration: Calibration
    drift: Drift
    disputes: Disputes
    running: Running
