"""The WSGI entry point: ``flask --app wsgi …`` and any WSGI server find ``app`` here."""

from tracker import create_app

app = create_app()
