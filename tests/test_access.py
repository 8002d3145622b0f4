"""The matrix test: every URL of the house, asked by everybody, answers as ``access_matrix.py`` says (EVENTS §8)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from accounts import audit, tokens
from accounts.models import Membership
from accounts.roles import Role
from declarations import kiosk, planning, sealing
from declarations.models import SheetSignature
from documents import storage
from documents.models import RenderJob
from events import links, notes, pairing
from events.copying import save_as_template
from events.importing import keep_upload
from events.models import (
    AgendaItem,
    ApartPair,
    AttendanceScan,
    EventPerson,
    EventPhoto,
    EventSite,
    EventSubmission,
    ImportBatch,
    OutgoingMail,
)
from events.sheets import prepare_sheets
from events.views import papers as event_paper_pages
from events.views import sheets as sheet_pages
from tests.access_matrix import LOGIN, OK, PEOPLE, REFUSED, ROWS, TOKEN, UNKNOWN, WRONG_METHOD
from tests.accounts.factories import (
    UserFactory,
    bawaslu_east_java,
    bawaslu_gresik,
    bawaslu_parepare,
    member,
    organizer_of,
    panwaslu_benjeng,
    panwaslu_cerme,
    panwaslu_purwodadi,
)
from tests.declarations import day, factories
from tests.declarations.tablets import Paired
from tests.documents.factories import issue, sealed_document

pytestmark = pytest.mark.django_db

# Pages of packages: their own tests say what they do; here only that nobody without a right gets in.
ALLAUTH = ("account_", "mfa_", "usersessions_")
PNG = b"\x89PNG\r\n\x1a\n"


def names(resolver=None, prefix=""):
    """Every URL name of the house with its namespace; nameless patterns by their route."""
    found = {}
    for pattern in (resolver or get_resolver()).url_patterns:
        if hasattr(pattern, "url_patterns"):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            found |= names(pattern, inner)
        else:
            found[f"{prefix}{pattern.name or '?'}"] = pattern
    return found


def own_names():
    return {name for name in names() if not name.startswith((*ALLAUTH, "admin:"))}


def test_every_url_has_a_row_and_every_row_a_url():
    assert sorted(own_names() - set(ROWS)) == []
    assert sorted(set(ROWS) - own_names()) == []


def test_only_the_administration_has_addresses_without_a_name():
    assert [name for name in names() if name.endswith("?")] == ["admin:?"]


@pytest.mark.parametrize("role", [None, Role.ORGANIZER, Role.SUPERVISOR, Role.ADMINISTRATOR])
def test_the_administration_opens_to_no_role(client, role):
    if role:
        client.force_login(member(bawaslu_gresik(), role))
    for name, pattern in names().items():
        if not name.startswith("admin:") or name == "admin:?":
            continue
        wanted = pattern.pattern.regex.groupindex or pattern.pattern.converters
        url = reverse(name, kwargs={key: "accounts" if key == "app_label" else "1" for key in wanted})
        response = client.get(url)
        if response.status_code == 302:
            leads_to = response["Location"]
            assert leads_to == "/admin/" or leads_to.startswith(("/masuk/", "/admin/login/")), name
        elif role is None:
            pytest.fail(f"{name} answers {response.status_code} without a login")
        else:
            assert response.status_code in (403, 405), name


def everybody():
    """One person per column of the matrix."""
    cerme, gresik = panwaslu_cerme(), bawaslu_gresik()
    yesterday = timezone.localdate() - timedelta(days=1)
    found = {
        "anonymous": None,
        "organizer": organizer_of(cerme),
        "operator": member(cerme, Role.OPERATOR),
        "assigned": member(cerme, Role.OPERATOR),
        "supervisor": member(gresik, Role.SUPERVISOR),
        "province": member(bawaslu_east_java(), Role.SUPERVISOR),
        "administrator": member(gresik, Role.ADMINISTRATOR),
        "viewer": member(gresik, Role.VIEWER),
        "sibling": organizer_of(panwaslu_benjeng()),
        "foreign": organizer_of(panwaslu_purwodadi()),
        "foreign_supervisor": member(bawaslu_parepare(), Role.SUPERVISOR),
        "ended": member(cerme, Role.ORGANIZER, ends=yesterday),
        "nobody": UserFactory(),
    }
    assert tuple(found) == PEOPLE
    return found


@pytest.fixture
def people():
    return everybody()


@pytest.fixture
def things(people):
    return everything(people)


def everything(people):
    """One of everything that belongs to Panwaslu Kecamatan Cerme, each in a state its pages can work with."""
    event = day.running_event()
    event.operators.add(people["assigned"])
    paper = day.open_paper(2, event=event)
    signed, waiting = day.rows(paper)
    [result, unread] = day.hand_in(paper, day.record(signed), b"bukan catatan")
    assert (result.status, unread.status) == ("stored", "quarantined")
    tablet = Paired(event, probed=False)
    tablet.hand_in({"id": str(uuid4()), "seq": 0, "kid": tablet.key.kid, "c": "AAAA"})
    gone = factories.attendee(event, full_name="Keluar (contoh)", withdrawn_at=timezone.now())
    published = factories.published_text(event.office)
    mou = factories.mou(event)
    planning.add_witness(declaration=mou, role="saksi", name="Saksi (contoh)", by=audit.SYSTEM)
    event.office.logo.save("logo.png", ContentFile(PNG))
    for key in ("uu-lama", "uu-baru"):
        factories.basis(key)
    job = RenderJob.objects.get(document=issue(office=event.office))
    RenderJob.objects.filter(pk=job.pk).update(state="failed", last_error="Contoh.")
    storage.store("pindai.jpg", b"JPEG")
    [sheet, *_] = prepare_sheets(event=event, by=audit.SYSTEM, empty=0)
    scan = AttendanceScan.objects.create(sheet=sheet, file="pindai.jpg", sha256="0", upload_sha256="0")
    photo = EventPhoto.objects.create(event=event, order=1, width=4, height=3)
    storage.store(photo.file, b"JPEG")
    storage.store(photo.print_file, b"JPEG")
    return {
        "event": event,
        "template": save_as_template(
            event=event, parts=["info"], title="Pola (contoh)", by=audit.SYSTEM
        ).event,
        "photo": photo,
        "upload": keep_upload(
            event=event,
            data=b"Nama;Jabatan\nBudi (contoh);Camat",
            name="a.csv",
            by=people["organizer"],
        ),
        "batch": ImportBatch.objects.create(
            event=event, name="a.csv", sha256="0", details='{"added": [], "changed": {}, "errors": []}'
        ),
        "revision": notes.save_note(event=event, kind="notula", text="Contoh.", base=0, by=audit.SYSTEM),
        "submission": EventSubmission.objects.create(
            event=event, to_office=bawaslu_gresik(), at=timezone.now(), papers=[], digest="0" * 64
        ),
        "site": EventSite.objects.create(event=event, name="Balai"),
        "agenda": AgendaItem.objects.create(event=event, title="Pembukaan", order=1),
        "person": EventPerson.objects.create(event=event, role="mc", full_name="MC (contoh)"),
        "attendee": waiting.attendee,
        "mail": OutgoingMail.objects.create(event=event, attendee=waiting.attendee, kind="invitation"),
        "gone": gone,
        "pair": ApartPair.objects.create(
            event=event,
            fingerprint="0",
            **dict(
                zip(
                    ("first", "second"), sorted((waiting.attendee, gone), key=lambda row: row.pk), strict=True
                )
            ),
        ),
        "paper": paper,
        "mou": mou,
        "signatory": waiting,
        "signature": result.signature,
        "unread": paper.inbox_items.get(),
        "draft": factories.draft_text(event.office, title="Draf (contoh)"),
        "published": published,
        "document": sealed_document(office=event.office),
        "job": job,
        "device": tablet.row,
        "item": event.kiosk_items.get(),
        "pairing_code": pairing.issue_code(event=event, label="Meja 2", by=people["organizer"]).row,
        "sheet": sheet,
        "scan": scan,
        "note": SheetSignature.objects.create(
            signatory=waiting, scan=scan, row=1, signed_at=timezone.now(), reason="Listrik padam."
        ),
        "link": links.make_link(attendee=signed.attendee, by=audit.SYSTEM),
        "office": event.office,
        "membership": Membership.objects.get(user=people["operator"]),
        "token": tokens.issue_token(user=people["organizer"], name="Rekap").token,
    }


def arguments(name, the):
    """What stands in the address of this page."""
    room, _, page = name.rpartition(":")
    event, paper = the["event"], the["paper"]
    if room == "events":
        for start, thing in (
            ("site_", "site"),
            ("agenda_", "agenda"),
            ("person_", "person"),
            ("photo_", "photo"),
        ):
            if page.startswith(start) and not page.endswith("_add"):
                return [event.code, the[thing].pk]
        if page == "parts_export":
            return [event.code, "sertifikat", "xlsx"]
        if page.endswith("_export") and page != "attendees_export":
            return ["xlsx"] if page in ("events_export", "submissions_export") else [event.code, "xlsx"]
        if page.startswith("template_") or page == "template":
            return [the["template"].code]
        if page == "ask_pair_again":
            return [event.code, the["pair"].pk]
        if page in ("import", "import_template"):
            return [event.code]
        if page.startswith("import_"):
            return [event.code, the["batch" if page in ("import_batch", "import_undo") else "upload"].pk]
        if page in ("office_papers", "wording_preview"):
            return [the["office"].pk, *(["undangan", "opening"] if page == "wording_preview" else [])]
        if page in ("sheets_print", "sheet_scan", "scan_file"):
            return [event.code, {"sheets_print": 1, "sheet_scan": the["sheet"].pk}.get(page, the["scan"].pk)]
        if page.startswith("note") and page != "notes":
            return [event.code, "notula", *([the["revision"].pk] if page == "note_restore" else [])]
        if page.startswith("paper_"):
            return [event.code, "sertifikat" if page == "paper_parts" else "susunan_acara"]
        if page in ("invitation_untold", "invitation_answer"):
            return [event.code, the["attendee"].pk]
        if page in ("mail_send", "mail_retry"):
            return [event.code, the["mail"].pk if page == "mail_retry" else "undangan"]
        if page == "attendee_restore":
            return [event.code, the["gone"].pk]
        if page.startswith("attendee_") and page != "attendee_add":
            return [event.code, the["attendee"].pk]
        if page.startswith("submission_") or page == "submission":
            return [the["submission"].pk]
        without = ("submissions", "events", "calendar", "create", "election_add", "sources", "templates")
        return [] if page in without else [event.code]
    if room == "declarations":
        match page:
            case "texts" | "text_create" | "legal_bases" | "recap":
                return []
            case "recap_export" | "villages_export" | "texts_export" | "legal_bases_export":
                return ["xlsx"]
            case "signatories_export" | "unsigned_export":
                return [paper.pk, "csv"]
            case "kiosk" | "kiosk_manifest" | "kiosk_worker":
                return []
            case "kiosk_script":
                return [kiosk.script_name()]
            case "kiosk_style":
                return [kiosk.style_name()]
            case "kiosk_page":
                return ["mana/saja/"]
            case "text":
                return [the["published"].pledge_text.key]
            case "version_edit" | "version_publish":
                return [the["draft"].pk]
            case "short_report" | "links" | "links_make" | "links_renew" | "links_revoke":
                return [event.code]
            case "room_code" | "room_code_open" | "room_code_revoke" | "room_code_drop":
                return [event.code]
            case "mc" | "mc_taps" | "mc_worker" | "hall_board" | "hall_board_data" | "hall_board_ink":
                return [event.code]
            case "day" | "day_board" | "day_search" | "walk_in":
                return [event.code]
            case "day_arrive" | "day_take_back":
                return [event.code, the["attendee"].pk]
            case "day_tap":
                return [event.code, 1, "mulai"]
            case "declaration_add" | "event_review" | "event_review_together":
                return [event.code]
            case "event_review_item" | "event_review_bytes":
                return [event.code, the["item"].pk]
            case "sheet_note_withdraw":
                return [paper.pk, the["note"].pk]
            case "review_body":
                return [paper.pk, the["unread"].pk]
            case "tablets" | "tablets_board" | "tablet_pair" | "tablet_pin" | "tablet_pin_renew" | "rescue":
                return [event.code]
            case "tablet" | "tablet_drain" | "tablet_cut_off":
                return [event.code, the["device"].pk]
            case "tablet_pair_state":
                return [event.code, the["pairing_code"].pk]
            case (
                "parties"
                | "witnesses"
                | "witness_undo"
                | "declaration_edit"
                | "declaration_remove"
                | "number"
            ):
                return [the["mou"].pk]
            case "witness_remove":
                return [the["mou"].pk, the["mou"].witnesses.get().pk]
            case "mark_outcome" | "sign" | "sign_submit" | "sign_typed":
                return [paper.pk, the["signatory"].pk]
            case "correct_name" | "make_excerpt":
                return [paper.pk, the["signature"].signatory_id]
            case "sign_thanks" | "review_resolve":
                return [paper.pk, the["signature"].pk]
        return [the["published"].pk if page.startswith("version") else paper.pk]
    if room == "tautan":
        rest = {"sign": paper, "submit": paper, "typed": paper, "receipt": the["signature"]}
        rest |= {"excerpt": the["signature"], "excerpt_file": the["signature"]}
        return [the["link"].token, *([rest[page].pk] if page in rest else [])]
    if room == "documents" and ("office_seal" in page or page.endswith("_preview")):
        return [the["office"].pk]
    if room == "documents":
        return {
            "archive": [],
            "archive_export": ["xlsx"],
            "bundle": [],
            "queue": [],
            "retry": [the["job"].pk],
        }.get(page, [the["document"].pk])
    if room == "accounts":
        if page.endswith("_export"):
            return ["xlsx"] if page == "offices_export" else [the["office"].pk, "csv"]
        if page in ("change_membership", "end_membership", "renew_password"):
            return [the["membership"].pk]
        if page == "revoke_token":
            return [the["token"].pk]
        return [] if page in ("office", "log", "offices", "tokens", "new_token") else [the["office"].pk]
    if name in ("api:archive_document", "api:archive_file"):
        return [the["document"].pk]
    if name == "verifikasi:crl":
        return ["akar"]
    return [the["document"].public_token] if name == "verifikasi:paper" else []


def bodies(the):
    """What leads past the first look, so that a deed is really tried."""
    return {
        "events:attendees_apart": {"pertama": the["attendee"].pk, "kedua": the["attendee"].pk},
        "events:attendees_merge": {"simpan": the["attendee"].pk, "lepas": the["attendee"].pk},
        "declarations:mark_outcome": {"keterangan": "absent"},
        "declarations:replace_basis": {"lama": "uu-lama", "baru": "uu-baru"},
        "declarations:review": {"kiriman": the["unread"].pk, "alasan": "Coretan kosong."},
        "declarations:review_resolve": {"keputusan": "revoke", "alasan": "Salah ketuk."},
        "declarations:event_review_together": {
            "naskah": the["paper"].pk,
            "sebab": "after_close",
            "sampai": "2026-11-25T09:00:00+07:00",
            "keputusan": "revoke",
            "alasan": "Uji coba.",
        },
        "declarations:correct_name": {"full_name": "Nama Benar (contoh)", "reason": "Salah ketik."},
        "declarations:event_review_item": {"keputusan": "settle", "alasan": "Uji coba."},
        "declarations:tablet_pair": {"label": "Meja 3"},
        "declarations:tablet_cut_off": {"reason": "Contoh pencurian."},
        "documents:void": {"reason": "Contoh pencabutan dokumen."},
    }


def answer(client, method, url, body):
    """The answer in one word; a deed is undone at once, so that the next person finds everything in its place."""
    with transaction.atomic():
        response = client.get(url) if method == "GET" else client.post(url, body)
        transaction.set_rollback(True)
    if response.streaming:
        response.getvalue()  # reads to the end, which closes the file
    status = response.status_code
    if status == 302 and response["Location"].startswith("/masuk/"):
        return LOGIN
    if status == 403:
        reason = response.context["reason"]
        assert reason.endswith("."), f"{url}: 403 without a reason ({reason!r})"
    words = {401: TOKEN, 403: REFUSED, 404: UNKNOWN, 405: WRONG_METHOD}
    not_ready = status == 503 and url == reverse("readyz")  # no worker runs here
    return words.get(status, OK if status < 500 or not_ready else str(status))


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_everybody_gets_what_the_matrix_says(people, things, method, monkeypatch):
    monkeypatch.setattr(sealing, "draft_pdf", lambda declaration: b"%PDF-1.7")
    monkeypatch.setattr(event_paper_pages, "preview_pdf", lambda *args: b"%PDF-1.7")
    monkeypatch.setattr(sheet_pages, "sheets_pdf", lambda *args: b"%PDF-1.7")
    sent, wrong = bodies(things), []
    for person, user in people.items():
        client = Client(raise_request_exception=False)
        if user:
            client.force_login(user)
        for name, row in ROWS.items():
            rule = row.get if method == "GET" else row.post
            expected = rule[person] if rule else WRONG_METHOD
            if rule is None and person == "anonymous" and name not in PUBLIC:
                expected = LOGIN  # who is not signed in learns nothing, not even about methods
            got = answer(client, method, reverse(name, args=arguments(name, things)), sent.get(name, {}))
            if got != expected:
                wrong.append(f"{method} {name} as {person}: {got}, not {expected}")
    assert wrong == [], "\n".join(wrong)


# Open without a login: pages for everybody, and what asks for a token itself: the API, personal links.
PUBLIC = {name for name, row in ROWS.items() if row.get and row.get["anonymous"] == OK} | {
    name for name in ROWS if name.startswith(("api:", "tautan:"))
}
