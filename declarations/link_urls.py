from django.urls import path

from .views import links

app_name = "tautan"
urlpatterns = [
    path("", links.home, name="home"),
    path("buka/", links.open_, name="open"),
    path("jawaban/", links.answer, name="answer"),
    path("kode-ruang/", links.enter, name="enter"),
    path("kalender/", links.calendar, name="calendar"),
    path("data-saya/", links.data, name="data"),
    path("naskah/<uuid:pk>/", links.sign, name="sign"),
    path("naskah/<uuid:pk>/kirim/", links.submit, name="submit"),
    path("naskah/<uuid:pk>/ketik/", links.typed, name="typed"),
    path("bukti/<uuid:signature>/", links.receipt, name="receipt"),
    path("bukti/<uuid:signature>/kutipan/", links.make_excerpt, name="excerpt"),
    path("bukti/<uuid:signature>/kutipan/berkas/", links.excerpt_file, name="excerpt_file"),
]
