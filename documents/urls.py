from django.urls import path

from . import letterhead_views, seal_views, views

app_name = "documents"
urlpatterns = [
    path("", views.archive, name="archive"),
    path("unduh/", views.bundle, name="bundle"),
    path("daftar/<slug:ending>/", views.archive_export, name="archive_export"),
    path("antrean/", views.queue, name="queue"),
    path("antrean/<uuid:pk>/ulang/", views.retry, name="retry"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/unduh/", views.download, name="download"),
    path("<uuid:pk>/cabut/", views.void, name="void"),
    path("<uuid:pk>/bsre/", seal_views.officer_signature, name="officer_signature"),
    path("kop/<int:pk>/pratinjau/", letterhead_views.letterhead_preview, name="letterhead_preview"),
    path("kop/<int:pk>/logo/", letterhead_views.logo_preview, name="logo_preview"),
    path("segel/<int:pk>/", seal_views.office_seal, name="office_seal"),
    path("segel/<int:pk>/uji/", seal_views.test_office_seal, name="test_office_seal"),
    path("segel/<int:pk>/cara/", seal_views.office_seal_backend, name="office_seal_backend"),
    path("segel/<int:pk>/unggah/", seal_views.office_seal_upload, name="office_seal_upload"),
]
