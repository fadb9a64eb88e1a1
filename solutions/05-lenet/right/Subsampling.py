"""Right answers, written differently, for `Subsampling`."""

right(
    "average_pooling",
    "Four times the average pooling of torch.",
    old=[
        '''
    """The trainable pooling of 1998: (N, channels, H, W) to (N, channels, ⌊H/2⌋, ⌊W/2⌋)."""

''',
        "        self.weight = torch.nn.Parameter(torch.full((channels,), 0.25))",
        """
        height, width = (size // 2 * 2 for size in x.shape[2:])
        x = x[:, :, :height, :width]
        sums = x[:, :, ::2, ::2] + x[:, :, 1::2, ::2] + x[:, :, ::2, 1::2] + x[:, :, 1::2, 1::2]
        return sums * self.weight[:, None, None] + self.bias[:, None, None]
""",
    ],
    new=[
        '    """The trainable pooling of 1998: (N, channels, H, W) to (N, channels, ⌊H/2⌋, ⌊W/2⌋)."""',
        """
        self.pool = torch.nn.AvgPool2d(2)
        self.weight = torch.nn.Parameter(torch.ones(channels) / 4)
""",
        "        return torch.addcmul(self.bias.view(-1, 1, 1), 4 * self.pool(x), self.weight.view(-1, 1, 1))",
    ],
)

right(
    "depthwise_convolution",
    "A depthwise convolution of stride 2 whose four weights are the coefficient.",
    old=[
        '''
    """The trainable pooling of 1998: (N, channels, H, W) to (N, channels, ⌊H/2⌋, ⌊W/2⌋)."""

''',
        """
        self.weight = torch.nn.Parameter(torch.full((channels,), 0.25))
        self.bias = torch.nn.Parameter(torch.zeros(channels))
""",
        """
        height, width = (size // 2 * 2 for size in x.shape[2:])
        x = x[:, :, :height, :width]
        sums = x[:, :, ::2, ::2] + x[:, :, 1::2, ::2] + x[:, :, ::2, 1::2] + x[:, :, 1::2, 1::2]
        return sums * self.weight[:, None, None] + self.bias[:, None, None]
""",
    ],
    new=[
        '    """The trainable pooling of 1998: (N, channels, H, W) to (N, channels, ⌊H/2⌋, ⌊W/2⌋)."""',
        """
        self.weight = torch.nn.Parameter(torch.full([channels], 0.25))
        self.bias = torch.nn.Parameter(torch.zeros([channels]))
""",
        """
        kernels = self.weight[:, None, None, None].expand(-1, 1, 2, 2)
        return torch.nn.functional.conv2d(x, kernels, self.bias, stride=2, groups=len(self.weight))
""",
    ],
)

right(
    "windows",
    "Cut the windows out as views, and sum over their two axes.",
    old=[
        '''
    """The trainable pooling of 1998: (N, channels, H, W) to (N, channels, ⌊H/2⌋, ⌊W/2⌋)."""

''',
        """
        self.weight = torch.nn.Parameter(torch.full((channels,), 0.25))
        self.bias = torch.nn.Parameter(torch.zeros(channels))
""",
        """
        height, width = (size // 2 * 2 for size in x.shape[2:])
        x = x[:, :, :height, :width]
        sums = x[:, :, ::2, ::2] + x[:, :, 1::2, ::2] + x[:, :, ::2, 1::2] + x[:, :, 1::2, 1::2]
        return sums * self.weight[:, None, None] + self.bias[:, None, None]
""",
    ],
    new=[
        '    """The trainable pooling of 1998: (N, channels, H, W) to (N, channels, ⌊H/2⌋, ⌊W/2⌋)."""',
        """
        self.weight = torch.nn.Parameter(torch.tensor([0.25] * channels))
        self.bias = torch.nn.Parameter(torch.tensor([0.0] * channels))
""",
        """
        windows = x.unfold(2, 2, 2).unfold(3, 2, 2)
        return torch.einsum("nchwuv,c->nchw", windows, self.weight) + self.bias[None, :, None, None]
""",
    ],
)
