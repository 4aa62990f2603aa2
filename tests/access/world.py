"""Someone of every kind in a running service, and something of everything an address can name."""

import re
import time
from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Any

import httpx

from app.recruiting.accounts.dependencies import SESSION_COOKIE
from app.recruiting.accounts.service import hash_session
from tests.waiting import PATIENCE_SECONDS
from tests.web.banks.banking import DAMAGED
from tests.web.house import House

ACTORS = ("anonymous", "candidate", "other candidate", "recruiter", "owner")
# Said by the candidate, by the other one, and by recruiters: whoever may not see it must never find it.
MINE, THEIRS, DESKS = "zanzibar", "timbuktu", "atlantis"
UNKNOWN = "0" * 32
PARAMETER = re.compile(r"\{(\w+)(?::path)?\}")
Ids = dict[str, str]
_UNKNOWN = {"number": "99", "version": "9.9.9", "session_id": hash_session("nobody's")}
# As they stand in an address: too long, a step upwards, and characters that no database takes or likes.
_GARBAGE = {
    "long": "x" * 300,
    "upwards": "%2E%2E",
    "nul": "%00",
    "nul within": "a%00b",
    "not utf-8": "%FF%FE",
}


class World:
    """Its `clients` hold the cookies of each actor. What a test uses up is made again for the next one."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.clients = {actor: self._client() for actor in ACTORS}
        self._made: dict[str, Ids] = {}
        self._passwords = {"owner": ("recruiter", house.password)}
        self.log_in("owner")
        made = self._ask("owner", "POST", "/api/v1/accounts", {"name": f"{DESKS} recruiter"}).json()
        self._passwords["recruiter"] = (f"{DESKS} recruiter", made["password"])
        self.log_in("recruiter")
        self._numbers = count(1)

    def close(self) -> None:
        for client in self.clients.values():
            client.close()

    def log_in(self, actor: str) -> None:
        """Give a recruiter or owner a session of their own, unless theirs still holds."""
        client = self.clients[actor]
        if client.get("/api/v1/accounts/me").status_code != 200:
            name, password = self._passwords[actor]
            given = client.post("/recruiter/login", data={"name": name, "password": password})
            assert given.status_code == 303, given.text

    def ids(self, path: str, actor: str) -> Ids:
        """A value for each parameter of an address, of things that are there and belong together."""
        wanted = PARAMETER.findall(path)
        if "session_id" in wanted:
            return {"session_id": self._session(actor if actor in self._passwords else "recruiter")}
        if path.endswith("/again"):
            return self._once("practice", partial(self._interview, "candidate", MINE, practice=True))
        ids: Ids = {}
        makers = (
            ("interview_id", partial(self._interview, "candidate", MINE)),
            ("dispute_id", self._dispute),
            ("link", self._device_link),
            ("template_id", self._template),
            ("invite_id", self._invite),
            ("token", self._invite),
            ("entry_id", self._entry),
            ("draft_id", self._draft),
            ("run_id", self._run),
            ("account_id", self._account),
        )
        for name, make in makers:
            if name in wanted and name not in ids:
                ids |= self._once(name, make)
        if "draft_id" in wanted:
            ids["key"] = ids["section"] if "/sections/" in path else ids["question"]
            ids["number"] = "0"
        else:
            ids["number"] = "1"
        ids |= {"point_id": "p1", "bank_id": "tiny", "version": "1.0.0"}
        return {name: ids[name] for name in wanted}

    def foreign(self, path: str, actor: str) -> list[tuple[str, str, Ids]]:
        """For each parameter its name, and the same ids with that one replaced, by each kind of wrong id."""
        ids = self.ids(path, actor)
        found = []
        for name in ids:
            kinds = {"unknown": _UNKNOWN.get(name, UNKNOWN), **_GARBAGE}
            if name == "number":
                kinds |= {"below": "-1", "huge": "9" * 30}
            else:
                # Right in shape, and the id of a row in another table.
                kinds["of another kind"] = self._of_another_kind(name)
            if (elsewhere := self._elsewhere(name, path)) is not None:
                kinds["elsewhere"] = elsewhere
            found += [(name, kind, ids | {name: wrong}) for kind, wrong in kinds.items()]
        return found

    def forget(self, path: str, method: str) -> None:
        """Make again what an allowed request may have used up. Drafts are dear: only when they are gone."""
        gone = set(PARAMETER.findall(path))
        if method != "DELETE" and not path.endswith(("/discard", "/publish", "/remove")):
            gone -= {"draft_id"}
        if "/me" in path:
            gone |= {"interview_id", "other interview", "other dispute"}
        if "interview_id" in gone:
            gone |= {"dispute_id", "link"}
        if "template_id" in gone:
            gone |= {"invite_id", "token"}
        for name in gone:
            self._made.pop(name, None)

    def _client(self) -> httpx.Client:
        return httpx.Client(
            base_url=self.house.url, timeout=PATIENCE_SECONDS, headers={"accept-language": "en"}
        )

    def _ask(self, actor: str, method: str, path: str, body: Any = None, **more: Any) -> httpx.Response:
        answer = self.clients[actor].request(method, path, json=body, **more)
        assert answer.status_code < 400, f"{method} {path}: {answer.text}"
        return answer

    def _once(self, name: str, make: Callable[[], Ids]) -> Ids:
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]

    def _of_another_kind(self, name: str) -> str:
        if name in ("template_id", "bank_id", "key", "point_id", "version"):
            return self._once("account_id", self._account)["account_id"]
        return self._once("template_id", self._template)["template_id"]

    def _elsewhere(self, name: str, path: str) -> str | None:
        """The id of such a row of someone else, or below another parent, where there can be one."""
        if name == "session_id":
            # The candidate's columns borrow the recruiter's log-in, so this is a third person's for all.
            return self._session("recruiter" if "recruiter" in self._passwords else "owner")
        if name == "interview_id" and not path.startswith(("/recruiter", "/api/v1/recruiting")):
            others = self._once("other interview", partial(self._interview, "other candidate", THEIRS))
            return others["interview_id"]
        if name == "dispute_id":
            others = self._once("other interview", partial(self._interview, "other candidate", THEIRS))
            make = partial(self._dispute_of, "other candidate", others)
            return self._once("other dispute", make)["dispute_id"]
        if name == "invite_id":
            other = self._once("other template", self._template)
            return self._once("other invite", partial(self._invite_of, other))["invite_id"]
        if name == "key":
            # The other kind of key of the same draft.
            draft = self._once("draft_id", self._draft)
            return draft["question"] if "/sections/" in path else draft["section"]
        return None

    def _interview(self, actor: str, words: str, practice: bool = False) -> Ids:
        """A practice, or an assessment that was released, which has ended and is judged."""
        client = self.clients[actor]
        form = {"bank": "tiny", "questions": "1", "follow_ups": "0"} | (
            {"practice": "on"} if practice else {}
        )
        begun = client.post("/interviews", data=form)
        interview_id = begun.headers["location"].partition("?")[0].rpartition("/")[2]
        reply = {"text": f"I apologise in {words}, ask for the {words} number", "client_turn_id": "turn-1"}
        said = client.post(f"/api/v1/interviews/{interview_id}/replies", json=reply)
        while said.status_code == httpx.codes.CONFLICT:
            # The greeting is still being said.
            time.sleep(0.02)
            said = client.post(f"/api/v1/interviews/{interview_id}/replies", json=reply)
        assert said.status_code == 200, said.text
        while client.get(f"/api/v1/interviews/{interview_id}").json()["status"] != "ended":
            time.sleep(0.02)
        review = f"/api/v1/recruiting/interviews/{interview_id}"
        while self._ask("owner", "GET", review).json()["questions"][0]["points"][0]["credit"] is None:
            # The reply is still being judged.
            time.sleep(0.02)
        if not practice:
            self._ask("owner", "PUT", f"{review}/release")
        return {"interview_id": interview_id}

    def _dispute(self) -> Ids:
        mine = self._once("interview_id", partial(self._interview, "candidate", MINE))
        return self._dispute_of("candidate", mine)

    def _dispute_of(self, actor: str, interview: Ids) -> Ids:
        path = f"/interviews/{interview['interview_id']}/disputes"
        form = {"number": "1", "point": "p3", "reason": "I said so in the first sentence."}
        sent = self.clients[actor].post(path, data=form)
        assert sent.status_code == 303, sent.text
        review = f"/api/v1/recruiting/interviews/{interview['interview_id']}"
        points = self._ask("owner", "GET", review).json()["questions"][0]["points"]
        (dispute,) = [each for point in points for each in point["disputes"]]
        return {"dispute_id": dispute["id"]}

    def _device_link(self) -> Ids:
        mine = self._once("interview_id", partial(self._interview, "candidate", MINE))
        path = f"/api/v1/interviews/{mine['interview_id']}/device-links"
        return {"link": self._ask("candidate", "POST", path).json()["url"].rpartition("/")[2]}

    def _template(self) -> Ids:
        content = {"name": f"{DESKS} template", "parts": [{"bank": "tiny", "count": 1}]}
        return {"template_id": self._ask("owner", "POST", "/api/v1/templates", content).json()["id"]}

    def _invite(self) -> Ids:
        return self._invite_of(self._once("template_id", self._template))

    def _invite_of(self, template: Ids) -> Ids:
        path = f"/api/v1/templates/{template['template_id']}/invites"
        given = self._ask("owner", "POST", path, {"name": f"{DESKS} guest {next(self._numbers)}"}).json()
        newest = self._ask("owner", "GET", path).json()["rows"][0]
        return {"invite_id": newest["id"], "token": given["links"][0]["link"].rpartition("/")[2]}

    def _entry(self) -> Ids:
        """An invite that was not used is an entry of a person."""
        return {"entry_id": self._invite()["invite_id"]}

    def _draft(self) -> Ids:
        """A draft of a damaged document: its second question has a flag, and the draft a repair."""
        text = DAMAGED.replace(DAMAGED.partition("\n")[0], f"{DESKS} bank")
        file = (f"{DESKS}-{next(self._numbers)}.txt", text.encode(), "text/plain")
        draft = self._ask("owner", "POST", "/api/v1/banks/import", files={"file": file}).json()
        section = draft["draft"]["sections"][0]
        return {
            "draft_id": draft["id"],
            "section": section["key"],
            "question": section["questions"][0]["key"],
        }

    def _run(self) -> Ids:
        mine = self._once("interview_id", partial(self._interview, "candidate", MINE))
        scope = {"scope": {"interview_ids": [mine["interview_id"]]}}
        return {"run_id": self._ask("owner", "POST", "/api/v1/recruiting/rescorings", scope).json()["id"]}

    def _account(self) -> Ids:
        wanted = {"name": f"{DESKS} {next(self._numbers)}"}
        made = self._ask("owner", "POST", "/api/v1/accounts", wanted).json()
        return {"account_id": made["account"]["id"]}

    def _session(self, actor: str) -> str:
        """A further log-in of this actor."""
        with self._client() as client:
            name, password = self._passwords[actor]
            client.post("/recruiter/login", data={"name": name, "password": password})
            return hash_session(client.cookies[SESSION_COOKIE])
