"""What is signed by a personal link carries a key made for it alone: taken in, sealed, checked by a stranger."""

import copy

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts import audit
from accounts.canonical import b64u
from declarations import excerpts, remote, signing
from declarations.demo import phone
from declarations.evidence_check import _check_chains, _check_devices
from declarations.models import Signature
from declarations.views import links as pages
from documents import jobs
from events import links
from tests.declarations import day
from tests.declarations.test_evidence_file import evidence_in, report_of, sealed, sign_on_tablet, statuses

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(row):
    made = links.make_link(attendee=row.attendee, by=audit.SYSTEM)
    links.open_link(link=made.link)
    return made


def hand_in(link, paper, body, key=None):
    headers = {"accept": "application/json"}
    if key:
        headers |= {"x-device-key": b64u(key.public), "x-device-signature": b64u(key.signature)}
    address = reverse("tautan:submit", args=[link.token, paper.pk])
    return Client().post(address, body, content_type="application/json", headers=headers)


def test_record_of_a_link_keeps_the_key_that_signed_it(paper, row, link):
    body, key = phone.signed_once(day.record(row).raw, link.link)
    assert hand_in(link, paper, body, key).json()["status"] == "stored"
    assert hand_in(link, paper, body, key).json()["status"] == "duplicate"
    signature = Signature.objects.get()
    assert (bytes(signature.record), bytes(signature.link_key)) == (body, key.public)
    assert (bytes(signature.device_signature), signature.device) == (key.signature, None)
    assert (signature.channel, signature.status, signature.flags) == ("link", "valid", [])
    assert remote.own_record(link.link, signature.pk) == signature


def test_browser_without_keys_still_signs(paper, row, link):
    assert hand_in(link, paper, day.record(row).raw).json()["status"] == "stored"
    assert Signature.objects.get().link_key is None


@pytest.mark.parametrize(
    "changes",
    [{"device_seq": 1}, {"prev_hash": "0" * 64}, {"device": "0192c3f0-8f2a-7b7e-9a3e-0123456789ab"}],
)
def test_record_beside_its_own_chain_is_not_taken(paper, row, link, changes):
    answer = hand_in(link, paper, *phone.signed_once(day.record(row).raw, link.link, **changes))
    assert (answer.status_code, answer.json()["message"]) == (422, pages.NOT_YOURS)
    assert not Signature.objects.exists()


def test_key_that_did_not_sign_the_record_is_not_taken(paper, row, link):
    body, key = phone.signed_once(day.record(row).raw, link.link)
    _, other = phone.signed_once(day.record(row).raw, link.link)
    for wrong in (other, key._replace(signature=other.signature), key._replace(public=b"\x04" + bytes(64))):
        assert hand_in(link, paper, body, wrong).status_code == 422
    address = reverse("tautan:submit", args=[link.token, paper.pk])
    headers = {"x-device-key": "bukan kunci!", "x-device-signature": "?"}
    answer = Client().post(address, body, content_type="application/json", headers=headers)
    assert answer.status_code == 422
    assert hand_in(link, paper, body).status_code == 422  # fields of a device without its key
    assert hand_in(link, paper, day.record(row).raw, key).status_code == 422
    assert not Signature.objects.exists()


def test_key_cannot_be_changed_later(paper, row, link):
    hand_in(link, paper, *phone.signed_once(day.record(row).raw, link.link))
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE declarations_signature SET link_key = %s", [b"\x04" * 65])


@pytest.fixture
def document(paper, row, link):
    """One by tablet, one by link with a key, one by link from a browser without keys."""
    others = day.rows(paper)[1:]
    sign_on_tablet(paper, rows=others[:1])
    hand_in(link, paper, *phone.signed_once(day.record(row).raw, link.link))
    bare = links.make_link(attendee=others[1].attendee, by=audit.SYSTEM)
    links.open_link(link=bare.link)
    hand_in(bare, paper, day.record(others[1]).raw)
    signing.close_signing(declaration=paper, by=audit.SYSTEM)
    return sealed(paper)


def test_stranger_checks_key_and_chain_of_the_link(document):
    report = report_of(document)
    assert set(statuses(report).values()) == {"ok"}
    assert report.checks["device_signatures"].message == (
        "1 tanda tangan tablet dan 1 tanda tangan tautan pribadi sah. 1 catatan tanpa kunci perangkat."
    )
    assert report.checks["chain"].message == "Rantai 1 tablet dan 1 tautan pribadi utuh."
    [_, device] = evidence_in(document)["devices"]
    assert (device["kind"], device["label"], device["next_seq"]) == ("link", "Tautan pribadi nomor 1", 1)


def test_kutipan_of_the_link_carries_its_key(document, row):
    kutipan = excerpts.issue_excerpt(signatory=row.declaration.signatories.get(pk=row.pk), by=audit.SYSTEM)
    jobs.run_pending()
    kutipan.refresh_from_db()
    report = report_of(kutipan)
    assert report.valid, report.checks
    assert report.checks["device_signatures"].message == "1 tanda tangan tautan pribadi sah."


@pytest.mark.parametrize("what", ["signature", "key", "kind", "door", "missing"])
def test_changed_key_of_a_link_is_named(document, what):
    evidence = copy.deepcopy(evidence_in(document))
    [tablet, device] = evidence["devices"]
    person = next(each for each in evidence["signatories"] if each["channel"] == "link" and "clock" in each)
    if what == "signature":
        person["device_signature"] = b64u(bytes(64))
    elif what == "key":
        device["public_key"] = b64u(bytes(65))  # no key at all, and no other tablet's
    elif what == "kind":
        del device["kind"]
    elif what == "door":
        tablet["kind"] = "link"
    else:
        evidence["devices"] = [tablet]
    number = 2 if what == "door" else person["order"]
    assert _check_devices(evidence).message == f"Tanda tangan perangkat nomor {number} tidak sah."


def test_record_that_leaves_its_chain_of_one_is_named(document):
    evidence = copy.deepcopy(evidence_in(document))
    evidence["devices"][1]["segments"][0]["hashes"] = ["0" * 64]
    assert _check_chains(evidence).message == "Rantai tablet Tautan pribadi nomor 1 putus pada nomor 0."
