"""The tracker of government implementation plans: ``create_app`` puts it together."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from tracker import commands, translations, views
from tracker.extensions import babel, csrf, login_manager, migrate
from tracker.models import db
from tracker.models.engine import prepare_engine
from tracker.settings import ROOT, Settings, from_environment
from tracker.translations import chosen_language, compile_translations
from tracker.views.uploads import LARGEST_REQUEST


def create_app(settings: Settings | None = None) -> Flask:
    """The application: settings, extensions, views, commands, in that order. Raises SettingsError."""
    settings = settings or from_environment()
    app = Flask(
        "tracker",
        root_path=str(ROOT / "tracker"),
        template_folder=str(ROOT / "templates"),
        instance_path=str(settings.var_dir),
    )
    app.config.update(configuration(settings))
    app.extensions["settings"] = settings
    settings.var_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    bind_extensions(app)
    views.register(app)
    commands.register(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]
    return app


def configuration(settings: Settings) -> dict[str, object]:
    """What Flask and its extensions read."""
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings),
        "SESSION_COOKIE_NAME": "__Host-tracker" if settings.https else "tracker",
        "SESSION_COOKIE_SECURE": settings.https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "MAX_CONTENT_LENGTH": LARGEST_REQUEST,
        "MAX_FORM_PARTS": 500,
        # A table of sixty rows whose every character of text is written as nine.
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,
        "BABEL_DEFAULT_LOCALE": "zh_Hans_CN",
        "BABEL_DEFAULT_TIMEZONE": "Asia/Shanghai",
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "tracker" / "translations"),
        "TESTING": settings.testing,
    }


def engine_options(settings: Settings) -> dict[str, object]:
    """How the engine is made; no error that is logged or kept shows the values of a statement, such as a hash."""
    options: dict[str, object] = {"hide_parameters": True}
    return options if settings.database_url.startswith("sqlite") else {**options, "pool_pre_ping": True}


def bind_extensions(app: Flask) -> None:
    """Bind every extension; the engine gets its connection settings."""
    compile_translations()
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "tracker" / "migrations"), render_as_batch=True)
    babel.init_app(app, locale_selector=chosen_language)
    translations.register(app)
    csrf.init_app(app)
    login_manager.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
