from django.urls import path

from market import views

urlpatterns = [
    path("health/", views.health, name="health"),
    path("health/feed/", views.pause, name="feed_pause"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
