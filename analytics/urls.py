from django.urls import path, register_converter

from analytics.views import dashboard, method, notices, pair, pairs, saved, search


class LegsConverter:
    """`A~B`: two symbols of any UTF-8 but "/"."""

    regex = "[^/]+~[^/]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(LegsConverter, "legs")

urlpatterns = [
    path("method/", method.method, name="method"),
    path("notices/", notices.notices, name="notices"),
    path("search/", search.search, name="search"),
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("pairs/add/", pairs.add, name="pair_add"),
    path("pairs/<int:pair_id>/settings/", pairs.settings, name="pair_settings"),
    path("pairs/open/", pairs.open_, name="pair_open"),
    path("pairs/keep/", pairs.keep, name="pair_keep"),
    path("pairs/<int:pair_id>/remove/", pairs.remove, name="pair_remove"),
    path("pairs/<int:pair_id>/note/", pairs.note, name="pair_note"),
    path("pairs/<legs:name>/", pair.pair, name="pair"),
    path("pairs/<legs:name>/<slug:tab>/", pair.pair, name="pair_tab"),
    path("views/", saved.save, name="view_save"),
    path("views/<int:view_id>/delete/", saved.delete, name="view_delete"),
]
