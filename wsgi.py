"""The WSGI entry point: ``flask --app wsgi …`` and any WSGI server find ``app`` here."""

import click

from tracker import create_app
from tracker.settings import SettingsError

try:
    app = create_app()
except SettingsError as error:
    # The commands of flask say this without a traceback.
    raise click.ClickException(str(error)) from error
