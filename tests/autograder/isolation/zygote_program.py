"""A zygote as a program: seals itself, forks a sandbox per line of JSON on its input, answers on its output.

Line in: {"module", "action", "arguments", "limits", "background"}; line out: {"stop", "exit_code", ..., "result"}.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict, replace
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[3]), str(Path(__file__).resolve().parent)]

import hostile  # noqa: E402
import legitimate  # noqa: E402

from autograder.engines.sealed.warm import collapse_memory  # noqa: E402
from autograder.isolation import Guard, ProcessLimits, default_policy, fork_isolated, probe, seal  # noqa: E402


def main() -> None:
    options = json.loads(sys.argv[1])
    os.environ["A_SECRET"] = "in the environment"
    capabilities = replace(probe(), **options["without"])
    sealed = seal(default_policy(*options["readable"]), capabilities)
    gathered = 0
    if options["warm"]:
        import importlib

        for module in ("torch", "torchvision", "matplotlib.pyplot"):
            importlib.import_module(module)
        gathered = collapse_memory(sealed.proc)
    say({"ready": capabilities.full_strength, "uid": os.getuid(), "gathered": gathered})
    background: list[tuple[Guard, int]] = []
    modules = {"hostile": hostile, "legitimate": legitimate}
    for line in sys.stdin:
        order = json.loads(line)
        if order["action"] == "stop background":
            say([answer(guard, read) for guard, read in background])
            background.clear()
            continue
        action = getattr(modules[order["module"]], order["action"])
        read, write = os.pipe()
        arguments = {name: write if value == "CHANNEL" else value for name, value in order["arguments"].items()}

        def run(action=action, arguments=arguments, write=write) -> None:
            try:
                result = {"got": action(**arguments)}
            except BaseException as error:
                result = {"stopped": type(error).__name__, "errno": getattr(error, "errno", None)}
            os.write(write, json.dumps(result).encode() + b"\n")

        guard = fork_isolated(run, sealed, ProcessLimits(**order["limits"]), keep=[write])
        os.close(write)
        if order["background"]:
            background.append((guard, read))
            say({"started": True})
        else:
            guard.wait()
            say(answer(guard, read))


def answer(guard: Guard, read: int) -> dict[str, object]:
    end = guard.close()
    with os.fdopen(read, "rb") as file:
        said = file.read()  # comes to an end only when every process that holds the channel is dead
    last = said[-4096:].splitlines()[-1:] or [b"null"]
    result = json.loads(last[0].lstrip(b".") or b"null")
    return {**asdict(end), "output": len(end.output), "text": end.output[-300:].decode(), "result": result}


def say(thing: object) -> None:
    print(json.dumps(thing), flush=True)


if __name__ == "__main__":
    main()
