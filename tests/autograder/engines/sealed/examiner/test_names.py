"""What the examiner reads in a student's source."""

from autograder.engines.sealed.examiner.names import Sources
from convlab.names import AT_RUN_TIME


def names_of(source: str, function: str) -> list[str]:
    sources = Sources()
    sources.add(source)
    return [name for name, _ in sources.mentions(function)]


def test_libraries_that_the_release_imports_are_known() -> None:
    sources = Sources()
    sources.add_imports("import numpy as np\ndef helper(x):\n    return np.convolve(x, x)\n")
    sources.add("def f(x):\n    return np.correlate(helper(x), x)\n")
    sources.add("def g(x):\n    library = np\n    return getattr(library, 'corr' + 'elate')(x, x)\n")
    found = {name: [dotted for dotted, _ in sources.mentions(name)] for name in ("f", "g")}
    assert "numpy.correlate" in found["f"]
    assert AT_RUN_TIME in found["g"]
    assert "numpy.convolve" not in found["f"]  # in the release's own function


def test_libraries_that_are_not_imported_here_are_known_by_name() -> None:
    source = "from torchvision.transforms.functional import normalize as n\ndef f(x):\n    return n(x, 0, 1)\n"
    assert "torchvision.transforms.functional.normalize" in names_of(source, "f")
    source = "from d2l import torch as d2l\ndef net():\n    return d2l.LeNet()\n"
    assert "d2l.torch.LeNet" in names_of(source, "net")


def test_what_a_helper_mentions_counts_and_what_nobody_uses_does_not() -> None:
    source = "import d2l\ndef helper():\n    return d2l.torch\ndef f():\n    return helper()\ndef g():\n    return 1\n"
    assert "d2l.torch" in names_of(source, "f")
    assert names_of(source, "g") == []


LOCAL = """
import d2l

def net():
    made = d2l.torch.LeNet()
    return made

given = d2l.torch.Module()
alias = net

def train(made, rate=0.1):
    made.train()

def shadows():
    given = 1
    return given

def through_an_alias():
    return alias()

def as_a_default(build=net):
    return build()

class Holder:
    def __init__(self):
        self.inner = alias()
"""


def test_a_name_means_what_it_means_in_python() -> None:
    assert names_of(LOCAL, "train") == []
    assert names_of(LOCAL, "shadows") == []
    for function in ("net", "through_an_alias", "as_a_default", "Holder"):
        assert "d2l.torch.LeNet" in names_of(LOCAL, function)
