import csv
import io
import re
from collections.abc import Iterator

import pytest
from httpx import Client

from tests.web.desk.templating import hidden, invite, kept_list, make_template, new_links, recruiter
from tests.web.house import House

LIST = (
    "姓名,邮箱,编号\n李小明 🎧,li@example.org,A-17\n,no@example.org,A-18\n王芳,wang@@example,A-19\n"
    "=cmd(),x@example.org,A-20\n李小明,LI@example.org,A-21\n"
)


@pytest.fixture
def desk(house: House) -> Iterator[Client]:
    with recruiter(house) as client:
        yield client


@pytest.fixture
def template(desk: Client) -> str:
    return make_template(desk)


def rows_of(answer_text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer_text.removeprefix("\ufeff"))))


def test_one_link_is_shown_once(desk: Client, template: str) -> None:
    link = invite(desk, template, "Ada Example", email="ada@example.org")
    page = desk.get(f"{template}/invites").text
    assert "Ada Example" in page
    assert link.removeprefix("/i/") not in page


def test_links_carry_the_public_address_when_one_is_set(house: House, desk: Client, template: str) -> None:
    with house.set(public_url="https://jobs.example.org/talk/"):
        answer = desk.post(f"{template}/invites", data={"name": "Ada"})
    assert 'value="https://jobs.example.org/talk/i/' in answer.text


def test_a_wrong_guest_keeps_what_was_typed(desk: Client, template: str) -> None:
    answer = desk.post(f"{template}/invites", data={"name": "Ada", "email": "ada@@x"})
    assert answer.status_code == 422
    assert "This is no e-mail address" in answer.text
    assert 'value="Ada"' in answer.text
    assert 'value="ada@@x"' in answer.text


def test_a_form_sent_twice_invites_once(desk: Client, template: str) -> None:
    sent = {"name": "Ada", "batch": "0123456789abcdef"}
    assert desk.post(f"{template}/invites", data=sent).status_code == 200
    answer = desk.post(f"{template}/invites", data=sent)
    assert answer.status_code == 409
    assert "was sent before" in answer.text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_an_uploaded_chinese_list_is_looked_over_first(desk: Client, template: str, encoding: str) -> None:
    file = {"file": ("list.csv", LIST.encode(encoding), "text/csv")}
    seen = desk.post(f"{template}/invites/preview", files=file)
    assert seen.status_code == 200
    for said in ("李小明 🎧", "The name is missing", "This is no e-mail", "The same person as in line 2"):
        assert said in seen.text
    assert "begins like a formula" in seen.text
    assert "1 person will get a link" in seen.text
    assert "Nobody is invited yet" in desk.get(f"{template}/invites").text


def test_the_good_rows_are_invited_and_the_bad_ones_come_back(desk: Client, template: str) -> None:
    seen = desk.post(f"{template}/invites/preview", data={"list": LIST})
    kept, batch = kept_list(seen), hidden(seen, "batch")
    made = desk.post(f"{template}/invites/import", data={"list": kept, "batch": batch})
    links = new_links(made)
    assert len(links) == 1
    assert desk.post(f"{template}/invites/import", data={"list": kept, "batch": batch}).status_code == 409

    refused = desk.post(f"{template}/invites/refused.csv", data={"list": kept, "batch": batch})
    assert [row[-1] for row in rows_of(refused.text)] == [
        "reason",
        'The name is missing. Write it in the first column, or in the one called "name"',
        "This is no e-mail address. Write it as name@example.org, or leave it empty",
        "A cell begins like a formula (=, +, - or @). Write the plain text",
        "The same person as in line 2. Remove one of the two",
    ]
    tokens = " ".join(link.removeprefix("/i/") for link in links)
    file = desk.post(f"{template}/invites/links.csv", data={"tokens": tokens})
    assert file.headers["content-disposition"] == 'attachment; filename="links.csv"'
    written = rows_of(file.text)
    assert [row[0] for row in written] == ["Name", "李小明 🎧"]
    assert [row[3].partition("/i/")[2] for row in written[1:]] == tokens.split()


def test_a_list_can_be_taken_back_for_changes(desk: Client, template: str) -> None:
    seen = desk.post(f"{template}/invites/preview", data={"list": LIST})
    again = desk.post(f"{template}/invites/preview", data={"list": kept_list(seen), "edit": "yes"})
    assert "王芳,wang@@example,A-19" in again.text


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ("", "no rows"),
        ("email\nada@example.org", "no column for names"),
        ("\n".join(f"n{number}" for number in range(20_001)), "more than 20000 rows"),
    ],
)
def test_a_list_that_cannot_be_read_is_kept_and_explained(
    desk: Client, template: str, sent: str, said: str
) -> None:
    answer = desk.post(f"{template}/invites/preview", data={"list": sent})
    assert answer.status_code == 422
    assert said in answer.text
    assert not sent or sent.split("\n")[-1] in answer.text


def test_a_sheet_that_is_no_text_is_explained(desk: Client, template: str) -> None:
    answer = desk.post(
        f"{template}/invites/preview", files={"file": ("list.xlsx", b"PK\x03\x04rest", "application/zip")}
    )
    assert answer.status_code == 422
    assert "Save the sheet as CSV" in answer.text


def test_five_thousand_rows_are_imported(desk: Client, template: str) -> None:
    text = "姓名,邮箱\n" + "\n".join(f"候选人{number},c{number}@example.org" for number in range(5000))
    seen = desk.post(f"{template}/invites/preview", files={"file": ("list.csv", text.encode("gb18030"))})
    assert "5000 people will get a link" in seen.text
    made = desk.post(
        f"{template}/invites/import", data={"list": kept_list(seen), "batch": hidden(seen, "batch")}
    )
    tokens = " ".join(link.removeprefix("/i/") for link in new_links(made))
    file = desk.post(f"{template}/invites/links.csv", data={"tokens": tokens})
    assert len(rows_of(file.text)) == 5001


def action(page: str, name: str) -> str:
    """Where the form of the newest invite posts that does this."""
    found = re.search(rf'action="([^"]*/invites/[0-9a-f]{{32}}/{name})"', page)
    assert found is not None
    return found[1]


def test_a_link_is_renewed_extended_revoked_and_restored(house: House, desk: Client, template: str) -> None:
    old = invite(desk, template)
    page = desk.get(f"{template}/invites").text
    (new,) = new_links(desk.post(action(page, "renew")))
    with Client(base_url=house.url, timeout=60) as candidate:
        assert candidate.get(old).status_code == 404
        assert candidate.get(new).status_code == 200
        desk.post(action(page, "revoke"))
        assert candidate.get(new).status_code == 410
        desk.post(action(desk.get(f"{template}/invites").text, "restore"))
        assert candidate.get(new).status_code == 200
    assert desk.post(action(page, "extend"), data={"days": "3"}).headers["location"].endswith("done=extended")


@pytest.mark.parametrize("what", ["renew", "extend", "revoke", "restore"])
def test_an_invite_of_another_template_is_not_found(desk: Client, template: str, what: str) -> None:
    invite(desk, template)
    path = (
        action(desk.get(f"{template}/invites").text, "revoke").removesuffix("/revoke").removeprefix(template)
    )
    other = make_template(desk)
    assert desk.post(f"{other}{path}/{what}").status_code == 404


def test_the_list_filters_by_state(desk: Client, template: str) -> None:
    invite(desk, template, "Ada")
    assert "Ada" in desk.get(f"{template}/invites?status=open&q=ad").text
    assert "No invite matches" in desk.get(f"{template}/invites?status=revoked").text
    assert desk.get(f"{template}/invites?after=x").status_code == 422


def test_an_archived_template_invites_nobody(desk: Client, template: str) -> None:
    desk.post(f"{template}/archive")
    answer = desk.post(f"{template}/invites", data={"name": "Ada"})
    assert answer.status_code == 409
    assert "This template is archived" in answer.text


def test_the_api_invites_one_and_many(desk: Client, template: str) -> None:
    address = f"/api/v1/templates/{template.rpartition('/')[2]}/invites"
    one = desk.post(address, json={"name": "Ada"})
    assert one.status_code == 201
    assert "/i/" in one.json()["links"][0]["link"]
    rows = [{"name": "Bo"}, {"name": ""}, {"name": "Ada"}]
    dry = desk.post(f"{address}/bulk", json={"rows": rows, "dry_run": True}).json()
    assert (dry["accepted"], [each["reason"] for each in dry["refused"]]) == (1, ["name_missing", "invited"])
    assert desk.post(f"{address}/bulk", json={"rows": rows, "batch": "batch-0001"}).json()["accepted"] == 1
    assert desk.post(f"{address}/bulk", json={"rows": rows, "batch": "batch-0001"}).status_code == 409
    listed = desk.get(f"{address}?q=bo").json()["rows"]
    assert [row["name"] for row in listed] == ["Bo"]
    single = f"{address}/{listed[0]['id']}"
    assert desk.post(f"{single}/extend", json={"days": 2}).json()["status"] == "open"
    assert "/i/" in desk.post(f"{single}/renew").json()["link"]
    assert desk.post(f"{single}/revoke").json()["status"] == "revoked"
    assert desk.post(f"{single}/restore").json()["status"] == "open"
    assert desk.post(f"{address}/{'0' * 32}/revoke").status_code == 404


def ids_of(page: str) -> list[str]:
    """The invites that can be ticked, newest first."""
    return re.findall(r'name="ids" value="([0-9a-f]{32})"', page)


def test_ticked_links_are_renewed_at_once_as_a_file(house: House, desk: Client, template: str) -> None:
    old = [invite(desk, template, name) for name in ("Ada", "李小明", "Cleo")]
    with Client(base_url=house.url, timeout=60) as candidate:
        candidate.get(old[2])
        begun = candidate.post(old[2], data={"name": "Cleo", "consent": "yes"})
        assert begun.status_code == 303
    ticked = ids_of(desk.get(f"{template}/invites").text)
    assert len(ticked) == 2
    listed = desk.get(f"/api/v1/templates/{template.rpartition('/')[2]}/invites").json()["rows"]
    used = next(row["id"] for row in listed if row["name"] == "Cleo")
    file = desk.post(f"{template}/invites/renew", data={"ids": [*ticked, used, "0" * 32]})
    assert file.headers["content-type"] == "text/csv; charset=utf-8"
    head, *rows = rows_of(file.text)
    assert head == ["Name", "E-mail", "Reference", "Link", "Can be used until", "Why no new link"]
    assert [row[0] for row in rows] == ["李小明", "Ada", "Cleo", "00000000"]
    assert [row[-1].partition(".")[0] for row in rows[2:]] == [
        "Used already",
        "This invite is no longer there",
    ]
    with Client(base_url=house.url, timeout=60) as candidate:
        assert [candidate.get(link).status_code for link in old[:2]] == [404, 404]
        assert [candidate.get(row[3]).status_code for row in rows[:2]] == [200, 200]
    kept = desk.get("/api/v1/audit", params={"limit": 5}).json()["events"]
    assert [event["action"] for event in kept[:3]] == ["invite.export", "invite.renew", "invite.renew"]
    assert {event["subject"] for event in kept[1:3]} == set(ticked)


def test_nobody_ticked_is_said(desk: Client, template: str) -> None:
    invite(desk, template)
    answer = desk.post(f"{template}/invites/renew")
    assert answer.status_code == 409
    assert "Nobody was ticked" in answer.text


def test_invites_of_another_template_keep_their_links(house: House, desk: Client, template: str) -> None:
    link = invite(desk, template)
    (foreign,) = ids_of(desk.get(f"{template}/invites").text)
    other = make_template(desk)
    answer = desk.post(
        f"/api/v1/templates/{other.rpartition('/')[2]}/invites/renew", json={"ids": [foreign]}
    ).json()
    assert answer == {"links": [], "refused": [{"id": foreign, "name": "", "reason": "unknown"}]}
    with Client(base_url=house.url, timeout=60) as candidate:
        assert candidate.get(link).status_code == 200
