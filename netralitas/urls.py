from allauth.account.decorators import secure_admin_login
from allauth.account.views import login
from django.contrib import admin
from django.urls import include, path

from . import api, health, views

handler403 = "netralitas.views.forbidden"
handler500 = "netralitas.views.server_error"

# The administration asks for the second factor and leaves traces like every other sign-in. This stands before
# ``admin.site.urls``, which takes hold of the view when it is read.
admin.site.login = secure_admin_login(admin.site.login)
admin.site.site_header = admin.site.site_title = "Netralitas"

urlpatterns = [
    path("", views.home, name="home"),
    path("tugas/jumlah/", views.duty_count, name="duty_count"),
    path("bantuan/", views.help_page, name="help"),
    path("healthz", health.healthz, name="healthz"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("readyz", health.readyz, name="readyz"),
    path("akun/kantor/", include("accounts.urls")),
    path("akun/", include("allauth.urls")),
    # After allauth's own path, so that reverse("account_login") gives the short address.
    path("masuk/", login, name="account_login"),
    path("wilayah/", include("regions.urls")),
    path("arsip/", include("documents.urls")),
    path("verifikasi/", include("documents.public_urls")),
    path("kegiatan/", include("events.urls")),
    path("t/<str:token>/", include("declarations.link_urls")),
    path("", include("declarations.urls")),
    path("api/v1/", api.urls),
    path("admin/", admin.site.urls),
]
