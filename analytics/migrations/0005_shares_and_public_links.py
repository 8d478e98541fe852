import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

USER = settings.AUTH_USER_MODEL


def owned(name: str) -> models.ForeignKey:
    return models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name=name, to=USER)


def pk() -> models.BigAutoField:
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [
        ("analytics", "0004_leases_notes_and_views"),
        migrations.swappable_dependency(USER),
    ]
    operations = [
        migrations.CreateModel(
            name="Share",
            fields=[
                ("id", pk()),
                ("name", models.CharField(max_length=254)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("owner", owned("shares")),
                (
                    "viewer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="shares_seen",
                        to=USER,
                    ),
                ),
                (
                    "pair",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shares",
                        to="analytics.pair",
                    ),
                ),
                (
                    "view",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shares",
                        to="analytics.savedview",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(condition=Q(pair=None) ^ Q(view=None), name="share_of_one_thing"),
                    models.UniqueConstraint(fields=["pair", "name"], name="share_of_pair_once"),
                    models.UniqueConstraint(fields=["view", "name"], name="share_of_view_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PublicLink",
            fields=[
                ("id", pk()),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("query", models.CharField(blank=True, default="", max_length=1000)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                ("owner", owned("public_links")),
                (
                    "pair",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="public_links",
                        to="analytics.pair",
                    ),
                ),
            ],
            options={"ordering": ["-id"]},
        ),
    ]
