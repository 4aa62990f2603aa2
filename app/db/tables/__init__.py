"""All tables. Times are UTC; JSON columns hold what their pydantic model dumps."""

from app.db.tables.accounts import Account, AccountSession, AuditEvent, LogInFailure
from app.db.tables.banks import BankDraft, BankDraftJob, BankVersion
from app.db.tables.base import Base, UtcDateTime, columns_of, new_id, now
from app.db.tables.interviews import (
    DeviceLink,
    Executor,
    Interview,
    InterviewQuestion,
    InterviewToken,
    Person,
    Utterance,
)
from app.db.tables.recruiting import (
    BlindReview,
    BlindVerdict,
    Dispute,
    Invite,
    PointOverrideRow,
    RescoredInterview,
    RescoringRun,
    ReviewComment,
    Template,
)
from app.db.tables.scoring import (
    JudgementRow,
    JudgementUse,
    LLMCall,
    QuestionScoreRow,
    ReplacedCard,
    ScorerRow,
)

__all__ = [
    "Account",
    "AccountSession",
    "AuditEvent",
    "BankDraft",
    "BankDraftJob",
    "BankVersion",
    "Base",
    "BlindReview",
    "BlindVerdict",
    "DeviceLink",
    "Dispute",
    "Executor",
    "Interview",
    "InterviewQuestion",
    "InterviewToken",
    "Invite",
    "JudgementRow",
    "JudgementUse",
    "LLMCall",
    "LogInFailure",
    "Person",
    "PointOverrideRow",
    "QuestionScoreRow",
    "ReplacedCard",
    "RescoredInterview",
    "RescoringRun",
    "ReviewComment",
    "ScorerRow",
    "Template",
    "UtcDateTime",
    "Utterance",
    "columns_of",
    "new_id",
    "now",
]
