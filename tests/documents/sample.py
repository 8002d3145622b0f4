"""Sample papers with invented people: what the engine is tested with, and the example for template authors."""

import io
import math
from datetime import UTC, datetime
from functools import cache
from html import escape

from PIL import Image, ImageDraw

from documents import certificates, pades
from documents.pdf import Ink, PaperMeta, Rendered, image_uri, qr_svg, render

TEXT_SHA = "9f2c61d0a7b35e48c1f0d2934b86ae57100e5d7732c94ab8f6610d3e2a9b7c54"
ROOT_SHA = "55ce9efc5d3997401a9deebf5b1473bd1eac44f340766856a1914886e6a07419"
OFFICE = "Panwaslu Kecamatan Cerme"
NUMBER = "012/PM.00.02/JI-06.09/10/2024"
TITLE = "Deklarasi Netralitas ASN, TNI, Polri, Kades/Perangkat Desa di wilayah Kecamatan Cerme"
POINTS = [
    "Menjaga dan menegakkan netralitas di instansi masing-masing dalam melaksanakan fungsi pelayanan publik, baik"
    " sebelum maupun sesudah pelaksanaan Pemilihan Gubernur dan Wakil Gubernur Jawa Timur serta Bupati dan Wakil"
    " Bupati Gresik Tahun 2024.",
    "Menghindari konflik kepentingan dan penyalahgunaan wewenang dalam melaksanakan tugas di instansi masing-masing.",
    "Mendorong masyarakat Kabupaten Gresik untuk ikut serta mengawasi netralitas ASN, TNI, Polri, Kepala Desa, dan"
    " Perangkat Desa.",
    "Berperan secara aktif membangun tegaknya netralitas selama pelaksanaan Pemilihan Tahun 2024.",
]
BLOCS = [
    ("Aparatur Sipil Negara", "ASN", "Kepala Seksi Pemerintahan", "Kecamatan Cerme"),
    ("Tentara Nasional Indonesia", "TNI", "Bintara Pembina Desa", "Koramil Cerme"),
    ("Kepolisian Negara Republik Indonesia", "Polri", "Bhabinkamtibmas", "Polsek Cerme"),
    ("Kepala Desa", "Kepala Desa", "Kepala Desa", "Pemerintah Desa Iker-iker Geger"),
]
NAMES = [
    "Şükrü Ĕnok Ħāji",
    "Nyoman Sudiarta",
    "Ita Rahmawati",
    "Muhammad Ilham Fatoni",
    "L. Agustina",
    "Suwarno",
]


def group(digest: str) -> str:
    return " ".join(digest[i : i + 4] for i in range(0, len(digest), 4))


def polygons(seed: int) -> list[list[tuple[int, int]]]:
    """A drawing like an outline of KIOSK.md §6: one wavy band and one dot."""
    count = 40
    line = [
        (
            200 + 60 * i,
            round(
                700
                + 380 * math.sin(i * (0.35 + seed % 7 / 15)) * math.cos(i / (5 + seed % 5))
                + 20 * (seed % 3)
            ),
        )
        for i in range(count)
    ]
    band = [(x, y - 9) for x, y in line] + [(x, y + 9) for x, y in reversed(line)]
    dot = [
        (2650 + dx, 400 + dy)
        for dx, dy in ((0, -12), (9, -9), (12, 0), (9, 9), (0, 12), (-9, 9), (-12, 0), (-9, -9))
    ]
    return [band, dot]


def ink(seed: int, name: str) -> Ink:
    return Ink.from_outline(polygons(seed), alt=f"Tanda tangan {name}")


def logo() -> str:
    picture = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((10, 10, 290, 290), outline="#7a1020", width=16)
    draw.polygon([(150, 60), (235, 210), (65, 210)], fill="#7a1020")
    out = io.BytesIO()
    picture.save(out, "PNG")
    return image_uri(out.getvalue())


def meta(**changes) -> PaperMeta:
    values = {
        "title": TITLE,
        "document_number": NUMBER,
        "event_code": "7KQ2-M9XD",
        "text_sha256": TEXT_SHA,
        "merkle_root": ROOT_SHA,
        "revision": 1,
        "office": OFFICE,
        "as_of": datetime(2024, 10, 2, 4, 12, 9, tzinfo=UTC),
        "identifier": "0123456789abcdef" * 2,
        "description": "Deklarasi yang ditandatangani bersama",
        "kind": "declaration",
    }
    return PaperMeta(**(values | changes))


def letterhead(with_logo: bool = True) -> str:
    text = """<div class="letterhead-text">
<p class="letterhead-line">PANITIA PENGAWAS PEMILIHAN UMUM</p>
<p class="letterhead-line">KECAMATAN CERME</p>
<p class="letterhead-line">KABUPATEN GRESIK</p>
<p class="letterhead-address">Jalan Raya Cerme Nomor 1 (contoh), Gresik 61171 · panwaslu.cerme@contoh.go.id</p>
</div>"""
    if not with_logo:
        return f'<header class="letterhead">{text}</header>'
    image = f'<div class="letterhead-logo"><img src="{logo()}" alt="Lambang {OFFICE}"></div>'
    return f'<header class="letterhead">{image}{text}<div class="letterhead-logo"></div></header>'


def seal_block(url: str = "https://netralitas.example/verifikasi/0123456789abcdef0123456789abcdef/") -> str:
    return f"""<section class="seal-block">
<div class="seal-qr">{qr_svg(url)}</div>
<div class="seal-text">
<p>Dokumen ini memuat tanda tangan elektronik tidak tersertifikasi (PP 71/2019 Pasal 60) dan disegel secara elektronik
oleh {OFFICE}. Segel memakai sertifikat internal kantor, bukan dari Penyelenggara Sertifikasi Elektronik; segel
membuktikan keutuhan berkas sejak disegel.</p>
<p>Keaslian, tingkat segel, dan stempel waktu dapat diperiksa dengan memindai kode QR: {url}</p>
<p class="digest"><span class="label">Naskah</span> {group(TEXT_SHA)}</p>
<p class="digest"><span class="label">Bukti</span> {group(ROOT_SHA)}</p>
</div>
<div class="seal-cell"><div class="seal-box" id="segel"><p class="seal-heading">SEGEL ELEKTRONIK</p><p>{OFFICE}</p></div></div>
</section>"""


def page(body: str, *, classes: str, title: str = TITLE, number: str = NUMBER) -> str:
    foot = escape(f"{title[:60]} · {number}")
    return f"""<!DOCTYPE html><html lang="id"><head><meta charset="utf-8"><title>{escape(title)}</title></head>
<body class="{classes}" data-title="{foot}" data-proof="Naskah {TEXT_SHA[:8]} · Bukti {ROOT_SHA[:8]}">{body}</body></html>"""


def _row(number: int, name: str, category: str, post: str, agency: str, cell: str) -> str:
    return f"""<tr><td class="no">{number}</td><td class="person">{name}<span class="detail">Penata Muda, III/a</span></td>
<td class="post">{post}<span class="detail">{agency}</span></td><td class="category">{category}</td>
<td class="sign">{cell}</td></tr>"""


def _cell(number: int, name: str, inks: dict[str, Ink]) -> str:
    if number % 11 == 5:
        return f'<span class="typed">{name}</span><span class="note">(diketik) 09.{number:02}</span>'
    if number % 11 == 9:
        return '<span class="note">Cap jempol, lembar A-03 baris 4</span>'
    inks[str(number)] = ink(number, name)
    return f'<img class="ink" src="ink:{number}"><span class="hour">09.{number % 60:02}</span>'


def declaration(signers: int = 30, classes: str = "a4 table contoh") -> tuple[str, dict[str, Ink]]:
    """A collective declaration in blocs; returns the HTML and the inks."""
    inks: dict[str, Ink] = {}
    bodies, number = [], 0
    for index, (label, category, post, agency) in enumerate(BLOCS):
        size = signers // len(BLOCS) + (index < signers % len(BLOCS))
        rows = []
        for _ in range(size):
            number += 1
            name = f"{NAMES[number % len(NAMES)]} {number} (contoh)"
            rows.append(_row(number, name, category, post, agency, _cell(number, name, inks)))
        heading = f'<tr class="bloc"><th scope="rowgroup" colspan="5">{label} <span class="count">({size} orang)</span></th></tr>'
        bodies.append(f"<tbody>{heading}{''.join(rows)}</tbody>")
    points = "".join(f"<li>{point}</li>" for point in POINTS)
    body = f"""{letterhead()}
<div class="title"><h1>DEKLARASI NETRALITAS ASN, TNI, POLRI, KEPALA DESA, DAN PERANGKAT DESA<br>DI WILAYAH KECAMATAN
CERME</h1><p class="number">Nomor: {NUMBER}</p></div>
<p>Dalam rangka menyukseskan Pemilihan Serentak Tahun 2024, kami yang bertanda tangan di bawah ini menyatakan:</p>
<ol class="points">{points}</ol>
<p>Demikian deklarasi ini kami buat dengan penuh kesadaran dan tanggung jawab.</p>
<p class="reader">Dibacakan bersama dipimpin oleh Camat Cerme pada pukul 09.20 WIB.</p>
<p class="place-date">Cerme, 2 Oktober 2024</p>
<table class="signers"><thead><tr><th scope="col">No.</th><th scope="col">Nama</th><th scope="col">Jabatan /
Instansi</th><th scope="col">Unsur</th><th scope="col">Tanda tangan</th></tr></thead>{"".join(bodies)}</table>
<section class="outcomes"><h2>Tidak hadir / berhalangan</h2><ol class="names"><li>Bambang Sutejo (contoh), Kepala Desa
Betiting</li><li>Sri Lestari (contoh), Kepala Desa Wedani</li><li>Ahmad Yani (contoh), Kepala Desa Lengkong</li></ol></section>
<table class="totals"><thead><tr><th scope="col">Unsur</th><th scope="col">Tercatat</th><th scope="col">Menandatangani</th>
<th scope="col">Tidak hadir</th></tr></thead><tbody><tr><th scope="row">ASN</th><td class="amount">8</td><td class="amount">8</td>
<td class="amount">0</td></tr><tr><th scope="row">Kepala Desa (23 dari 25 desa)</th><td class="amount">25</td>
<td class="amount">23</td><td class="amount">2</td></tr><tr class="sum"><th scope="row">Jumlah</th><td class="amount">33</td>
<td class="amount">31</td><td class="amount">2</td></tr></tbody></table>
<div class="witnesses"><h2>Disaksikan oleh</h2><div class="signing">
<div class="signing-cell"><p class="role">Mengetahui,</p><p class="post">Ketua {OFFICE}</p>
<div class="signing-ink"></div><p class="name">Imam (contoh)</p></div>
<div class="signing-cell"><p class="role">Saksi,</p><p class="post">Anggota Bawaslu Kabupaten Gresik</p>
<div class="signing-ink"></div><p class="name">Rozikin (contoh)</p></div></div></div>
{seal_block()}"""
    return page(body, classes=classes), inks


def memorandum(classes: str = "a4 letter") -> tuple[str, dict[str, Ink]]:
    """A Nota Kesepahaman of two parties with two numbers."""
    inks = {"kesatu": ink(3, "M. Nizar (contoh)"), "kedua": ink(8, "Sugiarto (contoh)")}
    article = "Nota Kesepahaman ini dibuat dan ditandatangani dalam rangkap 2 (dua), masing-masing mempunyai kekuatan hukum yang sama."
    body = f"""{letterhead()}
<div class="title"><h1>NOTA KESEPAHAMAN<br>ANTARA<br>PANWASLU KECAMATAN PURWODADI<br>DENGAN<br>PEMERINTAH KECAMATAN
PURWODADI</h1><p class="number">Nomor: 021/HM.02.00/JI-14.01/06/2024<br>Nomor: 470/118/424.301/2024</p>
<p class="about">TENTANG<br>PENGAWASAN PARTISIPATIF DAN NETRALITAS APARATUR SIPIL NEGARA</p></div>
<p>Pada hari ini Selasa, tanggal Dua Puluh Lima, bulan Juni, tahun Dua Ribu Dua Puluh Empat, bertempat di Aula Kantor
Kecamatan Purwodadi, kami yang bertanda tangan di bawah ini:</p>
<ol class="parties"><li><strong>M. NIZAR (CONTOH)</strong>, selaku Ketua Panwaslu Kecamatan Purwodadi, bertindak untuk
dan atas nama Panwaslu Kecamatan Purwodadi, selanjutnya disebut PIHAK KESATU;</li><li><strong>SUGIARTO (CONTOH)</strong>,
selaku Camat Purwodadi, bertindak untuk dan atas nama Pemerintah Kecamatan Purwodadi, selanjutnya disebut PIHAK
KEDUA.</li></ol>
<p>PARA PIHAK menerangkan bahwa:</p>
<ol class="points letters"><li>pengawasan Pemilihan memerlukan peran serta masyarakat;</li><li>aparatur sipil negara wajib
bebas dari pengaruh dan intervensi semua golongan dan partai politik.</li></ol>
<section class="article"><h2>Pasal 1<br>MAKSUD DAN TUJUAN</h2><p>{article} {article}</p></section>
<section class="article"><h2>Pasal 2<br>RUANG LINGKUP</h2><p>Ruang lingkup Nota Kesepahaman ini meliputi:</p>
<ol class="points"><li>sosialisasi pengawasan partisipatif;</li><li>pencegahan pelanggaran netralitas;</li><li>pertukaran
data dan informasi.</li></ol></section>
<section class="article"><h2>Pasal 3<br>PENUTUP</h2><p>{article}</p></section>
<div class="signing long"><div class="signing-cell"><p class="role">PIHAK KEDUA</p><p class="post">Camat Purwodadi</p>
<div class="signing-ink"><img class="ink" src="ink:kedua"></div><p class="name">Sugiarto (contoh)</p>
<p class="detail">Pembina, IV/a</p></div>
<div class="signing-cell"><p class="role">PIHAK KESATU</p><p class="post">Ketua Panwaslu Kecamatan Purwodadi</p>
<div class="signing-ink"><img class="ink" src="ink:kesatu"></div><p class="name">M. Nizar (contoh)</p></div></div>
{seal_block()}"""
    title = "Nota Kesepahaman Panwaslu Kecamatan Purwodadi dengan Pemerintah Kecamatan Purwodadi"
    return page(body, classes=classes, title=title, number="021/HM.02.00/JI-14.01/06/2024"), inks


def integrity_pact(classes: str = "f4 letter") -> tuple[str, dict[str, Ink]]:
    """One sheet of one person."""
    name = "Ita Rahmawati (contoh)"
    fields = {
        "Nama": name,
        "NIP": "196804111993031009",
        "Pangkat/Gol.": "Penata Tingkat I, III/d",
        "Jabatan": "Kepala Subbagian Umum dan Kepegawaian pada Sekretariat Kecamatan Cerme",
        "Instansi": "Kecamatan Cerme",
    }
    rows = "".join(f'<tr><th scope="row">{key}</th><td>{value}</td></tr>' for key, value in fields.items())
    points = "".join(f"<li>{point}</li>" for point in POINTS)
    body = f"""<div class="sheet">{letterhead(with_logo=False)}
<div class="title"><h1>PAKTA INTEGRITAS<br>NETRALITAS APARATUR SIPIL NEGARA</h1><p class="number">Nomor: {NUMBER}</p></div>
<p>Saya yang bertanda tangan di bawah ini:</p><table class="fields">{rows}</table><p>menyatakan:</p>
<ol class="points">{points}</ol>
<p>Apabila saya melanggar pernyataan ini, saya bersedia menerima sanksi sesuai dengan ketentuan peraturan
perundang-undangan.</p>
<div class="signing"><div class="signing-cell"><p class="place-date"><br></p><p class="role">Mengetahui,</p><p class="post">Camat Cerme</p>
<div class="signing-ink"></div><p class="name">Umar (contoh)</p><p class="detail">NIP 197001011995031001</p></div>
<div class="signing-cell"><p class="place-date">Cerme, 2 Oktober 2024</p><p class="role">Yang menyatakan,</p><p class="post"></p>
<div class="signing-ink"><img class="ink" src="ink:1"></div><p class="name">{name}</p>
<p class="detail">NIP 196804111993031009</p></div></div>{seal_block()}</div>"""
    return page(body, classes=classes, title="Pakta Integritas"), {"1": ink(4, name)}


def letter(classes: str = "a4 letter sans draf") -> tuple[str, dict[str, Ink]]:
    """An invitation, as a draft."""
    body = f"""{letterhead()}
<div class="letter-head"><div class="letter-fields"><table class="fields"><tr><th scope="row">Nomor</th><td>013/PM.00.02/JI-06.09/09/2024</td></tr>
<tr><th scope="row">Sifat</th><td>Biasa</td></tr><tr><th scope="row">Lampiran</th><td>1 (satu) lembar</td></tr><tr><th scope="row">Hal</th>
<td>Undangan Sosialisasi dan Deklarasi Netralitas ASN, TNI, Polri, dan Kepala Desa</td></tr></table></div><div class="letter-date">
<p>Cerme, 27 September 2024</p></div></div>
<div class="addressee"><p>Yth.</p><p>Kepala Desa se-Kecamatan Cerme</p><p>di Tempat</p></div>
<h1 hidden>Undangan</h1>
<p class="indent">Dalam rangka Pemilihan Serentak Tahun 2024, kami mengundang Bapak/Ibu pada:</p>
<table class="fields"><tr><th scope="row">Hari/tanggal</th><td>Rabu, 2 Oktober 2024</td></tr><tr><th scope="row">Pukul</th><td>09.00 WIB
s.d. selesai</td></tr><tr><th scope="row">Tempat</th><td>Pendopo Kecamatan Cerme</td></tr></table>
<p class="indent">Atas perhatian dan kehadirannya disampaikan terima kasih.</p>
<div class="signing single"><div class="signing-gap"></div><div class="signing-cell"><p class="role">Ketua,</p>
<div class="signing-ink"></div><p class="name">Imam (contoh)</p></div></div>
<div class="copies"><p>Tembusan:</p><ol><li>Ketua Bawaslu Kabupaten Gresik</li></ol></div>"""
    return page(body, classes=classes, title="Undangan", number="013/PM.00.02/JI-06.09/09/2024"), {}


@cache
def rendered(kind: str = "declaration", attachment: bytes | None = None) -> Rendered:
    """A sample paper, rendered once per process: "declaration", "memorandum", "integrity_pact" or "letter"."""
    html, inks = globals()[kind]()
    return render(html, inks=inks, attachment=attachment, meta=meta(**_without_root(kind, attachment)))


def _without_root(kind: str, attachment: bytes | None) -> dict:
    """A memorandum without evidence names no root of it: that would be a paper whose evidence was taken out."""
    return {"merkle_root": ""} if kind == "memorandum" and attachment is None else {}


def seal_key() -> certificates.SealKey:
    return certificates.ensure_office_seal("contoh", OFFICE)


@cache
def sealed(attachment: bytes | None = None) -> bytes:
    """A sealed memorandum, the smallest paper with ink, made once per process."""
    return pades.seal(rendered("memorandum", attachment).pdf, signer=seal_key())
