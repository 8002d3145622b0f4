from django.urls import path

from . import public_views

app_name = "verifikasi"
urlpatterns = [
    path("", public_views.upload, name="upload"),
    path("akar.pem", public_views.root, name="root"),
    path("<slug:name>.crl", public_views.revocation_list, name="crl"),
    path("<slug:token>/", public_views.paper, name="paper"),
]
