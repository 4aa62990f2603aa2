import pytest

from app.recruiting.invites.guest_list import GuestListError, read_list, refused_csv, text_of
from app.recruiting.invites.guests import MOST_ROWS, check

CHINESE = "姓名,邮箱,编号\n李小明,li@example.org,A-17\n王芳 🎧,wang@example.org,A-18\n"


def cells(text: str) -> list[tuple[str, str, str]]:
    return [(guest.name, guest.email, guest.reference) for guest in read_list(text).guests]


WANTED = [("李小明", "li@example.org", "A-17"), ("王芳 🎧", "wang@example.org", "A-18")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_a_chinese_list_is_read_in_every_usual_encoding(encoding: str) -> None:
    assert cells(text_of(CHINESE.encode(encoding))) == WANTED


@pytest.mark.parametrize("mark", [",", ";", "\t", "，", "；"])
def test_the_separator_is_found(mark: str) -> None:
    assert cells(CHINESE.replace(",", mark)) == WANTED


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_is_read(end: str) -> None:
    assert cells(CHINESE.replace("\n", end)) == WANTED


def test_a_header_is_optional() -> None:
    assert cells(CHINESE.partition("\n")[2]) == WANTED


def test_columns_may_come_in_any_order_and_unknown_ones_are_told() -> None:
    found = read_list("Phone,E-Mail,Full name\n1,ada@example.org,Ada\n")
    assert [(guest.name, guest.email) for guest in found.guests] == [("Ada", "ada@example.org")]
    assert found.unused == ("Phone",)


def test_traditional_titles_mean_the_same() -> None:
    assert cells("姓名,郵箱,編號\n李,li@example.org,1")[0] == ("李", "li@example.org", "1")


def test_quoted_cells_keep_separators_and_lines() -> None:
    assert cells('"Smith, Ada",ada@example.org,"A\n17"') == [("Smith, Ada", "ada@example.org", "A 17")]


def test_lines_are_counted_as_the_sender_sees_them() -> None:
    assert [guest.line for guest in read_list("name\n\nAda\n\n\nBo\n").guests] == [3, 6]


def test_full_width_addresses_are_made_plain() -> None:
    assert cells("李,ｌｉ＠example．org")[0][1] == "li@example.org"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "empty"),
        (" \n,\n", "empty"),
        ("name,email\n", "empty"),
        ("email,reference\nada@example.org,1", "no_name_column"),
        ("\n".join(f"n{number}" for number in range(4 * MOST_ROWS + 1)), "too_many"),
    ],
)
def test_a_list_that_cannot_be_read_says_why(text: str, kind: str) -> None:
    with pytest.raises(GuestListError) as caught:
        read_list(text)
    assert caught.value.kind == kind


@pytest.mark.parametrize(
    ("content", "kind"), [(b"PK\x03\x04rest", "not_text"), (b"a" * 2_000_001, "too_large")]
)
def test_a_file_that_is_no_list_says_why(content: bytes, kind: str) -> None:
    with pytest.raises(GuestListError) as caught:
        text_of(content)
    assert caught.value.kind == kind


def test_refused_rows_come_back_with_a_reason_and_can_be_sent_again() -> None:
    checked = check(read_list("name,email\n=cmd(),bad\nBo,bo@example.org").guests, ())
    assert [each.reason for each in checked.bad] == ["formula"]
    written = refused_csv(checked.bad, ["this is a formula"])
    assert "'=cmd(),bad,,this is a formula" in written
    again = read_list(written)
    assert [(guest.name, guest.email) for guest in again.guests] == [("=cmd()", "bad")]
    assert again.unused == ()


def test_a_cell_too_many_is_refused_and_not_dropped() -> None:
    checked = check(read_list("Smith, Ada, ada@example.org, 17").guests, ())
    assert [each.reason for each in checked.bad] == ["cells"]


def test_a_quotation_mark_gone_wrong_costs_its_own_line() -> None:
    text = 'name,email\nAda,"a@example.org\nBo,b@example.org\n"Cleo" x,c@example.org\nDan,d@example.org'
    checked = check(read_list(text).guests, ())
    assert [guest.name for guest in checked.good] == ["Bo", "Dan"]
    assert [(each.guest.line, each.reason) for each in checked.bad] == [(2, "quotes"), (4, "quotes")]


def test_rows_beyond_what_one_list_holds_come_back_and_the_others_go_on() -> None:
    checked = check(read_list("\n".join(f"n{number}" for number in range(10_001))).guests, ())
    assert len(checked.good) == MOST_ROWS
    assert {each.reason for each in checked.bad} == {"beyond"}
    assert (checked.bad[0].guest.line, checked.bad[-1].guest.line) == (MOST_ROWS + 1, 10_001)


def test_the_list_excel_saves_in_china_goes_on_with_its_good_rows() -> None:
    typed = (
        "姓名;邮箱;编号\r\n李小明;li@example.org;A-17\r\n;wang@example.org;A-18\r\n张三;13800000000;A-19\r\n"
    )
    typed += "=1+1;x@example.org;A-20\r\n李小明;LI@example.org;A-21\r\na@example.org;李;\r\n赵六;;;A-22\r\n"
    checked = check(read_list(text_of(typed.encode("gbk"))).guests, ())
    assert [guest.name for guest in checked.good] == ["李小明"]
    assert [(each.guest.line, each.reason) for each in checked.bad] == [
        (3, "name_missing"),
        (4, "email_bad"),
        (5, "formula"),
        (6, "duplicate"),
        (7, "name_email"),
        (8, "cells"),
    ]
