"""A recorded market that runs ahead of another must not close the other's bars."""

from django.db import migrations, models

_FROM_BATCHES = """
    UPDATE market_barcursor SET watermarks = coalesce(
        (SELECT jsonb_object_agg(venue, newest) FROM (
            SELECT venue, max(watermark_ms) AS newest FROM market_ingestbatch WHERE id <= batch_id GROUP BY venue
        ) AS known), '{}')
"""


class Migration(migrations.Migration):
    dependencies = [("market", "0004_bar_cursor_watermark")]

    operations = [
        migrations.AddField("barcursor", "watermarks", models.JSONField(default=dict)),
        migrations.RunSQL(_FROM_BATCHES, migrations.RunSQL.noop),
        migrations.RemoveField("barcursor", "watermark_ms"),
    ]
