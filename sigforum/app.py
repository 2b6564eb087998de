"""create_app: the table of contents of sigforum."""

from datetime import timedelta

from flask import Flask

from sigforum import database
from sigforum.agenda import feature as agenda
from sigforum.ballots import feature as ballots
from sigforum.digests import feature as digests
from sigforum.disclosures import feature as disclosures
from sigforum.exports import feature as exports
from sigforum.extensions import csrf, db, jobs, limiter, login_manager
from sigforum.facilitation import feature as facilitation
from sigforum.groups import feature as groups
from sigforum.live import feature as live
from sigforum.operations import feature as operations
from sigforum.oversight import feature as oversight
from sigforum.people import feature as people
from sigforum.resources import resource
from sigforum.search import feature as search
from sigforum.settings import Settings
from sigforum.summaries import feature as summaries
from sigforum.threads import feature as threads
from sigforum.traces import feature as traces
from sigforum.web import (
    addresses,
    assets,
    compression,
    errors,
    forwarded,
    intake,
    pacing,
    pictures,
    rendering,
    security,
    turns,
)
from sigforum.web.typed_requests import TypedRequest

# From the ground up: a feature may answer the hooks of those before it, and answers come in this order.
FEATURES = (traces, people, agenda, disclosures, threads, ballots, facilitation, groups, summaries, search, digests,
            exports, oversight, operations)


def create_app(settings: Settings) -> Flask:
    """Build the application: settings, database, people, pages, live edge."""
    settings.instance.mkdir(parents=True, exist_ok=True)
    app = Flask("sigforum", template_folder=str(resource("templates")), static_folder=None,
                instance_path=str(settings.instance.absolute()))
    app.config.from_mapping(
        SETTINGS=settings, SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.sqlalchemy_url,
        MAX_CONTENT_LENGTH=settings.max_upload_mb * 1_000_000,
        MAX_FORM_MEMORY_SIZE=settings.max_upload_mb * 1_000_000,
        # __Host- cookies cannot be set by another host of the same domain; they need TLS.
        SESSION_COOKIE_NAME="__Host-sigforum" if settings.is_https else "sigforum",
        SESSION_COOKIE_SECURE=settings.is_https, SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=30), WTF_CSRF_TIME_LIMIT=None)
    app.request_class = TypedRequest
    db.init_app(app)
    database.bind(app)
    # Before whatever reads forms.
    intake.bind(app)
    pacing.bind(app)
    csrf.init_app(app)
    limiter.init_app(app)
    login_manager.init_app(app)
    # A phone that walks from the venue's network to the street keeps its sign-in.
    login_manager.session_protection = None
    jobs.bind(app)
    rendering.bind(app)
    compression.bind(app)
    security.bind(app)
    errors.bind(app)
    addresses.bind(app)
    assets.bind(app, resource("static"))
    pictures.bind(app)
    for feature in FEATURES:
        feature.install(app)
    live.install(app)
    turns.bind(app)
    # Last, and so around everything before it.
    forwarded.bind(app)
    return app
