"""PURE: first words for the chapters of a laporan kegiatan, made from what is known; the officer edits them (DOMAIN §8).

A chapter of which nothing is known stays empty: nobody signs for what nobody saw.
"""

from dataclasses import dataclass

from regions.wording import listed


@dataclass(frozen=True)
class NaskahFacts:
    """How many of those on the list signed, and who stayed away or refused."""

    title: str
    listed: int = 0
    signed: int = 0
    refused: int = 0
    absent: int = 0
    read: str = ""


@dataclass(frozen=True)
class ReportFacts:
    """``groups``: labels of the unsur on the list; ``talks``: (title, speaker) of the agenda."""

    elections: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    invited: int = 0
    present: int = 0
    talks: tuple[tuple[str, str], ...] = ()
    naskah: tuple[NaskahFacts, ...] = ()


def drafts(facts: ReportFacts) -> dict[str, str]:
    """Chapter → text; each line becomes a paragraph, lines that begin with a number become a list."""
    return {
        "purpose": _purpose(facts),
        "material": _numbered([f"{title}, disampaikan oleh {speaker}" for title, speaker in facts.talks]),
        "results": "\n".join([*_attendance(facts), *(_naskah(each) for each in facts.naskah)]),
        "advice": _numbered(_advice(facts)),
    }


def _purpose(facts: ReportFacts) -> str:
    to = f" kepada {listed(facts.groups)}" if facts.groups else ""
    aims = [f"menyamakan pemahaman peserta mengenai ketentuan netralitas{_at(facts)}"]
    if facts.naskah:
        titles = listed([f"“{each.title}”" for each in facts.naskah])
        aims.append(f"memperoleh komitmen peserta melalui {titles}")
    aims.append("mencegah terjadinya pelanggaran netralitas")
    said = f"Kegiatan ini dimaksudkan untuk menyosialisasikan ketentuan mengenai netralitas{to}."
    return f"{said}\nTujuan kegiatan ini adalah:\n{_numbered(aims)}"


def _attendance(facts: ReportFacts) -> list[str]:
    if not facts.present:
        return []
    if not facts.invited:
        return [f"Kegiatan dihadiri {facts.present} peserta."]
    return [f"Kegiatan dihadiri {facts.present} peserta dari {facts.invited} yang diundang."]


def _naskah(facts: NaskahFacts) -> str:
    """ "Naskah “…” ditandatangani 29 dari 31 penanda tangan; 1 menolak dan 1 berhalangan hadir." """
    read = f" {facts.read}" if facts.read else ""
    if not facts.listed:
        return f"Naskah “{facts.title}” disampaikan kepada peserta.{read}"
    left = [f"{facts.refused} menolak"] if facts.refused else []
    left += [f"{facts.absent} berhalangan hadir"] if facts.absent else []
    rest = f"; {listed(left)}" if left else ""
    return f"Naskah “{facts.title}” ditandatangani {facts.signed} dari {facts.listed} penanda tangan{rest}.{read}"


def _advice(facts: ReportFacts) -> list[str]:
    missing = sum(each.refused + each.absent for each in facts.naskah)
    follow_up = (
        f"menindaklanjuti {missing} penanda tangan yang tidak menandatangani naskah pada hari kegiatan"
    )
    with_whom = f" dengan {listed(facts.groups)}" if facts.groups else " dengan instansi peserta"
    return [
        *([follow_up] if missing else []),
        f"melanjutkan koordinasi{with_whom} dalam menjaga netralitas{_at(facts)}",
        "melakukan pengawasan atas pelaksanaan komitmen netralitas sesuai dengan ketentuan peraturan perundang-undangan",
    ]


def _at(facts: ReportFacts) -> str:
    return f" pada {listed(facts.elections)}" if facts.elections else ""


def _numbered(lines: list[str]) -> str:
    ends = [";"] * (len(lines) - 2) + ["; dan", "."] if len(lines) > 1 else ["."]
    return "\n".join(
        f"{number}. {line}{end}" for number, (line, end) in enumerate(zip(lines, ends, strict=False), 1)
    )
