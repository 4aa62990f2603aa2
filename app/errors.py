"""The error tree. Every error a user can meet says what to change; `to_problem` renders it as RFC 9457."""

from typing import Any


class AppError(Exception):
    """An error with an HTTP status, a short title and a hint the user can act on."""

    status = 500
    title = "Something went wrong"

    def __init__(self, detail: str, *, hint: str = "", title: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.hint = hint
        if title is not None:
            self.title = title

    @property
    def code(self) -> str:
        """A stable machine-readable name, such as `not-found`."""
        name = type(self).__name__.removesuffix("Error")
        return "".join(f"-{c.lower()}" if c.isupper() and i else c.lower() for i, c in enumerate(name))

    def to_problem(self) -> dict[str, Any]:
        """The error as RFC 9457 problem details."""
        return {
            "type": f"urn:interviewer:{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "hint": self.hint,
        }


class BadInputError(AppError):
    """What the caller sent can't be used; the message names the field."""

    status = 422
    title = "The input can't be used"


class NotFoundError(AppError):
    status = 404
    title = "Not found"


class NotAllowedError(AppError):
    """No token, a wrong one, or an expired one."""

    status = 401
    title = "Not allowed"


class ForbiddenError(AppError):
    """Known, but not entitled to this."""

    status = 403
    title = "Not permitted"


class ConflictError(AppError):
    """The request is fine but not now, such as a second reply while one is being answered."""

    status = 409
    title = "Not now"


class TooManyRequestsError(AppError):
    status = 429
    title = "Too many requests"


class BankError(AppError):
    """A bank file can't be used; the message names file, line, field and fix."""

    status = 422
    title = "The question bank can't be used"


class SetupError(AppError):
    """A setting or file of the installation must be changed."""

    status = 500
    title = "The installation needs attention"


class LLMError(AppError):
    """The LLM did not give a usable answer."""

    status = 502
    title = "The language model did not answer"


class LLMUnavailableError(LLMError):
    """Unreachable, loading, rate-limited or out of time: worth trying again later."""

    status = 503
    title = "The language model is not available"


class StorageError(AppError):
    """The database or disk refused to store; nothing was half written."""

    status = 507
    title = "Could not store"
