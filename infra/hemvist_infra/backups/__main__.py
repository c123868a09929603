"""``python -m hemvist_infra.backups``: the commands of ``hemvist backup`` alone."""

from hemvist_infra.cli_backup import app

app()
