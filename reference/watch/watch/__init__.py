"""Watches for break-ins: reads the door's log and the engine's list of started programs, and tells of what looks like one."""
