"""``flask mail``: send one real mail to see that it works, hold the outbox and let it go on."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import AppGroup

from tracker import clock
from tracker.actions import holds
from tracker.actions.record import NOBODY
from tracker.models import db
from tracker.notifications.leases import Lease
from tracker.notifications.letters import Letter, settings
from tracker.notifications.message import message_of, sender_address
from tracker.notifications.recheck import Outgoing
from tracker.notifications.smtp import MailServer, Outcome, ServiceDown
from tracker.queries.holds import held_in
from tracker.rules.mail_addresses import is_mail_address

mail = AppGroup("mail", help="Mail: try the server with one mail, hold the outbox, let it go on.")
ALL = "all"
WORDS = "这是一封测试邮件。收到它，说明邮件服务器的设置可以使用。"
MENDS = {
    "connection_refused": "the server refuses the connection: check SMTP_HOST and SMTP_PORT, and the firewall.",
    "unknown_host": "the name of the server is not known: check SMTP_HOST and the name server of this machine.",
    "not_secure": "no trusted encryption: check SMTP_SECURITY (none, starttls or tls), the name in SMTP_HOST and the "
    "certificate of the server.",
    "login_refused": "the server refuses the login: check SMTP_USER and SMTP_PASSWORD_FILE.",
    "login_not_offered": "the server offers no login over this connection: set SMTP_SECURITY to starttls or tls, which "
    "many servers want first, or leave SMTP_USER empty.",
    "server_busy": "the server takes no mail now, such as after too many in an hour: try again later.",
    "sender_refused": "the server refuses the sender: check MAIL_FROM, and whether the server wants a login.",
    "timed_out": "the server does not answer in time: check SMTP_PORT and SMTP_SECURITY, or raise SMTP_TIMEOUT.",
    "disconnected": "the server hung up: check SMTP_PORT and SMTP_SECURITY.",
    "not_reachable": "the server cannot be reached or does not speak SMTP: check SMTP_HOST and SMTP_PORT.",
}


def register(app: Flask) -> None:
    """Attach the commands."""
    app.cli.add_command(mail)


def region_or_all(_context: click.Context, _parameter: click.Parameter, text: str) -> str:
    """Read a region's code from the command line; ``all`` is the whole country."""
    if text != ALL and not (text.isascii() and text.isdigit() and len(text) in {2, 4, 6}):
        raise click.BadParameter("2, 4 or 6 digits of GB/T 2260, or all")
    return "" if text == ALL else text


@mail.command("test")
@click.argument("address")
def try_server(address: str) -> None:
    """Send one mail to ADDRESS now, past the outbox, and say step by step what the server answers."""
    if not is_mail_address(address):
        raise click.BadParameter("give one plain address, such as you@example.cn")
    known, now = settings(), clock.now()
    if not known.smtp_host:
        raise click.ClickException("no mail server is set: give SMTP_HOST.")
    letter = Letter("【督办】测试邮件", WORDS, f"<p>{WORDS}</p>")
    message_id = f"<test-{now.timestamp():.0f}@{known.mail_domain}>"
    outgoing = Outgoing(Lease(0, now, 1), address, message_id, known.mail_from_name or "优质均衡推进办", letter)
    server = MailServer(known)
    click.echo(f"server     {known.smtp_host}:{known.smtp_port}, security {known.smtp_security}")
    try:
        server.open()
        click.echo(f"connected  {'logged in' if known.smtp_user else 'without a login'}")
        click.echo(f"sender     {sender_address(known)}")
        answer = server.send(sender_address(known), address, message_of(outgoing, known, now))
    except ServiceDown as down:
        raise click.ClickException(f"{MENDS[down.reason]} It said: {down.words or 'nothing'}") from down
    finally:
        server.close()
    if answer.outcome is not Outcome.SENT:
        said = MENDS.get(answer.words, f"the server does not take a mail to {address}. It said: {answer.words}")
        raise click.ClickException(said)
    click.echo(f"accepted   the server took the mail for {address}; look whether it arrives.")


@mail.command("hold")
@click.argument("region", callback=region_or_all)
def hold(region: str) -> None:
    """Stop the outbox at and below REGION (a code, or all)."""
    done = holds.hold(NOBODY, region, clock.now())
    db.session.commit()
    click.echo("held: nothing is sent there." if done else "was held already.")


@mail.command("release")
@click.argument("region", callback=region_or_all)
@click.option(
    "--send/--give-up", "send", default=None, help="What becomes of the mails that waited; sent after a hold by hand."
)
def release(region: str, send: bool | None) -> None:
    """Let the outbox go on at and below REGION (a code, or all)."""
    held = held_in(region)
    if send is None and held.restored:
        raise click.UsageError(
            f"the database was restored from a backup, and {held.mails} mails wait that may have been sent before: "
            "name --give-up (they are not sent again) or --send (each is checked, then sent)."
        )
    count = holds.release(NOBODY, region, clock.now(), give_up=send is False)
    db.session.commit()
    if count is None:
        raise click.ClickException("nothing is held there.")
    click.echo(
        f"goes on; {count} mails were given up." if send is False else "goes on; what waited is checked and sent."
    )
