"""`python -m openchannel.cli` is the command `openchannel`."""

from openchannel.cli import main

if __name__ == "__main__":
    main()
