"""The command line, `cadastre`. Nothing is imported before a command is known."""


def main() -> None:
    """Run the command line and exit with its code."""
    from api.cli.entry import run

    run()
