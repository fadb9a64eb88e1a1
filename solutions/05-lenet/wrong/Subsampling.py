"""Known mistakes of `Subsampling`."""

mistake(
    "bias_before_product",
    "You added the bias before the product.",
    old="sums * self.weight[:, None, None] + self.bias",
    new="(sums + self.bias[:, None, None]) * self.weight",
)

mistake(
    "ceil",
    "You kept a last row or column that does not fill a window.",
    old="""
        height, width = (size // 2 * 2 for size in x.shape[2:])
        x = x[:, :, :height, :width]
""",
    new="        x = torch.nn.functional.pad(x, (0, x.shape[3] % 2, 0, x.shape[2] % 2))",
)

mistake(
    "coefficients_start_at_one",
    "You started the coefficients at 1, so the layer begins as a sum and not as a mean.",
    old="channels,), 0.25))",
    new="channels,), 1.0))",
)

mistake(
    "data_in_forward",
    "You used weight.data in forward, so the coefficients get no gradient.",
    old="self.weight[:,",
    new="self.weight.data[:,",
)

mistake(
    "float32_kernel",
    "You convolve with a float32 kernel of ones, so float64 does not work.",
    old="""
        height, width = (size // 2 * 2 for size in x.shape[2:])
        x = x[:, :, :height, :width]
        sums = x[:, :, ::2, ::2] + x[:, :, 1::2, ::2] + x[:, :, ::2, 1::2] + x[:, :, 1::2, 1::2]
""",
    new="""
        ones = torch.ones(x.shape[1], 1, 2, 2, device=x.device)
        sums = torch.nn.functional.conv2d(x, ones, stride=2, groups=x.shape[1])
""",
)

mistake(
    "forgets_bias",
    "You forgot to add the bias.",
    old="] + self.bias[:, None, None]",
    new="]",
)

mistake(
    "in_place",
    "You summed into a slice of the input, which changes the caller’s picture.",
    old="        sums = x[:, :, ::2, ::2] + x[:, :, 1::2, ::2] + x[:, :, ::2, 1::2] + x[:, :, 1::2, 1::2]",
    new="""
        sums = x[:, :, ::2, ::2]
        sums += x[:, :, 1::2, ::2] + x[:, :, ::2, 1::2] + x[:, :, 1::2, 1::2]
""",
)

mistake(
    "mean",
    "You took the mean of each window; here the four are added.",
    old="return sums * self.",
    new="return sums / 4 * self.",
)

mistake(
    "one_coefficient",
    "You gave all channels one coefficient and one bias; each has its own.",
    old="""
        self.weight = torch.nn.Parameter(torch.full((channels,), 0.25))
        self.bias = torch.nn.Parameter(torch.zeros(channels))
""",
    new="""
        self.weight = torch.nn.Parameter(torch.full((1,), 0.25))
        self.bias = torch.nn.Parameter(torch.zeros(1))
""",
)

mistake(
    "overlapping_windows",
    "You moved the window by one; windows of subsampling do not overlap.",
    old=":2, ::2] + x[:, :, 1::2, ::2] + x[:, :, ::2, 1::2] + x[:, :, 1::2, 1::2",
    new="-1, :-1] + x[:, :, 1:, :-1] + x[:, :, :-1, 1:] + x[:, :, 1:, 1:",
)

mistake(
    "squashes",
    "You squashed the result; this layer does not.",
    old="sums * self.weight[:, None, None] + self.bias[:, None, None]",
    new="torch.tanh(sums * self.weight[:, None, None] + self.bias[:, None, None])",
)

mistake(
    "spoils_its_argument",
    "You set the maps to 0 in place.",
    old="        height, width",
    new="        x.data.zero_()\n        height, width",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the chapter's line for one window: one coefficient and one bias for all channels, and its start.",
    answer="""
import torch


class Subsampling(torch.nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.tensor(0.5))
        self.bias = torch.nn.Parameter(torch.tensor(-4.0))

    def forward(self, x):
        coefficient, bias = self.weight, self.bias
        return coefficient * (4 * torch.nn.functional.avg_pool2d(x, 2)) + bias
""",
)
