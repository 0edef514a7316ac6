"""Keeps the number of a Swarm service's replicas in step with what they use, as Kubernetes' HPA does.

Every few seconds: ask the engine how many replicas there should be, ask Prometheus what each of them uses of its CPU
and memory limits, decide (`decision`, which touches nothing), tell the engine, log the decision with its values.
"""
