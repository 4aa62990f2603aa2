"""A candidate who took their consent back: what is kept is read, and neither judged nor given out."""

from app.db.tables import Interview
from app.errors import ConflictError


class ConsentWithdrawnError(ConflictError):
    """The candidate wants nothing more done with the interview."""

    title = "Consent withdrawn"


def check_consent(interview: Interview) -> None:
    """Raises `ConsentWithdrawnError` for an interview that nothing more may be done with."""
    if interview.consent_withdrawn_at is not None:
        raise ConsentWithdrawnError(
            "the candidate has withdrawn their consent",
            hint="What was said before can be read or deleted; it is not judged any more.",
        )
