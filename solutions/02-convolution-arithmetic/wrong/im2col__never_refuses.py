"""You do not test the arguments; a window that does not fit gives an empty matrix and no warning."""

import torch


def im2col(x, kernel_size, stride=1, padding=0):
    (k_h, k_w), (s_h, s_w), (p_h, p_w) = (
        (value, value) if isinstance(value, int) else value for value in (kernel_size, stride, padding)
    )
    padded = torch.nn.functional.pad(x, (p_w, p_w, p_h, p_h))
    columns = []
    for i in range(0, padded.shape[2] - k_h + 1, s_h):
        for j in range(0, padded.shape[3] - k_w + 1, s_w):
            columns.append(padded[:, :, i : i + k_h, j : j + k_w].reshape(x.shape[0], -1))
    return torch.stack(columns, 2) if columns else x.new_zeros(x.shape[0], x.shape[1] * k_h * k_w, 0)
