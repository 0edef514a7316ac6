"""Who is on duty, who was called, and what became of it: one incident for each problem, from its first alarm to its review."""
