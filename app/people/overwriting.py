"""Overwrites what was deleted where SQLite would leave it lying: in the search index and in its log."""

import asyncio
from time import monotonic

from sqlalchemy import text

from app.db.engine import Database
from app.db.word_index import TRANSCRIPT_WORDS

# Pages of the index a transaction merges: others may write between two.
_PAGES = 250
_MERGE = text(f"INSERT INTO {TRANSCRIPT_WORDS} ({TRANSCRIPT_WORDS}, rank) VALUES ('merge', :pages)")


class Overwriter:
    """Clears away, a little at a time, and remembers what is left to do."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # A process that was killed may have left something.
        self.is_due = False
        self.note()
        self._turn = asyncio.Lock()

    def note(self) -> None:
        """Something was deleted."""
        self.is_due = not self._database.is_shared

    async def overwrite(self, seconds: float = float("inf")) -> bool:
        """Clear away what was deleted, for about so many seconds; whether nothing is left.

        A server's deleted rows are out of reach at once, and overwritten when it tidies up by itself.
        """
        if not self.is_due:
            return True
        async with self._turn:
            until, is_begun = monotonic() + seconds, False
            # A negative number begins to merge all parts of the index into one, without deleted words.
            while await self._merge(_PAGES if is_begun else -_PAGES):
                is_begun = True
                if monotonic() >= until:
                    return False
                await asyncio.sleep(0)
            self.is_due = not await self._database.flush_deleted()
        return not self.is_due

    async def _merge(self, pages: int) -> bool:
        """Merge a part of the index; whether there was anything to merge."""
        async with self._database.session() as session:
            before = await session.scalar(text("SELECT total_changes()"))
            await session.execute(_MERGE, {"pages": pages})
            after = await session.scalar(text("SELECT total_changes()"))
        # The statement itself counts as one change.
        return bool(after - before > 1)
