from django.urls import path

from . import views

app_name = "documents"
urlpatterns = [
    path("", views.archive, name="archive"),
    path("unduh/", views.bundle, name="bundle"),
    path("antrean/", views.queue, name="queue"),
    path("antrean/<uuid:pk>/ulang/", views.retry, name="retry"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/unduh/", views.download, name="download"),
    path("<uuid:pk>/cabut/", views.void, name="void"),
]
