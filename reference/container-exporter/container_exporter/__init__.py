"""Exports what each container uses and may use, under cAdvisor's metric names."""
