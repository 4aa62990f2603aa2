"""The audit log, for owners: who changed something or took it out."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.recruiting.accounts.credentials import OTHER_ACTORS
from app.recruiting.accounts.dependencies import Accounts, Owner
from app.recruiting.audit.dependencies import AuditTrail, Before, Days, Exported, Wanted
from app.web.desk.audit_view import details, short
from app.web.rendering import render, wording_of
from app.web.routing import HOME, DeskRoute, with_query
from app.web.wording import Wording

AUDIT = f"{HOME}/audit"
_ROWS = 50
_ACTION = "audit.action."

router = APIRouter(prefix=AUDIT, route_class=DeskRoute, include_in_schema=False)


@router.get("")
async def audit_log(
    request: Request,
    accounts: Accounts,
    account: Owner,
    trail: AuditTrail,
    wanted: Wanted,
    days: Days,
    before: Before = None,
) -> Response:
    """A page of it, newest first."""
    page = await trail.page(wanted, before, _ROWS)
    chosen = {
        "actor": wanted.actor,
        "action": wanted.action,
        "subject": wanted.subject,
        "since": days.since.isoformat() if days.since else None,
        "until": days.until.isoformat() if days.until else None,
    }
    everybody = await accounts.administration.all()
    t = wording_of(request)
    return render(
        request,
        "desk/audit.html",
        private=True,
        account=account,
        events=[(event, action_name(t, event.action), details(t, event.detail)) for event in page.events],
        chosen=chosen,
        is_filtered=any(chosen.values()),
        actors=[*(each.name for each in everybody), *OTHER_ACTORS],
        actor_name=lambda actor: _actor_name(t, actor),
        short=short,
        accounts_by_id={each.id: each.name for each in everybody},
        actions=_actions(t, wanted.action),
        is_first=before is None,
        newest=with_query(AUDIT, chosen),
        older=with_query(AUDIT, chosen | {"before": str(page.next)}) if page.next else None,
        export=with_query(f"{AUDIT}/export.csv", chosen),
    )


@router.get("/export.csv")
async def export_page(exported: Exported) -> Response:
    """The same as CSV."""
    return exported


def action_name(t: Wording, action: str) -> str | None:
    """The action in the visitor's words; None for one that has none yet."""
    key = f"{_ACTION}{action}"
    return t(key) if key in t else None


def _actor_name(t: Wording, actor: str) -> str:
    return t(f"audit.actors.{actor.replace(' ', '_')}") if actor in OTHER_ACTORS else actor


def _actions(t: Wording, chosen: str | None) -> list[tuple[str, str]]:
    """Every action with a name, and the chosen one if it has none: its own word and its name."""
    named = {key.removeprefix(_ACTION): t(key) for key in t.group(_ACTION)}
    if chosen is not None:
        named.setdefault(chosen, chosen)
    return sorted(named.items())
