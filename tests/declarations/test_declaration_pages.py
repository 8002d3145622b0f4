import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.models import AuditEntry
from declarations import planning, signing
from declarations.models import Declaration, Signatory
from documents.models import Document, LetterNumber
from events.models import Event, EventPerson
from tests.accounts.factories import bawaslu_gresik, member, organizer_of, panwaslu_cerme
from tests.declarations import factories

pytestmark = pytest.mark.django_db
PAGE_QUERIES, LIST_QUERIES = 22, 9


@pytest.fixture
def event():
    return factories.event(panwaslu_cerme())


@pytest.fixture
def organizer(event):
    return organizer_of(event.office)


@pytest.fixture
def client(client, organizer):
    client.force_login(organizer)
    return client


@pytest.fixture
def paper(event):
    return factories.declaration(event)


def url(name, *args):
    return reverse(f"declarations:{name}", args=args)


def add_url(event):
    return url("declaration_add", event.code)


def filled(version, **changes):
    return {"text_version": str(version.pk), "identity_print": "none", **changes}


def sealed_document(paper):
    return Document.objects.create(
        kind=paper.kind,
        title=paper.title,
        office=paper.event.office,
        source=paper.source,
        state="sealed",
        input_sha256="a" * 64,
        sha256="b" * 64,
        size=1,
        file="x.pdf",
        pades_level="B-B",
        sealed_at=timezone.now(),
    )


def started(event):
    Event.objects.filter(pk=event.pk).update(state="running")
    return event


# -- adding ------------------------------------------------------------------------------------------------------


def test_an_organizer_adds_a_paper_with_its_defaults(client, event):
    response = client.post(add_url(event), filled(factories.approved_text()))
    paper = Declaration.objects.get()
    assert response["Location"] == paper.get_absolute_url()
    assert (paper.kind, paper.signing_mode, paper.classification) == ("declaration", "collective", "PM.05")
    assert (paper.place, paper.date) == ("Cerme", date(2024, 10, 2))


def test_the_form_shows_the_election_and_the_classifications(client, event):
    page = client.get(add_url(event)).content.decode()
    assert 'value="Pemilihan Serentak Tahun 2024"' in page
    assert '<option value="PM.05">PM.05 Partisipasi Masyarakat</option>' in page


def test_blocs_keep_the_order_of_the_form(client, event):
    fields = {"signing_mode": "blocs", "bloc_1": "asn", "bloc_2": "tni", "bloc_4": "polri"}
    client.post(add_url(event), filled(factories.approved_text(), categories=["pns", "tni"], **fields))
    paper = Declaration.objects.get()
    assert (paper.blocs, paper.categories) == (["asn", "tni", "polri"], ["pns", "tni"])


def test_a_number_is_taken_from_the_book_on_the_way(client, event):
    client.post(add_url(event), filled(factories.approved_text(), reserve_number="on"))
    assert Declaration.objects.get().number == LetterNumber.objects.get().text


def test_placeholders_are_filled_on_the_way(client, event):
    version = factories.approved_text(title="Ikrar Tahun {tahun}", points=["Menjaga {nama_pemilihan}."])
    client.post(add_url(event), filled(version, tahun="2024", nama_pemilihan="Pemilihan Serentak"))
    paper = Declaration.objects.get()
    assert (paper.title, paper.text_version.points) == ("Ikrar Tahun 2024", ["Menjaga Pemilihan Serentak."])
    assert (paper.text_version.office, paper.text_version.state) == (event.office, "approved")


def test_a_mou_leads_to_its_parties(client, event):
    version = factories.approved_text(kind="mou", title="Nota Kesepahaman (contoh)")
    response = client.post(add_url(event), filled(version))
    assert response["Location"] == url("parties", Declaration.objects.get().pk)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text_version": ""}, "text_version"),
        ({"text_version": "9b2f8ea0-0000-4000-8000-000000000000"}, "text_version"),
        ({"text_version": "bukan"}, "text_version"),
        ({"kind": "sumpah"}, "kind"),
        ({"signing_mode": "massal"}, "signing_mode"),
        ({"categories": ["raja"]}, "categories"),
        ({"bloc_1": "asn", "bloc_2": "asn"}, "bloc_1"),
        ({"bloc_1": "raja"}, "bloc_1"),
        ({"identity_print": "semua"}, "identity_print"),
        ({"date": "2024-02-30"}, "date"),
        ({"order": "0"}, "order"),
        ({"number": "x" * 81}, "number"),
        ({"place": "Cerme\x00"}, "place"),
        ({"number": "7", "reserve_number": "on"}, "number"),
        ({"kind": "mou", "signing_mode": "blocs"}, "__all__"),
    ],
)
def test_bad_input_comes_back_with_an_error(client, event, changes, field):
    version = factories.approved_text()
    response = client.post(add_url(event), filled(version) | changes)
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert not Declaration.objects.exists()
    assert not LetterNumber.objects.exists()


def test_a_text_with_open_placeholders_asks_for_them(client, event):
    version = factories.approved_text(title="Ikrar Tahun {tahun}")
    response = client.post(add_url(event), filled(version, tahun=""))
    assert response.context["form"].errors == {"tahun": ["Naskah yang dipilih memerlukan isian ini."]}


def test_an_unknown_placeholder_sends_to_the_text(client, event):
    version = factories.approved_text(title="Ikrar {nama_desa}")
    response = client.post(add_url(event), filled(version))
    assert "text_version" in response.context["form"].errors


def test_only_usable_texts_are_offered(client, event):
    own = factories.published_text(event.office, title="Naskah Kami")
    older = factories.approved_text(None, title="Rujukan")
    factories.published_text(None, title="Belum Disetujui")
    factories.draft_text(event.office, title="Masih Draf")
    form = client.get(add_url(event)).context["form"]
    assert set(form.fields["text_version"].queryset) == {own, older}


def test_an_event_that_is_over_gets_no_paper(client, event):
    Event.objects.filter(pk=event.pk).update(state="closed")
    response = client.post(add_url(event), filled(factories.approved_text()))
    assert response.status_code == 200
    assert "sudah selesai" in response.content.decode()
    assert not Declaration.objects.exists()


# -- the page ----------------------------------------------------------------------------------------------------


def test_the_page_shows_the_words_people_will_hear(client, paper):
    page = client.get(paper.get_absolute_url()).content.decode()
    assert "Menolak politik uang dan segala jenis pemberian dalam bentuk apapun." in page
    assert "Draf" in page


def test_the_stale_law_is_named_and_replaced_with_one_tap(client, event):
    new = factories.basis("uu-20-2023", short="UU 20/2023", valid_from=date(2023, 10, 31))
    old = factories.basis("uu-5-2014", short="UU 5/2014", valid_to=date(2023, 10, 31), superseded_by=new)
    paper = factories.declaration(event, text_version=factories.approved_text(legal_bases=[old]))
    page = client.get(paper.get_absolute_url()).content.decode()
    assert (
        "Dasar hukum UU 5/2014 tidak berlaku lagi pada tanggal kegiatan (2 Oktober 2024). Gunakan UU 20/2023."
        in page
    )
    client.post(url("replace_basis", paper.pk), {"lama": old.key, "baru": new.key})
    paper.refresh_from_db()
    assert [basis.key for basis in paper.text_version.legal_bases.all()] == ["uu-20-2023"]
    assert paper.text_version.is_approved
    assert "tidak berlaku lagi" not in client.get(paper.get_absolute_url()).content.decode()


def test_a_paper_that_is_signed_keeps_its_citation(client, event, organizer):
    old, new = factories.basis("uu-1"), factories.basis("uu-2")
    version = factories.approved_text(legal_bases=[old])
    paper = factories.declaration(event, text_version=version)
    Declaration.objects.filter(pk=paper.pk).update(state="open")
    response = client.post(url("replace_basis", paper.pk), {"lama": "uu-1", "baru": "uu-2"})
    assert response.status_code == 409
    paper.refresh_from_db()
    assert paper.text_version == version
    assert new.text_versions.count() == 0


@pytest.mark.parametrize("data", [{}, {"lama": "uu-0", "baru": "uu-0"}, {"lama": "\x00", "baru": "\x00"}])
def test_an_unknown_basis_is_not_found(client, paper, data):
    assert client.post(url("replace_basis", paper.pk), data).status_code == 404


def test_people_the_text_does_not_speak_for_are_named(client, event, paper):
    factories.attendee(event, category="organisasi", full_name="Ketua DMI (contoh)")
    client.post(url("enroll", paper.pk))
    page = client.get(paper.get_absolute_url()).content.decode()
    assert "Unsur Organisasi (1 orang) tidak tercakup naskah ini." in page


def test_the_page_counts_signatures_by_unsur(client, event, paper):
    for n in range(3):
        factories.attendee(event, full_name=f"Kades {n} (contoh)", category="kepala_desa")
    factories.attendee(event, full_name="Camat (contoh)", category="pns")
    client.post(url("enroll", paper.pk))
    paper.signatories.filter(category="kepala_desa").exclude(name="Kades 0 (contoh)").update(outcome="signed")
    response = client.get(paper.get_absolute_url())
    assert response.context["groups"] == [("ASN", 0, 1), ("Kepala Desa", 2, 3)]
    assert "<strong>2 dari 4</strong>" in response.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_same_number_of_queries(client, event, count, django_assert_num_queries):
    text = factories.approved_text(legal_bases=[factories.basis("uu-1")])
    paper = factories.declaration(event, text_version=text)
    for n in range(count):
        factories.attendee(event, full_name=f"Peserta {n} (contoh)")
        planning.add_witness(declaration=paper, role="saksi", name=f"Saksi {n}", by=audit.SYSTEM)
    signing.enroll_signatories(declaration=paper, by=audit.SYSTEM)
    client.get(paper.get_absolute_url())
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(paper.get_absolute_url())


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_number_of_queries(client, event, paper, count, django_assert_num_queries):
    for n in range(count):
        factories.attendee(event, full_name=f"Peserta {n} (contoh)")
    signing.enroll_signatories(declaration=paper, by=audit.SYSTEM)
    client.get(url("signatories", paper.pk))
    with django_assert_num_queries(LIST_QUERIES):
        client.get(url("signatories", paper.pk))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("keterangan=signed", ["Kades A (contoh)"]),
        ("keterangan=pending", ["Camat (contoh)"]),
        ("unsur=kepala_desa", ["Kades A (contoh)"]),
        ("unsur=tni", []),
        ("keterangan=bukan", ["Camat (contoh)", "Kades A (contoh)"]),
        ("page=99", ["Camat (contoh)", "Kades A (contoh)"]),
        ("page=x", ["Camat (contoh)", "Kades A (contoh)"]),
        ("keterangan=%00&unsur=%00&page=%00", ["Camat (contoh)", "Kades A (contoh)"]),
    ],
)
def test_the_list_is_filtered(client, event, paper, query, expected):
    factories.attendee(event, full_name="Camat (contoh)", precedence=1)
    factories.attendee(event, full_name="Kades A (contoh)", category="kepala_desa", position="Kepala Desa")
    signing.enroll_signatories(declaration=paper, by=audit.SYSTEM)
    paper.signatories.filter(name="Kades A (contoh)").update(outcome="signed")
    page = client.get(f"{url('signatories', paper.pk)}?{query}")
    assert [row.record.name for row in page.context["table"].page.object_list] == expected


def test_a_name_is_looked_up_without_reaching_the_address(client, event, paper):
    factories.attendee(event, full_name="Camat (contoh)")
    factories.attendee(event, full_name="Kades A (contoh)", category="kepala_desa", position="Kepala Desa")
    signing.enroll_signatories(declaration=paper, by=audit.SYSTEM)
    page = client.post(url("signatories", paper.pk), {"cari": "kades a"})
    assert [row.record.name for row in page.context["table"].page.object_list] == ["Kades A (contoh)"]
    assert (
        client.post(url("signatories", paper.pk), {"cari": "kades camat"})
        .context["table"]
        .page.paginator.count
        == 0
    )


# -- changing ----------------------------------------------------------------------------------------------------


def test_a_draft_is_changed_in_the_same_form(client, paper):
    page = client.get(url("declaration_edit", paper.pk))
    data = {name: value for name, value in page.context["form"].initial.items() if value}
    data |= {"text_version": str(paper.text_version_id), "place": "Gresik", "requires_reading": "on"}
    assert client.post(url("declaration_edit", paper.pk), data).status_code == 302
    paper.refresh_from_db()
    assert (paper.place, paper.requires_reading, paper.number) == ("Gresik", True, "")


def test_the_next_number_is_one_tap(client, paper):
    client.post(url("number", paper.pk))
    paper.refresh_from_db()
    assert paper.number == "001/PM.05/K.JI-12.05/10/2024"
    assert client.post(url("number", paper.pk)).status_code == 409


def test_a_draft_can_be_removed(client, event, paper):
    response = client.post(url("declaration_remove", paper.pk))
    assert response["Location"] == event.get_absolute_url()
    assert not Declaration.objects.exists()


def test_both_parties_are_filled_in_one_form(client, event):
    paper = factories.mou(event)
    attendee = factories.attendee(event, full_name="Camat Cerme (contoh)")
    data = {
        "institution_1": "Panwaslu Kecamatan Cerme",
        "representative_name_1": "Ketua (contoh)",
        "position_1": "Ketua",
        "number_1": "001/PM.04/K.JI-12.05/10/2024",
        "institution_2": "Pemerintah Kecamatan Cerme",
        "representative_name_2": "Camat Cerme (contoh)",
        "position_2": "Camat",
        "number_2": "005/1/437.103/2024",
        "attendee_2": str(attendee.pk),
    }
    assert client.get(url("parties", paper.pk)).status_code == 200
    assert client.post(url("parties", paper.pk), data).status_code == 302
    assert [party.number for party in paper.parties.all()] == [
        "001/PM.04/K.JI-12.05/10/2024",
        "005/1/437.103/2024",
    ]
    assert paper.parties.get(order=2).attendee == attendee
    page = client.get(paper.get_absolute_url()).content.decode()
    assert "PIHAK KESATU" in page
    assert "PIHAK KEDUA" in page


def test_one_person_cannot_stand_for_both_parties(client, event):
    paper = factories.mou(event)
    attendee = factories.attendee(event)
    data = {f"{name}_{n}": "x" for name in ("institution", "representative_name", "position") for n in (1, 2)}
    data |= {"attendee_1": str(attendee.pk), "attendee_2": str(attendee.pk)}
    response = client.post(url("parties", paper.pk), data)
    assert response.context["form"].errors == {"attendee_2": ["Satu orang tidak dapat mewakili kedua pihak."]}


def test_a_party_without_representative_comes_back(client, event):
    paper = factories.mou(event)
    response = client.post(
        url("parties", paper.pk), {"institution_1": "Panwaslu", "institution_2": "Kecamatan"}
    )
    assert set(response.context["form"].errors) == {
        "representative_name_1",
        "position_1",
        "representative_name_2",
        "position_2",
    }


def test_a_collective_paper_has_no_parties_page(client, paper):
    assert client.get(url("parties", paper.pk)).status_code == 404


def test_witnesses_are_added_and_removed(client, paper):
    client.post(url("witnesses", paper.pk), {"role": "mengetahui", "name": "Rozikin, SE"})
    witness = paper.witnesses.get()
    assert "Rozikin, SE" in client.get(url("witnesses", paper.pk)).content.decode()
    client.post(url("witness_remove", paper.pk, witness.pk))
    assert not paper.witnesses.exists()


def test_a_removed_witness_comes_back_by_one_button_at_its_place(client, paper):
    for name in ("Rozikin, SE", "Sulastri", "Hendro"):
        client.post(
            url("witnesses", paper.pk),
            {"role": "saksi", "name": name, "position": "Camat", "agency": "Kantor Kecamatan"},
        )
    before = list(paper.witnesses.values())
    middle = before[1]["id"]
    page = client.post(url("witness_remove", paper.pk, middle), follow=True).content.decode()
    assert "Sulastri dihapus dari saksi." in page
    assert paper.witnesses.count() == 2
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    page = client.post(url("witness_undo", paper.pk), {"token": token}, follow=True).content.decode()
    assert "Sulastri dikembalikan." in page
    assert list(paper.witnesses.values()) == before
    assert client.post(url("witness_undo", paper.pk), {"token": token}).status_code == 409
    assert list(paper.witnesses.values()) == before


def test_a_witness_comes_back_only_to_its_own_paper(client, event, paper):
    other = factories.declaration(event)
    witness = planning.add_witness(declaration=paper, role="saksi", name="Saksi", by=audit.SYSTEM)
    page = client.post(url("witness_remove", paper.pk, witness.pk), follow=True).content.decode()
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    assert client.post(url("witness_undo", other.pk), {"token": token}).status_code == 409
    assert not paper.witnesses.exists()
    assert not other.witnesses.exists()


@pytest.mark.parametrize("data", [{"role": "saksi", "name": ""}, {"role": "raja", "name": "x"}, {}])
def test_a_bad_witness_comes_back(client, paper, data):
    assert client.post(url("witnesses", paper.pk), data).context["form"].errors
    assert not paper.witnesses.exists()


def test_a_witness_of_another_paper_is_not_found(client, event, paper):
    other = factories.declaration(event)
    witness = planning.add_witness(declaration=other, role="saksi", name="Saksi", by=audit.SYSTEM)
    assert client.post(url("witness_remove", paper.pk, witness.pk)).status_code == 404
    assert other.witnesses.exists()


# -- the day -----------------------------------------------------------------------------------------------------


def test_the_one_main_action_follows_the_state(client, event, paper):
    factories.attendee(event)
    page = client.get(paper.get_absolute_url()).content.decode()
    assert "Kegiatan masih draf." in page
    started(event)
    client.post(url("open", paper.pk))
    page = client.get(paper.get_absolute_url()).content.decode()
    assert "Halaman tanda tangan" in page
    client.post(url("close", paper.pk))
    page = client.get(paper.get_absolute_url()).content.decode()
    assert "Segel dokumen" in page
    paper.refresh_from_db()
    assert paper.state == "closed"


def test_opening_before_the_event_runs_is_refused(client, paper):
    response = client.post(url("open", paper.pk))
    assert response.status_code == 409
    paper.refresh_from_db()
    assert paper.state == "draft"


def test_the_reader_of_the_programme_is_offered(client, event):
    paper = factories.declaration(event, requires_reading=True)
    EventPerson.objects.create(event=event, role="pembaca_ikrar", full_name="Rudiyanto", position="Sekda")
    form = client.get(url("reading", paper.pk)).context["form"]
    assert (form.initial["led_by_name"], form.initial["led_by_position"]) == ("Rudiyanto", "Sekda")


def test_the_reading_is_noted_in_the_zone_of_the_event(client, event):
    paper = factories.declaration(event, requires_reading=True)
    data = {"led_by_name": "Rudiyanto", "led_by_position": "Sekda", "at": "09:15", "followed_by_all": "on"}
    assert client.post(url("reading", paper.pk), data).status_code == 302
    paper.refresh_from_db()
    assert paper.read_at.isoformat() == "2024-10-02T02:15:00+00:00"
    assert "pukul 09.15 WIB, diikuti seluruh peserta" in client.get(paper.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    "data", [{"at": "25:00", "led_by_name": "x"}, {"at": "09:00"}, {"led_by_name": "x"}, {}]
)
def test_a_bad_reading_comes_back(client, event, data):
    paper = factories.declaration(event, requires_reading=True)
    assert client.post(url("reading", paper.pk), data).context["form"].errors
    paper.refresh_from_db()
    assert paper.read_at is None


def test_an_absence_is_marked_and_the_page_stays(client, event, paper):
    factories.attendee(event)
    signing.enroll_signatories(declaration=paper, by=audit.SYSTEM)
    row = paper.signatories.get()
    back = f"{url('signatories', paper.pk)}?keterangan=pending"
    response = client.post(url("mark_outcome", paper.pk, row.pk), {"keterangan": "absent", "kembali": back})
    assert response["Location"] == back
    row.refresh_from_db()
    assert row.outcome == "absent"


@pytest.mark.parametrize("back", ["https://jahat.example/", "//jahat.example", "javascript:alert(1)", ""])
def test_the_way_back_never_leaves_the_house(client, event, paper, back):
    factories.attendee(event)
    signing.enroll_signatories(declaration=paper, by=audit.SYSTEM)
    row = paper.signatories.get()
    response = client.post(url("mark_outcome", paper.pk, row.pk), {"keterangan": "excused", "kembali": back})
    assert response["Location"] == paper.get_absolute_url()


@pytest.mark.parametrize("outcome", ["signed", "refused", "", "bukan"])
def test_a_choice_of_the_person_cannot_be_marked_by_staff(client, event, paper, outcome):
    factories.attendee(event)
    signing.enroll_signatories(declaration=paper, by=audit.SYSTEM)
    row = paper.signatories.get()
    assert client.post(url("mark_outcome", paper.pk, row.pk), {"keterangan": outcome}).status_code == 404
    row.refresh_from_db()
    assert row.outcome == Signatory.Outcome.PENDING


def test_everybody_still_waiting_is_marked_absent_in_one_step(client, event, paper):
    for n in range(3):
        factories.attendee(event, full_name=f"Peserta {n} (contoh)")
    signing.enroll_signatories(declaration=paper, by=audit.SYSTEM)
    assert client.post(url("mark_absent", paper.pk)).status_code == 409
    Declaration.objects.filter(pk=paper.pk).update(state="closed")
    signing.mark_outcome(signatory=paper.signatories.first(), outcome="excused", by=audit.SYSTEM)
    assert "2 orang belum memiliki keterangan." in client.get(paper.get_absolute_url()).content.decode()
    client.post(url("mark_absent", paper.pk))
    assert sorted(paper.signatories.values_list("outcome", flat=True)) == ["absent", "absent", "excused"]
    assert AuditEntry.objects.get(verb="declaration.absences_marked").facts["count"] == 2
    client.post(url("mark_absent", paper.pk))
    assert AuditEntry.objects.filter(verb="declaration.absences_marked").count() == 1


def test_a_sealed_paper_offers_a_revision_with_a_reason(client, event, paper):
    Declaration.objects.filter(pk=paper.pk).update(state="closed")
    assert 'name="alasan"' not in client.get(paper.get_absolute_url()).content.decode()
    document = sealed_document(paper)
    Declaration.objects.filter(pk=paper.pk).update(state="sealed", document=document)
    page = client.get(paper.get_absolute_url()).content.decode()
    assert "Buat revisi dokumen" in page
    assert reverse("documents:download", args=[document.pk]) in page
    assert document.title in page


# -- the panel on the event page ---------------------------------------------------------------------------------


def test_the_event_page_shows_the_papers(client, event, paper):
    page = client.get(event.get_absolute_url()).content.decode()
    assert paper.title in page
    assert add_url(event) in page


def test_the_event_page_of_a_supervisor_offers_no_adding(client, event, paper):
    client.force_login(member(bawaslu_gresik(), "supervisor"))
    page = client.get(event.get_absolute_url()).content.decode()
    assert paper.title in page
    assert add_url(event) not in page


@pytest.mark.parametrize("wanted", ["abc", "a\x00b", "//jahat.example/", "https://jahat.example/"])
def test_way_back_is_always_one_of_our_pages(client, paper, organizer, wanted):
    factories.attendee(paper.event)
    signing.enroll_signatories(declaration=paper, by=organizer)
    url = reverse("declarations:mark_outcome", args=[paper.pk, paper.signatories.get().pk])
    response = client.post(url, {"keterangan": "excused", "kembali": wanted})
    assert (response.status_code, response.url) == (302, paper.get_absolute_url())


def test_witness_with_an_invisible_name_is_refused(client, paper):
    url = reverse("declarations:witnesses", args=[paper.pk])
    response = client.post(url, {"role": "saksi", "name": "\u200b\u200b"})
    assert (response.status_code, paper.witnesses.count()) == (200, 0)
