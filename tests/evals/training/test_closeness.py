import numpy as np
from numpy.typing import NDArray

from evals.labelled import Reply
from evals.training.closeness import closeness


class ByCharacters:
    """Embeds a text as the characters of it, out of a few, that it holds."""

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def __call__(self, texts: list[str]) -> NDArray[np.float32]:
        self.embedded += texts
        rows = np.array([[character in text for character in "歉退款照片拍访"] for text in texts]) + 0.01
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def reply(answer: str, *points: str) -> Reply:
    return Reply("x", "怎么处理？", "zh", "mixed", "train", answer, points, (0.0,) * len(points))


def test_a_point_that_a_sentence_says_is_closer_than_one_that_none_says() -> None:
    said, unsaid = closeness(
        [reply("我会先道歉。然后马上退款给他。", "办理退款", "请客户拍照片")], ByCharacters()
    )
    assert 1 >= said > 0.5 > unsaid >= -1


def test_a_reply_without_words_is_close_to_nothing() -> None:
    assert closeness([reply("？！", "办理退款", "道歉")], ByCharacters()).tolist() == [0, 0]


def test_a_single_point_has_no_topic_to_take_away() -> None:
    assert closeness([reply("马上退款给他", "办理退款")], ByCharacters())[0] > 0.9


def test_no_text_is_embedded_twice() -> None:
    embed = ByCharacters()
    closeness([reply("我会先道歉。", "退款", "道歉"), reply("我会先道歉。", "退款", "道歉")], embed)
    assert len(embed.embedded) == len(set(embed.embedded))
