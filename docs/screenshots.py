"""Pictures of the main pages for docs/img: .venv/bin/python docs/screenshots.py [name …]. See docs/testing.md.

Starts the house with its demo events in a folder of its own, signs in as its people, and takes every page at 1280 and
820 px as a PNG of few colours. Names are those of PAGES; without any, all are taken.
"""

import sys
import tempfile
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.e2e.conftest import BROWSER_ARGS, CHROMIUM, House, follow, sign_in  # noqa: E402

FOLDER = ROOT / "docs" / "img"
SIZES = {1280: 900, 820: 1180}
COLOURS = 64
ORGANIZER, SUPERVISOR = "panwaslu.cerme@contoh.test", "bawaslu.gresik@contoh.test"


class Shot(NamedTuple):
    """A page: whose it is, its address (``{event}`` is the first event of their list), what to type and click on the way."""

    name: str
    who: str
    path: str
    click: tuple[str, ...] = ()
    fill: tuple[tuple[str, str], ...] = ()


PASTED = """Nama\tJabatan\tDesa\tUnsur\tNo. HP
Siti Aminah (contoh)\tKepala Desa Jono\tJono\tKades\t0812 3456 7890
Budi Santoso (contoh), S.Sos.\tSekretaris Kecamatan\t\tPNS\t12
Rohmat (contoh)\tKepala Desa\tAntah\tKades\t
"""

PAGES = [
    Shot("beranda", ORGANIZER, "/"),
    Shot("daftar-kegiatan", SUPERVISOR, "/kegiatan/"),
    Shot("kalender", SUPERVISOR, "/kegiatan/kalender/?bulan=2024-10"),
    Shot("kegiatan", ORGANIZER, "{event}"),
    Shot("susunan-acara", ORGANIZER, "{event}susunan-acara/"),
    Shot("peserta", ORGANIZER, "{event}peserta/"),
    Shot("mulai", ORGANIZER, "/kegiatan/baru/"),
    Shot(
        "impor",
        ORGANIZER,
        "{event}peserta/impor/",
        ("main form button[type=submit]",),
        (("textarea[name=pasted]", PASTED),),
    ),
    Shot("undangan", ORGANIZER, "{event}undangan/"),
    Shot("hari-h", ORGANIZER, "{event}hari-h/"),
    Shot("unduh-peserta", ORGANIZER, "{event}peserta/unduh/"),
    Shot("berkas", ORGANIZER, "{event}berkas/"),
    Shot("naskah", ORGANIZER, "{event}", ("#naskah .task-title",)),
    Shot("rekap", SUPERVISOR, "/rekap/"),
    Shot("arsip", SUPERVISOR, "/arsip/"),
    Shot("kantor", ORGANIZER, "/akun/kantor/"),
]


def main(names: list[str]) -> None:
    chosen = [shot for shot in PAGES if not names or shot.name in names]
    with tempfile.TemporaryDirectory(prefix="netralitas-gambar-") as name, sync_playwright() as playwright:
        house = House(Path(name))
        house.manage("prepare")
        house.start()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=BROWSER_ARGS)
        try:
            for who in dict.fromkeys(shot.who for shot in chosen):
                page = sign_in(browser.new_context(locale="id-ID"), house, who)
                event = first_event(page, house)
                for shot in (shot for shot in chosen if shot.who == who):
                    take(page, house.url, shot, event)
        finally:
            browser.close()
            house.stop()


def first_event(page: Page, house: House) -> str:
    page.goto(f"{house.url}/kegiatan/")
    return page.locator("td a[href^='/kegiatan/']").last.get_attribute("href") or "/"


def take(page: Page, url: str, shot: Shot, event: str) -> None:
    for width, height in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        page.goto(url + shot.path.replace("{event}", event))
        for selector, words in shot.fill:
            page.locator(selector).fill(words)
        for selector in shot.click:
            follow(page.locator(selector).first)
        picture = compact(page.screenshot())
        (FOLDER / f"{shot.name}-{width}.png").write_bytes(picture)
        print(f"{shot.name}-{width}.png  {len(picture) / 1024:.0f} KB")


def compact(picture: bytes) -> bytes:
    """The same picture in few colours: a page of words needs no more."""
    out = BytesIO()
    few = (
        Image.open(BytesIO(picture))
        .convert("RGB")
        .quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    )
    few.save(out, "PNG", optimize=True)
    return out.getvalue()


if __name__ == "__main__":
    main(sys.argv[1:])
