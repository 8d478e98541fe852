"""The few forming bars and the few bars with a gap, found without a walk over the history."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("market", "0002_tick_partitions")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX bar_forming ON market_bar (instrument_id) WHERE flags & 1 = 0", "DROP INDEX bar_forming"
        ),
        migrations.RunSQL(
            "CREATE INDEX bar_gap ON market_bar (instrument_id) WHERE flags & 2 <> 0", "DROP INDEX bar_gap"
        ),
    ]
