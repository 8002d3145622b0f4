"""The office's own wording: fixed tokens, nothing that runs, nothing that is lost."""

import pytest
from django.urls import reverse

from accounts import audit
from accounts.models import AuditEntry
from accounts.roles import Role
from events.issuing import issue_event_paper
from events.models import PaperSettings, PaperWording
from events.paper_settings import save_paper_settings
from events.wording_tokens import fill, plain, problems_of
from tests.accounts.factories import bawaslu_gresik, member
from tests.events.papers import checked, text_of
from tests.events.test_letters import full  # noqa: F401

VALUES = {"judul_kegiatan": "Sosialisasi *{nomor}* <b>", "nomor": "001", "tempat": "Balai"}
PLAIN = {
    "family": "sans",
    "identity": "none",
    "signers": "chair",
    "foot_line": "",
    "first_party": "right",
    "stamp_duty": False,
}


def test_tokens_marks_and_lines_become_runs():
    filled = fill("Di *{tempat}* dan _sini_\nbaris dua\n\nalinea", VALUES)
    assert filled == [
        [
            {"text": "Di "},
            {"text": "Balai", "bold": True},
            {"text": " dan "},
            {"text": "sini", "italic": True},
            {"break": True},
            {"text": "baris dua"},
        ],
        [{"text": "alinea"}],
    ]


def test_a_value_is_never_looked_at_again():
    assert plain(fill("{judul_kegiatan}", VALUES)) == "Sosialisasi *{nomor}* <b>"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("{{ nomor }}", "{ nomor }"),
        ("{% include 'x' %}", "{% include 'x' %}"),
        ("{office.chair_name}", "{office.chair_name}"),
        ("{nomor.__class__}", "{nomor.__class__}"),
        ("{nomor:>999999}", "{nomor:>999999}"),
        ("{nomor!r}", "{nomor!r}"),
        ("{}", "{}"),
        ("{0}", "{0}"),
        ("{NOMOR}", "{NOMOR}"),
    ],
)
def test_what_is_no_token_is_named(text, named):
    assert any(named in problem and "tidak dikenal" in problem for problem in problems_of(text))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("<script>alert(1)</script>", "HTML"),
        ("<img src=x>", "HTML"),
        ("{nomor", "kurung kurawal"),
        ("nomor}", "kurung kurawal"),
        ("*tebal", "Tanda *"),
        ("_miring", "Tanda _"),
    ],
)
def test_what_cannot_be_printed_is_refused_in_words(text, says):
    assert any(says in problem for problem in problems_of(text))


def test_ordinary_sentences_pass():
    assert problems_of("Usia < 17 tahun: *tidak* memilih, {nama_kantor}.\n\nHormat kami") == []


@pytest.mark.django_db
def test_the_paper_prints_the_words_of_the_office_as_text(full, organizer):  # noqa: F811
    full.title = "Sosialisasi {nomor} <script> {{ x }}"
    full.save()
    words = "Mengundang pada *{judul_kegiatan}* di {tempat}."
    save_paper_settings(
        office=full.office, by=audit.SYSTEM, values=PLAIN, wording={("undangan", "opening"): words}
    )
    text = text_of(checked(issue_event_paper(event=full, kind="undangan", by=organizer)))
    assert "Mengundang pada Sosialisasi {nomor} <script> {{ x }} di Pendopo Kecamatan Cerme." in text


@pytest.mark.django_db
def test_an_issued_paper_keeps_the_settings_it_was_printed_with(full, organizer):  # noqa: F811
    document = issue_event_paper(event=full, kind="undangan", by=organizer)
    before = checked(document)
    changed = PLAIN | {"family": "serif", "foot_line": "Kawal"}
    save_paper_settings(
        office=full.office, by=audit.SYSTEM, values=changed, wording={("undangan", "greeting"): "Salam,"}
    )
    assert checked(document) == before
    assert PaperSettings.objects.get().family == "serif"
    assert AuditEntry.objects.filter(verb="paper.settings_changed").count() == 1


@pytest.fixture
def page(client, event):
    client.force_login(member(bawaslu_gresik(), Role.ADMINISTRATOR))
    return reverse("events:office_papers", args=[event.office.pk])


def typed(client, url, **changes):
    form = client.get(url).context["form"]
    return {name: form[name].value() or "" for name in form.fields} | changes


@pytest.mark.django_db
def test_a_wrong_token_is_said_beside_its_field_and_nothing_is_lost(client, page):
    words = "Hadirlah di {tempat_rahasia}"
    answer = client.post(page, typed(client, page, **{"undangan-opening": words, "foot_line": "Kawal"}))
    text = answer.content.decode()
    assert "Isian {tempat_rahasia} tidak dikenal" in text
    assert words in text
    assert 'value="Kawal"' in text
    assert not PaperWording.objects.exists()


@pytest.mark.django_db
def test_settings_are_stored_and_our_own_words_are_not_copied(client, page):
    answer = client.post(page, typed(client, page, **{"undangan-greeting": "Salam sejahtera,"}))
    assert answer.status_code == 302
    assert [(row.block, row.text) for row in PaperWording.objects.all()] == [("greeting", "Salam sejahtera,")]
    client.post(page, typed(client, page, **{"undangan-greeting": ""}))
    assert not PaperWording.objects.exists()


@pytest.mark.django_db
def test_the_preview_escapes_and_names_what_is_wrong(client, page, event):
    url = reverse("events:wording_preview", args=[event.office.pk, "undangan", "opening"])
    good = client.post(url, {"undangan-opening": "Di *{tempat}* & < 17"}).content.decode()
    assert "<strong>Pendopo Kecamatan Cerme</strong> &amp; &lt; 17" in good
    assert "<script>" not in client.post(url, {"undangan-opening": "<script>"}).content.decode()
    unknown = reverse("events:wording_preview", args=[event.office.pk, "undangan", "entah"])
    assert client.post(unknown).status_code == 404


@pytest.mark.django_db
def test_only_who_manages_the_office_changes_its_papers(client, event, organizer, stranger):
    url = reverse("events:office_papers", args=[event.office.pk])
    client.force_login(organizer)
    assert client.get(url).status_code == 403
    client.force_login(stranger)
    assert client.get(url).status_code == 404
