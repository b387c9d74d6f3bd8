"""`mailroom serve`, `mailroom users`: the desk and the API, and who may sign in."""

from __future__ import annotations

import secrets
import sys
import threading
from typing import Annotated

import typer

from commands.terminal import ENGLISH, DataFolder, err, out, say, settings_of, table
from connectors.building import building
from connectors.database.people import Role
from connectors.mail_day import new_receipts, process_receipts
from models.errors import ConfigurationError, MailroomError
from settings import Settings
from web.wording import words_for

users = typer.Typer(no_args_is_help=True, help=say("Les comptes du bureau et de l'API.", "Accounts of desk and API."))
Name = Annotated[str, typer.Argument(help=say("nom du compte", "account name"))]


def serve(
    data: DataFolder = None,
    host: Annotated[str | None, typer.Option("--host", help=say("adresse d'écoute", "address"))] = None,
    port: Annotated[int | None, typer.Option("--port", help=say("port d'écoute", "port"))] = None,
    only_desk: Annotated[
        bool, typer.Option("--only-desk", help=say("ne traite pas les envois de l'API", "leave uploads to a worker"))
    ] = False,
) -> None:
    """Le bureau et l'API, jusqu'à l'arrêt. Ce que l'API reçoit est traité aussitôt."""
    import uvicorn

    from web.app import create_app
    from web.options import options_from

    settings = settings_of(data, host=host, port=port)
    inside = building(settings)
    _first_account(settings)
    ending = threading.Event()
    worker = threading.Thread(target=_carry, args=(settings, ending), daemon=True)
    if not only_desk:
        worker.start()
    out.print(say("Bureau : ", "Desk: ") + f"http://{settings.host}:{settings.port}")
    app = create_app(inside.services, options_from(settings))
    uvicorn.run(app, host=settings.host, port=settings.port, log_level="warning")
    ending.set()
    if worker.is_alive():
        worker.join(timeout=10)


def _carry(settings: Settings, ending: threading.Event) -> None:
    """What arrives through the API is read while the desk runs; leases keep other workers out of the way."""
    while not ending.wait(2.0):
        try:
            if receipts := new_receipts(settings):
                process_receipts(settings, receipts)
        except MailroomError as error:
            err.print(f"mailroom: {error}", soft_wrap=True)


def _first_account(settings: Settings) -> None:
    """Nobody could sign in otherwise: one administrator with a password shown once."""
    ledger = building(settings).ledger
    with ledger.read() as books:
        if books.people.all():
            return
    password = secrets.token_urlsafe(9)
    with ledger.write() as books:
        added = books.people.add("admin", password, Role.ADMIN, building(settings).services.now())
    if added:
        words = say("Premier compte, à noter : admin", "First account, write it down: admin")
        out.print(f"{words} / {password}")


@users.command("add")
def add(
    name: Name,
    role: Annotated[Role, typer.Option("--role", help=say("rôle", "role"))] = Role.OPERATOR,
    data: DataFolder = None,
) -> None:
    """Crée un compte ; le mot de passe se lit au clavier ou sur l'entrée standard."""
    inside = building(settings_of(data))
    with inside.ledger.write() as books:
        if not books.people.add(name, _password(), role, inside.services.now()):
            raise ConfigurationError(say(f"le compte {name} existe", f"account {name} exists"), "mailroom users list")


@users.command("password")
def password(name: Name, data: DataFolder = None) -> None:
    """Change le mot de passe."""
    with building(settings_of(data)).ledger.write() as books:
        _known(books.people.set_password(name, _password()), name)


@users.command("disable")
def disable(name: Name, data: DataFolder = None) -> None:
    """Ferme un compte ; ce qu'il a décidé reste à son nom."""
    inside = building(settings_of(data))
    with inside.ledger.write() as books:
        _known(books.people.disable(name, inside.services.now()), name)


@users.command("token")
def token(
    name: Name,
    label: Annotated[str, typer.Option("--label", help=say("à quoi il sert", "what it is for"))] = "api",
    data: DataFolder = None,
) -> None:
    """Un jeton pour l'API, montré une seule fois."""
    inside = building(settings_of(data))
    with inside.ledger.write() as books:
        _known(books.people.get(name) is not None, name)
        made = books.people.add_token(name, label, inside.services.now())
    out.print(made.text)


@users.command("list")
def list_users(data: DataFolder = None) -> None:
    """Les comptes et leurs rôles."""
    words = words_for("en" if ENGLISH else "fr")
    with building(settings_of(data)).ledger.read() as books:
        rows = [
            (user.name, words.of("role", user.role.value), say("fermé", "closed") if user.disabled_at else "")
            for user in books.people.all()
        ]
    table(say("Comptes", "Accounts"), (say("nom", "name"), say("rôle", "role"), ""), rows)


def _known(found: bool, name: str) -> None:
    if not found:
        raise ConfigurationError(say(f"aucun compte {name}", f"no account {name}"), "mailroom users list")


def _password() -> str:
    """At least ten characters; never an argument, which other people on the machine could read."""
    prompt = say("Mot de passe", "Password")
    given = typer.prompt(prompt, hide_input=True, confirmation_prompt=True) if sys.stdin.isatty() else _line()
    if len(given) < 10:
        raise ConfigurationError(
            say("mot de passe trop court", "password too short"), say("dix signes", "ten characters")
        )
    return str(given)


def _line() -> str:
    return sys.stdin.readline().rstrip("\n")
