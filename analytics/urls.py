from django.urls import path, register_converter

from analytics.views import dashboard, method, notices, pair, pairs, saved, search, shared


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
    path("pairs/<int:pair_id>/share/", shared.share_pair, name="pair_share"),
    path("pairs/<int:pair_id>/links/", shared.link_make, name="link_make"),
    path("views/<int:view_id>/share/", shared.share_view, name="view_share"),
    path("shared/", shared.shared, name="shared"),
    path("shared/<int:share_id>/", shared.shared_pair, name="shared_pair"),
    path("shared/<int:share_id>/end/", shared.share_end, name="share_end"),
    path("shared/links/<int:link_id>/end/", shared.link_end, name="link_end"),
    path("link/<str:secret>/", shared.public, name="public_link"),
]
