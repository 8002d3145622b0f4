"""What the signing pages say and do not say, straight from their templates."""

import re
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string

from declarations.evidence import DEFAULT_CONSENT, text_sha256

TEXT = {
    "title": "Deklarasi Netralitas",
    "opening": "Kami menyatakan:",
    "points": ["Menjaga netralitas & martabat.", "Menolak <politik uang>."],
    "closing": "Demikian.",
    "consent": DEFAULT_CONSENT,
}
PERSON = {"name": "Siti (contoh)", "position": "Camat", "agency": "Kecamatan Cerme", "category": "asn"}


def sign_page(**context):
    page_data = {"submit_url": "/kirim/", "done_url": "/selesai/", **context.pop("page_data", {})}
    return render_to_string(
        "declarations/signing/sign.html",
        {
            "event": SimpleNamespace(title="Sosialisasi"),
            "declaration": SimpleNamespace(title="Deklarasi Netralitas"),
            "text": TEXT,
            "text_sha256": text_sha256(TEXT),
            "signatory": PERSON,
            "page_data": page_data,
            "form_url": "/tanda-tangan/",
            "back_url": "/cari/",
            "read_at": "09.12 WIB",
            "csrf_token": "token",
            **context,
        },
    )


def search_page(**context):
    return render_to_string(
        "declarations/signing/search.html",
        {
            "event": SimpleNamespace(title="Sosialisasi"),
            "declaration": SimpleNamespace(title="Deklarasi"),
            "query": "",
            "results": [],
            "count": 0,
            "message": "",
            "search_url": "/cari/",
            "walk_in_url": "",
            "exit_url": "/keluar/",
            **context,
        },
    )


def thanks_page(**context):
    return render_to_string(
        "declarations/signing/thanks.html", {"search_url": "/cari/", "receipt": "4eedcd7a", **context}
    )


@pytest.mark.parametrize("page", [sign_page, search_page, thanks_page])
def test_page_has_no_inline_script_or_style(page):
    html = page()

    scripts = re.findall(r"<script[^>]*>", html)
    assert all('src="' in tag or 'type="application/json"' in tag for tag in scripts)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", html)
    assert '<html lang="id">' in html


def test_sign_page_shows_the_whole_text_and_ticks_nothing():
    html = sign_page()

    assert "Menjaga netralitas &amp; martabat." in html
    assert "Menolak &lt;politik uang&gt;." in html
    assert "Teks ini sudah dibacakan bersama pukul 09.12 WIB." in html
    assert re.findall(r"<input[^>]*checked", html) == []
    assert html.index(DEFAULT_CONSENT) > html.index("Demikian.")


def test_sign_page_works_as_a_plain_form():
    html = sign_page(message="Centang pernyataan dahulu.")

    form = html[html.index("<form") : html.index("</form>")]
    assert 'method="post" action="/tanda-tangan/"' in form
    assert re.findall(r'name="([a-z_0-9]+)"', form) == [
        "csrfmiddlewaretoken",
        "text_sha256",
        "record_id",
        "agree",
        "on_behalf",
        "on_behalf_name",
        "on_behalf_position",
        "on_behalf_letter_no",
        "typed_name",
        "paper_ref",
        "witness_name",
        "witness_position",
    ]
    assert "Centang pernyataan dahulu." in form
    assert 'name="refuse" value="1"' in html[html.index("<noscript>") : html.index("</noscript>")]


def test_sign_page_offers_only_what_is_allowed():
    html = sign_page(page_data={"allow": ["drawn", "typed"]}, back_url="")

    assert "Ketik nama" in html
    for sentence in ("Cap jempol", "Saya mewakili pejabat ini", 'data-do="refuse"', "Bukan saya"):
        assert sentence not in html
    assert 'data-idle="0"' in html


def test_person_without_a_name_is_called_by_the_position():
    html = sign_page(signatory={**PERSON, "name": ""})

    assert "<strong>Camat</strong><span>Kecamatan Cerme</span>" in html


@pytest.mark.parametrize(
    ("query", "count", "sentence"),
    [
        ("", 0, ""),
        ("si", 0, "Ketik minimal 3 huruf nama Anda."),
        ("siti", 0, "Nama tidak ditemukan. Periksa ejaan."),
        ("siti", 40, "40 nama cocok. Ketik lebih lengkap."),
    ],
)
def test_search_says_what_to_do_next(query, count, sentence):
    html = search_page(query=query, count=count)

    assert f'role="status">{sentence}</p>' in html


def test_search_lists_people_and_never_leads_to_a_recorded_one():
    free = {
        "url": "/a/",
        "name": "Siti (contoh)",
        "position": "Camat",
        "agency": "",
        "recorded_at": "",
        "tail": "012",
    }
    taken = {**free, "url": "/b/", "recorded_at": "09.41", "tail": ""}

    html = search_page(query="siti", results=[free, taken], count=2)

    assert re.findall(r'class="person" href="([^"]+)"', html) == ["/a/"]
    assert "Sudah tercatat pukul 09.41. Bukan Anda? Panggil petugas." in html
    assert "…012" in html
    assert "/b/" not in html


def test_walk_in_is_offered_only_after_a_search_without_hits():
    assert "Nama saya tidak ada" in search_page(query="siti", walk_in_url="/baru/")
    assert "Nama saya tidak ada" not in search_page(query="", walk_in_url="/baru/")
    assert "Nama saya tidak ada" not in search_page(query="siti")


def test_thanks_look_the_same_for_signing_and_refusing():
    signed, refused = thanks_page(outcome="signed"), thanks_page(outcome="refused")

    assert "Tanda tangan Anda telah tersimpan." in signed
    assert signed.replace("Tanda tangan Anda telah tersimpan.", "Pilihan Anda tercatat.") == refused
    assert 'href="/cari/" data-return-after="4000"' in signed


def test_thanks_on_a_personal_link_stay():
    assert "data-return-after" not in thanks_page(outcome="signed", search_url="")
