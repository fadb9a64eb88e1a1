"""You only gave torch’s own layer another name; this task is to write it."""

import torch


class Dropout(torch.nn.Dropout):
    pass
