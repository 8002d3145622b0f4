"""What the signing page of the tablet and the one of a personal link have in common: context, plain form, storing."""

import logging
import secrets

from django.db import OperationalError
from django.utils import timezone

from accounts.refusals import Refusal
from regions.wording import clock_with_zone

from .. import intake, signing
from ..evidence import format_time
from ..models import Declaration, Signatory
from ..records import ID7

logger = logging.getLogger(__name__)

TOO_LARGE = "Tanda tangan terlalu besar (paling banyak 64 KB). Hapus coretan, lalu ulangi."
BUSY_FORM = "Server sedang sibuk. Isian masih ada di halaman ini; kirim sekali lagi."
AGREE_FIRST = "Centang pernyataan dahulu."
TYPE_NAME = "Ketik nama lengkap Anda."


def is_taken(row: Signatory) -> bool:
    return row.outcome in (Signatory.Outcome.SIGNED, Signatory.Outcome.REFUSED)


def sign_context(
    found: Declaration,
    row: Signatory,
    *,
    submit_url: str,
    form_url: str,
    done_url: str,
    back_url: str,
    allow: list[str],
) -> dict:
    """For declarations/signing/sign.html; ``allow`` names the ways to sign that this page offers."""
    version, zone = found.text_version, found.event.time_zone
    return {
        "event": found.event,
        "declaration": found,
        "text": version.content,
        "text_sha256": version.sha256,
        "signatory": person_of(row),
        "typed": {"record_id": intake.new_id()},
        "page_data": {
            "event": str(found.event_id),
            "declaration": str(found.pk),
            "text_sha256": version.sha256,
            "attendee": str(row.attendee_id),
            "signatory": person_of(row),
            "submit_url": submit_url,
            "done_url": done_url,
            "allow": allow,
        },
        "form_url": form_url,
        "back_url": back_url,
        "read_at": clock_with_zone(found.read_at, zone) if found.read_at else "",
    }


def filled_again(context: dict, data, message: str) -> dict:
    """The page with what was typed and its id, so that sending it again is a repetition and not a second signature."""
    typed = {**data.dict(), "record_id": record_id(data)}
    if typed.get("text_sha256") != context["text_sha256"]:
        typed.pop("agree", None)  # the tick was for another text
    return {**context, "message": message, "typed": typed}


def person_of(row: Signatory) -> dict[str, str]:
    """As shown on screen and written into the record; no number of any kind."""
    if is_taken(row) and row.capacity == Signatory.Capacity.ON_BEHALF:
        # The page showed the official, not yet the stand-in.
        row = signing.row_of(row.declaration, row.attendee)
    return {
        "name": (row.name or row.position)[:120],
        "category": row.category or "lainnya",
        "position": row.position[:120],
        "agency": (row.agency or row.village)[:120],
    }


def stored(take_in, handed, found: Declaration, *, via: str, by, **more):
    """What intake answers; None when the database is busy, nothing was kept and the same may be sent again."""
    try:
        return take_in(handed, declaration=found, via=via, by=by, **more)
    except OperationalError:
        logger.exception("A signature could not be stored now")
        return None


def typed_fields(found: Declaration, row: Signatory, data) -> dict:
    """The fields of a record from the plain form. Refusal for what a person has to fill in first."""
    fields = {
        "id": record_id(data),
        "event": found.event_id,
        "declaration": found.pk,
        "text_sha256": data.get("text_sha256", ""),
        "attendee": row.attendee_id,
        "source": "roster",
        "signatory": person_of(row),
        "capacity": "self",
        "salt": secrets.token_bytes(16),
        "signed_at_device": format_time(timezone.now()),
        "app": "formulir/1",
    }
    if data.get("refuse"):
        return fields | {"outcome": "refused"}
    if not data.get("agree"):
        raise Refusal(AGREE_FIRST)
    if not data.get("typed_name", "").strip():
        raise Refusal(TYPE_NAME)
    fields |= {"outcome": "signed", "agree": True, "method": "typed", "typed_name": data["typed_name"]}
    return fields | (_behalf_fields(row, data) if data.get("on_behalf") else {})


def record_id(data) -> str:
    """The id hidden in the page when it was made; a fresh one when it is missing or spoilt, so that nothing is lost."""
    posted = data.get("record_id", "")
    return posted if ID7.match(posted) else intake.new_id()


def _behalf_fields(row: Signatory, data) -> dict:
    if not data.get("on_behalf_name", "").strip():
        raise Refusal("Isi nama Anda sendiri sebagai yang mewakili.")
    official = person_of(row)
    return {
        "capacity": "on_behalf_of",
        "signatory": {
            **official,
            "name": data["on_behalf_name"],
            "position": data.get("on_behalf_position", ""),
        },
        "on_behalf_of": {
            "name": official["name"],
            "position": official["position"],
            "letter_no": data.get("on_behalf_letter_no", "")[:60],
        },
    }
