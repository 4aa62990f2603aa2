"""Passwords hashed by the service's own algorithm, with the least effort."""

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher


class QuickHash:
    """Stands in for `pwdlib.PasswordHash` where the recommended effort is asked for."""

    @staticmethod
    def recommended() -> PasswordHash:
        return PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
