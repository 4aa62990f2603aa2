"""What the API of accounts takes and gives."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.db.tables import Account, AccountSession
from app.recruiting.accounts.administration import Role


class AccountView(BaseModel):
    """An account as others see it. One that is `disabled` can't log in."""

    id: str
    name: str
    role: Role
    disabled: bool
    created_at: datetime

    @classmethod
    def of(cls, account: Account) -> "AccountView":
        return cls(
            id=account.id,
            name=account.name,
            role="owner" if account.role == "owner" else "recruiter",
            disabled=account.disabled_at is not None,
            created_at=account.created_at,
        )


class SessionView(BaseModel):
    """A log-in of one's own: `agent` is what the browser called itself, `current` the one that asks."""

    id: str
    created_at: datetime | None
    expires_at: datetime
    agent: str
    current: bool

    @classmethod
    def of(cls, session: AccountSession, current: str) -> "SessionView":
        return cls(
            id=session.token_hash,
            created_at=session.created_at,
            expires_at=session.expires_at,
            agent=session.agent,
            current=session.token_hash == current,
        )


class NewAccount(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(description="1 to 80 visible characters.", max_length=400)]
    role: Role = "recruiter"


class AccountChange(BaseModel):
    """What is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    role: Role | None = None
    disabled: bool | None = None


class PasswordChange(BaseModel):
    model_config = ConfigDict(extra="forbid")

    current: Annotated[str, Field(max_length=5000)]
    new: Annotated[str, Field(description="10 to 1024 characters.", max_length=5000)]


class IssuedPassword(BaseModel):
    """A random password that is shown only here."""

    account: AccountView
    password: str
