"""``python -m benchmarks``: what grading costs."""

from __future__ import annotations

import click

from benchmarks.classes import WORKLOADS
from benchmarks.engines import ENGINES
from benchmarks.machine import cores, facts


@click.group(invoke_without_command=True)
@click.option("--workload", "workloads", type=click.Choice(sorted(WORKLOADS)), multiple=True, help="[default: both]")
@click.option(
    "--engines",
    default=",".join(ENGINES),
    show_default=True,
    help="What to run, with commas between. The floor should be among them: marks are compared with the first's.",
)
@click.option("--submissions", type=click.IntRange(4), default=60, show_default=True, help="For floor and sealed.")
@click.option("--slow-submissions", type=click.IntRange(2), default=10, show_default=True, help="For the others.")
@click.option("--repeat", type=click.IntRange(1), default=1, show_default=True, help="Take medians of so many runs.")
@click.option(
    "--quick", is_flag=True, help="The light workload, floor and sealed, 12 submissions; no memory, nothing saved."
)
@click.option("--name", default="", help="For the files of results, after the date.  [default: such as 2-cores]")
@click.option("--note", default="", help="A sentence for the page's top, such as that the machine had other work.")
@click.pass_context
def main(
    context: click.Context,
    workloads: tuple[str, ...],
    engines: str,
    submissions: int,
    slow_submissions: int,
    repeat: int,
    quick: bool,
    name: str,
    note: str,
) -> None:
    """Grade the same submissions with this course's engine, with nbgrader, with otter, and with no grader at all.

    Prints times, memory and ratios, says where marks differ, and saves both below benchmarks/results. Exits with 1
    when a mark differs, or when the coordinator costs more than it may.
    """
    if context.invoked_subcommand is not None:
        return
    from benchmarks.report import Found, measure_all, page, save

    chosen = ["floor", "sealed"] if quick else engines.split(",")
    unknown = [engine for engine in chosen if engine not in ENGINES]
    if unknown:
        raise click.UsageError(f"There is no engine {unknown[0]!r}: choose among {', '.join(ENGINES)}.")
    about = facts()
    names = ["light"] if quick else workloads or ["light", "02"]
    found: list[Found] = []
    for each in names:
        found.append(
            measure_all(
                WORKLOADS[each],
                chosen,
                submissions=12 if quick else submissions,
                slow_submissions=slow_submissions,
                repeat=repeat,
                memory=not quick,
                say=lambda text: click.echo(text, err=True),
            )
        )
        if not quick:  # what was found so far: the next workload may take long, or be stopped
            path = save(found, about, name or f"{cores()}-cores", page(found, about, note))
            click.echo(f"Saved as {path.name} and .json.", err=True)
    click.echo(page(found, about, note))
    kept = quick or within_limits()
    context.exit(1 if any(each.differences for each in found) or not kept else 0)


def within_limits() -> bool:
    """Say what the coordinator costs, and whether it may: twice the limit, for what else runs shares its caches."""
    from benchmarks.limits import MOST_MS, coordinator_ms

    each = coordinator_ms()
    click.echo(f"The coordinator takes {each:.1f} ms of CPU for a submission; it may take {2 * MOST_MS:g}.")
    return each < 2 * MOST_MS


@main.command()
@click.pass_context
def limits(context: click.Context) -> None:
    """Measure what the coordinator costs for a submission, and exit with 1 when it is too much."""
    context.exit(0 if within_limits() else 1)


@main.command()
@click.option("--workload", type=click.Choice(sorted(WORKLOADS)), default="light", show_default=True)
@click.option("--submissions", type=click.IntRange(1), default=30, show_default=True)
def profile(workload: str, submissions: int) -> None:
    """Print where the CPU time of one submission goes in the sealed engine."""
    from benchmarks.profile import measure, render

    click.echo(render(measure(WORKLOADS[workload], submissions)))


if __name__ == "__main__":
    main(prog_name="python -m benchmarks")
