"""`python -m gateway` is the command `noisegate`."""

from gateway.cli import app

if __name__ == "__main__":
    app(prog_name="noisegate")
