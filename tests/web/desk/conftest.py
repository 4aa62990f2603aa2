from collections.abc import Iterator

import pytest
from httpx import Client

from tests.web.house import House


@pytest.fixture
def desk(house: House) -> Iterator[Client]:
    """A browser without scripts in which the owner is logged in."""
    english = {"accept-language": "en", "accept": "text/html"}
    with Client(base_url=house.url, headers=english, timeout=60) as client:
        sent = client.post("/recruiter/login", data={"name": "recruiter", "password": house.password})
        assert sent.status_code == 303
        yield client
