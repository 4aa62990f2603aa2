from datetime import timedelta
from xml.etree import ElementTree

import pytest

from app.db.tables import DeviceLink, now
from app.errors import NotAllowedError
from app.interviews.access.admission import AccessRevokedError
from app.interviews.access.devices import LINK_MINUTES, LinkUsedUpError, qr_code
from app.interviews.access.repository import hash_token
from app.interviews.repository import Interviews
from tests.interviews.browsing import Browser
from tests.interviews.house import House


async def link_of(house: House, interview_id: str) -> str:
    token, _ = await house.service.devices.create(await house.service.find(interview_id))
    return token


async def test_a_link_gives_one_further_token_of_the_same_interview(house: House) -> None:
    created = await house.interview()
    link = await link_of(house, created.id)

    interview, token = await house.service.devices.open(link)

    assert interview.id == created.id
    assert token != created.token
    assert (await house.service.admit(created.id, token)).id == created.id
    assert (await house.service.admit(created.id, created.token)).id == created.id
    with pytest.raises(LinkUsedUpError):
        await house.service.devices.open(link)


async def test_looking_at_a_link_does_not_use_it_up(house: House) -> None:
    created = await house.interview()
    link = await link_of(house, created.id)

    for _ in range(2):
        assert (await house.service.devices.find(link)).id == created.id

    assert (await house.service.devices.open(link))[0].id == created.id
    with pytest.raises(LinkUsedUpError):
        await house.service.devices.find(link)


async def test_a_new_link_takes_the_place_of_an_unused_one(house: House) -> None:
    created = await house.interview()
    first, second = await link_of(house, created.id), await link_of(house, created.id)

    with pytest.raises(LinkUsedUpError):
        await house.service.devices.open(first)
    assert (await house.service.devices.open(second))[0].id == created.id


async def test_a_link_works_for_a_quarter_of_an_hour(house: House) -> None:
    created = await house.interview()
    link, expires_at = await house.service.devices.create(await house.service.find(created.id))
    assert timedelta(minutes=LINK_MINUTES - 1) < expires_at - now() <= timedelta(minutes=LINK_MINUTES)
    async with house.database.session() as session:
        stored = await session.get(DeviceLink, hash_token(link))
        assert stored is not None
        stored.expires_at = now() - timedelta(seconds=1)

    with pytest.raises(LinkUsedUpError):
        await house.service.devices.open(link)


async def test_no_link_opens_what_was_closed(house: House) -> None:
    created = await house.interview()
    link = await link_of(house, created.id)
    async with house.database.session() as session:
        (await Interviews(session).lock(created.id)).access_revoked_at = now()

    with pytest.raises(AccessRevokedError):
        await house.service.devices.open(link)


async def test_a_further_token_opens_no_other_interview(house: House) -> None:
    created, other = await house.interview(), await house.interview()
    _, token = await house.service.devices.open(await link_of(house, created.id))

    with pytest.raises(NotAllowedError):
        await house.service.admit(other.id, token)


async def test_the_api_gives_the_link_and_its_picture(browser: Browser) -> None:
    url, headers = await browser.interview()

    made = (await browser.http.post(f"{url}/device-links", headers=headers)).json()

    assert made["url"].startswith(f"{browser.http.base_url}/d/")
    assert ElementTree.fromstring(made["qr"]).tag.endswith("svg")
    assert (await browser.http.post(f"{url}/device-links")).status_code == 401


def test_the_picture_is_dark_on_light_with_room_around_it() -> None:
    drawn = qr_code("http://127.0.0.1/d/x")
    assert 'fill="#ffffff"' in drawn or 'fill="#fff"' in drawn
