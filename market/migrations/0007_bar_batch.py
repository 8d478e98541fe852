"""Which batch wrote a bar last: what changed since a batch is a query. Adding it rewrites no row."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("market", "0006_funding")]

    operations = [
        migrations.AddField("bar", "batch", models.BigIntegerField(db_default=0)),
    ]
