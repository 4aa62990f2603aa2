"""`interviewer …`: thin commands that call services. Heavy imports wait until a command runs."""

import sys
from typing import Annotated

import typer

from app.errors import AppError

app = typer.Typer(no_args_is_help=True, help="A mock interviewer.", pretty_exceptions_enable=False)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
) -> None:
    """Start the service."""
    from app.serve import run

    run(host, port)


@app.command()
def doctor() -> None:
    """Say what works on this machine, what does not, and what to change."""
    from app.doctor import examine

    raise typer.Exit(examine())


def _mount_slices() -> None:
    from app.authoring.cli import bank_app
    from app.llm.cli import model_app
    from app.recruiting.accounts.cli import user_app
    from app.scoring.cli import score

    app.add_typer(bank_app, name="bank", help="Check, index, search and list question banks.")
    app.add_typer(model_app, name="model", help="Fetch the embedded model, or say how it is.")
    app.add_typer(user_app, name="user", help="Accounts of the recruiter's desk.")
    app.command()(score)


_mount_slices()


def main() -> None:
    """Run the command line; errors of ours become one readable message and exit status 2."""
    try:
        app()
    except AppError as error:
        print(f"{error.title}: {error.detail}", file=sys.stderr)
        if error.hint:
            print(f"  → {error.hint}", file=sys.stderr)
        sys.exit(2)
