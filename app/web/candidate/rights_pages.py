"""What candidates may do with their data: see, download, correct, delete it, withdraw consent, forget."""

from collections.abc import Sequence
from typing import Annotated, Literal

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.db.tables import Interview
from app.dependencies import SAME_ORIGIN, Configured
from app.interviews.dependencies import Access, interview_cookie
from app.interviews.reports.report import is_released
from app.llm.dependencies import model_host, model_name
from app.people.dependencies import MineHere, People, forget_cookies
from app.people.retention import due_at
from app.people.service import Mine
from app.recruiting.invites.guests import LONGEST
from app.web.candidate.record_text import record_response
from app.web.rendering import render, wording_of
from app.web.routing import PageRoute
from app.web.scores.charts import line, progress_in_words

router = APIRouter(route_class=PageRoute, include_in_schema=False)

Done = Literal["", "deleted", "everything", "forgotten", "withdrawn", "corrected"]


@router.get("/me")
async def my_data(
    request: Request, settings: Configured, mine: MineHere, people: People, done: Done = ""
) -> Response:
    """The interviews this browser may open, and what can be done with them."""
    rows = [(each, due_at(each, settings), is_released(each)) for each in mine.interviews]
    past = await people.progress(mine)
    return render(
        request,
        "candidate/me.html",
        private=True,
        rows=rows,
        done=done,
        progress=line([(each.at.strftime("%Y-%m-%d"), each.share) for each in past]),
        practised=past[-1].bank_title if past else "",
        progress_in_words=progress_in_words(wording_of(request), past),
        longest_name=LONGEST["name"],
    )


@router.get("/me/download")
async def download_mine(request: Request, mine: MineHere, people: People) -> Response:
    """Everything in one archive."""
    return record_response(request, await people.record(mine))


@router.get("/interviews/{interview_id}/download")
async def download_interview(request: Request, interview: Access, people: People) -> Response:
    """One interview in an archive."""
    return record_response(request, await people.record(Mine(None, [interview])))


@router.get("/me/delete")
async def confirm_deletion_of_all(request: Request, mine: MineHere) -> Response:
    """What goes with everything; nothing is deleted yet."""
    if not mine.interviews:
        return RedirectResponse("/me", 303)
    return _deletion_page(request, mine.interviews, "/me")


@router.post("/me/delete", dependencies=SAME_ORIGIN)
async def delete_all(request: Request, mine: MineHere, people: People) -> Response:
    """Delete everything and forget the person."""
    await people.erase(mine.ids, mine.person)
    response = _done("everything")
    forget_cookies(request, response)
    return response


@router.get("/interviews/{interview_id}/delete")
async def confirm_deletion(request: Request, interview: Access) -> Response:
    """What goes with one interview; nothing is deleted yet."""
    return _deletion_page(request, [interview], f"/interviews/{interview.id}")


@router.post("/interviews/{interview_id}/delete", dependencies=SAME_ORIGIN)
async def delete_one(request: Request, interview: Access, people: People) -> Response:
    """Delete one interview."""
    await people.erase([interview.id])
    return _without_cookie(_done("deleted"), interview)


@router.post("/interviews/{interview_id}/name", dependencies=SAME_ORIGIN)
async def correct_name(
    interview: Access, people: People, name: Annotated[str, Form(max_length=1000)] = ""
) -> Response:
    """Put right how one is called."""
    await people.rename(interview, name)
    return _done("corrected")


@router.get("/interviews/{interview_id}/withdraw")
async def confirm_withdrawal(request: Request, interview: Access) -> Response:
    """What becomes of an interview whose consent is withdrawn; one that has ended can only be deleted."""
    if interview.status == "ended":
        return RedirectResponse(f"/interviews/{interview.id}/delete", 303)
    return render(request, "candidate/me_withdraw.html", private=True, interview=interview)


@router.post("/interviews/{interview_id}/withdraw", dependencies=SAME_ORIGIN)
async def withdraw(
    interview: Access, people: People, then: Annotated[Literal["delete", "keep"], Form()] = "keep"
) -> Response:
    """End the interview, and delete it if that is wished."""
    await people.withdraw(interview, delete=then == "delete")
    return _without_cookie(_done("deleted"), interview) if then == "delete" else _done("withdrawn")


@router.get("/me/forget")
async def confirm_forgetting(request: Request) -> Response:
    """What it means that this browser opens nothing any more."""
    return render(request, "candidate/me_forget.html", private=True)


@router.post("/me/forget", dependencies=SAME_ORIGIN)
async def forget(request: Request) -> Response:
    """Take from this browser what opens interviews; the server keeps them."""
    response = _done("forgotten")
    forget_cookies(request, response)
    return response


@router.get("/privacy")
async def privacy(request: Request, settings: Configured) -> Response:
    """What is stored, why, for how long and who sees it, as this installation is set up."""
    return render(
        request,
        "candidate/privacy.html",
        settings=settings,
        host=model_host(settings),
        model=model_name(request),
        sends_vectors=settings.embedding == "endpoint",
    )


def _deletion_page(request: Request, interviews: Sequence[Interview], address: str) -> Response:
    return render(request, "candidate/me_delete.html", private=True, interviews=interviews, address=address)


def _done(done: Done) -> Response:
    return RedirectResponse(f"/me?done={done}", 303)


def _without_cookie(response: Response, interview: Interview) -> Response:
    response.delete_cookie(interview_cookie(interview.id), httponly=True, samesite="lax")
    return response
