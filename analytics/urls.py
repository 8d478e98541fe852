from django.urls import path

from analytics.views import dashboard, method, pairs

urlpatterns = [
    path("method/", method.method, name="method"),
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("pairs/add/", pairs.add, name="pair_add"),
    path("pairs/<int:pair_id>/settings/", pairs.settings, name="pair_settings"),
    path("pairs/<int:pair_id>/remove/", pairs.remove, name="pair_remove"),
]
