"""Papers for the tests of every room: a small real kind ("surat_uji"), and sealed rows that need no engine."""

import hashlib
from datetime import UTC, datetime
from html import escape

from django.utils import timezone

from documents import papers, printing, sealing, storage
from documents.models import Document, HashRegister
from documents.papers import Composition, DocumentFacts
from documents.pdf import PaperMeta
from tests.accounts.factories import panwaslu_cerme
from tests.documents.sample import page, seal_block

TEXT_SHA = hashlib.sha256(b"naskah").hexdigest()
KIND = "surat_uji"


def compose(snapshot: dict, *, document: DocumentFacts) -> Composition:
    """One page with a title, the names of the snapshot, and the seal block."""
    names = "".join(f"<li>{escape(name)}</li>" for name in snapshot["names"])
    replaces = (
        f"<p>Revisi {document.revision}: {escape(document.replaces.reason)}</p>" if document.replaces else ""
    )
    body = f"""<div class="title"><h1>{escape(document.title)}</h1><p class="number">Nomor: {escape(document.number)}</p></div>
<p>{escape(snapshot["sentence"])}</p>{replaces}<ol class="points">{names}</ol>{seal_block(document.verify_url)}"""
    return Composition(
        html=page(body, classes="a4 letter", title=document.title, number=document.number),
        meta=PaperMeta(
            title=document.title,
            document_number=document.number,
            event_code=document.event_code,
            text_sha256=TEXT_SHA,
            merkle_root="",
            revision=document.revision,
            office=document.office,
            as_of=datetime(2024, 10, 2, 4, 12, 9, tzinfo=UTC),
            identifier=document.input_sha256[:32],
            kind=document.kind,
        ),
    )


def register_test_kind() -> None:
    papers.register(KIND, "Surat uji", compose)


def snapshot(**changes) -> dict:
    """Names stand inside; ``public`` holds what anybody may read."""
    return {
        "sentence": "Kami menjaga netralitas.",
        "names": ["Nyoman Sudiarta (contoh)", "Ita Rahmawati (contoh)"],
        "public": {
            "title": "Deklarasi Netralitas Kecamatan Cerme",
            "office": "Panwaslu Kecamatan Cerme",
            "number": "045/PM.05/K.JI-12.05/10/2024",
            "event": "Sosialisasi Netralitas",
            "place": "Pendopo Kecamatan Cerme",
            "date": "2024-10-02",
            "time_zone": "Asia/Jakarta",
            "totals": {"asn": 8, "kepala_desa": 25},
            "text_sha256": TEXT_SHA,
        },
    } | changes


def issue(*, office=None, by=None, **changes) -> Document:
    """Through the real deed; the jobs still wait."""
    from accounts import audit

    register_test_kind()
    values = {
        "kind": KIND,
        "title": "Deklarasi Netralitas Kecamatan Cerme",
        "office": office or panwaslu_cerme(),
        "event_code": "7KQ2M9XD",
        "number": "045/PM.05/K.JI-12.05/10/2024",
        "classification": "PM.05",
        "snapshot": snapshot(),
        "by": by or audit.SYSTEM,
    }
    return sealing.issue_document(**(values | changes))


def sealed_document(*, office=None, content: bytes = b"", **changes) -> Document:
    """A sealed row with a stored (make-believe) file, without rendering anything."""
    office = office or panwaslu_cerme()
    document = Document(
        kind=KIND,
        title="Deklarasi Netralitas Kecamatan Cerme",
        office=office,
        event_code="7KQ2M9XD",
        number="045/PM.05/K.JI-12.05/10/2024",
        classification="PM.05",
        input_sha256="0" * 64,
        public=snapshot()["public"],
        state=Document.State.SEALED,
        pages=1,
        pdf_profile=printing.PDF_PROFILE,
        pades_level="B-B",
        sealed_at=timezone.now(),
    )
    for name, value in changes.items():
        setattr(document, name, value)
    content = content or b"%PDF-1.7\n" + str(document.pk).encode()
    document.input_sha256 = hashlib.sha256(b"masukan" + content).hexdigest()
    document.snapshot = "{}"
    document.sha256, document.size = hashlib.sha256(content).hexdigest(), len(content)
    document.file = storage.sealed_name(document, document.sha256)
    storage.store(document.file, content)
    document.save(force_insert=True)
    HashRegister.objects.create(sha256=document.sha256, document=document, revision=document.revision)
    return document


def mark_sealed(document: Document) -> Document:
    """A paper of any kind as it is after its seal, without the engine."""
    content = b"%PDF-1.7\n" + str(document.pk).encode()
    document.sha256, document.size, document.pages = hashlib.sha256(content).hexdigest(), len(content), 1
    document.file = storage.sealed_name(document, document.sha256)
    document.state, document.sealed_at = Document.State.SEALED, timezone.now()
    document.pdf_profile, document.pades_level = printing.PDF_PROFILE, "B-B"
    storage.store(document.file, content)
    document.save()
    HashRegister.objects.create(sha256=document.sha256, document=document, revision=document.revision)
    return document
