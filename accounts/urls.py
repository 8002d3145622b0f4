from django.urls import path

from . import exports, views

app_name = "accounts"
urlpatterns = [
    path("", views.own_office, name="office"),
    path("log/", views.own_log, name="log"),
    path("daftar/", views.office_list, name="offices"),
    path("daftar/unduh/<slug:ending>/", exports.offices_export, name="offices_export"),
    path("<int:pk>/", views.office_detail, name="office_detail"),
    path("<int:pk>/baru/", views.new_office, name="new_office"),
    path("<int:pk>/kop/", views.letterhead, name="letterhead"),
    path("<int:pk>/logo/", views.logo, name="logo"),
    path("<int:pk>/logo/hapus/", views.remove_logo, name="remove_logo"),
    path("<int:pk>/log/", views.office_log, name="office_log"),
    path("<int:pk>/log/unduh/<slug:ending>/", exports.office_log_export, name="office_log_export"),
    path("<int:pk>/penugasan/unduh/<slug:ending>/", exports.staff_export, name="staff_export"),
    path("<int:pk>/tugaskan/", views.add_member, name="add_member"),
    path("penugasan/<int:pk>/ubah/", views.change_membership, name="change_membership"),
    path("penugasan/<int:pk>/akhiri/", views.end_membership, name="end_membership"),
    path("penugasan/<int:pk>/kata-sandi/", views.renew_password, name="renew_password"),
    path("token/", views.token_list, name="tokens"),
    path("token/baru/", views.new_token, name="new_token"),
    path("token/<int:pk>/cabut/", views.revoke_token, name="revoke_token"),
]
