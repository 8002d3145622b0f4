"""Papers of a tablet day with their evidence, and what an insider who holds our key makes of them (PDF.md §5, §7.1)."""

import copy
from dataclasses import replace

from accounts import audit
from accounts.canonical import canonical_bytes, parse_canonical
from declarations import evidence_file, papers, sealing, signing
from declarations.kiosk_intake import take_in_items
from documents import certificates, jobs, pades, pdf, storage, verification
from documents.models import Document
from documents.sealing import facts_of, snapshot_of
from events.keys import event_key
from tests.declarations import day
from tests.declarations.kiosk import Kiosk


def sign_on_tablet(paper, *, rows=None):
    """Probe and one drawn signature each, handed in like a tablet does."""
    kiosk = Kiosk(paper.event)
    kiosk.pair()
    own = ("v", "id", "salt", "event", "signed_at_device", "app")
    records = [kiosk.tablet.probe()]
    for seed, row in enumerate(rows or day.rows(paper), 1):
        fields = day.record(row, seed).data
        records.append(kiosk.tablet.record({k: v for k, v in fields.items() if k not in own}))
    device = paper.event.devices.get(pk=kiosk.tablet.device)
    key = event_key(event=paper.event, by=audit.SYSTEM)
    results = take_in_items(
        kiosk.tablet.items(records, key), device=device, via="sync", by=device, sent_at_device=None
    )
    assert {result.status for result in results} == {"stored"}
    return kiosk.tablet


def sealed(paper) -> Document:
    found = sealing.seal_declaration(declaration=paper, by=audit.SYSTEM)
    jobs.run_pending()
    found.refresh_from_db()
    assert found.state == "sealed", found.state
    return found


def report_of(document):
    return verification.verify_file(storage.read(document.file))


def statuses(report):
    return {name: str(check.status) for name, check in report.checks.items() if name != "timestamp"}


def evidence_in(document) -> dict:
    snapshot = snapshot_of(document)
    return evidence_file.evidence_of(snapshot, facts_of(document))


def resealed(document, change):
    """The same paper sealed by an insider with changed evidence: our own key, the page as it was."""
    snapshot, facts = snapshot_of(document), facts_of(document)
    composed = papers.compose(snapshot, document=facts)
    evidence = copy.deepcopy(parse_canonical(composed.attachment))
    change(evidence)
    rendered = pdf.render(
        composed.html,
        inks=dict(composed.inks),
        attachment=canonical_bytes(evidence),
        meta=replace(composed.meta, merkle_root=evidence["merkle"]["root"]),
    )
    data = pades.seal(rendered.pdf, signer=certificates.signer_for(document.office))
    return verification.verify_file(data)


def reprinted(document, old: str, new: str):
    """The same evidence with other words on the page, sealed by an insider."""
    composed = papers.compose(snapshot_of(document), document=facts_of(document))
    assert composed.html.count(old) == 1, composed.html.count(old)
    html = composed.html.replace(old, new)
    rendered = pdf.render(html, inks=dict(composed.inks), attachment=composed.attachment, meta=composed.meta)
    return verification.verify_file(pades.seal(rendered.pdf, signer=certificates.signer_for(document.office)))


def recount(evidence):
    """What a careful forger makes right again: totals and Merkle root."""
    evidence["totals"] = evidence_file.totals_of(evidence["signatories"])
    evidence["merkle"] = {
        "size": len(evidence["signatories"]),
        "root": evidence_file.root_of(evidence["signatories"]),
    }


def signed_on_a_tablet(count: int = 3) -> Document:
    """So many people signed on one tablet; sealed."""
    paper = day.open_paper(count)
    sign_on_tablet(paper)
    signing.close_signing(declaration=paper, by=audit.SYSTEM)
    return sealed(paper)
