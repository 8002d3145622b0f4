"""PURE: the people of a paper, from its snapshot: rows of the signature table, parties, lists, totals (PDF.md §8.2)."""

from collections.abc import Callable
from datetime import date, datetime

from documents.letterhead import in_fours, printable
from regions.wording import clock, long_date_no_day
from regions.wording import number as grouped

PutInk = Callable[
    [str, str, str], str
]  # key, strokes (S1 as base64url), alternative text → address of the image
MISSING = ("absent", "excused")


def printed_lines(person: dict) -> list[str]:
    """Whatever the paper may print of one person."""
    behalf, record = person.get("on_behalf_of", {}), person.get("record", {})
    witnesses = [
        line for witness in record.get("witnesses", []) for line in (witness["name"], witness.get("position"))
    ]
    fields = ("name", "position", "agency", "village", "rank", "identity", "unsur")
    lines = [person.get(field) for field in fields]
    lines += [
        *behalf.values(),
        person.get("decision", {}).get("reason"),
        person.get("correction", {}).get("before"),
        record.get("typed_name"),
        record.get("assist_reason"),
        record.get("paper_ref"),
    ]
    return [line for line in [*lines, *witnesses] if line]


# -- the table ---------------------------------------------------------------------------------------------------


def blocs(snapshot: dict, put_ink: PutInk) -> list[dict]:
    """Those who signed, by bloc when the paper is signed in blocs, numbered through."""
    zone, rows = snapshot["event"]["time_zone"], {}
    for person in snapshot["signatories"]:
        if person["outcome"] == "signed":
            rows.setdefault(person.get("bloc", ""), []).append(person)
    order = [group["key"] for group in snapshot["groups"]]
    found, number = [], 0
    for key in sorted(rows, key=lambda key: order.index(key) if key in order else len(order)):
        people = []
        for person in rows[key]:
            number += 1
            people.append({"number": number, **row(person, zone, put_ink)})
            if "addendum" in snapshot:
                people[-1]["details"] += _why_late(person)
        found.append({"label": _label(snapshot, key), "count": _count(snapshot, key), "rows": people})
    return found


def row(person: dict, zone: str, put_ink: PutInk) -> dict:
    return {
        "name": person["name"],
        "details": details(person),
        "position": person.get("position", ""),
        "agency": agency(person),
        "category": person.get("unsur", ""),
        **cell(person, zone, put_ink),
    }


def details(person: dict) -> list[str]:
    """Below the name: rank, number when it is switched on, for whom the person stands in, and what was put right."""
    lines = [person.get("rank", ""), person.get("identity", ""), on_behalf(person), corrected(person)]
    return [line for line in lines if line]


def corrected(person: dict) -> str:
    """ "nama diperbaiki, semula Budi Santosa": who reads the paper beside the record knows why they differ."""
    correction = person.get("correction")
    return f"nama diperbaiki, semula {correction['before']}" if correction else ""


def _why_late(person: dict) -> list[str]:
    reason = person.get("decision", {}).get("reason", "")
    return [f"alasan susulan: {reason}"] if reason else []


def on_behalf(person: dict) -> str:
    """ "mewakili Kepala Desa Betiting, Surat Tugas Nomor …"; both people are printed, none is left out."""
    behalf = person.get("on_behalf_of")
    if not behalf:
        return ""
    whom = ", ".join(part for part in (behalf.get("name", ""), behalf.get("position", "")) if part)
    return f"mewakili {whom}" + (f"; surat tugas {behalf['letter_no']}" if behalf.get("letter_no") else "")


def agency(person: dict) -> str:
    """The agency, or the village ("Desa Katur, Kecamatan Gayam") without what the post says already."""
    village, position = person.get("village", ""), person.get("position", "")
    name, _, district = village.partition(", ")
    if person.get("agency") and person["agency"] != name:
        return person["agency"]
    bare = name.partition(" ")[2] or name
    return district if bare and bare in position else village


def cell(person: dict, zone: str, put_ink: PutInk) -> dict:
    """The signature as it was made: ink | typed name | a note in words; hour and channel beside it."""
    record, key = person.get("record", {}), str(person["order"])
    method = person.get("method", "")
    found: dict = {"images": [], "typed": "", "notes": [], "hour": _hour(person, zone)}
    if method == "drawn":
        found["images"] = [put_ink(key, record["strokes"], f"Tanda tangan {person['name']}")]
    elif method == "typed":
        found["typed"] = printable(record["typed_name"])
        found["notes"].append("(diketik)")
    elif method == "thumb":
        sheet_and_row, witness = printable(record["paper_ref"]), printable(record["witnesses"][0]["name"])
        found["notes"] += [f"Cap jempol, {sheet_and_row}", f"Saksi: {witness}"]
    elif sheet := person.get("sheet"):
        found["notes"] += ["Tanda tangan di kertas", f"lembar {sheet['ref']} baris\u00a0{sheet['row']}"]
    elif method == "represented":
        found |= _assisted(person, record, key, put_ink)
    if person.get("remote"):
        found["notes"].append("(daring)")
    if person.get("late"):
        found["notes"].append(f"(susulan {long_date_no_day(date.fromisoformat(person['late']))})")
    if found["hour"] and not found["images"]:
        found["notes"].append(found.pop("hour"))
    return found


def _assisted(person: dict, record: dict, key: str, put_ink: PutInk) -> dict:
    """Two witnesses draw for a person who cannot write."""
    names = [printable(witness["name"]) for witness in record["witnesses"]]
    images = [
        put_ink(
            f"{key}-{i}", witness["strokes"], f"Tanda tangan saksi {witness['name']} untuk {person['name']}"
        )
        for i, witness in enumerate(record["witnesses"], 1)
    ]
    return {"images": images, "notes": [f"{printable(record['assist_reason'])}; saksi {' dan '.join(names)}"]}


def _hour(person: dict, zone: str) -> str:
    return clock(datetime.fromisoformat(person["signed_at"]), zone) if person.get("signed_at") else ""


def _label(snapshot: dict, key: str) -> str:
    return next((group["label"] for group in snapshot["groups"] if group["key"] == key), "")


def _count(snapshot: dict, key: str) -> str:
    """ "(23 dari 25 orang)" behind the heading of a bloc."""
    people = [person for person in snapshot["signatories"] if person.get("bloc", "") == key]
    return _out_of(sum(person["outcome"] == "signed" for person in people), len(people), "orang")


def _out_of(part: int, whole: int, word: str) -> str:
    return f"{grouped(part)} {word}" if part == whole else f"{grouped(part)} dari {grouped(whole)} {word}"


# -- lists and totals below the table ----------------------------------------------------------------------------


def outcomes(snapshot: dict) -> list[dict]:
    """Who did not sign and who was not there, without reasons; only lists that are not empty."""
    if snapshot["declaration"]["signing_mode"] in ("two_party", "individual"):
        return []
    lists = (("Tidak menandatangani", ("refused",)), ("Tidak hadir / berhalangan", MISSING))
    found = []
    for heading, kinds in lists:
        people = [_as_listed(person) for person in snapshot["signatories"] if person["outcome"] in kinds]
        if people:
            found.append({"heading": heading, "people": people})
    return found


def _as_listed(person: dict) -> str:
    """ "Ahmad Yani, Kepala Desa Lengkong"; a post without a name stands for itself."""
    position = person.get("position", "")
    parts = [person["name"], position if position != person["name"] else "", agency(person)]
    return ", ".join(part for part in parts if part)


def totals(snapshot: dict) -> dict | None:
    """Rows per unsur with their sum; None where a table of everybody is not what the paper is about."""
    counted = snapshot["totals"]
    if not counted["listed"] or snapshot["declaration"]["signing_mode"] not in ("collective", "blocs"):
        return None
    word = snapshot["village_word"]
    rows = []
    for group in counted["by_group"]:
        villages = group.get("villages_listed", 0)
        label = group["label"]
        if villages:
            label += f" ({_out_of_villages(group['villages_signed'], villages, word)})"
        rows.append({"label": label, **_amounts(group)})
    return {"rows": rows, "sum": _amounts(counted)}


def _out_of_villages(part: int, whole: int, word: str) -> str:
    return f"{grouped(part)} dari {grouped(whole)} {word}"


def _amounts(counted: dict) -> dict:
    names = ("listed", "signed", "refused")
    return {name: grouped(counted[name]) for name in names} | {
        "missing": grouped(counted["absent"] + counted["excused"])
    }


# -- an addendum -------------------------------------------------------------------------------------------------


def addendum(snapshot: dict) -> dict | None:
    """The name of an addendum, the paper it belongs to as (label, value), and how many signed late."""
    added = snapshot.get("addendum")
    if not added:
        return None
    to = added["to"]
    fields = [
        ("Dokumen utama", to["title"]),
        ("Nomor", to.get("number", "")),
        ("Tanggal naskah", long_date_no_day(date.fromisoformat(to["date"])) if to.get("date") else ""),
        ("Revisi", str(to["revision"]) if to["revision"] > 1 else ""),
        ("Kegiatan", snapshot["event"]["title"]),
    ]
    return {
        "name": added["name"],
        "fields": [field for field in fields if field[1]],
        "digests": [
            ("Sidik digital", in_fours(to["sha256"])),
            ("Sidik bukti", in_fours(to["merkle_root"])),
        ],
        "count": grouped(snapshot["totals"]["signed"]),
    }


def main_lines(snapshot: dict) -> list[str]:
    to = snapshot.get("addendum", {}).get("to", {})
    return [to.get("title", ""), to.get("number", "")]


# -- people outside the table ------------------------------------------------------------------------------------


def parties(snapshot: dict, put_ink: PutInk) -> list[dict]:
    """The sides of a two-party paper in their order, with the signature of each."""
    by_order = {person["order"]: person for person in snapshot["signatories"]}
    found = []
    for party in snapshot["parties"]:
        person = by_order.get(party.get("signatory", 0), {})
        found.append(
            {
                "role": party["role"],
                "institution": party["institution"],
                "address": party.get("address", ""),
                "name": party.get("representative", {}).get("name", ""),
                "position": party.get("representative", {}).get("position", ""),
                "takes_stamp": not found and snapshot.get("layout", {}).get("stamp_duty", False),
                "person": _signer(person, snapshot["event"]["time_zone"], put_ink),
            }
        )
    return found


def sides(snapshot: dict, parties: list) -> list:
    """The parties as they sign from left to right: the first at the right, unless the office wants it otherwise."""
    is_left = snapshot.get("layout", {}).get("first_party") == "left"
    return parties if is_left else parties[::-1]


NOT_SIGNED = {
    "refused": "(tidak menandatangani)",
    "absent": "(tidak hadir)",
    "excused": "(berhalangan)",
}


def _signer(person: dict, zone: str, put_ink: PutInk) -> dict:
    """One signature cell; an outcome other than a signature stands in it in words."""
    if not person:
        return {"images": [], "notes": []}
    if person["outcome"] != "signed":
        note = NOT_SIGNED[person["outcome"]]
        return {"name": person["name"], "images": [], "notes": [note], "details": details(person)}
    return row(person, zone, put_ink)


def sheet(snapshot: dict, put_ink: PutInk) -> dict:
    """The one person of a pakta integritas: the fields above, the signature below."""
    person = snapshot["signatories"][0]
    fields = [
        ("Nama", person["name"]),
        (person.get("identity_label", "NIP"), person.get("identity_number", "")),
        ("Pangkat/Golongan", person.get("rank", "")),
        ("Jabatan", person.get("position", "")),
        ("Instansi/Unit kerja", agency(person)),
        ("Mewakili", on_behalf(person).removeprefix("mewakili ")),
    ]
    signature = _signer(person, snapshot["event"]["time_zone"], put_ink)
    number = person.get("identity", "")
    return {"fields": [field for field in fields if field[1]], "signature": signature, "identity": number}


def witnesses(snapshot: dict) -> list[list[dict]]:
    """Cells {heading, name, posts} in rows of two: first who acknowledges, then who witnesses."""
    headings = {"mengetahui": "Mengetahui,", "saksi": "Disaksikan oleh,"}
    cells = [
        {
            "heading": heading,
            "name": witness.get("name", ""),
            "posts": [line for line in (witness.get("position", ""), witness.get("agency", "")) if line],
        }
        for role, heading in headings.items()
        for witness in snapshot["witnesses"]
        if witness["role"] == role
    ]
    return [cells[i : i + 2] for i in range(0, len(cells), 2)]
