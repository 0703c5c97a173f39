"""Why a picture or a placement is not used."""

from __future__ import annotations


class RefusalError(Exception):
    """A picture cannot be used, or a placement would look absurd; the text is the reason, without figures."""
