from django.urls import path

from accounts import views
from accounts.pages import invitation, logins, own_data, places, session
from accounts.tokens import views as token_views

urlpatterns = [
    path("", views.home, name="home"),
    path("preferences/", views.preferences, name="preferences"),
    path("settings/", views.settings, name="settings"),
    path("settings/tokens/", token_views.tokens, name="tokens"),
    path("settings/tokens/<int:token_id>/revoke/", token_views.revoke, name="token_revoke"),
    path("session/", session.session, name="session"),
    path("invitation/<str:secret>/", invitation.open_invitation, name="invitation"),
    path("settings/logins/", logins.show_logins, name="logins"),
    path("settings/logins/<int:pk>/end/", logins.end_login, name="end_login"),
    path("settings/logins/others/end/", logins.end_other_logins, name="end_other_logins"),
    path("settings/places/", places.add_place, name="add_place"),
    path("settings/places/<int:pk>/remove/", places.remove_place, name="remove_place"),
    path("settings/places/confirm/<str:signed>/", places.confirm_place, name="confirm_place"),
    path("settings/download/", own_data.download, name="download_own_data"),
    path("settings/remove/", own_data.remove, name="remove_account"),
    path("settings/keep/", own_data.keep, name="keep_account"),
]
