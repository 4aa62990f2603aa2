"""What is refused because someone else was quicker. Nothing is lost by any of these."""

from app.errors import ConflictError


def stale() -> ConflictError:
    """The draft is no longer at the revision that was changed."""
    return ConflictError(
        "someone else changed this draft meanwhile",
        hint="Their change is kept and yours was not made: load the draft again, then repeat it.",
    )


def outrun() -> ConflictError:
    """Another version of the bank came between."""
    return ConflictError(
        "another version of this bank was published meanwhile",
        hint="The draft is kept: look at what now differs, then publish again.",
    )


def closed(status: str) -> ConflictError:
    """The draft was published or discarded."""
    return ConflictError(f"this draft is {status}", hint="Import the document again to change it.")
