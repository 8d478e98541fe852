from django.urls import path

from accounts import views
from accounts.tokens import views as token_views

urlpatterns = [
    path("", views.home, name="home"),
    path("preferences/", views.preferences, name="preferences"),
    path("settings/", views.settings, name="settings"),
    path("settings/tokens/", token_views.tokens, name="tokens"),
    path("settings/tokens/<int:token_id>/revoke/", token_views.revoke, name="token_revoke"),
]
