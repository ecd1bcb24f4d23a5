"""`viesis recount`: every summary against a full count."""

import click

from checkin.attendance.attendance import recount, settle
from events.projects.projects import Project
from indicators.cache import figures


async def run() -> int:
    """Compare, print each difference, answer the exit status: 0 when all agree, 1 else."""
    different = 0
    for project in await Project.all().order_by("id"):
        await settle(project.id)
        differences = [*await recount(project.id), *await figures.recount(project)]
        for line in differences:
            click.echo(f"{project.slug}: {line}")
        different += len(differences)
    click.echo(
        "Every summary agrees with the full count." if not different else f"{different} differ."
    )
    return 1 if different else 0
