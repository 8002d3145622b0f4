"""Kutipan: one sealed page that proves one entry of a sealed paper and shows nobody else (PDF.md §5.4)."""

import copy

import pytest
from django.urls import reverse

from accounts import audit
from accounts.canonical import b64u, canonical_bytes, parse_canonical
from accounts.refusals import Refusal
from declarations import excerpt_paper, excerpts, signing
from declarations.sample_strokes import sample_signature
from documents import certificates, jobs, merkle, pades, pdf, storage, verification
from documents.models import Document
from documents.sealing import facts_of, snapshot_of
from tests.accounts.factories import organizer_of
from tests.declarations import day
from tests.declarations.guests import Guest
from tests.declarations.insider import evidence_in, report_of, sealed, sign_on_tablet
from tests.declarations.seals import words_of
from tests.declarations.test_openings import NUMBER, PHONE, numbered

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper():
    """Three people, the first with a number; signed on a tablet, sealed."""
    paper = day.open_paper(3)
    numbered(day.rows(paper)[0])
    sign_on_tablet(paper)
    signing.close_signing(declaration=paper, by=audit.SYSTEM)
    sealed(paper)
    paper.refresh_from_db()
    return paper


def excerpt_of(row, **options) -> Document:
    document = excerpts.issue_excerpt(signatory=row, by=audit.SYSTEM, **options)
    jobs.run_pending()
    document.refresh_from_db()
    assert document.state == "sealed", [job.last_error for job in document.sealjobs.all()]
    return document


def attached(document) -> dict:
    return parse_canonical(
        excerpt_paper.compose_excerpt(snapshot_of(document), document=facts_of(document)).attachment
    )


def resealed(document, change):
    """The kutipan sealed by an insider with changed evidence; XMP follows the root, the page stays."""
    composed = excerpt_paper.compose_excerpt(snapshot_of(document), document=facts_of(document))
    evidence = copy.deepcopy(parse_canonical(composed.attachment))
    change(evidence)
    rendered = pdf.render(
        composed.html, inks=dict(composed.inks), attachment=canonical_bytes(evidence), meta=composed.meta
    )
    return verification.verify_file(pades.seal(rendered.pdf, signer=certificates.signer_for(document.office)))


def test_kutipan_is_one_sealed_page_and_proves_the_entry(paper):
    row = day.rows(paper)[1]
    document = excerpt_of(row)
    report = report_of(document)
    assert report.valid, report.as_json()
    main = paper.document
    assert report.checks["evidence"].message == (
        f"Kutipan cocok: tanda tangan ini termuat dalam dokumen bersidik {main.sha256[:8]} sebagai nomor 2 dari 3."
    )
    assert report.checks["device_signatures"].message == "1 tanda tangan tablet sah."
    assert str(report.checks["text"].status) == "ok"
    assert (document.pages, pdf.validate(storage.read(document.file))) == (1, [])
    assert attached(document)["proof"]["root"] == evidence_in(main)["merkle"]["root"]
    said = words_of(document)
    assert f"Kutipan ini membuktikan bahwa tanda tangan {row.name} termuat dalam" in said
    assert "urutan ke-2 dari 3 orang" in said


def test_kutipan_shows_nobody_else(paper):
    first, second, third = day.rows(paper)
    document = excerpt_of(second)
    main = evidence_in(paper.document)
    everything = canonical_bytes(attached(document)).decode() + words_of(document)
    snapshot = document.snapshot
    for other, entry in ((first, main["signatories"][0]), (third, main["signatories"][2])):
        for secret in (
            other.name,
            str(other.attendee_id),
            entry["record"]["id"],
            entry["record_sha256"],
            entry["salt"],
        ):
            assert secret not in everything
            assert secret not in snapshot
    guessed = {name: value for name, value in main["signatories"][0].items() if name != "salt"}
    assert merkle.leaf_hash(canonical_bytes(guessed)).hex() not in everything


def test_number_and_opening_are_only_in_the_copy_handed_to_the_signer(paper):
    row = day.rows(paper)[0]
    staff, own = excerpt_of(row), excerpt_of(row, own=True)
    assert staff.pk != own.pk
    assert {"number", "opening"} & set(attached(staff)) == set()
    assert NUMBER not in staff.snapshot
    assert attached(own)["number"] == NUMBER
    assert report_of(own).checks["evidence"].message.endswith("Nomor identitas dalam kutipan cocok.")
    assert NUMBER not in words_of(own)
    assert PHONE not in own.snapshot


def test_asking_again_gives_the_same_kutipan(paper):
    row = day.rows(paper)[0]
    assert excerpt_of(row) == excerpts.issue_excerpt(signatory=row, by=audit.SYSTEM)
    assert Document.objects.filter(kind="kutipan").count() == 1


def test_no_kutipan_before_the_seal_and_for_who_did_not_sign():
    paper = day.open_paper(2)
    first, second = day.rows(paper)
    day.hand_in(paper, day.record(first))
    first.refresh_from_db()
    with pytest.raises(Refusal, match="setelah naskah disegel"):
        excerpts.issue_excerpt(signatory=first, by=audit.SYSTEM)
    with pytest.raises(Refusal, match="menandatangani"):
        excerpts.issue_excerpt(signatory=second, by=audit.SYSTEM)


# (what an insider changes, words of the check)
def other_step(evidence):
    evidence["proof"]["path"][0] = "0" * 64


def index_too_large(evidence):
    evidence["proof"]["index"] = evidence["proof"]["size"]
    evidence["signatory"]["order"] = evidence["proof"]["size"] + 1


def huge_index(evidence):
    evidence["proof"] |= {"index": 2**50, "size": 2**51}
    evidence["signatory"]["order"] = 2**50 + 1


def endless_path(evidence):
    evidence["proof"]["path"] = ["0" * 64] * 5000


def too_short(evidence):
    evidence["proof"]["path"].pop()


def of_another_paper(evidence):
    """Root and path of a paper of which the person alone is the list."""
    leaf = merkle.leaf_hash(canonical_bytes(evidence["signatory"] | {"order": 1}))
    evidence["signatory"]["order"] = 1
    evidence["proof"] = {"index": 0, "size": 1, "path": [], "root": leaf.hex()}


def other_name(evidence):
    evidence["signatory"]["name"] = "Orang Lain (contoh)"


def other_place(evidence):
    evidence["signatory"]["order"] = 1


def other_ink(evidence):
    evidence["signatory"]["record"]["strokes"] = b64u(sample_signature(77))


def other_number(evidence):
    evidence["number"], evidence["opening"] = "197905062005011003", b64u(bytes(32))


CHANGES = [
    (other_step, "Bukti tidak cocok: jalur pembuktian tidak sampai pada akar bukti dokumen."),
    (index_too_large, "Bukti tidak cocok: letak dalam daftar di luar jumlah orang."),
    (huge_index, "Bukti tidak cocok: letak dalam daftar di luar jumlah orang."),
    (endless_path, "Bukti tidak cocok: jalur pembuktian tidak terbaca."),
    (too_short, "Bukti tidak cocok: jalur pembuktian tidak sesuai dengan letaknya dalam daftar."),
    (of_another_paper, "Bukti tidak cocok: akar Merkle pada berkas berbeda."),
    (other_name, "Bukti tidak cocok: jalur pembuktian tidak sampai pada akar bukti dokumen."),
    (other_place, "Bukti tidak cocok: nomor urut tidak sesuai dengan letaknya dalam daftar."),
    (other_ink, "Bukti tidak cocok: jalur pembuktian tidak sampai pada akar bukti dokumen."),
    (other_number, "Bukti tidak cocok: nomor identitas berbeda."),
]


@pytest.mark.parametrize(("change", "message"), CHANGES, ids=[row[0].__name__ for row in CHANGES])
def test_kutipan_changed_by_an_insider_is_named(paper, change, message):
    report = resealed(excerpt_of(day.rows(paper)[1]), change)
    assert not report.valid
    assert report.checks["evidence"].message == message


def test_kutipan_with_the_ink_of_somebody_else_is_named(paper):
    """Path, root and hashes are made right again: the page still shows other strokes."""
    document = excerpt_of(day.rows(paper)[1])
    snapshot = copy.deepcopy(snapshot_of(document))
    composed = excerpt_paper.compose_excerpt(snapshot, document=facts_of(document))
    snapshot["signatories"][0]["record"]["strokes"] = b64u(sample_signature(77))
    other = excerpt_paper.compose_excerpt(snapshot, document=facts_of(document))
    rendered = pdf.render(
        composed.html, inks=dict(other.inks), attachment=composed.attachment, meta=composed.meta
    )
    report = verification.verify_file(
        pades.seal(rendered.pdf, signer=certificates.signer_for(document.office))
    )
    assert "gambar tanda tangan nomor 2" in report.checks["evidence"].message


def test_edition_without_names_is_judged_by_its_leaves(paper):
    """Made by hand, since no page offers it yet: the hashes of the entries give the root of the paper."""
    document = excerpt_of(day.rows(paper)[1])
    main = evidence_in(paper.document)
    leaves = [merkle.leaf_hash(canonical_bytes(person)).hex() for person in main["signatories"]]
    composed = excerpt_paper.compose_excerpt(snapshot_of(document), document=facts_of(document))
    evidence = {
        name: value
        for name, value in parse_canonical(composed.attachment).items()
        if name
        in ("schema", "document", "event", "declaration", "text", "text_sha256", "text_version", "renderer")
    } | {"type": "redacted", "totals": main["totals"], "leaves": leaves, "merkle": main["merkle"]}

    def sealed_with(evidence):
        html = composed.html.replace('<img class="ink" src="ink:2" alt="">', "")
        made = pdf.render(html, inks={}, attachment=canonical_bytes(evidence), meta=composed.meta)
        return verification.verify_file(pades.seal(made.pdf, signer=certificates.signer_for(document.office)))

    report = sealed_with(evidence)
    assert report.valid, report.as_json()
    assert report.checks["evidence"].message == "Edisi tanpa nama: 3 sidik catatan cocok dengan akar bukti."
    evidence["leaves"] = leaves[::-1]
    assert sealed_with(evidence).checks["evidence"].message == "Bukti tidak cocok: akar Merkle berbeda."


def test_signer_makes_and_downloads_the_own_kutipan_by_the_link(paper):
    row = day.rows(paper)[0]
    guest = Guest(row.attendee)
    record = row.signatures.get()
    assert "Buat kutipan bersegel" in guest.get("receipt", record.pk).content.decode()
    assert guest.get("excerpt_file", record.pk).status_code == 302
    guest.post("excerpt", record.pk)
    assert "sedang disegel" in guest.get("receipt", record.pk).content.decode()
    jobs.run_pending()
    assert "Unduh kutipan (PDF)" in guest.get("receipt", record.pk).content.decode()
    response = guest.get("excerpt_file", record.pk)
    assert verification.verify_file(b"".join(response.streaming_content)).valid
    other = Guest(day.rows(paper)[1].attendee)
    assert other.get("excerpt_file", record.pk).status_code == 404
    assert other.post("excerpt", record.pk).status_code == 404


def test_link_says_why_there_is_no_kutipan_yet():
    paper = day.open_paper(1)
    [row] = day.rows(paper)
    day.hand_in(paper, day.record(row))
    guest = Guest(row.attendee)
    record = row.signatures.get()
    assert "Buat kutipan" not in guest.get("receipt", record.pk).content.decode()
    response = guest.post("excerpt", record.pk)
    assert response.status_code == 400
    assert "Kutipan dapat dibuat setelah naskah disegel." in response.content.decode()


def test_organizer_makes_a_kutipan_from_the_list(client, paper):
    row = day.rows(paper)[1]
    client.force_login(organizer_of(paper.event.office))
    url = reverse("declarations:make_excerpt", args=[paper.pk, row.pk])
    page = client.get(reverse("declarations:signatories", args=[paper.pk])).content.decode()
    assert url in page
    response = client.post(url)
    document = Document.objects.get(kind="kutipan")
    assert response.url == document.get_absolute_url()
    assert row.name not in str(document.public)
