"""All addresses of the site."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from analytics.api import api
from analytics.views.reference import reference
from livepairs import errors
from livepairs.styleguide import styleguide

# One door for passwords, the one with limits
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.account.urls")),
    path("api/v1/docs", reference, name="api_reference"),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("api/v1/", api.urls),
    path("styleguide/", styleguide, name="styleguide"),
    path("staff/", include("livepairs.staff.urls")),
    path("", include("accounts.urls")),
    path("", include("market.urls")),
    path("", include("analytics.urls")),
]

handler403 = errors.permission_denied
handler404 = errors.not_found
handler429 = errors.too_many
handler500 = errors.server_error
