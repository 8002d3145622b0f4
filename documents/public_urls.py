from django.urls import path

from . import public_views

app_name = "verifikasi"
urlpatterns = [
    path("", public_views.upload, name="upload"),
    path("akar.pem", public_views.root, name="root"),
    path("<slug:token>/", public_views.paper, name="paper"),
]
