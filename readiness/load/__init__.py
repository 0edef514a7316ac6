"""The load engine: requests that come when they are due, however slow the answers are, and what became of each.

It runs as a process of its own (`python -m readiness.load`): a line of JSON on standard input says what to send; standard output
tells what became of it, a line of JSON for each second and one for all. It ends when standard input is closed.
"""
