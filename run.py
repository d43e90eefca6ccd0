"""Start Understudy: ``python run.py``, or ``python run.py --help`` for the options."""

from backend.app.command import main

if __name__ == "__main__":
    main()
