import pytest
from httpx import Client

from app.web.assets import STATIC_DIR, asset_url
from tests.web.house import House

LIMIT_BYTES = 100_000


def test_all_own_assets_are_light() -> None:
    assert sum(path.stat().st_size for path in STATIC_DIR.iterdir()) <= LIMIT_BYTES


def test_a_hashed_address_is_kept_and_a_bare_one_checked(house: House) -> None:
    with Client(base_url=house.url) as client:
        hashed = client.get(asset_url("base.css"))
        bare = client.get("/static/base.css")
        again = client.get("/static/base.css", headers={"If-None-Match": bare.headers["etag"]})
    assert "immutable" in hashed.headers["cache-control"]
    assert bare.headers["cache-control"] == "no-cache"
    assert again.status_code == 304


def test_an_unknown_asset_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        asset_url("nothing.css")


@pytest.mark.parametrize("path", [path for path in STATIC_DIR.iterdir() if path.suffix in {".css", ".js"}])
def test_no_asset_names_another_host(path: object) -> None:
    assert "//" not in str(path.read_text()).replace("// ", "")  # type: ignore[attr-defined]
