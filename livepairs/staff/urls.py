from django.urls import path

from livepairs.staff import announcing, auditing, market, people

urlpatterns = [
    path("", people.users, name="staff"),
    path("users/<int:user_id>/", people.user, name="staff_user"),
    path("symbols/", market.symbols, name="staff_symbols"),
    path("symbols/<int:instrument_id>/", market.symbol, name="staff_symbol"),
    path("feed/", market.feed, name="staff_feed"),
    path("announcements/", announcing.announcements, name="staff_announcements"),
    path("announcements/<int:announcement_id>/end/", announcing.end, name="staff_announcement_end"),
    path("audit/", auditing.audit, name="staff_audit"),
    path("audit.csv", auditing.audit_csv, name="staff_audit_csv"),
]
