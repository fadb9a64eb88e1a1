"""What honest student code does. Runs inside the sandbox; each returns a small plain value."""

from __future__ import annotations

import io
import os
import subprocess
import tempfile
import threading


def conv_forward_and_backward() -> list[int]:
    import torch

    x = torch.randn(2, 3, 16, 12, requires_grad=True)
    torch.nn.Conv2d(3, 8, 3, padding=1)(x).square().mean().backward()
    return list(x.grad.shape)


def threads_in_torch() -> int:
    import torch

    torch.set_num_threads(2)
    assert torch.randn(800, 800).mm(torch.randn(800, 800)).isfinite().all()
    return torch.get_num_threads()


def linear_algebra() -> float:
    import numpy as np

    matrix = np.arange(9.0).reshape(3, 3) + np.eye(3)
    return float(np.linalg.norm(np.linalg.inv(matrix) @ matrix - np.eye(3)))


def figure() -> list[int]:
    import matplotlib.pyplot as plt

    plt.plot([1, 2, 3])
    plt.title("$x^2$")
    memory = io.BytesIO()
    plt.savefig(memory)
    plt.savefig("figure.png")
    return [len(memory.getvalue()), os.path.getsize("figure.png")]


def temporary_files() -> str:
    with tempfile.TemporaryDirectory() as folder, open(os.path.join(folder, "a"), "w+") as file:
        file.write("kept")
        file.seek(0)
        return file.read()


def save_and_load() -> bool:
    import torch

    net = torch.nn.Linear(3, 2)
    torch.save(net.state_dict(), "net.pt")
    return bool((torch.load("net.pt")["weight"] == net.weight).all())


def ipython_cell() -> int:
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    result = shell.run_cell("import asyncio\nawait asyncio.sleep(0)\n%time y = 41\ny + 1", store_history=True)
    result.raise_error()
    return int(result.result)


def late_imports() -> list[str]:
    import ast
    import sqlite3
    import wave

    import torchvision.transforms.v2 as transforms

    return [module.__name__ for module in (ast, sqlite3, wave, transforms)]


def download() -> str:
    from urllib.request import urlopen

    try:
        urlopen("http://127.0.0.1:9/", timeout=2)
    except OSError as error:
        return type(error).__name__
    return "reached"


def data_loader() -> int:
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    return sum(len(batch[0]) for batch in DataLoader(TensorDataset(torch.arange(10)), batch_size=4, shuffle=True))


def a_program() -> str:
    try:
        subprocess.run(["ls"], check=True)
    except PermissionError as error:
        return str(error)
    return "ran"


def threads() -> int:
    done: list[int] = []
    workers = [threading.Thread(target=done.append, args=(i,)) for i in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return len(done)


def fork_and_wait() -> int:
    pid = os.fork()
    if pid == 0:
        os._exit(7)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def processors() -> int:
    return os.cpu_count() or 0
