"""`python -m clausebook`."""

from clausebook.cli import run

if __name__ == "__main__":
    run()
