"""The processes that serve from a shared database."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.tables.base import Base, now


class Executor(Base):
    """A process that serves from a shared database. One not seen for a while is taken for dead."""

    __tablename__ = "executors"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    host: Mapped[str] = mapped_column(String(255))
    pid: Mapped[int]
    seen_at: Mapped[datetime] = mapped_column(default=now)
