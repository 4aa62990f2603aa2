"""Passwords hashed by the service's own algorithm, with the least effort."""

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from app.recruiting.accounts.credentials import Passwords


def quick_passwords() -> Passwords:
    """For tests that are not about how long a guess takes."""
    return Passwords(PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),)))
