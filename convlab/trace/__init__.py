"""Measure a network: sizes, receptive field, parameters, work and memory of each layer, and what one unit sees.

- layers: :func:`trace` runs any network once and returns a table of its layers
- receptive_field: follows the window of input pixels through every operation of that run
- gradients: measures windows from gradients instead: what one unit sees, how often a layer reads each pixel
"""

from convlab.trace.gradients import seen_by_one_unit, visits
from convlab.trace.layers import Layer, Trace, trace

__all__ = ["Layer", "Trace", "seen_by_one_unit", "trace", "visits"]
