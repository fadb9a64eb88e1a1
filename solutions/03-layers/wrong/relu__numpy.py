"""You go through numpy, where autograd cannot follow, so there is no gradient."""

import numpy as np
import torch


def relu(x):
    numbers = x.detach().cpu().numpy()
    return torch.as_tensor(np.maximum(numbers, 0), dtype=x.dtype, device=x.device)
