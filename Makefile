# The four commands. Everything they need is installed by scripts/bootstrap; nothing is assumed but Python 3.11 and make.
.PHONY: accept test qualify down

BEHAVE = . .venv/bin/activate && behave

# Everything from a bare machine: environment, engine, embedded deployment, specification, report, verdict.
# Exit status 0 only for GO and CONDITIONAL GO.
accept:
	@scripts/bootstrap
	@rm -f results/readiness.json
	@$(BEHAVE) $(ARGS); status=$$?; [ $$status -lt 2 ] || exit $$status; .venv/bin/python -m readiness.report

# The project's own tests: unit, report, house rules, the services' own, and those that need the engine.
test:
	@scripts/bootstrap --dev
	@reference/bin/up
	@cd reference/services && ../../.venv/bin/python -m pytest $(ARGS)
	@.venv/bin/python -m pytest $(ARGS)

# Proves that the checks can fail: seeded defects must be caught, decoys left alone. ONLY=TC1.1.3 for one line;
# TARGET=local-cluster for what is shown on several nodes.
qualify:
	@scripts/bootstrap
	@reference/bin/$(if $(filter local-cluster,$(TARGET)),cluster up,up)
	@.venv/bin/python -m defects $(if $(TARGET),--target $(TARGET)) $(ONLY)

# Removes all that the project created on the engine; ALL=1 removes its images too.
down:
	@scripts/down
