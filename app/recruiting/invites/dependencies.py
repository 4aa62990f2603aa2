"""The address of an invitation."""

from starlette.requests import Request

from app.settings import Settings


def link_address(request: Request, token: str) -> str:
    """Where the token's invitation is: at the settings' public address, else where the request was made."""
    settings: Settings = request.app.state.settings
    return f"{(settings.public_url or str(request.base_url)).rstrip('/')}/i/{token}"
