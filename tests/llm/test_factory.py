from pathlib import Path

import pytest
from pydantic import SecretStr

from app.errors import LLMError, LLMUnavailableError, SetupError
from app.llm.embedded import EmbeddedLLM
from app.llm.endpoint import EndpointLLM
from app.llm.factory import build_llm, check_llm
from app.settings import Settings
from evals.servers.endpoint import FakeEndpoint


def build(settings: Settings, **given: object) -> object:
    return build_llm(settings.model_copy(update=given), lambda _: None)


def test_no_endpoint_and_no_key_mean_the_embedded_model(settings: Settings) -> None:
    llm = build(settings, model_path=None)
    assert isinstance(llm, EmbeddedLLM)
    assert llm.model == "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf@sha256:cc324af0"
    assert llm.sha256.startswith("cc324af070c2")


def test_a_key_alone_means_the_openai_api(settings: Settings) -> None:
    llm = build(settings, llm_api_key=SecretStr("sk-x"))
    assert isinstance(llm, EndpointLLM)
    assert llm.model == "gpt-4o-mini"


def test_an_endpoint_without_a_model_says_which_setting_is_missing(settings: Settings) -> None:
    with pytest.raises(SetupError, match="no model is named") as caught:
        build(settings, llm_base_url="http://localhost:1234/v1")
    assert "INTERVIEWER_LLM_MODEL" in caught.value.hint


@pytest.mark.parametrize("url", ["localhost:1234", "ftp://x/v1", "http://", "  "])
def test_a_base_url_that_is_none_says_so(url: str, settings: Settings) -> None:
    with pytest.raises(SetupError, match="INTERVIEWER_LLM_BASE_URL"):
        build(settings, llm_base_url=url, llm_model="m")


def test_the_full_path_of_chat_completions_is_understood(settings: Settings) -> None:
    llm = build(settings, llm_base_url="http://localhost:1/v1/chat/completions/", llm_model="m")
    assert isinstance(llm, EndpointLLM)
    assert llm.endpoint.base_url == "http://localhost:1/v1"


def test_a_model_path_without_a_file_names_the_setting(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="INTERVIEWER_MODEL_PATH"):
        build(settings, model_path=tmp_path / "absent.gguf")


async def test_the_check_asks_the_endpoint_and_tells_what_answered(
    settings: Settings, fake_endpoint: FakeEndpoint
) -> None:
    asked = settings.model_copy(update={"llm_base_url": fake_endpoint.base_url, "llm_model": "fake"})
    assert await check_llm(asked) == f"fake at {fake_endpoint.base_url}"
    fake_endpoint.api_key = "right"
    with pytest.raises(LLMError, match="API key"):
        await check_llm(asked)


async def test_the_check_tells_how_to_get_the_embedded_model(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(LLMUnavailableError) as caught:
        await check_llm(settings.model_copy(update={"model_dir": tmp_path, "model_path": None}))
    assert "interviewer model pull" in caught.value.hint
