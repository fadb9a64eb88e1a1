"""What the site offers to download beside its pages, made without a network and the same bytes every time.

    assignments/NN-name.ipynb   the released notebook of each assignment that a page shows
    assignments/NN-name.zip     that notebook, ``convlab`` as a wheel, and a few lines on how to start
    assignments/convlab-….whl   the wheel alone with recorded results and weights, which notebooks on Colab fetch
    binder/requirements.txt     what Binder needs, only when a repository is set

``solutions/`` is never read here.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
import tomllib
import zipfile
from pathlib import Path

from sphinx.application import Sphinx

from coursesite.release import release_path
from coursesite.repository import Repository

__all__ = ["build_wheel", "build_zip", "setup", "wheel_name"]

EPOCH = (2025, 1, 1, 0, 0, 0)
NEEDS = ("torch", "torchvision", "numpy", "matplotlib", "scikit-learn")
README = """{name}

1. Unpack this folder and open a terminal in it. You need Python 3.11 or newer.
2. python -m pip install jupyterlab {wheel}
   (this fetches PyTorch, about 1 GB on Linux; on Colab everything but {wheel} is there already)
3. jupyter lab {name}.ipynb
4. Write your answers where it says YOUR CODE HERE, restart the kernel, run all cells, and hand in {name}.ipynb
   under the same name. Leave the test cells as they are: they are put back before marking.
"""


def _version(root: Path) -> str:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])


def wheel_name(root: Path) -> str:
    """Return the file name of ``convlab``'s wheel."""
    return f"convlab-{_version(root)}-py3-none-any.whl"


def _write(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.external_attr = 0o644 << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, data)


def build_wheel(root: Path, folder: Path) -> Path:
    """Write ``convlab`` of the repository ``root`` as a wheel into ``folder``, as PEP 427 has it.

    It carries the recorded results and trained weights that pages read.
    """
    version = _version(root)
    info = f"convlab-{version}.dist-info"
    needs = "".join(f"Requires-Dist: {name}\n" for name in NEEDS)
    contents = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted((root / "convlab").rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
    for path in sorted([*(root / "book" / "results").glob("*.json"), *(root / "book" / "_static").glob("*.bin")]):
        contents[f"convlab/recorded/{path.relative_to(root).as_posix()}"] = path.read_bytes()
    contents[f"{info}/METADATA"] = (
        f"Metadata-Version: 2.1\nName: convlab\nVersion: {version}\n"
        f"Summary: Data, figures and checks for a course on convolutional networks.\n"
        f"License: BSD-3-Clause\nRequires-Python: >=3.11\n{needs}"
    ).encode()
    contents[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: coursesite\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    record = []
    for name, data in contents.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        record.append(f"{name},sha256={digest},{len(data)}\n")
    contents[f"{info}/RECORD"] = "".join([*record, f"{info}/RECORD,,\n"]).encode()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / wheel_name(root)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in contents.items():
            _write(archive, name, data)
    return path


def build_zip(root: Path, name: str, wheel: Path, folder: Path) -> Path:
    """Write assignment ``name`` as students get it: one folder with notebook, wheel and a short text."""
    path = folder / f"{name}.zip"
    with zipfile.ZipFile(path, "w") as archive:
        _write(archive, f"{name}/{name}.ipynb", release_path(root, name).read_bytes())
        _write(archive, f"{name}/README.txt", README.format(name=name, wheel=wheel.name).encode())
        _write(archive, f"{name}/{wheel.name}", wheel.read_bytes())
    return path


def _publish(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    root, top = Path(app.srcdir), Path(app.outdir)
    folder = top / "assignments"
    shutil.rmtree(folder, ignore_errors=True)
    wheel = build_wheel(root, folder)
    names = set().union(*getattr(app.env, "course_assignments", {}).values())
    for name in sorted(names):
        (folder / f"{name}.ipynb").write_bytes(release_path(root, name).read_bytes())
        build_zip(root, name, wheel, folder)
    if Repository.of(app.config) is not None:
        (top / "binder").mkdir(exist_ok=True)
        (top / "binder" / "requirements.txt").write_text(f"./assignments/{wheel.name}\n", encoding="utf-8")
        (top / "binder" / "runtime.txt").write_text("python-3.11\n", encoding="utf-8")


def setup(app: Sphinx) -> None:
    app.connect("build-finished", _publish)
