"""The house keeps its shape: rooms import downwards only, pure modules know no database."""

import ast
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ["regions", "accounts", "documents", "events", "declarations"]  # lowest first

PURE = [
    "regions/wording.py",
    "regions/zones.py",
    "regions/codes.py",
    "regions/names.py",
    "regions/words.py",
    "accounts/canonical.py",
    "accounts/spreadsheets.py",
    "accounts/deed_groups.py",
    "documents/deed_groups.py",
    "documents/pdf.py",
    "documents/pades.py",
    "documents/sealer.py",
    "documents/proofs.py",
    "documents/fetching.py",
    "documents/outside.py",
    "documents/stamper.py",
    "documents/stamp_checks.py",
    "documents/cms_plain.py",
    "documents/timestamps.py",
    "documents/letter_evidence.py",
    "documents/text_blocks.py",
    "documents/increments.py",
    "documents/revocation.py",
    "documents/bsre.py",
    "documents/hardware.py",
    "documents/uploaded_keys.py",
    "documents/gateway_check.py",
    "events/deed_groups.py",
    "events/people.py",
    "events/attendee_columns.py",
    "events/duplicates.py",
    "events/event_columns.py",
    "events/identity.py",
    "events/timetable.py",
    "events/month.py",
    "events/calendar_file.py",
    "events/suggestions.py",
    "events/paper_kinds.py",
    "events/event_papers.py",
    "events/wording_tokens.py",
    "events/scans.py",
    "events/photo_files.py",
    "events/imports/tables.py",
    "events/imports/headers.py",
    "events/imports/text_files.py",
    "events/imports/spreadsheets.py",
    "events/imports/reading.py",
    "events/imports/values.py",
    "events/imports/rows.py",
    "events/imports/matching.py",
    "documents/merkle.py",
    "documents/rules.py",
    "declarations/strokes.py",
    "declarations/hall_wire.py",
    "declarations/evidence.py",
    "declarations/records.py",
    "declarations/envelope.py",
    "declarations/evidence_file.py",
    "declarations/evidence_check.py",
    "declarations/excerpt_check.py",
    "declarations/excerpt_paper.py",
    "declarations/mismatch.py",
    "declarations/page_words.py",
    "declarations/kiosk_reading.py",
    "declarations/sample_strokes.py",
    "declarations/legal.py",
    "declarations/kiosk_version.py",
    "declarations/papers.py",
    "declarations/paper_rows.py",
    "declarations/paper_words.py",
    "declarations/review_words.py",
    "declarations/coverage.py",
    "declarations/report_drafts.py",
    "declarations/charts.py",
    "declarations/placeholders.py",
    "declarations/comparison.py",
    "declarations/kiosk_bundle.py",
    "declarations/tablet_alerts.py",
    "declarations/rescue_file.py",
]
DEEDS = [
    "accounts/audit.py",
    "accounts/handing_out.py",
    "accounts/column_choice.py",
    "documents/numbering.py",
    "documents/sealing.py",
    "documents/ahead.py",
    "documents/stamping.py",
    "documents/revoking.py",
    "documents/seal_settings.py",
    "documents/officer_seal.py",
    "documents/jobs.py",
    "documents/leftovers.py",
    "documents/downloads.py",
    "accounts/offices.py",
    "accounts/staff.py",
    "events/scheduling.py",
    "events/planning.py",
    "events/programme.py",
    "events/removed.py",
    "events/copying.py",
    "events/rundown.py",
    "events/attendees.py",
    "events/exports.py",
    "events/merging.py",
    "events/telling_apart.py",
    "events/attendance.py",
    "events/arrivals.py",
    "events/submitting.py",
    "events/keys.py",
    "events/devices.py",
    "events/pairing.py",
    "events/desks.py",
    "events/links.py",
    "events/answers.py",
    "events/outbox.py",
    "events/rooms.py",
    "events/issuing.py",
    "events/dossier.py",
    "events/sheets.py",
    "events/photos.py",
    "events/importing.py",
    "events/notes.py",
    "events/paper_settings.py",
    "declarations/intake.py",
    "declarations/storing.py",
    "declarations/kiosk_intake.py",
    "declarations/kiosk_batch.py",
    "declarations/kiosk_inbox.py",
    "declarations/kiosk_opening.py",
    "declarations/kiosk_voids.py",
    "declarations/walk_ins.py",
    "declarations/signing.py",
    "declarations/copying.py",
    "declarations/hall_taps.py",
    "declarations/sealing.py",
    "declarations/closing.py",
    "declarations/review.py",
    "declarations/review_items.py",
    "declarations/corrections.py",
    "declarations/texts.py",
    "declarations/planning.py",
    "declarations/outcomes.py",
    "declarations/openings.py",
    "declarations/excerpts.py",
    "declarations/reference_data.py",
    "declarations/rescue.py",
]


def imported(path: Path):
    """Absolute dotted names imported anywhere in the file, inside functions too."""
    package = path.relative_to(ROOT).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            stem = ".".join([*base, node.module or ""]).strip(".")
            yield from (f"{stem}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("room", ROOMS)
def test_room_imports_only_from_rooms_below(room):
    forbidden = {*ROOMS[ROOMS.index(room) + 1 :], "netralitas"}
    found = {
        (str(path.relative_to(ROOT)), name) for path in (ROOT / room).rglob("*.py") for name in imported(path)
    }
    assert {(path, name) for path, name in found if name.split(".")[0] in forbidden} == set()


@pytest.mark.parametrize("path", PURE)
def test_pure_module_knows_no_database(path):
    names = set(imported(ROOT / path))
    room = path.split("/")[0]
    assert {
        name
        for name in names
        if name.startswith(("django.db", f"{room}.models")) or ".models." in f".{name}."
    } == set()


@pytest.mark.parametrize("path", DEEDS)
def test_deed_imports_no_form_view_or_api(path):
    room = path.split("/")[0]
    upper = tuple(f"{room}.{layer}" for layer in ("forms", "views", "api", "urls", "tables"))
    assert {name for name in imported(ROOT / path) if name.startswith(upper)} == set()


def test_no_relation_points_upwards():
    upward = set()
    for model in apps.get_models():
        if model._meta.app_label not in ROOMS:
            continue
        for field in model._meta.get_fields(include_parents=False):
            if not field.concrete or not field.is_relation:
                continue
            target = field.related_model._meta.app_label
            if target in ROOMS and ROOMS.index(target) > ROOMS.index(model._meta.app_label):
                upward.add((model.__name__, field.name))
    assert upward == set()


def test_psycopg_3_stays_out():
    from django.db.backends.postgresql.psycopg_any import is_psycopg3

    assert is_psycopg3 is False
