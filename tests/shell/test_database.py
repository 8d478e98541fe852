import pytest
from django.db import connection

pytestmark = pytest.mark.django_db


def test_the_database_is_a_real_postgres() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        row = cursor.fetchone()
    assert int(row[0]) >= 150000
