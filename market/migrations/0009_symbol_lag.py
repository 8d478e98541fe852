"""How late the trades of a symbol arrive."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("market", "0008_funding_rates")]

    operations = [
        migrations.AddField("symbolstate", "lag_ms", models.BigIntegerField(null=True)),
    ]
