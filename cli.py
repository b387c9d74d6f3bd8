"""The ways in from a terminal: `mailroom VERB`. Each verb lives in `commands/`."""

from __future__ import annotations

import sys

import typer

from commands import (
    archives,
    books,
    closing,
    debtors,
    desk,
    holds,
    leaks,
    learning,
    lots,
    money,
    nightly,
    policy,
    portfolio,
    process,
    safe,
    workshop,
)
from commands.terminal import say
from models.errors import ConfigurationError, MailroomError

app = typer.Typer(
    name="mailroom",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help=say(
        "Le service courrier : lit, classe et rapproche le courrier reçu, et suspend les relances dès son arrivée.",
        "The mail room: reads, classifies and matches what arrives, and holds reminders back at once.",
    ),
)
app.command("process")(process.process)
app.add_typer(portfolio.claims, name="claims")
app.add_typer(debtors.debtors, name="debtors")
app.command("nightly")(nightly.nightly)
app.command("schedule")(nightly.schedule)
app.command("watch")(nightly.watch)
app.command("deliver")(nightly.deliver)
app.command("report")(books.report)
app.command("reconcile")(closing.reconcile_day)
app.add_typer(holds.holds, name="holds")
app.add_typer(lots.lots, name="lots")
app.add_typer(leaks.reminders, name="reminders")
app.add_typer(money.payments, name="payments")
app.add_typer(money.cheques, name="cheques")
app.command("archive")(archives.archive)
app.command("backup")(safe.backup)
app.command("restore")(safe.restore)
app.command("restore-drill")(safe.restore_drill)
app.command("serve")(desk.serve)
app.add_typer(desk.users, name="users")
app.add_typer(policy.policy, name="policy")
app.command("doctor")(workshop.doctor)
app.command("evaluate")(learning.evaluate)
app.command("separators")(workshop.separators)
app.command("train", context_settings=learning.PASSED_ON)(learning.train)


def main() -> None:
    """Exit 0 done, 1 something could not be finished and is named, 2 wrong usage or configuration."""
    debug = "--debug" in sys.argv
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    try:
        app(args=arguments, prog_name="mailroom")
    except MailroomError as error:
        _end(error, 2 if isinstance(error, ConfigurationError) else 1, debug)
    except KeyboardInterrupt:
        sys.stderr.write(say("interrompu ; relancer reprend où c'était\n", "stopped; run again to go on\n"))
        sys.exit(130)
    except Exception as error:
        _end(error, 1, debug)


def _end(error: Exception, status: int, debug: bool) -> None:
    """One clear line; the traceback only with --debug."""
    if debug:
        raise error
    name = "" if isinstance(error, MailroomError) else f"{type(error).__name__}: "
    hint = "" if isinstance(error, MailroomError) else say(" (--debug : détails)", " (--debug for details)")
    sys.stderr.write(f"mailroom: {name}{error}{hint}\n".replace("\n", " ").strip() + "\n")
    sys.exit(status)


if __name__ == "__main__":
    main()
