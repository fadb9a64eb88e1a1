"""You collected Python floats and made a tensor of them at the end, which is float32 whatever x was."""

import torch


def cross_correlate(x: torch.Tensor, k: torch.Tensor) -> torch.Tensor:
    if k.shape[0] > x.shape[0] or k.shape[1] > x.shape[1]:
        raise ValueError("kernel too large")
    rows = []
    for i in range(x.shape[0] - k.shape[0] + 1):
        row = []
        for j in range(x.shape[1] - k.shape[1] + 1):
            total = 0.0
            for u in range(k.shape[0]):
                for v in range(k.shape[1]):
                    total += x[i + u, j + v].item() * k[u, v].item()
            row.append(total)
        rows.append(row)
    return torch.tensor(rows)
