"""A dispute from the list of the open ones to what its candidate reads of the outcome."""

from httpx import Client

from app.db.engine import Database
from app.db.tables import Interview
from app.interviews.access.repository import hash_token
from app.interviews.dependencies import interview_cookie
from tests.web.desk.reviewing import api, disputed_in, held_in, in_database
from tests.web.house import House

TOKEN = "held-by-the-candidate"


def test_the_outcome_of_a_dispute_is_what_its_candidate_reads(house: House, desk: Client) -> None:
    held = held_in(house, questions=1, sees="points")
    opened = disputed_in(house, held, "p3", "I did offer a refund.")
    desk.put(f"{api(held)}/release", json={"reviewed": True})
    (listed,) = [
        each for each in desk.get("/api/v1/recruiting/disputes").json()["disputes"] if each["id"] == opened
    ]
    review = desk.get(f"/api/v1/recruiting/interviews/{listed['interview_id']}").json()
    point = review["questions"][listed["number"] - 1]["points"][2]
    assert point["id"] == listed["point_id"]
    sent = {
        "status": "upheld",
        "outcome": "You are right: the refund is in your last sentence.",
        "credit": 1,
        "seen": point["seen"],
        "mark": point["mark"],
    }
    assert desk.post(f"{api(held)}/disputes/{opened}/outcome", json=sent).status_code == 200
    assert opened not in desk.get("/api/v1/recruiting/disputes").text
    in_database(house, lambda database: hand_over(database, held))
    with Client(base_url=house.url, headers={"accept-language": "en"}, timeout=60) as candidate:
        candidate.cookies.set(interview_cookie(held), TOKEN)
        text = candidate.get(f"/interviews/{held}/report").text
    assert "You are right: the refund is in your last sentence." in text
    assert "A person decided" in text


def test_a_reason_must_be_given(house: House, desk: Client) -> None:
    held = held_in(house)
    opened = disputed_in(house, held, "p3", "I did offer a refund.")
    sent = {"status": "rejected", "outcome": " ", "seen": 0, "mark": ""}
    assert desk.post(f"{api(held)}/disputes/{opened}/outcome", json=sent).status_code == 422


async def hand_over(database: Database, interview_id: str) -> None:
    """Give the interview's candidate a token of its own."""
    async with database.session() as session:
        interview = await session.get(Interview, interview_id)
        assert interview is not None
        interview.token_hash = hash_token(TOKEN)
