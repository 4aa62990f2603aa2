"""Servers on loopback that tests and measurements run against, none of them beyond this machine."""
