"""You gave all parts the mode of the whole."""

import torch


def class_activation_map(net: torch.nn.Sequential, x: torch.Tensor, c: int | torch.Tensor) -> torch.Tensor:
    """Return (N, H, W): what each place of the pictures ``x`` contributes to the score of class ``c``."""
    dense = net[-1]
    chosen = torch.as_tensor(c, device=x.device)
    if chosen.dim() and chosen.shape != x.shape[:1]:
        raise ValueError("one class for each picture")
    if ((chosen < 0) | (chosen >= dense.out_features)).any():
        raise ValueError("there is no such class")
    modes = [(module, module.training) for module in net.modules()]
    try:
        net.eval()
        with torch.no_grad():
            maps = net[:-3](x)
            rows = dense.weight[chosen.expand(len(x))]
            places = (rows[:, :, None, None] * maps).sum(1, keepdim=True)
            enlarged = torch.nn.functional.interpolate(places, x.shape[2:], mode="bilinear", align_corners=False)
    finally:
        net.train(modes[0][1])
    return enlarged[:, 0]
