"""Long and hostile documents."""

import time

import pytest

from tests.documents.documents import questions_of, understood


def test_five_thousand_questions_take_seconds() -> None:
    part = (
        "{n}. 请描述你处理第{n}号故障的经历？\n答案要点：\n1.背景\n2.步骤：\n-停机\n-联系维修\n"
        "解析：考察应变。"
    )
    text = "大题库\n" + "\n".join(part.format(n=n) for n in range(1, 5001))
    begun = time.thread_time()
    result = understood(text)
    assert len(questions_of(result)) == 5000
    assert time.thread_time() - begun < 60


@pytest.mark.parametrize(
    "text",
    [
        "1. 你好吗？" + " " * 100_000 + "x\n答案：" + " " * 100_000 + "好",
        "我走了。1. " * 20_000,
        "（8分）" * 20_000,
        "1" * 100_000,
        "【" * 20_000,
        "答案：" * 20_000,
        "\n".join("1." for _ in range(5_000)),
    ],
)
def test_hostile_texts_take_no_more_time_than_others(text: str) -> None:
    begun = time.thread_time()
    understood(text)
    assert time.thread_time() - begun < 60
