from pathlib import Path

import numpy as np
import pytest

from app.search.embedding import UseEmbedder
from app.search.word_match import WordVectors


@pytest.fixture
def encoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The words the encoder was asked for."""
    asked: list[str] = []
    inner = UseEmbedder.embed_passages

    def embed(self: UseEmbedder, texts: list[str]) -> object:
        asked.extend(texts)
        return inner(self, texts)

    monkeypatch.setattr(UseEmbedder, "embed_passages", embed)
    return asked


def test_kindred_words_are_nearer_than_others_in_any_language(tmp_path: Path) -> None:
    words = WordVectors(tmp_path).vectors(["骂人", "辱骂", "退货", "refund"])
    nearness = words @ words.T
    assert nearness[0, 1] > nearness[0, 2]
    assert nearness[2, 3] > nearness[0, 3]


def test_a_word_is_encoded_once_and_kept_over_a_restart(tmp_path: Path, encoded: list[str]) -> None:
    words = WordVectors(tmp_path)
    words.meet(["骂人", "退货", "骂人"])
    assert encoded == ["骂人", "退货"]
    before = words.vectors(["退货", "骂人"])
    words.save()
    again = WordVectors(tmp_path)
    assert np.array_equal(again.vectors(["退货", "骂人"]), before)
    assert encoded == ["骂人", "退货"]


def test_words_beyond_the_room_are_encoded_each_time(
    tmp_path: Path, encoded: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.search.word_match.MAX_KNOWN_WORDS", 2)
    words = WordVectors(tmp_path)
    words.meet(["one", "two", "three"])
    found = words.vectors(["three", "one"])
    assert encoded == ["one", "two", "three"]
    assert found.shape == (2, 256)
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-3)


@pytest.mark.parametrize("content", [b"", b"garbage", b"PK\x03\x04 cut short"])
def test_a_damaged_file_is_made_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "words.npz").write_bytes(content)
    words = WordVectors(tmp_path)
    assert words.vectors(["骂人"]).shape == (1, 256)
    words.save()
    assert WordVectors(tmp_path).vectors(["骂人"]).shape == (1, 256)


def test_no_words_have_no_vectors(tmp_path: Path) -> None:
    assert WordVectors(tmp_path).vectors([]).shape == (0, 256)
