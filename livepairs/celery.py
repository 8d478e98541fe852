"""The Celery application: queues by shard, and the sweeps of beat."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "livepairs.settings")

app = Celery("livepairs")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
