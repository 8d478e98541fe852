from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("market", "0009_symbol_lag")]
    operations = [
        migrations.AddField(
            model_name="instrument",
            name="blocked_reason",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
    ]
