"""Who may open what: one row per URL name, one column per person (EVENTS §8). ``test_access.py`` asks every cell.

The objects belong to Panwaslu Kecamatan Cerme. A row names the rule for reading (GET) and for writing (POST); ``None``
means the address does not know the method (405). A new URL without a row, and a row without a URL, fail the test.
"""

from typing import NamedTuple

OK, LOGIN, REFUSED, UNKNOWN, WRONG_METHOD = "ok", "login", "refused", "unknown", "wrong method"
TOKEN = "token"  # the API asks for one, whoever is signed in

# Everybody reaches Cerme by office or region …
INSIDE = ("organizer", "operator", "assigned", "supervisor", "province", "administrator", "viewer")
# … or does not: a sibling kecamatan, another regency, somebody whose term is over, somebody without any office.
OUTSIDE = ("sibling", "foreign", "foreign_supervisor", "ended", "nobody")
PEOPLE = ("anonymous", *INSIDE, *OUTSIDE)
# Of those outside, who may do the same at home.
ABROAD = {"organizer": ("sibling", "foreign"), "supervisor": ("foreign_supervisor",)}


def of_object(*allowed: str) -> dict[str, str]:
    """Something of Cerme: 404 for who is outside, 403 for who is inside without the right."""
    inside = {person: OK if person in allowed else REFUSED for person in INSIDE}
    return {"anonymous": LOGIN, **inside, **dict.fromkeys(OUTSIDE, UNKNOWN)}


def of_own(*allowed: str) -> dict[str, str]:
    """A page that shows everybody their own: 403 for a role without the right, wherever it is held."""
    abroad = {person for role in allowed for person in ABROAD.get(role, ())}
    return {
        person: OK if person in (*allowed, *abroad) else REFUSED for person in PEOPLE if person != "anonymous"
    } | {"anonymous": LOGIN}


EVERYBODY = dict.fromkeys(PEOPLE, OK)
# What tablets and API tokens may do: tests/test_api_access.py.
WITH_TOKEN = dict.fromkeys(PEOPLE, TOKEN)
NOBODY = dict.fromkeys(PEOPLE, UNKNOWN)
SIGNED_IN = EVERYBODY | {"anonymous": LOGIN}

SEEING = of_object("organizer", "operator", "assigned", "supervisor", "province")
PLANNING = CLOSING = EDITING = SEALING = REVIEWING = WRITING_TEXT = of_object("organizer")
EXPORTING = of_object("organizer")
RUNNING = of_object("organizer", "assigned")
INSIDE_ONLY = of_object(*INSIDE)
APPROVING = of_object("supervisor", "province")
UNMASKING = of_object("organizer", "supervisor", "province")
READING_PAPERS = of_object("organizer", "supervisor", "province", "viewer")
READING_DOSSIER = of_object("organizer", "supervisor", "province")  # sees the event and its papers
MANAGING = of_object("administrator")
READING_LOG = of_object("organizer", "supervisor", "province")
READING_OFFICE_LOG = of_object("organizer", "supervisor", "province", "administrator")
OWN_TOKEN = dict.fromkeys(PEOPLE, UNKNOWN) | {"anonymous": LOGIN, "organizer": OK}


# A report lies with the office that receives it: who works below does not reach it.
RECEIVING = dict.fromkeys(PEOPLE, UNKNOWN) | {
    "anonymous": LOGIN,
    "supervisor": OK,
    "province": OK,
    "administrator": REFUSED,
    "viewer": REFUSED,
}


class Row(NamedTuple):
    get: dict[str, str] | None
    post: dict[str, str] | None = None


def page(rule) -> Row:
    return Row(rule)


def form(rule) -> Row:
    return Row(rule, rule)


def deed(rule) -> Row:
    return Row(None, rule)


ROWS: dict[str, Row] = {
    # -- for everybody ---------------------------------------------------------------------------------------------
    "healthz": page(EVERYBODY),
    "readyz": page(EVERYBODY),
    "favicon": page(EVERYBODY),
    "declarations:kiosk": page(EVERYBODY),
    "declarations:kiosk_page": page(EVERYBODY),
    "declarations:kiosk_manifest": page(EVERYBODY),
    "declarations:kiosk_script": page(EVERYBODY),
    "declarations:kiosk_style": page(EVERYBODY),
    "declarations:kiosk_worker": page(EVERYBODY),
    "verifikasi:upload": form(EVERYBODY),
    "verifikasi:root": page(EVERYBODY),
    "verifikasi:crl": page(EVERYBODY),
    "verifikasi:paper": page(EVERYBODY),
    # -- API -------------------------------------------------------------------------------------------------------
    "api:openapi-json": form(EVERYBODY),
    "api:api-root": form(NOBODY),
    "api:unknown": form(NOBODY),
    "api:kiosk_pair": deed(EVERYBODY),  # the code in the body decides
    "api:kiosk_roster": page(WITH_TOKEN),
    "api:kiosk_time": deed(WITH_TOKEN),
    "api:kiosk_sync": deed(WITH_TOKEN),
    "api:kiosk_heartbeat": deed(WITH_TOKEN),
    "api:kiosk_unpair": deed(WITH_TOKEN),
    "api:archive_documents": page(WITH_TOKEN),
    "api:archive_document": page(WITH_TOKEN),
    "api:archive_file": page(WITH_TOKEN),
    "api:recap": page(WITH_TOKEN),
    # -- home and regions ------------------------------------------------------------------------------------------
    "home": page(SIGNED_IN),
    "duty_count": page(SIGNED_IN),
    "help": page(SIGNED_IN),
    "regions:search": page(SIGNED_IN),
    # -- offices, people, tokens -----------------------------------------------------------------------------------
    "accounts:office": page(SIGNED_IN),
    "accounts:log": page(SIGNED_IN),
    "accounts:offices": page(of_own("administrator")),
    "accounts:offices_export": page(of_own("administrator")),
    "accounts:office_log_export": page(READING_OFFICE_LOG),
    "accounts:staff_export": page(MANAGING),
    "accounts:office_detail": page(INSIDE_ONLY),
    "accounts:new_office": form(MANAGING),
    "accounts:letterhead": form(MANAGING),
    "accounts:logo": page(INSIDE_ONLY),
    "accounts:remove_logo": deed(MANAGING),
    "accounts:office_log": page(READING_OFFICE_LOG),
    "accounts:add_member": form(MANAGING),
    "accounts:change_membership": form(MANAGING),
    "accounts:end_membership": form(MANAGING),
    "accounts:renew_password": form(MANAGING),
    "accounts:tokens": page(SIGNED_IN),
    "accounts:new_token": form(SIGNED_IN),
    "accounts:revoke_token": deed(OWN_TOKEN),
    # -- events ----------------------------------------------------------------------------------------------------
    "events:events": page(of_own("organizer", "operator", "assigned", "supervisor", "province")),
    "events:calendar": page(of_own("organizer", "operator", "assigned", "supervisor", "province")),
    "events:events_export": page(of_own("organizer", "supervisor", "province")),
    "events:create": form(of_own("organizer")),
    "events:election_add": form(of_own("organizer")),
    "events:sources": page(of_own("organizer")),
    "events:templates": page(of_own("organizer", "operator", "assigned", "supervisor", "province")),
    "events:template": page(SEEING),
    "events:template_roles": form(PLANNING),
    "events:template_retire": deed(PLANNING),
    "events:copy": form(PLANNING),
    "events:keep_as_template": form(PLANNING),
    "events:resume": page(PLANNING),
    "events:event": page(SEEING),
    "events:edit": form(PLANNING),
    "events:undo_removal": deed(PLANNING),
    "events:sites": page(SEEING),
    "events:site_add": form(PLANNING),
    "events:site_edit": form(PLANNING),
    "events:site_remove": deed(PLANNING),
    "events:agenda": page(SEEING),
    "events:reorder": deed(PLANNING),
    "events:agenda_add": form(PLANNING),
    "events:agenda_edit": form(PLANNING),
    "events:agenda_up": deed(PLANNING),
    "events:agenda_down": deed(PLANNING),
    "events:agenda_remove": deed(PLANNING),
    "events:people": page(SEEING),
    "events:person_add": form(PLANNING),
    "events:person_edit": form(PLANNING),
    "events:person_remove": deed(PLANNING),
    "events:operators": form(PLANNING),
    "events:attendees": page(SEEING),
    "events:duplicates": page(SEEING),
    "events:attendees_merge": deed(PLANNING),
    "events:attendees_apart": deed(PLANNING),
    "events:ask_pair_again": deed(PLANNING),
    "events:attendees_export": form(EXPORTING),
    "events:attendee_add": form(PLANNING),
    "events:generate": form(PLANNING),
    "events:import": form(PLANNING),
    "events:import_template": page(PLANNING),
    "events:import_check": page(PLANNING),
    "events:import_columns": form(PLANNING),
    "events:import_table": deed(PLANNING),
    "events:import_errors": page(PLANNING),
    "events:import_apply": deed(PLANNING),
    "events:import_discard": deed(PLANNING),
    "events:import_batch": page(PLANNING),
    "events:import_undo": deed(PLANNING),
    "events:attendee_edit": form(PLANNING),
    "events:attendee_withdraw": form(PLANNING),
    "events:attendee_restore": form(PLANNING),
    "events:attendee_number": form(UNMASKING),
    "events:invitations": page(SEEING),
    "events:invitation_told": deed(PLANNING),
    "events:invitation_untold": deed(PLANNING),
    "events:invitation_answer": form(PLANNING),
    "events:mails": page(PLANNING),
    "events:mail_send": form(PLANNING),
    "events:mail_retry": deed(PLANNING),
    "events:invitation_calendar": page(SEEING),
    "events:office_papers": form(MANAGING),
    "events:wording_preview": deed(MANAGING),
    "events:sheets": Row(SEEING, RUNNING),
    "events:sheets_print": page(SEEING),
    "events:sheet_scan": form(RUNNING),
    "events:scan_file": page(SEEING),
    "events:notes": page(RUNNING),
    "events:note": form(RUNNING),
    "events:note_history": page(RUNNING),
    "events:note_restore": deed(RUNNING),
    "events:photos": Row(SEEING, RUNNING),
    "events:photo_file": page(SEEING),
    "events:photo_small": page(SEEING),
    "events:photo_edit": form(RUNNING),
    "events:photo_up": deed(RUNNING),
    "events:photo_down": deed(RUNNING),
    "events:photo_remove": deed(RUNNING),
    "events:photos_undo": deed(RUNNING),
    "events:photos_send": deed(RUNNING),
    "events:papers": page(SEEING),
    "events:paper_parts": page(SEEING),
    "events:paper_details": form(PLANNING),
    "events:paper_preview": page(SEEING),
    "events:paper_issue": deed(PLANNING),
    "events:dossier": deed(PLANNING),
    "events:dossier_progress": page(READING_DOSSIER),
    "events:dossier_zip": page(READING_DOSSIER),
    "events:schedule": form(PLANNING),
    "events:start": form(RUNNING),
    "events:close": form(CLOSING),
    "events:reopen": form(CLOSING),
    "events:archive": form(CLOSING),
    "events:cancel": form(PLANNING),
    "events:submit": form(CLOSING),
    "events:submissions": page(of_own("supervisor", "province")),
    "events:submissions_export": page(of_own("supervisor", "province")),
    "events:submission": page(RECEIVING),
    "events:submission_accept": deed(RECEIVING),
    "events:submission_return": deed(RECEIVING),
    "events:log": page(READING_LOG),
    "events:log_export": page(READING_LOG),
    "events:invited_export": page(EXPORTING),
    "events:rundown_export": page(EXPORTING),
    "events:places_export": page(EXPORTING),
    "events:crew_export": page(EXPORTING),
    "events:mails_export": page(EXPORTING),
    "events:parts_export": page(EXPORTING),
    # -- texts -----------------------------------------------------------------------------------------------------
    "declarations:texts": page(SIGNED_IN),
    "declarations:text_create": form(of_own("organizer")),
    "declarations:legal_bases": page(SIGNED_IN),
    "declarations:texts_export": page(SIGNED_IN),
    "declarations:legal_bases_export": page(SIGNED_IN),
    "declarations:text": page(INSIDE_ONLY),
    "declarations:version": page(INSIDE_ONLY),
    "declarations:version_copy": deed(WRITING_TEXT),
    "declarations:version_edit": form(WRITING_TEXT),
    "declarations:version_fill": form(WRITING_TEXT),
    "declarations:version_publish": deed(WRITING_TEXT),
    "declarations:version_approve": form(APPROVING),
    "declarations:recap": page(of_own("organizer", "supervisor", "province", "viewer")),
    "declarations:recap_export": page(of_own("organizer", "supervisor", "province", "viewer")),
    "declarations:villages_export": page(of_own("organizer", "supervisor", "province", "viewer")),
    # -- papers ----------------------------------------------------------------------------------------------------
    "declarations:declaration_add": form(EDITING),
    "declarations:declaration": page(SEEING),
    "declarations:declaration_edit": form(EDITING),
    "declarations:declaration_remove": deed(EDITING),
    "declarations:number": deed(EDITING),
    "declarations:replace_basis": deed(EDITING),
    "declarations:parties": form(EDITING),
    "declarations:witnesses": form(EDITING),
    "declarations:witness_remove": deed(EDITING),
    "declarations:witness_undo": deed(EDITING),
    "declarations:signatories": form(SEEING),
    "declarations:signatories_export": page(EXPORTING),
    "declarations:unsigned_export": page(EXPORTING),
    "declarations:enroll": deed(EDITING),
    "declarations:mark_outcome": deed(RUNNING),
    "declarations:sheet_notes": form(REVIEWING),
    "declarations:sheet_note_withdraw": deed(REVIEWING),
    "declarations:mark_absent": deed(RUNNING),
    "declarations:correct_name": form(REVIEWING),
    "declarations:make_excerpt": deed(SEALING),
    "declarations:open": deed(RUNNING),
    "declarations:close": deed(RUNNING),
    "declarations:close_and_seal": deed(SEALING),
    "declarations:reading": form(RUNNING),
    "declarations:sign_search": form(RUNNING),
    "declarations:sign": form(RUNNING),
    "declarations:sign_submit": deed(RUNNING),
    "declarations:sign_typed": deed(RUNNING),
    "declarations:sign_thanks": page(RUNNING),
    "declarations:review": form(REVIEWING),
    "declarations:review_resolve": form(REVIEWING),
    "declarations:review_body": page(REVIEWING),
    "declarations:event_review": page(REVIEWING),
    "declarations:event_review_together": deed(REVIEWING),
    "declarations:event_review_item": form(REVIEWING),
    "declarations:event_review_bytes": page(REVIEWING),
    "declarations:seal": deed(SEALING),
    "declarations:take_back_sealing": deed(SEALING),
    "declarations:preview": page(SEEING),
    "declarations:links": form(RUNNING),
    "declarations:links_make": deed(PLANNING),
    "declarations:links_renew": deed(PLANNING),
    "declarations:links_revoke": deed(PLANNING),
    "declarations:room_code": page(RUNNING),
    "declarations:room_code_open": deed(RUNNING),
    "declarations:room_code_revoke": deed(RUNNING),
    "declarations:room_code_drop": deed(RUNNING),
    # -- tablets of the day ----------------------------------------------------------------------------------------
    "declarations:tablets": page(RUNNING),
    "declarations:tablets_board": page(RUNNING),
    "declarations:tablet": page(RUNNING),
    "declarations:tablet_pair": form(RUNNING),
    "declarations:tablet_pair_state": page(RUNNING),
    "declarations:tablet_pin": form(RUNNING),
    "declarations:tablet_pin_renew": deed(RUNNING),
    "declarations:rescue": form(RUNNING),
    "declarations:tablet_drain": deed(RUNNING),
    "declarations:tablet_cut_off": deed(RUNNING),
    # -- a personal link: its address is the whole right, whoever asks ----------------------------------------------
    "tautan:home": page(EVERYBODY),
    "tautan:open": deed(EVERYBODY),
    "tautan:enter": deed(EVERYBODY),
    "tautan:answer": deed(EVERYBODY),
    "tautan:calendar": page(EVERYBODY),
    "tautan:data": page(EVERYBODY),
    "tautan:sign": form(EVERYBODY),
    "tautan:submit": deed(EVERYBODY),
    "tautan:typed": deed(EVERYBODY),
    "tautan:receipt": page(EVERYBODY),
    "tautan:excerpt": deed(EVERYBODY),
    "tautan:excerpt_file": page(EVERYBODY),
    # -- screens for the hall --------------------------------------------------------------------------------------
    "declarations:day": page(RUNNING),
    "declarations:day_board": page(RUNNING),
    "declarations:day_search": deed(RUNNING),
    "declarations:day_arrive": deed(RUNNING),
    "declarations:day_take_back": deed(RUNNING),
    "declarations:day_tap": deed(RUNNING),
    "declarations:walk_in": form(RUNNING),
    "declarations:short_report": page(SEEING),
    "declarations:mc": page(RUNNING),
    "declarations:mc_taps": form(RUNNING),
    "declarations:mc_worker": page(RUNNING),
    "declarations:hall_board": page(SEEING),
    "declarations:hall_board_data": page(SEEING),
    "declarations:hall_board_ink": page(SEEING),
    # -- sealed papers ---------------------------------------------------------------------------------------------
    "documents:archive": page(of_own("organizer", "supervisor", "province", "viewer")),
    "documents:archive_export": page(of_own("organizer", "supervisor", "province", "viewer")),
    "documents:bundle": page(of_own("organizer", "supervisor", "province", "viewer")),
    "documents:queue": page(of_own("organizer", "supervisor", "province", "viewer")),
    "documents:retry": deed(SEALING),
    "documents:detail": page(READING_PAPERS),
    "documents:download": page(READING_PAPERS),
    "documents:void": form(SEALING),
    "documents:officer_signature": form(SEALING),
    "documents:letterhead_preview": deed(MANAGING),
    "documents:logo_preview": deed(MANAGING),
    "documents:office_seal": page(of_object("organizer", "administrator")),
    "documents:test_office_seal": deed(of_object("organizer", "administrator")),
    "documents:office_seal_backend": form(MANAGING),
    "documents:office_seal_upload": form(MANAGING),
}
