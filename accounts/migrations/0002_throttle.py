from django.db import migrations


class Migration(migrations.Migration):
    """The table of Django's DatabaseCache, as `createcachetable` makes it."""

    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql=[
                """CREATE TABLE accounts_throttle (
                       cache_key varchar(255) NOT NULL PRIMARY KEY,
                       value text NOT NULL,
                       expires timestamp with time zone NOT NULL
                   )""",
                "CREATE INDEX accounts_throttle_expires ON accounts_throttle (expires)",
            ],
            reverse_sql="DROP TABLE accounts_throttle",
        ),
    ]
