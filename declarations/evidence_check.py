"""Judge the evidence that came in a sealed paper, with no database and no network (PDF.md §5.5).

PURE. Registered for ``netralitas-evidence/1`` by AppConfig.ready(). Every check runs, also when another one failed.
"""

import re
from collections.abc import Iterator
from uuid import UUID

from accounts.canonical import canonical_bytes, unb64u
from documents.letter_evidence import judge_letter
from documents.letterhead import printable
from documents.pdf import INK_RULES, outline_operators
from documents.verification import Check, Judgement, Paper, absent, failed, ok

from . import evidence_file, link_keys, page_words, paper_rows
from .evidence import first_link, next_link, parse_record, record_sha256, text_sha256
from .excerpt_check import judge_excerpt, judge_redacted
from .mismatch import Mismatch, guarded, same, unknown_parts
from .strokes import decode, outline

TYPES = ("declaration", "addendum")
KNOWN = frozenset(
    (
        "reading",
        "parties",
        "layout",
        "witnesses",
        "signatories",
        "totals",
        "review",
        "devices",
        "merkle",
        "audit",
    )
)
# Why staff had to say on which paper a record counts, and for whom: it names another paper, or nobody of the list.
PLACED = "unknown_declaration"
NAMED = (PLACED, "unknown_attendee", "walk_in_matches_roster")
FROM_SHEET = "from_sheet"
DIGEST = re.compile(r"[0-9a-f]{64}")
LABELLED = 40  # characters of a name that a message repeats


def judge(evidence: dict, paper: Paper) -> Judgement:
    """The four checks on evidence, and what the report says about the document."""
    if evidence.get("type") == "letter":
        return judge_letter(evidence, paper)
    if evidence.get("type") == "excerpt":
        return judge_excerpt(evidence, paper, _check_one)
    if evidence.get("type") == "redacted":
        return judge_redacted(evidence, paper)
    people = evidence["signatories"]
    checks = {
        "evidence": guarded("Bukti tidak cocok", lambda: _check_evidence(evidence, paper)),
        "text": guarded("Naskah dalam bukti tidak cocok", lambda: _check_text(evidence, paper)),
        "device_signatures": guarded("Tanda tangan perangkat tidak cocok", lambda: _check_devices(evidence)),
        "chain": guarded("Rantai tablet tidak cocok", lambda: _check_chains(evidence)),
    }
    document = {
        "kind": str(evidence["document"]["kind"]),
        "title": str(evidence["document"]["title"]),
        "event": str(evidence["event"]["code"]),
        "signatures": sum(person["outcome"] == "signed" for person in people),
    }
    return Judgement(checks, document)


def _check_one(person: dict, evidence: dict, paper: Paper) -> None:
    """The single entry of a kutipan: it signed, its record says so, and its drawing alone is on the page."""
    if person["outcome"] != "signed":
        raise Mismatch("kutipan bukan dari orang yang menandatangani")
    _check_entry(person, evidence)
    _check_ink([person], paper, _ink_rule(evidence))


# -- evidence against page and XMP -------------------------------------------------------------------------------


def _check_evidence(evidence: dict, paper: Paper) -> Check:
    if evidence["type"] not in TYPES:
        raise Mismatch(f"jenis {evidence['type']!s:.20} tidak dikenal")
    people = evidence["signatories"]
    if [person["order"] for person in people] != list(range(1, len(people) + 1)):
        raise Mismatch("urutan penanda tangan tidak berurut")
    if evidence["totals"] != evidence_file.totals_of(people):
        raise Mismatch("jumlah penanda tangan tidak sesuai dengan daftarnya")
    root = evidence_file.root_of(people)
    if evidence["merkle"] != {"size": len(people), "root": root}:
        raise Mismatch("akar Merkle tidak sesuai dengan daftar penanda tangan")
    same("akar Merkle pada berkas", paper.xmp.get("merkleRoot"), root)
    same("nomor dokumen", paper.xmp.get("documentNumber", ""), evidence["document"].get("number", ""))
    same("kode kegiatan", paper.xmp.get("eventCode", ""), evidence["event"]["code"])
    same("revisi", paper.xmp.get("revision"), str(evidence["document"]["revision"]))
    same("judul", paper.xmp.get("title", ""), evidence["document"]["title"])
    same("jenis naskah", paper.xmp.get("documentKind", ""), evidence["declaration"]["kind"])
    is_added = evidence["type"] == "addendum"
    same(
        "jenis dokumen",
        evidence["document"]["kind"],
        "addendum" if is_added else evidence["declaration"]["kind"],
    )
    for person in people:
        _check_entry(person, evidence)
    _check_each_record_once(people)
    _check_each_row_once(people)
    _check_each_person_once(people)
    _check_ink(_from_left_to_right(people, evidence), paper, _ink_rule(evidence))
    more = unknown_parts(evidence, KNOWN)
    return ok(f"Bukti {len(people)} penanda tangan cocok dengan halaman.{more}", merkle_root=root)


def _check_entry(person: dict, evidence: dict) -> None:
    """Outcome, person and time of the entry are those of its own record."""
    record = person.get("record")
    where = f"nomor {person['order']}"
    if record is None:
        if person["outcome"] in ("signed", "refused"):
            _check_sheet(person, where)
        return
    raw = canonical_bytes(record)
    parse_record(raw, require_device="device" in record)
    same(f"sidik catatan {where}", person["record_sha256"], record_sha256(raw))
    same(f"pilihan pada catatan {where}", record["outcome"], person["outcome"])
    same(f"kegiatan pada catatan {where}", record["event"], evidence["event"]["id"])
    if not _was_decided(person, PLACED):
        same(f"naskah pada catatan {where}", record["declaration"], evidence["declaration"]["id"])
    same(f"kedudukan pada catatan {where}", record["capacity"], person["capacity"])
    if record["outcome"] == "signed":
        same(f"cara pada catatan {where}", record["method"], person["method"])
    if person["channel"] not in _doors(record, evidence):
        raise Mismatch(f"asal catatan {where} berbeda dari yang tercatat")
    if "clock" in person:
        _check_clock(record, person["clock"], where)
    if record["capacity"] == "on_behalf_of":
        _check_behalf(record["on_behalf_of"], person.get("on_behalf_of", {}), where)
    _check_name(record["signatory"]["name"], person, where)


def _check_sheet(person: dict, where: str) -> None:
    """Signed with pen: no record, but a sheet with row and scan, and an officer's reason."""
    if person["outcome"] != "signed" or person.get("channel") != "paper":
        raise Mismatch(f"catatan {where} tidak ada")
    sheet = person.get("sheet", {})
    if not (
        sheet.get("ref") and type(sheet.get("row")) is int and DIGEST.fullmatch(sheet.get("scan_sha256", ""))
    ):
        raise Mismatch(f"lembar {where} tidak lengkap")
    if not _was_decided(person, FROM_SHEET):
        raise Mismatch(f"lembar {where} tanpa keputusan petugas")


def _doors(record: dict, evidence: dict) -> tuple[str, ...]:
    """Channels by which this record can have come: a tablet and a keyed link are told apart by their device."""
    if "device" not in record:
        return ("web", "link")
    devices = evidence.get("devices", [evidence.get("device", {})])
    kinds = [device.get("kind") for device in devices if device.get("device") == record["device"]]
    return ("link",) if link_keys.KIND in kinds else ("kiosk",)


def _check_clock(record: dict, clock: dict, where: str) -> None:
    same(f"jam tablet pada catatan {where}", record.get("signed_at_device"), clock["device"])
    same(f"selisih jam pada catatan {where}", record.get("clock_offset_ms"), clock["offset_signing_ms"])


def _check_name(name: str, person: dict, where: str) -> None:
    """The printed name is the recorded one, without what no paper shows, unless the entry says why it is another."""
    if "name_differs" in person.get("flags", []) or _was_decided(person, *NAMED):
        return
    before = person["correction"]["before"] if "correction" in person else person["name"]
    if printable(name) != before:
        raise Mismatch(f"nama pada catatan {where} berbeda dari yang tercetak")


def _check_behalf(recorded: dict, printed: dict, where: str) -> None:
    """Whom the person stands in for; a post without a name has its name left out on the paper."""
    name, position = (printable(recorded.get(part, "")) for part in ("name", "position"))
    if printed.get("position", "") != position or printed.get("name", position) != name:
        raise Mismatch(f"pejabat yang diwakili pada catatan {where} berbeda dari yang tercetak")


def _was_decided(person: dict, *codes: str) -> bool:
    """Did staff decide, with a reason that stands in the evidence, what the record left open in one of these ways?"""
    decision = person.get("decision", {})
    return bool(decision.get("reason")) and decision.get("code") in codes


def _check_each_record_once(people: list[dict]) -> None:
    """A record speaks for one person; with a corrected name it could stand in two rows."""
    used: dict[str, int] = {}
    for person in people:
        if "record" not in person:
            continue
        first = used.setdefault(person["record"]["id"], person["order"])
        if first != person["order"]:
            raise Mismatch(f"nomor {first} dan nomor {person['order']} memakai satu catatan yang sama")


def _check_each_row_once(people: list[dict]) -> None:
    """A row of a sheet is signed by one person."""
    used: dict[tuple, int] = {}
    for person in people:
        if "sheet" in person:
            place = (person["sheet"]["ref"], person["sheet"]["row"])
            first = used.setdefault(place, person["order"])
            if first != person["order"]:
                raise Mismatch(
                    f"nomor {first} dan nomor {person['order']} memakai satu baris lembar yang sama"
                )


def _check_each_person_once(people: list[dict]) -> None:
    """A second record of somebody is kept aside, never a second row; staff may have told two unknown ones apart."""
    used: dict[str, int] = {}
    for person in people:
        if "record" not in person or _was_decided(person, *NAMED):
            continue
        first = used.setdefault(person["record"]["attendee"], person["order"])
        if first != person["order"]:
            raise Mismatch(f"nomor {first} dan nomor {person['order']} adalah catatan dari satu orang")


def _from_left_to_right(people: list[dict], evidence: dict) -> list[dict]:
    """The people as the page shows them. The sides of a two-party paper stand beside each other, the first at the
    right unless ``layout`` says otherwise: with the drawings exchanged each would sign in the name of the other.
    """
    if evidence["declaration"]["signing_mode"] != "two_party":
        return people
    signers = [party.get("signatory") for party in evidence["parties"]]
    rank = {order: at for at, order in enumerate(paper_rows.sides(evidence, signers))}
    return sorted(people, key=lambda person: rank.get(person["order"], len(rank)))


def _ink_rule(evidence: dict) -> str:
    """How the drawings became ink; papers from before there was a choice do not say it."""
    rule = evidence["renderer"].get("ink", "outline/1")
    if rule not in INK_RULES:
        raise Mismatch("cara menggambar tanda tangan belum dikenal versi ini")
    return rule


def _check_ink(people: list[dict], paper: Paper, rule: str) -> None:
    """Every drawing of the evidence stands on the pages, in the order of the people, and there is no other one."""
    wanted = [drawing for person in people for drawing in _drawings(person, rule)]
    if len(paper.signature_labels()) != len(wanted):
        raise Mismatch(f"halaman memuat {len(paper.signature_labels())} tanda tangan, bukti {len(wanted)}")
    contents = b"\n".join(paper.page_contents())
    at = 0
    for number, operators in wanted:
        found = contents.find(operators, at)
        if found < 0:
            raise Mismatch(
                f"gambar tanda tangan nomor {number} pada halaman berbeda dari yang dibuat di tablet"
            )
        at = found + len(operators)


def _drawings(person: dict, rule: str) -> Iterator[tuple[int, bytes]]:
    record = person.get("record", {})
    if person["outcome"] != "signed" or "sheet" in person:
        return
    strokes = [record["strokes"]] if record["method"] == "drawn" else []
    strokes += [w["strokes"] for w in record.get("witnesses", []) if "strokes" in w]
    for drawn in strokes:
        yield person["order"], outline_operators(outline(decode(unb64u(drawn)).strokes), rule)


# -- text --------------------------------------------------------------------------------------------------------


def _check_text(evidence: dict, paper: Paper) -> Check:
    digest = text_sha256(evidence["text"])
    same("sidik naskah", evidence["text_sha256"], digest)
    same("sidik naskah pada berkas", paper.xmp.get("textSha256"), digest)
    for person in evidence["signatories"]:
        if "record" in person and person["record"]["text_sha256"] != digest:
            raise Mismatch(f"nomor {person['order']} menandatangani naskah lain")
    is_printed = evidence["type"] != "addendum"  # which names the paper that prints it
    if is_printed and not page_words.stand_in_order(evidence, paper.page_texts()):
        return failed("Naskah pada halaman berbeda dari yang ditandatangani.", text_sha256=digest)
    return ok(f"Naskah cocok ({digest[:8]}).", text_sha256=digest)


# -- tablets -----------------------------------------------------------------------------------------------------


def _check_devices(evidence: dict) -> Check:
    _check_each_tablet_once(evidence["devices"])
    devices = {device["device"]: device for device in evidence["devices"]}
    signed, unsigned = {"kiosk": 0, "link": 0}, 0
    by_pen = sum("sheet" in person for person in evidence["signatories"])
    pen = f" {by_pen} tanda tangan di lembar kertas, dicatat petugas." if by_pen else ""
    for person in evidence["signatories"]:
        record = person.get("record")
        if record is None:
            continue
        if "device" not in record:
            unsigned += 1
            continue
        device = devices.get(record["device"], {})
        if not link_keys.is_signed_by(device, person):
            return failed(f"Tanda tangan perangkat nomor {person['order']} tidak sah.", order=person["order"])
        signed[person["channel"]] += 1
    if not any(signed.values()):
        return absent(f"Tidak ada tanda tangan tablet untuk diperiksa.{pen}", without_key=unsigned)
    more = f" {unsigned} catatan tanpa kunci perangkat." if unsigned else ""
    more += pen
    told = _counted(signed["kiosk"], "tanda tangan tablet", signed["link"], "tanda tangan tautan pribadi")
    return ok(f"{told} sah.{more}", signed=sum(signed.values()), without_key=unsigned)


def _counted(tablets: int, of_tablets: str, links: int, of_links: str) -> str:
    parts = [(tablets, of_tablets), (links, of_links)]
    return " dan ".join(f"{count} {words}" for count, words in parts if count)


def _check_each_tablet_once(devices: list[dict]) -> None:
    """A tablet has one key and one chain, and no two tablets share a key: it never leaves the one it was made on."""
    for name, words in (("device", "satu tablet"), ("public_key", "satu kunci")):
        if len({device[name] for device in devices}) < len(devices):
            raise Mismatch(f"{words} tercatat dua kali")


# Of chains that are not whole, in words; the paper itself says so, hiding it would be the forgery.
DECLARED = {
    "missing": "nomor belum diterima saat penyegelan",
    "breaks": "sambungan terputus di tablet",
    "doubled": "catatan bernomor ganda, diterima petugas",
}


def _check_chains(evidence: dict) -> Check:
    if not evidence["devices"]:
        return absent("Tidak ada rantai tablet untuk diperiksa.")
    own: dict[str, dict[int, list[dict]]] = {}
    for person in evidence["signatories"]:
        record = person.get("record", {})
        if "device" in record:
            own.setdefault(record["device"], {}).setdefault(record["device_seq"], []).append(person)
    declared = dict.fromkeys(DECLARED, 0)
    for device in evidence["devices"]:
        problem = _chain_problem(device, evidence["event"]["id"], own.get(device["device"], {}), declared)
        if problem is not None:
            text = f"Rantai tablet {device['label']!s:.{LABELLED}} putus pada nomor {problem}."
            return failed(text, device=device["device"], seq=problem)
    count = len(evidence["devices"])
    links = sum(device.get("kind") == link_keys.KIND for device in evidence["devices"])
    told = [f"{number} {DECLARED[name]}." for name, number in declared.items() if number]
    whole = "cocok dengan catatannya" if declared["breaks"] else "utuh"
    chains = _counted(count - links, "tablet", links, "tautan pribadi")
    return ok(" ".join([f"Rantai {chains} {whole}.", *told]), devices=count, **declared)


def _chain_problem(
    device: dict, event: str, own: dict[int, list[dict]], declared: dict[str, int]
) -> int | None:
    """Number at which the chain is broken without saying so, or None; counts what is ``declared``.

    Whatever does not go on from the record before says its link: behind a gap, at a break, beside the chain.
    """
    link = first_link(event, str(UUID(device["device"])), device["public_key"])
    expected, seen = (
        0,
        set(),
    )  # seen: (number, hash), for a record of this paper has its place by its own number
    for segment in device["segments"]:
        start = segment["from"]
        if start < expected or (start > expected and "link" not in segment):
            return start
        if "link" in segment:
            declared["missing"] += start - expected
            declared["breaks"] += start == expected
            link = bytes.fromhex(segment["link"])
        for seq, digest in enumerate(segment["hashes"], start):
            if not _fits(own.get(seq, []), digest, link.hex()):
                return seq
            seen.add((seq, digest))
            link = next_link(link, digest)
        expected = start + len(segment["hashes"])
    for branch in device.get("branches", []):
        if not (branch["seq"] < expected and _fits(own[branch["seq"]], branch["hash"], branch["link"])):
            return branch["seq"]
        seen.add((branch["seq"], branch["hash"]))
        declared["doubled"] += 1
    left_out = [
        seq for seq in sorted(own) for person in own[seq] if (seq, person["record_sha256"]) not in seen
    ]
    if left_out:
        return left_out[0]
    return None if (expected, link.hex()) == (device["next_seq"], device["head"]) else expected


def _fits(people: list[dict], digest: str, link: str) -> bool:
    """Was the record with this hash, if it is one of the paper, built on this link?"""
    return all(p["record"]["prev_hash"] == link for p in people if p["record_sha256"] == digest)
