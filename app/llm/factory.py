"""Which language model the settings ask for: an endpoint, or the embedded one."""

from urllib.parse import urlsplit

from app.errors import LLMUnavailableError, SetupError
from app.llm.base import ChatModel
from app.llm.metering import Record
from app.llm.prompts import PromptLibrary, RenderedPrompt
from app.settings import Settings

_CHECK_SECONDS = 15.0
_OPENAI_MODEL = "gpt-4o-mini"


def build_llm(settings: Settings, record: Record) -> ChatModel:
    """The chat model of the settings, not yet started; every call's cost goes to `record`.

    With a base URL or a key: that endpoint (a key alone means the OpenAI API and its small default model).
    With neither: the embedded model. Raises `SetupError` naming the setting that can't be used.
    """
    # The openai client takes most of a second to import: commands that need no model do without.
    prompts = PromptLibrary(settings.prompts_dir)
    if settings.uses_embedded_model:
        from app.llm.embedded import EmbeddedLLM

        return EmbeddedLLM(settings, prompts, record)
    from app.llm.base import Endpoint
    from app.llm.endpoint import EndpointLLM

    key = settings.llm_api_key.get_secret_value() if settings.llm_api_key else ""
    base_url = _usable_base_url(settings.llm_base_url)
    if settings.llm_model is None and base_url is not None:
        raise SetupError(
            f"INTERVIEWER_LLM_BASE_URL is {base_url} but no model is named",
            hint="Set INTERVIEWER_LLM_MODEL to a chat model of that endpoint.",
        )
    model = settings.llm_model or _OPENAI_MODEL
    return EndpointLLM(
        # Endpoints without keys still want the header the client library insists on.
        Endpoint(base_url, key.strip() or "none", model, model),
        prompts,
        record,
        timeout=settings.llm_timeout,
        retries=settings.llm_retries,
        strategy=settings.llm_strategy,
    )


async def check_llm(settings: Settings) -> str:
    """One line on the model the settings name, after asking an endpoint for one token.

    The embedded model is looked for, not loaded. Raises an `AppError` that says what to change.
    """
    if settings.uses_embedded_model:
        return _check_weights(settings)
    patience = min(settings.llm_timeout, _CHECK_SECONDS)
    llm = build_llm(settings.model_copy(update={"llm_timeout": patience, "llm_retries": 0}), lambda _: None)
    try:
        await llm.complete(RenderedPrompt("check", "", ({"role": "user", "content": "1"},)), max_tokens=16)
        return llm.status().detail
    finally:
        await llm.close()


def _check_weights(settings: Settings) -> str:
    from app.llm import weights
    from app.llm.source import DEFAULT_WEIGHTS

    path = weights.own_path(settings)
    if path is None:
        path = weights.cached_path(settings)
        if not weights.is_whole(path, DEFAULT_WEIGHTS):
            raise LLMUnavailableError(
                f"the embedded model is not in {settings.model_dir} yet",
                hint="Run 'interviewer model pull', or just start the service, which downloads it.",
            )
    return f"embedded model {path}"


def _usable_base_url(given: str | None) -> str | None:
    if given is None:
        return None
    url = given.strip().rstrip("/").removesuffix("/chat/completions")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SetupError(
            f"INTERVIEWER_LLM_BASE_URL is not a web address: {given!r}",
            hint="It begins with http:// or https:// and usually ends in /v1.",
        )
    return url
