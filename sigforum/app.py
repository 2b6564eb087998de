"""create_app: the table of contents of sigforum."""

from datetime import timedelta

from flask import Flask

from sigforum import database
from sigforum.agenda import feature as agenda
from sigforum.agenda import sockets as agenda_sockets
from sigforum.ballots import feature as ballots
from sigforum.ballots import jobs as ballots_jobs
from sigforum.ballots import preparing
from sigforum.ballots import record_routes as ballots_record_routes
from sigforum.ballots import recusal_routes as ballots_recusals
from sigforum.ballots import sockets as ballots_sockets
from sigforum.digests import feature as digests
from sigforum.digests import jobs as digests_jobs
from sigforum.digests import writing as digests_writing
from sigforum.disclosures import entry_routes as disclosures_entry
from sigforum.disclosures import feature as disclosures
from sigforum.disclosures import routes as disclosures_routes
from sigforum.disclosures import showing as disclosures_showing
from sigforum.exports import feature as exports
from sigforum.exports import jobs as exports_jobs
from sigforum.exports import sockets as exports_sockets
from sigforum.extensions import csrf, db, jobs, limiter, login_manager
from sigforum.facilitation import feature as facilitation
from sigforum.facilitation import preparing as facilitation_preparing
from sigforum.facilitation import sockets as facilitation_sockets
from sigforum.groups import feature as groups
from sigforum.groups import jobs as groups_jobs
from sigforum.groups import showing as groups_showing
from sigforum.live import connections
from sigforum.live import sockets as live_sockets
from sigforum.operations import feature as operations
from sigforum.oversight import feature as oversight
from sigforum.oversight import jobs as oversight_jobs
from sigforum.people import account_routes as people_account
from sigforum.people import answering_routes as people_answering
from sigforum.people import calendar_routes as people_calendar
from sigforum.people import feature as people
from sigforum.people import guards
from sigforum.people import jobs as people_jobs
from sigforum.people import key_routes as people_keys
from sigforum.people import list_jobs as people_list_jobs
from sigforum.people import naming_routes as people_naming
from sigforum.people import outbox_routes as people_outbox
from sigforum.people import routes as people_routes
from sigforum.people import signing_jobs as people_signing_jobs
from sigforum.people import signing_routes as people_signing
from sigforum.resources import resource
from sigforum.search import feature as search
from sigforum.settings import Settings
from sigforum.summaries import editing_routes as summaries_editing
from sigforum.summaries import feature as summaries
from sigforum.summaries import jobs as summaries_jobs
from sigforum.summaries import meeting_routes as summaries_meeting
from sigforum.summaries import review_routes as summaries_review
from sigforum.summaries import routes as summaries_routes
from sigforum.summaries import sockets as summaries_sockets
from sigforum.threads import feature as threads
from sigforum.threads import sockets as threads_sockets
from sigforum.traces import feature as traces
from sigforum.traces import jobs as traces_jobs
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
# Imported for what they register: socket events, live renderers, and the worker's tasks.
REGISTERED = (live_sockets, agenda_sockets, disclosures_entry, disclosures_showing,
              threads_sockets, ballots_sockets, ballots_record_routes, ballots_recusals, preparing,
              facilitation_preparing, facilitation_sockets, groups_jobs, groups_showing, exports_sockets, people_jobs,
              traces_jobs, people_list_jobs, people_answering, people_calendar,
              people_account, people_naming, people_keys, people_signing, people_signing_jobs,
              ballots_jobs, summaries_jobs, summaries_sockets, summaries_editing, summaries_review, summaries_meeting,
              exports_jobs, digests_jobs, digests_writing, oversight_jobs, guards,
              people_routes, people_outbox, disclosures_routes, summaries_routes)


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
    connections.bind(app)
    turns.bind(app)
    # Last, and so around everything before it.
    forwarded.bind(app)
    return app
