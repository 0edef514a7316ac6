"""Vulnerability scanners behind one seam: what each claims to know, what it saw and found, what it cannot see."""
