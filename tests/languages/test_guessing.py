import pytest

from app.languages.guessing import language_of, tag_of


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("请讲一次经历。", "zh-CN"),
        ("請講一次處理客戶投訴的經歷。", "zh-TW"),
        ("Tell me about the time you failed.", "en"),
        ("前回の経験について教えてください。", "ja"),
        ("어떻게 하시겠습니까?", "ko"),
        ("Wie gehen Sie mit der Kritik um? Und wie ist das für Sie?", "de"),
        ("请介绍 STAR 原则 (Situation, Task, Action, Result) 的用法", "zh-CN"),
        ("12345", "en"),
    ],
)
def test_the_language_is_told_by_script_or_common_words(text: str, tag: str) -> None:
    assert tag_of(text) == tag


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("客户说商品与描述不符，你会怎么处理？", "zh"),
        ("請講一次經歷。", "zh"),
        ("What does 七天无理由退货 mean for a customer?", "en"),
        ("Wie gehen Sie mit der Kritik um?", "en"),
        ("어떻게 하시겠습니까?", "en"),
        ("", "en"),
    ],
)
def test_the_choice_may_be_limited_and_shared_letters_asked_to_be_most(text: str, language: str) -> None:
    assert language_of(text, among=("en", "zh"), shared=0.5) == language
