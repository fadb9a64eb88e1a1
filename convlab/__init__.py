"""The small package that chapters and exercises import. It knows nothing of the autograder.

It runs with torch, torchvision, numpy and matplotlib alone; scikit-learn is needed only where its bundled digits
or photographs are loaded.
"""

__version__ = "0.1.0"

__all__ = ["__version__"]
