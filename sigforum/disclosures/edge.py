"""What the pages before taking part share: their blueprint."""

from flask import Blueprint

blueprint = Blueprint("disclosures", __name__, url_prefix="/meetings/<slug>")
