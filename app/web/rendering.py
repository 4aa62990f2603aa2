"""Turns a template into a page: language, theme, security headers, ETag, and errors a person can read."""

import hashlib
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from app.errors import AppError
from app.recruiting.accounts.dependencies import SESSION_COOKIE
from app.web import languages
from app.web.assets import asset_url
from app.web.wording import Wording, wording

LANGUAGE_COOKIE = "language"
THEME_COOKIE = "theme"
THEMES = ("light", "dark")

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


def marks(value: float | None) -> str:
    """A score without needless zeros: 6, 6.5, 6.25; a dash when there is none."""
    return "–" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")


def percent(value: float | None) -> str:
    """A share of 1 as whole percent; a dash when there is none."""
    return "–" if value is None else f"{round(value * 100)}%"


_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters.update(marks=marks, percent=percent)
_environment.globals.update(asset=asset_url, languages=languages.LANGUAGES)
_environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "sort_keys": True}


def language_of(request: Request) -> languages.Language:
    """The language this visitor sees."""
    return languages.pick(request.cookies.get(LANGUAGE_COOKIE), request.headers.get("accept-language"))


def wording_of(request: Request) -> Wording:
    """The strings this visitor sees."""
    return wording(language_of(request).code)


def render(
    request: Request, template: str, *, status_code: int = 200, private: bool = False, **context: Any
) -> Response:
    """The page, or 304 when the browser already holds it. A `private` page is never stored."""
    theme = request.cookies.get(THEME_COOKIE)
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    body = _environment.get_template(template).render(
        t=wording_of(request),
        language=language_of(request),
        theme=theme if theme in THEMES else None,
        here=quote(here, safe="/") if request.method == "GET" else "/",
        **context,
    )
    headers = dict(SECURITY_HEADERS)
    headers["Vary"] = "Cookie, Accept-Language"
    if private:
        headers["Cache-Control"] = "no-store"
    else:
        headers["Cache-Control"] = "private, no-cache"
        headers["ETag"] = f'"{hashlib.sha256(body.encode()).hexdigest()[:24]}"'
        if status_code == 200 and request.headers.get("if-none-match") == headers["ETag"]:
            return Response(status_code=304, headers=headers)
    return HTMLResponse(body, status_code=status_code, headers=headers)


def fragment(template: str, macro: str, *values: object) -> str:
    """What one macro of a template gives, for documents that are no page."""
    return str(getattr(_environment.get_template(template).module, macro)(*values))


def problem_text(request: Request, error: AppError) -> str:
    """What went wrong, in the visitor's words where the string table knows the error's code."""
    t = wording_of(request)
    at_desk = f"problem.desk.{error.code}"
    key = at_desk if _is_at_the_desk(request) and at_desk in t else f"problem.{error.code}"
    return t(key) if key in t else t("problem.unknown")


def _is_at_the_desk(request: Request) -> bool:
    """Whether a recruiter's browser asked for one of their pages, be it one that does not exist."""
    return SESSION_COOKIE in request.cookies and request.url.path.startswith("/recruiter/")


def render_error(request: Request, error: AppError) -> Response:
    """An error as a page, with the desk's navigation for who works there."""
    return render(
        request,
        "error.html",
        status_code=error.status,
        private=True,
        at_desk=_is_at_the_desk(request),
        title=wording_of(request)("problem.nowhere" if error.status == 404 else "problem.title"),
        explanation=problem_text(request, error),
        detail=error.detail,
        hint=error.hint,
    )
