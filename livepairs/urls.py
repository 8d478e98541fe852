"""All addresses of the site."""

from django.contrib import admin
from django.urls import include, path

from analytics.api import api

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.account.urls")),
    path("api/v1/", api.urls),
    path("", include("accounts.urls")),
    path("", include("market.urls")),
    path("", include("analytics.urls")),
]
