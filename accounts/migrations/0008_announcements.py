from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_pair_quota_is_an_override")]
    operations = [
        migrations.CreateModel(
            name="Announcement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=300)),
                (
                    "level",
                    models.CharField(
                        choices=[("info", "Information"), ("warn", "Warning")], default="info", max_length=4
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(db_index=True)),
                ("made_by", models.CharField(blank=True, default="", max_length=150)),
            ],
            options={
                "ordering": ["-starts_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="announcement_ends"
                    )
                ],
            },
        ),
    ]
