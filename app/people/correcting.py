"""A name or an address that was wrong is put right wherever it stands (PIPL art. 46, GDPR art. 16)."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.audit import Actor, audit
from app.db.tables import Interview, Invite
from app.db.word_index import reindex_names


async def correct_interview(session: AsyncSession, actor: Actor, interview: Interview, name: str) -> bool:
    """Call the interview's candidate by this name; whether it was another one."""
    if interview.candidate_name == name:
        return False
    interview.candidate_name = name
    await session.flush()
    await reindex_names(session, interview.id)
    audit(session, actor, "interview.correct", interview.id, fields=["name"])
    return True


async def correct_invite(
    session: AsyncSession, actor: Actor, invite: Invite, name: str, email: str | None
) -> bool:
    """Give the invite this name, and this address unless it is None; whether anything changed."""
    wanted = {"name": name} | ({} if email is None else {"email": email})
    changed = [field for field, value in wanted.items() if getattr(invite, field) != value]
    for field in changed:
        setattr(invite, field, wanted[field])
    if not changed:
        return False
    await session.flush()
    if invite.interview_id is not None and "name" in changed:
        await reindex_names(session, invite.interview_id)
    audit(session, actor, "invite.correct", invite.id, fields=changed)
    return True
