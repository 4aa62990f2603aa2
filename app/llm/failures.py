"""Every way a call can fail, told as one `LLMError` that says what to change."""

import httpx2
import openai

from app.errors import LLMError, LLMUnavailableError
from app.llm.base import Endpoint
from app.llm.retry import FailedCallError, Failure, read_retry_after

_LONGEST_QUOTE = 300


# What the client libraries raise for a broken answer: bad JSON, a missing field, a wrong type.
GARBLED = (ValueError, TypeError, KeyError, AttributeError, IndexError)
CALL_ERRORS: tuple[type[Exception], ...] = (
    openai.OpenAIError,
    httpx2.HTTPError,
    httpx2.StreamError,
    LLMError,
    FailedCallError,
    *GARBLED,
)


def read_failure(error: Exception, endpoint: Endpoint, timeout: float) -> Failure:
    """What a library's exception means to us; `refusal` is set when the request itself was refused."""
    place = endpoint.place
    if isinstance(error, FailedCallError):
        return error.failure
    if isinstance(error, LLMError):
        return Failure("unavailable" if isinstance(error, LLMUnavailableError) else "garbled", error)
    if isinstance(error, openai.APITimeoutError | httpx2.TimeoutException):
        message = f"{place} sent nothing for {timeout:g} s"
        hint = "Raise INTERVIEWER_LLM_TIMEOUT, or choose a faster model."
        return Failure("timeout", LLMUnavailableError(message, hint=hint), transient=True)
    if isinstance(error, openai.APIStatusError):
        return _status_failure(error, endpoint)
    if isinstance(error, openai.APIConnectionError | httpx2.TransportError):
        cause = error.__cause__ or error
        hint = (
            "It is restarted by itself; try again in a few seconds."
            if endpoint.embedded
            else "Check INTERVIEWER_LLM_BASE_URL and that the endpoint is running."
        )
        message = f"{place} can't be reached ({type(cause).__name__}: {_quoted(str(cause))})"
        return Failure("unreachable", LLMUnavailableError(message, hint=hint), transient=True)
    if isinstance(error, openai.LengthFinishReasonError):
        hint = "Raise the token limit of this prompt, or choose a model that answers more briefly."
        return Failure("cut", LLMError(f"the answer of {endpoint.model} was longer than allowed", hint=hint))
    if isinstance(error, openai.ContentFilterFinishReasonError):
        return Failure("filtered", LLMError(f"the content filter of {place} stopped the answer"))
    if isinstance(error, openai.APIError) and not isinstance(error, openai.APIResponseValidationError):
        return Failure("server-error", LLMError(f"{place} reported: {_quoted(error.message)}"))
    hint = "Check that INTERVIEWER_LLM_BASE_URL is an OpenAI-compatible endpoint; it usually ends in /v1."
    message = f"{place} did not answer in the OpenAI format ({_quoted(str(error))})"
    return Failure("garbled", LLMError(message, hint="" if endpoint.embedded else hint))


def _status_failure(error: openai.APIStatusError, endpoint: Endpoint) -> Failure:
    code, place = error.status_code, endpoint.place
    said = _quoted(error.message)
    if code in (401, 403):
        hint = "Check INTERVIEWER_LLM_API_KEY (or OPENAI_API_KEY)."
        return Failure("bad-key", LLMError(f"{place} refused the API key ({code}: {said})", hint=hint))
    if code == 404:
        hint = "Check INTERVIEWER_LLM_MODEL, and INTERVIEWER_LLM_BASE_URL, which usually ends in /v1."
        return Failure("not-found", LLMError(f"{place} knows no model {endpoint.model!r}: {said}", hint=hint))
    if code == 429:
        hint = "Wait, or raise the endpoint's rate limit or quota."
        failure = LLMUnavailableError(f"{place} limits the rate of calls (429: {said})", hint=hint)
        return Failure("rate-limited", failure, True, read_retry_after(error.response.headers))
    if code in (408, 409) or code >= 500:
        failure = LLMUnavailableError(
            f"{place} failed ({code}: {said})", hint="Try again; if it stays, see the endpoint's log."
        )
        return Failure("server-error", failure, True, read_retry_after(error.response.headers))
    hint = f"Check that INTERVIEWER_LLM_MODEL ({endpoint.model}) is a chat model."
    return Failure(
        "refused", LLMError(f"{place} refused the request ({code}: {said})", hint=hint), refusal=said
    )


def _quoted(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_QUOTE else line[:_LONGEST_QUOTE] + "…"
