from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from accounts.own_tables import register_tables
        from accounts.witness import connect

        connect()
        register_tables()
