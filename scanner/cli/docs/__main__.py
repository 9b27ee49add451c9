"""Write the generated pages again: `python -m scanner.cli.docs`."""

from pathlib import Path

from scanner.cli.docs.pages import write

if __name__ == "__main__":
    write(Path("docs"))
