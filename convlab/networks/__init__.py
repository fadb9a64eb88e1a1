"""Ready-made networks of the chapters, the loop that trains them, and the trained weights that pages show.

- text: a network from one line of text
- lenet, shapes: the trained networks of chapters 05 and 06, with weights to read from the files of the site
- skip_stack: plain and residual stacks of convolutions
- training: the training loop
- transfer: the small data and network of the transfer experiments

An assignment that asks for one of them forbids them all by one pattern, ``convlab.networks*``.
"""

from convlab.networks.text import Network

__all__ = ["Network"]
