"""What every part stands on: settings, database, errors, pages, forms, languages, secrets, clock.
Knows no domain.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The folder that holds templates/, static/, locales/ and migrations/: a checkout's top, or
site-packages.
"""
