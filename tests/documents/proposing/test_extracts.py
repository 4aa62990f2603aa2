from app.documents.proposing.extracts import FEWEST, MOST, extract_points
from app.documents.proposing.sentences import split_sentences
from app.documents.proposing.tracing import is_traceable
from app.documents.structure.vocabulary import vocabulary

ANSWER = (
    "搬家那天我主要做以下几件事。首先我会提前把路线图贴在每层电梯口。这样搬运的人一路上就不用停下来问路，也不会走错楼层耽误时间。"
    "其次，安排专人在门口登记每一件物品。例如每台电脑都要贴上使用人的名字，免得到了新地方分不清楚是谁的。"
    "最后，我会和物业一起检查公共区域有没有损坏。总之，整个过程要有条理。"
)
ENGLISH = (
    "I would do the following that day. First, I would put a map beside every lift. This way nobody who "
    "carries a box has to stop and ask for the way. Then I would have somebody at the door list every item. "
    "For example, each computer gets a label with the name of its user. Finally, I would check for damage "
    "with the caretaker."
)


def _texts(answer: str) -> list[str]:
    return [extract.text for extract in extract_points(split_sentences(answer), vocabulary())]


def test_the_sentences_that_carry_an_answer_become_points_in_its_order() -> None:
    assert _texts(ANSWER) == [
        "提前把路线图贴在每层电梯口",
        "安排专人在门口登记每一件物品",
        "和物业一起检查公共区域有没有损坏",
    ]
    assert _texts(ENGLISH) == [
        "put a map beside every lift",
        "have somebody at the door list every item",
        "check for damage with the caretaker",
    ]


def test_points_are_verbatim_parts_of_their_sentences() -> None:
    for answer in (ANSWER, ENGLISH):
        for extract in extract_points(split_sentences(answer), vocabulary()):
            assert extract.text in extract.sentence
            assert is_traceable(extract.text, [extract.sentence])


def test_there_are_never_more_points_than_a_rubric_should_have() -> None:
    things = ("锅炉的水位", "电梯的按钮", "仓库的门锁", "窗户的插销", "灭火器压力", "应急灯电量")
    deeds = ("有没有超过红线", "按下去灵不灵", "是不是锁好了", "插紧了没有", "够不够用一年", "能撑多长时间")
    long = "".join(
        f"我会检查{thing}{deed}，并写进第{n}本记录。" for n, thing in enumerate(things) for deed in deeds
    )
    assert FEWEST <= len(_texts(long)) <= MOST


def test_an_answer_of_one_sentence_gives_one_point_and_an_empty_one_none() -> None:
    assert _texts("它是允许的尺寸变动量。") == ["它是允许的尺寸变动量"]
    assert _texts("") == []


def test_an_example_of_speech_is_left_out() -> None:
    assert _texts("我会先为等待的时间道歉，例如“非常抱歉给您带来了不便”。") == ["为等待的时间道歉"]
