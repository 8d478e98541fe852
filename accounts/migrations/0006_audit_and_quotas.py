import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

REFUSE = """
    CREATE FUNCTION accounts_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'An audit entry is never changed or deleted.';
    END $$;
    CREATE TRIGGER audit_is_immutable BEFORE UPDATE OR DELETE ON accounts_auditentry
        FOR EACH ROW EXECUTE FUNCTION accounts_refuse_change();
"""
UNDO = "DROP TRIGGER audit_is_immutable ON accounts_auditentry; DROP FUNCTION accounts_refuse_change();"
KEEP = """
    INSERT INTO accounts_quotaoverride (user_id, name, most)
    SELECT id, 'pairs', pair_quota FROM accounts_user WHERE pair_quota IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_account_care")]
    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True, db_index=True)),
                ("actor_id", models.BigIntegerField(db_index=True, null=True)),
                ("actor", models.CharField(blank=True, default="", max_length=150)),
                ("action", models.CharField(db_index=True, max_length=40)),
                ("subject", models.CharField(max_length=200)),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField(null=True)),
                ("address", models.GenericIPAddressField(null=True)),
                ("agent", models.CharField(blank=True, default="", max_length=200)),
            ],
            options={"ordering": ["-id"], "verbose_name_plural": "audit entries"},
        ),
        migrations.CreateModel(
            name="QuotaOverride",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=16)),
                ("most", models.PositiveBigIntegerField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="quota_overrides",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"constraints": [models.UniqueConstraint(fields=["user", "name"], name="quota_override_once")]},
        ),
        migrations.RunSQL(REFUSE, UNDO),
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
    ]
