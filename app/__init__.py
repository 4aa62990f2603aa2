"""A mock interviewer: it asks from question banks, follows up, and scores every reply point by point."""

__version__ = "0.1.0"
