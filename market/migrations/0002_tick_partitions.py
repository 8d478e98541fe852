"""The tick table: partitioned by UTC day, wide columns first. market/partitions.py makes the days."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("market", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE market_tick (
                trade_id bigint NOT NULL,
                traded_at timestamptz NOT NULL,
                price double precision NOT NULL CHECK (price > 0 AND price < 'Infinity'),
                size double precision NOT NULL CHECK (size > 0 AND size < 'Infinity'),
                instrument_id integer NOT NULL,
                is_buyer_maker boolean NOT NULL
            ) PARTITION BY RANGE (traded_at);
            """,
            "DROP TABLE market_tick",
        ),
    ]
