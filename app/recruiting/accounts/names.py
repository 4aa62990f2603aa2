"""What an account may be called."""

import unicodedata

from app.db.audit import CANDIDATE, COMMAND_LINE, SYSTEM, Actor
from app.errors import BadInputError
from app.text.fold import fold

LONGEST_NAME = 80
# Whoever fails to log in.
SOMEONE = Actor("someone")


class UnusableNameError(BadInputError):
    """Empty, too long, partly invisible, or reserved."""


def name_key(name: str) -> str:
    """The name by which two that look alike are one account."""
    return fold(name).text


OTHER_ACTORS = tuple(actor.name for actor in (CANDIDATE, SYSTEM, COMMAND_LINE, SOMEONE))
# Beside what it did, an account of such a name could not be told from one that is no account.
_TAKEN = {name_key(name) for name in OTHER_ACTORS}


def clean_name(name: str) -> str:
    """The name as it is kept: NFKC, white space collapsed. Raises `UnusableNameError`."""
    cleaned = " ".join(unicodedata.normalize("NFKC", name).split())
    if not 1 <= len(cleaned) <= LONGEST_NAME:
        raise UnusableNameError(
            f"the name has {len(cleaned)} characters", hint=f"Take 1 to {LONGEST_NAME} characters."
        )
    if not cleaned.isprintable():
        raise UnusableNameError("the name has invisible characters", hint="Type it instead of pasting it.")
    if name_key(cleaned) in _TAKEN:
        raise UnusableNameError(
            f"the name {cleaned} stands for something else in the audit log", hint="Choose another name."
        )
    return cleaned
