import gzip
import re

import pytest
from httpx import Client

from app.web.assets import STATIC_DIR, asset_url
from tests.web.house import House

TEMPLATES_DIR = STATIC_DIR.parent / "templates"
TEMPLATES = sorted(str(path.relative_to(TEMPLATES_DIR)) for path in TEMPLATES_DIR.rglob("*.html"))
LIMIT_BYTES = 100_000
ASSET = re.compile(r"""asset\(["']([^"']+)["']\)""")
OTHER = re.compile(r"""{% (?:extends|include|from) ["']([^"']+)["']""")
IMPORTED = re.compile(r"""from "\./([\w-]+\.js)\"""")


def assets_of(template: str) -> set[str]:
    """All a page loads: its template's, those of the templates it is made of, and the scripts' imports."""
    source = (TEMPLATES_DIR / template).read_text("utf-8")
    found = set(ASSET.findall(source)).union(*(assets_of(other) for other in OTHER.findall(source)))
    waiting = {name for name in found if name.endswith(".js") and "/" not in name}
    while waiting:
        script = (STATIC_DIR / waiting.pop()).read_text("utf-8")
        fresh = set(IMPORTED.findall(script)) - found
        found |= fresh
        waiting |= fresh
    return found


@pytest.mark.parametrize("template", TEMPLATES)
def test_what_a_page_loads_is_light(template: str) -> None:
    sizes = {name: len(gzip.compress((STATIC_DIR / name).read_bytes())) for name in assets_of(template)}
    assert sum(sizes.values()) <= LIMIT_BYTES, sizes


def test_a_hashed_address_is_kept_and_a_bare_one_checked(house: House) -> None:
    with Client(base_url=house.url, timeout=60) as client:
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
