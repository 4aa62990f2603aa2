from app.documents.document import Document, DocumentLine
from app.documents.structure.furniture import furniture
from app.documents.structure.structure import structure
from app.documents.structure.vocabulary import vocabulary
from tests.documents.documents import questions_of, understood


def _removed(*texts: str) -> list[str]:
    lines = [DocumentLine(text, number) for number, text in enumerate(texts, 1)]
    return [texts[i] for i in sorted(furniture(lines, vocabulary()))]


def test_what_a_site_and_a_printer_put_around_a_text_is_removed() -> None:
    around = (
        "面试题库.docxVIP",
        "  • 12",
        "  • 约3.2千字",
        "• 2026-02-03 发布于江苏",
        "第PAGE页共NUMPAGES页",
        "已阅读5页，还剩12页未读 继续免费阅读",
        "首页 > 登录 | 注册",
        "一、行为题 ........ 3",
        "Page 3 of 12",
        "— 4 —",
        "© 2026 Example Ltd",
        "Home | Privacy policy | Contact us",
        "1,204 views",
        "-----",
    )
    assert _removed(*around) == list(around)


def test_what_people_ask_and_answer_is_not_furniture() -> None:
    content = (
        "1. 如何处理侵权投诉？",
        "发现侵权行为应及时下架",
        "2. What do you do on your first page?",
        "先下载安装包，再核对版本",
        "客户说：第3页的内容看不清",
        "3. 评论区出现差评，你怎么办？",
        "home visits need two people",
    )
    assert _removed(*content) == []


def test_headers_and_footers_that_come_back_on_every_page_are_removed() -> None:
    pages = [
        [
            "内部资料 注意保管",
            "1. 你怎样看待加班？",
            "参考答案：生产任务紧的时候加班是正常的，但是要靠",
            "编制：人事部 1/3",
        ],
        ["内部资料 注意保管", "改进计划来减少。", "2. 你怎样带新人？", "编制：人事部 2/3"],
        [
            "内部资料 注意保管",
            "参考答案：先示范，再放手。",
            "3. 什么是首检？",
            "参考答案：检查第一件。",
            "编制：人事部 3/3",
        ],
    ]
    lines = [DocumentLine(text, 0, page=page) for page, texts in enumerate(pages, 1) for text in texts]
    numbered = tuple(DocumentLine(line.text, n, page=line.page) for n, line in enumerate(lines, 1))
    found = questions_of(structure(Document("x.pdf", "pdf", numbered)))
    assert [q.reference_answer for q in found] == [
        "生产任务紧的时候加班是正常的，但是要靠改进计划来减少。",
        "先示范，再放手。",
        "检查第一件。",
    ]


def test_what_follows_a_list_of_related_documents_is_dropped() -> None:
    result = understood("1. 你怎么看加班？\n答案：看任务。\n\n您可能关注的文档\n钳工面试题\n2026年维修计划")
    [question] = questions_of(result)
    assert question.reference_answer == "看任务。"
    assert result.flags == []


def test_such_a_heading_in_the_middle_of_the_questions_drops_nothing() -> None:
    found = questions_of(
        understood("1. 你怎么看加班？\n答案：看任务。\n温馨提示\n2. 你怎么看迟到？\n答案：要改。")
    )
    assert len(found) == 2


def test_closing_lines_and_links_behind_the_last_question_cut_nothing_off() -> None:
    bank = "\n".join(
        f"Q{n}. How do you store batch {n}?\nAnswer: I label it and put it on shelf {n}." for n in range(1, 5)
    )
    for closing in (
        "-- end of handbook, page 2 of 2 --",
        "Next article: Which questions do florists ask?\n- Ten tips for florists",
        "上一篇：花店店员常被问到什么？\n下一篇：园艺师面试怎么准备？\n• 热门范文",
    ):
        found = questions_of(understood(f"{bank}\n{closing}"))
        assert [q.incomplete for q in found] == [False] * 4
        assert (found[-1].reference_answer or "").endswith("shelf 4.")
        assert not found[-1].points
