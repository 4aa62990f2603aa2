"""Layouts that are rarer, or odd: how many questions each section has, and how many points each question."""

import pytest

from tests.documents.documents import questions_of, understood

LAYOUTS: dict[str, tuple[str, list[int], list[int]]] = {
    "dash_headers": (
        "== Receptionist ==\n"
        "* Phones *\n"
        "1 - How do you answer a call that is not for you?\n"
        "   > greets and gives the company's name\n"
        "   > takes a message with name and number\n"
        "2 - A caller shouts at you. What do you do?\n"
        "   > stays polite\n"
        "   > offers a call back\n"
        "* Visitors *\n"
        "1 - A visitor has no appointment. What happens next?\n"
        "   > asks whom they came to see\n"
        "   > offers a seat",
        [2, 1],
        [2, 2, 2],
    ),
    "paren_cn": (
        "汽车维修工面试提纲\n"
        "（一）故障诊断\n"
        "1）发动机怠速不稳，你从哪里查起？\n"
        "答题要点：a）读取故障码；b）检查进气漏气；c）检查火花塞。\n"
        "2）刹车异响怎么判断原因？\n"
        "答题要点：a）看磨损指示片；b）试车听声音。\n"
        "（二）服务意识\n"
        "1）客户嫌报价高，你怎么解释？\n"
        "答题要点：a）说明工时和配件构成；b）给出可选方案。",
        [2, 1],
        [3, 2, 2],
    ),
    "scorecard": (
        "Interview scorecard: Night Porter\n"
        "\n"
        "Competency: Reliability\n"
        "Question: Tell us about a time you covered a shift at short notice.\n"
        "Positive indicators:\n"
        "- agreed without fuss\n"
        "- kept the team informed\n"
        "Negative indicators:\n"
        "- complained\n"
        "Competency: Calm\n"
        "Question: What would you do if the fire alarm went off at 3 a.m.?\n"
        "Positive indicators:\n"
        "- follows the plan\n"
        "- calls the brigade\n"
        "- wakes the guests\n"
        "Negative indicators:\n"
        "- waits and sees",
        [2],
        [2, 3],
    ),
    "bold_stars": (
        "★1 请介绍一次你主动加班的经历。\n"
        "参考：说明原因；说明结果\n"
        "★2 你如何看待轮班？\n"
        "参考：接受轮班；会调整作息\n"
        "★3 你为什么选择我们工厂？\n"
        "参考：离家近；看好行业",
        [3],
        [0, 0, 0],
    ),
    "two_per_line": (
        "保安员应知应会 第一题：发现可疑人员怎么办？答：先观察，"
        "再上前询问，最后上报。第二题：巡逻时发现火情怎么办？答：立即报警，用灭火器扑救，并疏散人员。第三题：交接班要做什么？答：清点物品，说明情况，双方签字。",
        [3],
        [0, 0, 0],
    ),
    "qa_blocks": (
        "Question 1\n"
        "Why do buses run late, and what can a driver do about it?\n"
        "\n"
        "Answer\n"
        "Traffic and boarding take most of the time. A driver can leave on time and keep dwell short.\n"
        "\n"
        "Question 2\n"
        "A passenger refuses to pay. What do you say?\n"
        "\n"
        "Answer\n"
        "I ask once more, politely. Then I report it and do not start a fight.",
        [2],
        [0, 0],
    ),
    "marks_inline": (
        "一、笔试（每题10分，共2题）\n"
        "1．简述冷链运输的三个要点。\n"
        "评分：温度全程记录(4分)；装卸时间短(3分)；到货复核(3分)\n"
        "2．列举危险品的标志。\n"
        "评分：易燃(5分)；腐蚀(5分)\n"
        "二、面谈（每题5分，共1题）\n"
        "1．你怎样安排一天的路线？\n"
        "评分：先急后缓(2分)；避开高峰(3分)",
        [2, 1],
        [3, 2, 2],
    ),
    "cut_list": (
        "1. 怎样培养学生的阅读习惯？\n"
        "要点：\n"
        "（1）每天固定时间读书；\n"
        "（2）建立班级书角；\n"
        "（3）请家长配合。\n"
        "2. 学生上课走神怎么办？\n"
        "要点：\n"
        "（1）走近提醒；\n"
        "（2）调整提问；\n"
        "（3）课后谈心。\n"
        "3. 怎样布置作业才合理？\n"
        "要点：\n"
        "（1）控制总量；\n"
        "（2）分层布置；\n"
        "（3）及时批",
        [3],
        [3, 3, 3],
    ),
    "narrative": (
        "HR notes on hiring a florist\n"
        "\n"
        'We usually open with "What made you want to work with flowers?" and listen for a personal story.\n'
        "After that we ask how they would deal with a bride who changes her mind a day before the wedding.\n"
        "",
        [],
        [],
    ),
    "faq_zh": (
        "咖啡师招聘常见问题\n"
        "Q：怎样判断萃取过度？\n"
        "A：看流速和颜色，尝起来发苦发涩。\n"
        "Q：客人说咖啡凉了，你怎么办？\n"
        "A：先道歉，马上重做一杯。\n"
        "Q：开店前要做哪些准备？\n"
        "A：预热机器，校准磨豆机，检查牛奶。",
        [3],
        [0, 0, 0],
    ),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_rare_layouts_are_understood(name: str) -> None:
    text, sections, points = LAYOUTS[name]
    result = understood(text)
    assert [len(section.questions) for section in result.sections] == sections
    assert [len(question.points) for question in questions_of(result)] == points


def test_only_the_layout_that_breaks_off_is_cut_off() -> None:
    last = {name: questions_of(understood(text))[-1:] for name, (text, _, _) in LAYOUTS.items()}
    assert [name for name, found in last.items() if any(q.incomplete for q in found)] == ["cut_list"]
