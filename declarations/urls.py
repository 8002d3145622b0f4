from django.urls import path

from .views import declarations, kiosk, recap, review, sealing, signing, texts

app_name = "declarations"
urlpatterns = [
    path("naskah/", texts.texts, name="texts"),
    path("naskah/baru/", texts.text_create, name="text_create"),
    path("naskah/dasar-hukum/", texts.legal_bases, name="legal_bases"),
    path("naskah/versi/<uuid:pk>/", texts.version, name="version"),
    path("naskah/versi/<uuid:pk>/salin/", texts.version_copy, name="version_copy"),
    path("naskah/versi/<uuid:pk>/ubah/", texts.version_edit, name="version_edit"),
    path("naskah/versi/<uuid:pk>/lengkapi/", texts.version_fill, name="version_fill"),
    path("naskah/versi/<uuid:pk>/terbitkan/", texts.version_publish, name="version_publish"),
    path("naskah/versi/<uuid:pk>/setujui/", texts.version_approve, name="version_approve"),
    path("naskah/<slug:key>/", texts.text, name="text"),
    path("rekap/", recap.recap, name="recap"),
    path("kegiatan/<slug:code>/naskah/tambah/", declarations.declaration_add, name="declaration_add"),
    path("deklarasi/<uuid:pk>/", declarations.declaration, name="declaration"),
    path("deklarasi/<uuid:pk>/ubah/", declarations.declaration_edit, name="declaration_edit"),
    path("deklarasi/<uuid:pk>/hapus/", declarations.declaration_remove, name="declaration_remove"),
    path("deklarasi/<uuid:pk>/nomor/", declarations.number, name="number"),
    path("deklarasi/<uuid:pk>/dasar-hukum/", declarations.replace_basis, name="replace_basis"),
    path("deklarasi/<uuid:pk>/pihak/", declarations.parties, name="parties"),
    path("deklarasi/<uuid:pk>/saksi/", declarations.witnesses, name="witnesses"),
    path(
        "deklarasi/<uuid:pk>/saksi/<int:witness>/hapus/", declarations.witness_remove, name="witness_remove"
    ),
    path("deklarasi/<uuid:pk>/penanda-tangan/", declarations.signatories, name="signatories"),
    path("deklarasi/<uuid:pk>/penanda-tangan/susun/", declarations.enroll, name="enroll"),
    path(
        "deklarasi/<uuid:pk>/penanda-tangan/<uuid:signatory>/keterangan/",
        declarations.mark_outcome,
        name="mark_outcome",
    ),
    path("deklarasi/<uuid:pk>/penanda-tangan/tidak-hadir/", declarations.mark_absent, name="mark_absent"),
    path("deklarasi/<uuid:pk>/buka/", declarations.open_signing, name="open"),
    path("deklarasi/<uuid:pk>/tutup/", declarations.close_signing, name="close"),
    path("deklarasi/<uuid:pk>/pembacaan/", declarations.reading, name="reading"),
    path("deklarasi/<uuid:pk>/tanda-tangan/", signing.sign_search, name="sign_search"),
    path("deklarasi/<uuid:pk>/tanda-tangan/<uuid:signatory>/", signing.sign, name="sign"),
    path("deklarasi/<uuid:pk>/tanda-tangan/<uuid:signatory>/kirim/", signing.sign_submit, name="sign_submit"),
    path("deklarasi/<uuid:pk>/tanda-tangan/<uuid:signatory>/ketik/", signing.sign_typed, name="sign_typed"),
    path(
        "deklarasi/<uuid:pk>/tanda-tangan/selesai/<uuid:signature>/", signing.sign_thanks, name="sign_thanks"
    ),
    path("deklarasi/<uuid:pk>/tinjau/", review.review, name="review"),
    path("deklarasi/<uuid:pk>/tinjau/<uuid:signature>/", review.review_resolve, name="review_resolve"),
    path("deklarasi/<uuid:pk>/segel/", sealing.seal, name="seal"),
    path("deklarasi/<uuid:pk>/segel/tarik/", sealing.take_back_sealing, name="take_back_sealing"),
    path("deklarasi/<uuid:pk>/pratinjau/", sealing.preview, name="preview"),
    path("kios/", kiosk.shell, name="kiosk"),
    path("kios/manifest.webmanifest", kiosk.manifest, name="kiosk_manifest"),
    path("kios/sw.js", kiosk.worker, name="kiosk_worker"),
    path("kios/kios-<slug:name>.js", kiosk.script, name="kiosk_script"),
    path("kios/kios-<slug:name>.css", kiosk.style, name="kiosk_style"),
    path("kios/<path:rest>", kiosk.shell, name="kiosk_page"),
]
