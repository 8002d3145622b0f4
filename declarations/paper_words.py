"""PURE: the sentences of a paper, from its snapshot (DOMAIN §3.2, §3.3)."""

from datetime import date, datetime

from documents.text_blocks import blocks
from regions.wording import clock_with_zone, date_in_words, listed, long_date, long_date_no_day


def articles(points: list[str]) -> list[dict]:
    """The Pasal of a Nota Kesepahaman: the first line of a point is its heading, the rest its words."""
    found = []
    for number, point in enumerate(points, 1):
        heading, _, body = point.partition("\n")
        if not body.strip():
            heading, body = "", point
        found.append({"number": number, "heading": heading.strip(), "blocks": blocks(body)})
    return found


def citation(basis: dict) -> str:
    """The law without its articles, as papers list what they heed."""
    return basis["citation"].strip().rstrip(".;")


def day_of(snapshot: dict) -> date | None:
    text = snapshot["declaration"].get("date", "")
    return date.fromisoformat(text) if text else None


def place_and_date(snapshot: dict) -> str:
    """ "Cerme, 2 Oktober 2024" """
    day, place = day_of(snapshot), snapshot["declaration"].get("place", "")
    return ", ".join(part for part in (place, long_date_no_day(day) if day else "") if part)


def this_day(snapshot: dict) -> str:
    """ "Pada hari ini Selasa, tanggal …, bertempat di …, kami yang bertanda tangan di bawah ini:" """
    day = day_of(snapshot)
    where = snapshot["event"].get("venue", "") or snapshot["declaration"].get("place", "")
    parts = [f"Pada hari ini {date_in_words(day)}" if day else "Pada hari ini"]
    parts += [f"bertempat di {where}"] if where else []
    return f"{', '.join(parts)}, kami yang bertanda tangan di bawah ini:"


def elections(snapshot: dict) -> str:
    """ "Pemilu Tahun 2024 dan Pemilihan Serentak Tahun 2024" """
    return listed([election["name"] for election in snapshot["event"].get("elections", [])])


def occasion(snapshot: dict) -> str:
    """At which event the paper was made, in one sentence."""
    event, day = snapshot["event"], day_of(snapshot)
    signed = any(person["outcome"] == "signed" for person in snapshot["signatories"])
    read = snapshot["declaration"]["signing_mode"] == "read_aloud"
    verb = "Diucapkan" if read else "Ditandatangani" if signed else "Disampaikan"
    words = f"{verb} pada kegiatan {event['title']}"
    if day:
        words += f", hari {long_date(day)}"
    if event.get("venue"):
        words += f", di {event['venue']}"
    if elections(snapshot):
        words += f", dalam rangka {elections(snapshot)}"
    return f"{words}."


def reading(snapshot: dict) -> str:
    """ "Dibacakan pada pukul 10.05 WIB, dipandu oleh Rudiyanto, Sekretaris Daerah …, dan diikuti oleh …" """
    record = snapshot.get("reading")
    if not record:
        return ""
    hour = clock_with_zone(datetime.fromisoformat(record["at"]), snapshot["event"]["time_zone"])
    leader = ", ".join(
        part for part in (record["led_by"]["name"], record["led_by"].get("position", "")) if part
    )
    words = f"Dibacakan pada pukul {hour}, dipandu oleh {leader}"
    if record.get("followed_by_all"):
        words += ", dan diikuti oleh seluruh peserta yang hadir"
    return f"{words}."
