# Two targets matter: `make course` makes everything and shows it, `make test` checks everything.
PYTHON ?= python3
RUN := .venv/bin/python

.PHONY: course test site answers test-answers style env browser postgresql lock bench clean

course:
	@$(PYTHON) tools/course.py

# Types are checked while the site is built, which has one core busy; a third test runs while others wait.
test: browser postgresql
	$(MAKE) -j 2 --output-sync style site
	$(RUN) -m autograder release --all --check
	$(RUN) -m autograder verify --smoke --quiet
	$(RUN) -m pytest -n 3 --dist loadscope --no-loadscope-reorder

site: env
	$(RUN) -m tools.build_site

# Every known answer, with the cells of its own task.
answers: env
	$(RUN) -m autograder verify --quick --quiet

# What takes longer than a change should wait: every known answer in its whole notebook, here, in the engine that grades
# classes and in plain nbgrader, checks with spoiled arguments, mutants of every reference, and all thorough tests.
test-answers: env
	$(RUN) -m autograder verify --quiet
	$(RUN) -m autograder verify --sealed --quiet
	$(RUN) -m autograder verify --spoil --quiet
	$(RUN) -m pytest -n 2 --dist loadscope --no-loadscope-reorder --thorough
	$(RUN) -m autograder verify --mutants --quick --quiet

style: env
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy

env:
	@$(PYTHON) tools/setup_env.py

browser: env
	@$(RUN) -m tools.browser --install

postgresql: env
	@$(RUN) -m tools.postgresql --install

lock: env
	$(RUN) -m tools.lock

bench: env
	$(RUN) -m benchmarks
	$(RUN) -m pytest --thorough benchmarks tests/benchmarks

clean:
	rm -rf build .mypy_cache .ruff_cache .pytest_cache
