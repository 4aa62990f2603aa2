import pytest

from app.recruiting.invites.guests import Guest, check, guest_key


@pytest.mark.parametrize(
    ("guest", "reason"),
    [
        (Guest.typed(1, " \u200b"), "name_missing"),
        (Guest.typed(1, "x" * 121), "name_long"),
        (Guest.typed(1, "=1+1"), "formula"),
        (Guest.typed(1, "@SUM(A1)"), "formula"),
        (Guest.typed(1, "Ada", "", '=HYPERLINK("x")'), "formula"),
        (Guest.typed(1, "ada@example.org"), "name_email"),
        (Guest.typed(1, "Ada", "ada@@example.org"), "email_bad"),
        (Guest.typed(1, "Ada", "ada@example"), "email_bad"),
        (Guest.typed(1, "Ada", "Ada <ada@example.org>"), "email_bad"),
        (Guest.typed(1, "Ada", f"{'a' * 250}@example.org"), "email_long"),
        (Guest.typed(1, "Ada", "", "x" * 121), "reference_long"),
    ],
)
def test_a_row_that_cannot_be_used_says_why(guest: Guest, reason: str) -> None:
    checked = check([guest], ())
    assert [each.reason for each in checked.bad] == [reason]
    assert checked.good == []


@pytest.mark.parametrize("email", ["", "ada.b+c@mail.example.org", "李@例子.公司"])
def test_usual_addresses_and_none_are_good(email: str) -> None:
    assert len(check([Guest.typed(1, "Ada 🎧", email)], ()).good) == 1


def test_a_duplicate_names_the_row_it_repeats() -> None:
    guests = [Guest.typed(2, "Ada", "ada@example.org"), Guest.typed(5, "A.", "ADA@example.org")]
    checked = check(guests, ())
    assert [(each.reason, each.line) for each in checked.bad] == [("duplicate", 2)]


def test_people_without_address_differ_by_name_and_reference() -> None:
    guests = [Guest.typed(1, "王芳"), Guest.typed(2, "王芳", "", "2"), Guest.typed(3, " 王芳 ")]
    checked = check(guests, ())
    assert [guest.line for guest in checked.good] == [1, 2]


def test_a_bad_row_does_not_make_a_good_one_a_duplicate() -> None:
    guests = [Guest.typed(1, "", "ada@example.org"), Guest.typed(2, "Ada", "ada@example.org")]
    assert [guest.line for guest in check(guests, ()).good] == [2]


def test_who_has_an_open_link_is_refused() -> None:
    checked = check([Guest.typed(1, "Ada", "Ada@example.org")], {guest_key("", "ada@example.org", "")})
    assert [each.reason for each in checked.bad] == ["invited"]
