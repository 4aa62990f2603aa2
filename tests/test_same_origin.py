import pytest
from starlette.requests import Request

from app.same_origin import ForeignOriginError, require_same_origin


def request(**headers: str) -> Request:
    named = {"host": "here.test"} | {name.replace("_", "-"): value for name, value in headers.items()}
    return Request({"type": "http", "headers": [(k.encode(), v.encode()) for k, v in named.items()]})


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec_fetch_site": "same-origin"},
        {"sec_fetch_site": "same-origin", "origin": "https://public.test"},
        {"origin": "http://here.test"},
    ],
)
def test_its_own_pages_and_no_browsers_pass(headers: dict[str, str]) -> None:
    require_same_origin(request(**headers))


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"origin": "http://evil.test"},
        {"origin": "null"},
        {"origin": "http://here.test.evil.test"},
    ],
)
def test_other_sites_are_refused(headers: dict[str, str]) -> None:
    with pytest.raises(ForeignOriginError):
        require_same_origin(request(**headers))
