"""A stand-in for the places that notifications go to: mail server, team chat and SMS gateway.

It delivers nothing to anybody. It keeps what it received, so that people and programs can read it back.
"""
