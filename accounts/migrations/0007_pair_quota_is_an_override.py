from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_audit_and_quotas")]
    operations = [migrations.RemoveField(model_name="user", name="pair_quota")]
