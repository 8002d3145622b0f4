"""PURE: judge the evidence of a kutipan and of an edition without names (PDF.md §5.3–5.5)."""

import re
from collections.abc import Mapping

from accounts.canonical import canonical_bytes, unb64u
from documents import merkle
from documents.verification import Check, Judgement, Paper, absent, failed, ok

from . import link_keys, page_words
from .evidence import identity_commitment, text_sha256
from .excerpt_paper import KIND
from .mismatch import Mismatch, guarded, same, unknown_parts

DIGEST = re.compile(r"[0-9a-f]{64}")
EXCERPT = frozenset(("signatory", "proof", "of", "device", "number", "opening"))
REDACTED = frozenset(("totals", "leaves", "merkle"))
MOST_STEPS = 32  # of a path: more than any list of people has


def judge_excerpt(evidence: dict, paper: Paper, check_person) -> Judgement:
    """``check_person(person, evidence, paper)`` raises Mismatch when entry, record or ink do not fit."""
    checks = {
        "evidence": guarded("Bukti tidak cocok", lambda: _check_excerpt(evidence, paper, check_person)),
        "text": guarded(
            "Naskah dalam bukti tidak cocok",
            lambda: _check_text(evidence, paper, evidence["proof"]["root"], [evidence["signatory"]]),
        ),
        "device_signatures": guarded("Tanda tangan perangkat tidak cocok", lambda: _check_device(evidence)),
    }
    return Judgement(checks, _document(evidence, 1))


def judge_redacted(evidence: dict, paper: Paper) -> Judgement:
    """An edition without ink and names: hashes stand in place of the entries, so the same root comes out."""
    checks = {
        "evidence": guarded("Bukti tidak cocok", lambda: _check_redacted(evidence, paper)),
        "text": guarded(
            "Naskah dalam bukti tidak cocok",
            lambda: _check_text(evidence, paper, evidence["merkle"]["root"], []),
        ),
    }
    return Judgement(checks, _document(evidence, 0))


def _document(evidence: dict, signatures: int) -> dict:
    document = evidence["document"]
    return {
        "kind": str(document["kind"]),
        "title": str(document["title"]),
        "event": str(evidence["event"]["code"]),
        "signatures": signatures,
    }


def _check_excerpt(evidence: dict, paper: Paper, check_person) -> Check:
    proof, person = evidence["proof"], evidence["signatory"]
    _check_frame(evidence, paper.xmp, proof["root"])
    same("jenis dokumen", evidence["document"]["kind"], KIND)
    if person["order"] != proof["index"] + 1:
        raise Mismatch("nomor urut tidak sesuai dengan letaknya dalam daftar")
    if proved_root(person, proof) != proof["root"]:
        raise Mismatch("jalur pembuktian tidak sampai pada akar bukti dokumen")
    if not DIGEST.fullmatch(evidence["of"]["sha256"]):
        raise Mismatch("sidik dokumen yang dikutip tidak lengkap")
    check_person(person, evidence, paper)
    number = _check_number(evidence)
    return ok(
        f"Kutipan cocok: tanda tangan ini termuat dalam dokumen bersidik {evidence['of']['sha256'][:8]}"
        f" sebagai nomor {person['order']} dari {proof['size']}.{number}{unknown_parts(evidence, EXCERPT)}",
        merkle_root=proof["root"],
        of=evidence["of"]["sha256"],
    )


def proved_root(person: dict, proof: Mapping) -> str:
    """The root the path leads to; Mismatch when it does not fit index and size."""
    path, index, size = proof["path"], proof["index"], proof["size"]
    if len(path) > MOST_STEPS or not all(DIGEST.fullmatch(step) for step in path):
        raise Mismatch("jalur pembuktian tidak terbaca")
    if type(index) is not int or type(size) is not int or not 0 <= index < size < 2**MOST_STEPS:
        raise Mismatch("letak dalam daftar di luar jumlah orang")
    leaf = merkle.leaf_hash(canonical_bytes(person))
    try:
        return merkle.root_of_path(leaf, index, size, [bytes.fromhex(step) for step in path]).hex()
    except ValueError:
        raise Mismatch("jalur pembuktian tidak sesuai dengan letaknya dalam daftar") from None


def _check_number(evidence: dict) -> str:
    """The identity number, when this is the copy of the signer: it must be the one that was committed to."""
    if "opening" not in evidence and "number" not in evidence:
        return ""
    identity = evidence["signatory"].get("identity", {})
    made = identity_commitment(unb64u(evidence["opening"]), identity.get("kind", ""), evidence["number"])
    same("nomor identitas", made, identity.get("commitment"))
    return " Nomor identitas dalam kutipan cocok."


def _check_redacted(evidence: dict, paper: Paper) -> Check:
    leaves, root = evidence["leaves"], evidence["merkle"]["root"]
    _check_frame(evidence, paper.xmp, root)
    if "signatories" in evidence or paper.signature_labels():
        raise Mismatch("edisi tanpa nama memuat tanda tangan")
    if not all(DIGEST.fullmatch(leaf) for leaf in leaves):
        raise Mismatch("sidik catatan tidak terbaca")
    same("jumlah catatan", evidence["merkle"]["size"], len(leaves))
    same("akar Merkle", merkle.root_of_leaves([bytes.fromhex(leaf) for leaf in leaves]).hex(), root)
    more = unknown_parts(evidence, REDACTED)
    return ok(
        f"Edisi tanpa nama: {len(leaves)} sidik catatan cocok dengan akar bukti.{more}", merkle_root=root
    )


def _check_frame(evidence: dict, xmp: Mapping[str, str], root: str) -> None:
    document = evidence["document"]
    same("akar Merkle pada berkas", xmp.get("merkleRoot"), root)
    same("nomor dokumen", xmp.get("documentNumber", ""), document.get("number", ""))
    same("kode kegiatan", xmp.get("eventCode", ""), evidence["event"]["code"])
    same("revisi", xmp.get("revision"), str(document["revision"]))
    same("judul", xmp.get("title", ""), document["title"])
    same("jenis dokumen", xmp.get("documentKind", ""), document["kind"])


def _check_text(evidence: dict, paper: Paper, root: str, people: list[dict]) -> Check:
    digest = text_sha256(evidence["text"])
    same("sidik naskah", evidence["text_sha256"], digest)
    same("sidik naskah pada berkas", paper.xmp.get("textSha256"), digest)
    for person in people:
        same("naskah pada catatan", person["record"]["text_sha256"], digest)
    if not page_words.stand_in_order({**evidence, "merkle": {"root": root}}, paper.page_texts()):
        return failed("Naskah pada halaman berbeda dari yang ditandatangani.", text_sha256=digest)
    return ok(f"Naskah cocok ({digest[:8]}).", text_sha256=digest)


def _check_device(evidence: dict) -> Check:
    person = evidence["signatory"]
    record = person["record"]
    if "device" not in record:
        return absent("Tidak ada tanda tangan tablet untuk diperiksa.", without_key=1)
    if not link_keys.is_signed_by(evidence.get("device", {}), person):
        return failed(f"Tanda tangan perangkat nomor {person['order']} tidak sah.", order=person["order"])
    door = "tautan pribadi" if person["channel"] == "link" else "tablet"
    return ok(f"1 tanda tangan {door} sah.", signed=1, without_key=0)
