"""Vulnerability scanners behind one seam: what each claims to know, what its data is, what it saw and found, what it cannot see."""
