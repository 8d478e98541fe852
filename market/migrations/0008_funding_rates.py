"""Fundings that took place."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("market", "0007_bar_batch")]

    operations = [
        migrations.CreateModel(
            name="FundingRate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("funded_at", models.DateTimeField()),
                ("rate", models.FloatField()),
                (
                    "instrument",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="funding_rates",
                        to="market.instrument",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["funded_at"], name="funding_by_time")],
                "constraints": [models.UniqueConstraint(fields=["instrument", "funded_at"], name="funding_once")],
            },
        ),
    ]
