# %% [markdown]
# # Images and tensors
#
# You write the way from a picture file to a batch that a network can take, and the two counts that explain why that network is
# not made of dense layers.
#
# - You need: Chapter 01. A CPU is enough. Python with torch, numpy and matplotlib; scikit-learn for the pictures to
#   look at.
# - It takes: Two to three hours.
# - Hidden checks try: other sizes, pictures that are not square, batches, float64, and arguments that make no sense
#
# **Words.** C channels, H rows, W columns, N pictures in a batch. A shape is written in the order of the axes: (N, C, H, W).

# %% to_float_image-statement [markdown]
# Files and cameras give bytes, with the channels last: 0 is no light, 255 is full light. Networks take floats from 0 to 1, with
# the channels first. A picture of one row and two pixels, one red, one a dim green:
#
# ```
# u8, shape (1, 2, 3)                result, shape (3, 1, 2)
# pixel 0   255   0   0              red      1.0  0.0
# pixel 1     0  51   0              green    0.0  0.2
#                                    blue     0.0  0.0
# ```
#
# **Take** `u8`, a tensor of dtype `torch.uint8`: a picture (H, W, C) with any number of channels, or a gray one (H, W) without a channel axis.
# **Return** a float32 tensor on the same device: (C, H, W), or (1, H, W) for the gray one. Each byte is divided by 255, whatever the brightest byte
# in the picture is. Leave `u8` as it is. The result is float32 whatever torch's default dtype is (`torch.set_default_dtype` can change it), so name the
# dtype: a byte tensor divided by 255 has the default one.
#
# **Raise `ValueError`** when `u8` is not uint8, or has neither two nor three axes. (A float picture may have been divided
# already; to divide it once more would be a silent mistake.)
#
# **From scratch:** functions of torchvision (`to_tensor`, `convert_image_dtype` and their like) are not allowed. An answer that uses one gets
# no points for `public`, `colour` and `gray`.

# %% to_float_image forbid="torchvision" instead="move the axes and divide with tensor operations"
def to_float_image(u8: torch.Tensor) -> torch.Tensor:
    """Return the picture ``u8`` (H, W, C) or (H, W) of bytes as float32 (C, H, W) with values from 0 to 1."""
    ### BEGIN SOLUTION
    if u8.dtype != torch.uint8 or u8.ndim not in (2, 3):
        raise ValueError(f"expected uint8 of (H, W, C) or (H, W), received {u8.dtype} of {tuple(u8.shape)}")
    channels_last = u8 if u8.ndim == 3 else u8[:, :, None]
    return channels_last.permute(2, 0, 1).to(torch.float32) / 255
    ### END SOLUTION


# %% to_float_image-public points=2
# The picture above, and a gray one
u8 = torch.tensor([[[255, 0, 0], [0, 51, 0]]], dtype=torch.uint8)
checks.close(
    rules.from_scratch(to_float_image, (u8,), forbid=forbidden, what="`to_float_image` is written from scratch"),
    torch.tensor([[[1.0, 0.0]], [[0.0, 0.2]], [[0.0, 0.0]]]),
    "The picture above",
    case="to_float_image(u8)",
    hint="the channels become the first axis, and every byte is divided by 255.",
)
gray = torch.tensor([[0, 51], [102, 255], [204, 153]], dtype=torch.uint8)
checks.close(
    to_float_image(gray),
    torch.tensor([[[0.0, 0.2], [0.4, 1.0], [0.8, 0.6]]]),
    "A gray picture of three rows and two columns",
    case="to_float_image(gray)",
    hint="a gray picture has one channel, so its result has an axis of length 1.",
)

# %% to_float_image-colour points=4
# Colour pictures that are not square
g = torch.Generator().manual_seed(70319)
for shape in [(5, 7, 3), (6, 4, 4), (3, 8, 2), (4, 3, 3), (2, 5, 1), (1, 4, 3), (5, 1, 3), (1, 1, 2), (1, 1, 1)]:
    u8 = torch.randint(0, 256, shape, generator=g, dtype=torch.uint8)
    u8[0, 0] = 255
    expected = torch.stack([u8[:, :, channel] / 255 for channel in range(shape[2])])
    checks.close(
        rules.from_scratch(
            to_float_image,
            (u8.to(checks.device()),),
            forbid=forbidden,
            what="`to_float_image` is written from scratch",
        ),
        expected.to(checks.device()),
        "A colour picture, not square",
        hint="reshape keeps the order in memory and tears pixels apart; permute moves axes.",
    )

# %% to_float_image-gray points=3
# Gray pictures without a channel axis
g = torch.Generator().manual_seed(1187)
for height, width in [(4, 6), (7, 3), (3, 3), (1, 5), (4, 1), (1, 1)]:
    u8 = torch.randint(0, 256, (height, width), generator=g, dtype=torch.uint8)
    u8[0, 0] = 255
    expected = torch.zeros(1, height, width)
    expected[0] = u8 / 255
    checks.close(
        rules.from_scratch(
            to_float_image,
            (u8.to(checks.device()),),
            forbid=forbidden,
            what="`to_float_image` is written from scratch",
        ),
        expected.to(checks.device()),
        "A gray picture",
        hint="the result has three axes: (1, H, W).",
    )

# %% to_float_image-range points=2
# Dark pictures stay dark, and the result is float32 whatever the default dtype is
import functools

g = torch.Generator().manual_seed(45802)
for brightest in (1, 16, 90, 254):
    u8 = torch.randint(0, brightest + 1, (4, 5, 3), generator=g, dtype=torch.uint8)
    u8[1, 2] = brightest
    checks.close(
        to_float_image(u8.to(checks.device())).amax(),
        torch.tensor(brightest / 255).to(checks.device()),
        "The brightest value of a dark picture",
        hint="divide by 255, the largest byte there can be, not by the largest that is there.",
    )
set_default_dtype = checks.place(functools.partial(torch.set_default_dtype))
u8 = torch.randint(0, 256, (4, 5, 3), generator=g, dtype=torch.uint8)
expected = torch.stack([u8[:, :, channel].to(torch.float32) / 255 for channel in range(3)]).to(checks.device())
set_default_dtype(torch.float64)
try:
    received = to_float_image(u8.to(checks.device()))
finally:
    set_default_dtype(torch.float32)
checks.close(received, expected, "While torch's default dtype is float64", hint="name the dtype: .to(torch.float32).")

# %% to_float_image-unchanged points=1
# The picture is left as it was; a view will do
g = torch.Generator().manual_seed(30277)
for shape, order in [((3, 6, 5), (1, 2, 0)), ((7, 4), (1, 0))]:
    u8 = torch.randint(0, 256, shape, generator=g, dtype=torch.uint8).to(checks.device()).permute(order)
    expected = u8.clone().reshape(u8.shape[0], u8.shape[1], -1).movedim(2, 0) / 255
    received = checks.unchanged(to_float_image, u8, what="The picture is left as it was")
    checks.close(received, expected, "A picture that is a view of another tensor", hint="use reshape where view fails.")

# %% to_float_image-errors points=2
# Tensors that are no picture of bytes
kinds = {
    "a float picture": [(torch.rand(4, 5, 3),), (torch.ones(4, 5, dtype=torch.float64),)],
    "a picture of ints that are not uint8": [
        (torch.ones(4, 5, 3, dtype=torch.int64),),
        (torch.ones(4, 5, 3, dtype=torch.int8),),
        (torch.ones(4, 5, dtype=torch.int32),),
    ],
    "a picture of True and False": [(torch.ones(4, 5, 3, dtype=torch.bool),)],
    "a uint8 tensor with one axis": [(torch.ones(7, dtype=torch.uint8),)],
    "a uint8 tensor with four axes": [
        (torch.ones(2, 4, 5, 3, dtype=torch.uint8),),
        (torch.ones(1, 4, 5, 3, dtype=torch.uint8),),
        (torch.ones(4, 5, 1, 1, dtype=torch.uint8),),
    ],
    "a uint8 tensor without axes": [(torch.tensor(7, dtype=torch.uint8),)],
}
checks.refuses(to_float_image, kinds, "Tensors that are no picture of bytes")

# %% rgb_to_gray-statement [markdown]
# The eye is not equally sensitive to all colours: the same amount of light looks brightest in green, and darkest in blue. The standard for
# television ITU-R BT.601 therefore weighs red, green and blue by **0.299, 0.587 and 0.114**:
#
# ```
# pixel          red  green  blue      gray
# pure red       1    0      0         0.299
# yellow         1    1      0         0.299 + 0.587 = 0.886
# white          1    1      1         1
# ```
#
# **Take** `x`, a float tensor (…, 3, H, W): one picture (3, H, W), a batch (N, 3, H, W), or a batch of clips (N, T, 3, H, W); the axis of the colours
# is the third from the end. **Return** a tensor (…, 1, H, W): the axis stays, with length 1. Keep dtype and device, leave `x` as it is, and let
# gradients flow.
#
# **Raise `ValueError`** when `x` has fewer than three axes, or does not have exactly three channels.


# %% rgb_to_gray
def rgb_to_gray(x: torch.Tensor) -> torch.Tensor:
    """Return the luma of ITU-R BT.601 of ``x`` (…, 3, H, W), shape (…, 1, H, W)."""
    ### BEGIN SOLUTION
    if x.ndim < 3 or x.shape[-3] != 3:
        raise ValueError(f"expected (…, 3, H, W), received {tuple(x.shape)}")
    weights = x.new_tensor([0.299, 0.587, 0.114]).reshape(3, 1, 1)
    return (x * weights).sum(dim=-3, keepdim=True)
    ### END SOLUTION


# %% rgb_to_gray-public points=2
# Red, yellow, white and blue
pixels = torch.tensor([[[1.0, 1.0, 1.0, 0.0]], [[0.0, 1.0, 1.0, 0.0]], [[0.0, 0.0, 1.0, 1.0]]])  # (3, 1, 4)
checks.close(
    rgb_to_gray(pixels),
    torch.tensor([[[0.299, 0.886, 1.0, 0.114]]]),
    "Four pixels",
    case="rgb_to_gray(pixels)",
    hint="a weighted sum over the channels, with the weights above; the axis of the channels stays.",
)

# %% rgb_to_gray-values points=4
# Batches of pictures that are not square
g = torch.Generator().manual_seed(88214)
for shape in [(2, 3, 5, 7), (3, 3, 4, 3), (1, 3, 3, 6), (4, 3, 1, 2)]:
    x = torch.rand(shape, generator=g, dtype=torch.float64)
    expected = 0.299 * x[:, :1] + 0.587 * x[:, 1:2] + 0.114 * x[:, 2:]
    checks.close(
        rgb_to_gray(x.float().to(checks.device())),
        expected.float().to(checks.device()),
        "A batch of pictures",
        hint="sum over the axis of the channels, in the order red, green, blue.",
    )

# %% rgb_to_gray-axes points=2
# One picture, and a batch of clips
g = torch.Generator().manual_seed(5150)
for shape in [(3, 4, 6), (3, 3, 3), (2, 5, 3, 4, 6), (3, 3, 3, 2, 3), (0, 3, 4, 6)]:
    x = torch.rand(shape, generator=g).to(checks.device())
    red, green, blue = x.unbind(-3)
    checks.close(
        rgb_to_gray(x.clone()),
        (0.299 * red + 0.587 * green + 0.114 * blue).unsqueeze(-3),
        "One picture, or a batch of clips",
        hint="count the axes from the end: -3 is the axis of the channels in every case.",
    )

# %% rgb_to_gray-dtype points=2
# float64 stays float64, with its precision
g = torch.Generator().manual_seed(62048)
for dtype in (torch.float64, torch.float32):
    x = torch.rand(2, 3, 6, 5, generator=g, dtype=dtype).to(checks.device())
    red, green, blue = x.unbind(1)
    checks.close(
        rgb_to_gray(x.clone()),
        (0.299 * red + 0.587 * green + 0.114 * blue)[:, None],
        "dtype and precision",
        hint="somewhere on the way the numbers are float32, or the weights are rounded.",
    )

# %% rgb_to_gray-unchanged points=1
# The picture is left as it was; a view will do
g = torch.Generator().manual_seed(9131)
x = torch.rand(2, 5, 7, 3, generator=g).to(checks.device()).permute(0, 3, 2, 1)
red, green, blue = x.clone().unbind(1)
expected = (0.299 * red + 0.587 * green + 0.114 * blue)[:, None]
received = checks.unchanged(rgb_to_gray, x, what="The picture is left as it was")
checks.close(received, expected, "A picture that is a view of another tensor", hint="use reshape where view fails.")

# %% rgb_to_gray-gradients points=3
# Gradients reach the picture
g = torch.Generator().manual_seed(27735)
for dtype in (torch.float32, torch.float64):
    x = torch.rand(2, 3, 4, 5, generator=g, dtype=dtype).to(checks.device())
    checks.gradients_close(
        rgb_to_gray,
        lambda x: (0.299 * x[:, 0] + 0.587 * x[:, 1] + 0.114 * x[:, 2]).unsqueeze(1),
        {"x": x},
        "Gradients of rgb_to_gray",
    )

# %% rgb_to_gray-errors points=2
# Tensors that are no colour picture
kinds = {
    "a tensor with two axes": [(torch.rand(3, 4),), (torch.rand(4, 3),)],
    "a tensor with one axis": [(torch.rand(3),)],
    "a tensor with one channel": [(torch.rand(1, 4, 5),), (torch.rand(3, 1, 6, 5),)],
    "a tensor with two channels": [(torch.rand(2, 4, 5),)],
    "a tensor with more than three channels": [
        (torch.rand(2, 4, 6, 5),),
        (torch.rand(6, 4, 5),),
        (torch.rand(4, 4, 5),),
        (torch.rand(2, 6, 4, 5),),
    ],
    "a picture (H, W, 3), with the channels last": [(torch.rand(4, 5, 3),)],
}
checks.refuses(rgb_to_gray, kinds, "Tensors that are no colour picture")

# %% rgb_to_gray-look-text [markdown]
# Look at what the weights do. On the left stripes of the pure colours, and a grey of the same red, green and blue; then your result, and the plain mean
# of the channels, which cannot tell the three pure colours apart.

# %% rgb_to_gray-look
stripes = torch.zeros(3, 40, 80)
for stripe, colour in enumerate([(1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0), (0.5, 0.5, 0.5)]):
    stripes[:, :, 20 * stripe : 20 * stripe + 20] = torch.tensor(colour)[:, None, None]
figure, axes = plt.subplots(1, 3, figsize=(9, 1.9))
panels = {"stripes": stripes.movedim(0, -1), "rgb_to_gray": rgb_to_gray(stripes)[0], "mean": stripes.mean(0)}
for axis, (title, view) in zip(axes, panels.items(), strict=True):
    axis.imshow(view.numpy(), cmap="gray", vmin=0, vmax=1)
    axis.set_title(title)
    axis.axis("off")

# %% standardize-statement [markdown]
# Networks learn faster from inputs around zero with a spread of about one. So each channel is shifted by its mean and divided by its
# standard deviation, both measured once, on the *training* pictures:
#
# ```
# channel    mean   std        value   result
# red        0.5    0.25       1.0     (1.0 − 0.5) / 0.25 =  2
# green      0.4    0.20       0.2     (0.2 − 0.4) / 0.20 = −1
# ```
#
# **Take** `x` of shape (N, C, H, W), a float tensor. `mean` and `std` are each either a plain float, which counts for all channels, or C numbers, one for each channel:
# a list, a tuple, or a tensor of shape (C,), perhaps of another dtype than `x`. The two may be of different kinds. **Return** a new tensor with the shape, dtype and device
# of `x`, never `x` itself. Leave `x`, `mean` and `std` as they are, lists too, and let gradients flow to `x`.
#
# **Raise `ValueError`** when a list, a tuple or a tensor does not hold exactly C numbers (a list of one number counts for all channels only if there is one
# channel), or when a value of `std` is not above 0.
#
# **From scratch:** functions of torchvision (`normalize` and its like) are not allowed. An answer that uses one gets no points for `public`, `channels`,
# `numbers` and `tensors`.


# %% standardize forbid="torchvision" instead="subtract and divide with tensor operations"
def standardize(
    x: torch.Tensor,
    mean: float | list[float] | tuple[float, ...] | torch.Tensor,
    std: float | list[float] | tuple[float, ...] | torch.Tensor,
) -> torch.Tensor:
    """Return ``x`` (N, C, H, W) less ``mean``, divided by ``std``, channel by channel."""
    ### BEGIN SOLUTION
    channels = x.shape[1]
    moments = []
    for values in (mean, std):
        moment = torch.as_tensor(values, dtype=x.dtype, device=x.device)
        if moment.ndim > 0 and tuple(moment.shape) != (channels,):
            raise ValueError(f"{channels} channels need {channels} values, not {moment.numel()}")
        moments.append(moment.reshape(-1, 1, 1))
    if bool((moments[1] <= 0).any()):
        raise ValueError("a standard deviation is above 0")
    return (x - moments[0]) / moments[1]
    ### END SOLUTION


# %% standardize-public points=2
# Two channels of one row
x = torch.tensor([[[[1.0, 0.5]], [[0.2, 0.4]]]])  # (1, 2, 1, 2)
checks.close(
    rules.from_scratch(
        standardize, (x, [0.5, 0.4], [0.25, 0.2]), forbid=forbidden, what="`standardize` is written from scratch"
    ),
    torch.tensor([[[[2.0, 0.0]], [[-1.0, 0.0]]]]),
    "The case above",
    case="standardize(x, [0.5, 0.4], [0.25, 0.2])",
    hint="each channel has its own mean and std, and they go along axis 1.",
)
checks.close(
    standardize(x, 0.5, 0.5),
    torch.tensor([[[[1.0, 0.0]], [[-0.6, -0.2]]]]),
    "One number for all channels",
    case="standardize(x, 0.5, 0.5)",
)

# %% standardize-channels points=4
# Each channel with its own mean and std
g = torch.Generator().manual_seed(14402)
for shape in [(2, 3, 5, 7), (4, 3, 6, 3), (3, 3, 3, 3), (2, 4, 1, 5), (1, 1, 4, 3), (5, 2, 2, 2)]:
    x = torch.rand(shape, generator=g)
    mean, std = torch.rand(shape[1], generator=g), 0.2 + torch.rand(shape[1], generator=g)
    expected = torch.stack([(x[:, c] - mean[c]) / std[c] for c in range(shape[1])], dim=1)
    checks.close(
        rules.from_scratch(
            standardize,
            (x.to(checks.device()), mean.tolist(), tuple(std.tolist())),
            forbid=forbidden,
            what="`standardize` is written from scratch",
        ),
        expected.to(checks.device()),
        "Each channel with its own mean and std",
        hint="values of shape (C,) meet the last axis; (C, 1, 1) meets the channels.",
    )

# %% standardize-numbers points=2
# One number for all channels, beside C numbers
g = torch.Generator().manual_seed(73350)
x = torch.rand(3, 4, 2, 5, generator=g).to(checks.device())
many = 0.3 + torch.rand(4, generator=g)
wide = many.to(checks.device()).reshape(1, 4, 1, 1)
for mean, std, expected in [
    (0.25, 0.5, (x - 0.25) / 0.5),
    (0.0, 4.0, x / 4),
    (many.tolist(), 0.5, (x - wide) / 0.5),
    (0.25, many.tolist(), (x - 0.25) / wide),
]:
    received = rules.from_scratch(
        standardize, (x, mean, std), forbid=forbidden, what="`standardize` is written from scratch"
    )
    checks.close(received, expected, "One number for all channels")

# %% standardize-tensors points=2
# Tensors as mean and std, also of another dtype
g = torch.Generator().manual_seed(20916)
device = checks.device()
for dtype, other in [(torch.float32, torch.float64), (torch.float32, torch.float32), (torch.float64, torch.float32)]:
    x = torch.rand(2, 3, 4, 6, generator=g, dtype=dtype).to(device)
    mean = torch.rand(3, generator=g, dtype=other).to(device)
    std = 0.5 + torch.rand(3, generator=g, dtype=other).to(device)
    expected = (x - mean.to(dtype).reshape(3, 1, 1)) / std.to(dtype).reshape(3, 1, 1)
    checks.close(
        rules.from_scratch(standardize, (x, mean, std), forbid=forbidden, what="`standardize` is written from scratch"),
        expected,
        "mean and std as tensors",
        hint="the result has the dtype of x, so bring mean and std to that dtype first.",
    )

# %% standardize-dtype points=2
# float64 stays float64, with its precision
g = torch.Generator().manual_seed(41189)
for dtype in (torch.float64, torch.float32):
    x = torch.rand(2, 3, 3, 4, generator=g, dtype=dtype).to(checks.device())
    for mean, std in [([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]), (0.1307, 0.3081)]:
        m, s = np.broadcast_to(mean, 3), np.broadcast_to(std, 3)
        checks.close(
            standardize(x.clone(), mean, std),
            torch.stack([(x[:, c] - m[c]) / s[c] for c in range(3)], dim=1),
            "dtype and precision",
            hint="torch.tensor([0.1]) is float32; give dtype=x.dtype.",
        )

# %% standardize-unchanged points=2
# x, mean and std are left as they were; a view will do
g = torch.Generator().manual_seed(56623)
x = torch.rand(2, 5, 4, 3, generator=g).to(checks.device()).permute(0, 3, 2, 1)
mean = torch.rand(3, generator=g).to(checks.device())
std = 0.5 + torch.rand(3, generator=g).to(checks.device())
expected = (x - mean[:, None, None]) / std[:, None, None]
received = checks.unchanged(standardize, x, mean, std, what="x, mean and std are left as they were")
checks.close(received, expected, "A batch that is a view of another tensor", hint="use reshape where view fails.")
mean, std = [0.25, 0.5, 0.75], [0.5, 2.0, 0.125]
expected = (x - torch.tensor(mean).to(x)[:, None, None]) / torch.tensor(std).to(x)[:, None, None]
received = checks.unchanged(standardize, x, mean, std, what="x is left as it was, with lists")
checks.close(received, expected, "The result with two lists")
checks.equal(
    (mean, std), ([0.25, 0.5, 0.75], [0.5, 2.0, 0.125]), "The lists, afterwards", hint="work on copies of the lists."
)
checks.equal(standardize(x, 0.0, 1.0) is x, False, "A new tensor", hint="return another tensor than x.")

# %% standardize-gradients points=2
# Gradients reach x
g = torch.Generator().manual_seed(80467)
x = torch.rand(2, 3, 4, 5, generator=g, dtype=torch.float64).to(checks.device())
mean, std = [0.1, 0.2, 0.3], [0.5, 2.0, 0.25]
checks.gradients_close(
    lambda x: standardize(x, mean, std),
    lambda x: torch.stack([(x[:, c] - mean[c]) / std[c] for c in range(3)], dim=1),
    {"x": x},
    "Gradients of standardize",
)

# %% standardize-errors points=2
# Numbers that do not fit
x = torch.rand(2, 3, 4, 5)
kinds = {
    "a mean or a std that does not hold C numbers, beside one that does": [
        (x, [0.5, 0.5], [1.0, 1.0, 1.0]),
        (x, [0.5, 0.5, 0.5], [1.0, 1.0]),
    ],
    "a mean and a std that both do not hold C numbers": [
        (x, [0.5] * 5, [1.0] * 5),
        (x, (0.5, 0.5), (1.0, 1.0)),
        (x, torch.rand(5), torch.ones(5)),
    ],
    "a list or tensor that does not hold C numbers, beside a plain number": [
        (x, 0.5, [1.0, 1.0]),
        (x, [0.5, 0.5], 1.0),
    ],
    "a list of one number, with several channels": [
        (x, [0.5], [1.0, 1.0, 1.0]),
        (x, [0.5, 0.5, 0.5], [1.0]),
        (x, 0.5, [1.0]),
        (x, [0.5], 1.0),
    ],
    "a tensor of one number, with several channels": [
        (x, torch.tensor([0.5]), torch.ones(3)),
        (x, torch.rand(3), torch.ones(1)),
    ],
    "several numbers, with one channel": [
        (x[:, :1], [0.5, 0.5, 0.5], [1.0, 1.0, 1.0]),
        (x[:, :1], 0.5, torch.ones(2)),
    ],
    "an empty list": [(x, [0.5, 0.5, 0.5], [])],
    "a std that is 0": [(x, 0.5, 0.0)],
    "a std that is negative": [(x, 0.5, -0.5)],
    "a std with a 0 in a list, a tuple or a tensor": [
        (x, [0.5, 0.5, 0.5], [1.0, 0.0, 1.0]),
        (x, [0.5, 0.5, 0.5], (0.0, 1.0, 1.0)),
        (x, torch.rand(3), torch.tensor([1.0, 1.0, 0.0])),
    ],
    "a std with a negative number in a list or a tensor": [
        (x, [0.5, 0.5, 0.5], [1.0, 1.0, -1.0]),
        (x, torch.rand(3), torch.tensor([-1.0, 1.0, 1.0])),
    ],
}
checks.refuses(standardize, kinds, "Numbers that do not fit")

# %% standardize-look-text [markdown]
# Look at the numbers. Three channels with different spread become alike, and the picture itself does not change: the order of dark and
# bright stays.

# %% standardize-look
rows, columns = torch.meshgrid(torch.linspace(0, 1, 60), torch.linspace(0, 1, 80), indexing="ij")
wall = 0.6 + 0.05 * torch.sin(60 * columns) * torch.cos(45 * rows)
scene = torch.stack([0.2 + 0.6 * columns, 0.5 + 0.1 * rows, wall])[None]
result = standardize(scene, scene.mean((0, 2, 3)), scene.std((0, 2, 3)))
figure, axes = plt.subplots(1, 2, figsize=(8, 2.4), sharey=True)
for axis, pictures, title in zip(axes, [scene, result], ["before", "after"], strict=True):
    for channel, name in zip(pictures[0], ["red", "green", "blue"], strict=True):
        axis.hist(channel.flatten().numpy(), bins=40, histtype="step", color=name)
    axis.set_title(title)

# %% dense_parameters-statement [markdown]
# In a dense layer (`nn.Linear`) every unit has one weight for each input number, and one bias. The picture is flattened first, so
# all its axes count. Two units on a picture of 1 × 2 × 3:
#
# ```
# unit 0    6 weights + 1 bias
# unit 1    6 weights + 1 bias      14 in all
# ```
#
# **Take** `in_shape`, a tuple of one or more ints such as (C, H, W), and `units`, an int. **Return** the number of parameters as a plain
# int.
#
# **Raise `ValueError`** when `in_shape` is empty, or when one of the numbers is below 1.


# %% dense_parameters
def dense_parameters(in_shape: tuple[int, ...], units: int) -> int:
    """Return the weights and biases of a dense layer of ``units`` on inputs of ``in_shape``."""
    ### BEGIN SOLUTION
    if not in_shape or min(*in_shape, units) < 1:
        raise ValueError("the input has axes, and every number is at least 1")
    inputs = 1
    for length in in_shape:
        inputs *= length
    return (inputs + 1) * units
    ### END SOLUTION


# %% dense_parameters-public points=2
# Two layers that you can count by hand
checks.equal(dense_parameters((1, 2, 3), 2), 14, "The case above", case="dense_parameters((1, 2, 3), 2)")
checks.equal(
    dense_parameters((3, 32, 32), 1),
    3073,
    "One unit on a small colour picture",
    case="dense_parameters((3, 32, 32), 1)",
    hint="3,072 numbers come in, each with a weight, and the unit has one bias.",
)


# %% dense_parameters-helpers
def parameters_of_a_real_layer(in_shape, units):
    picture = torch.empty(in_shape, device="meta")
    layer = torch.nn.Linear(picture.numel(), units, device="meta")
    return layer.weight.numel() + layer.bias.numel()


# %% dense_parameters-values points=3
# Pictures of many sizes
cases = [
    ((3, 224, 224), 1),
    ((3, 224, 224), 10),
    ((3, 224, 224), 4096),
    ((1, 28, 28), 128),
    ((4, 5, 9), 7),
    ((512, 7, 7), 1000),
    ((3, 1080, 1920), 1024),
]


checks.agrees(
    dense_parameters,
    parameters_of_a_real_layer,
    cases,
    "Parameters of a dense layer",
    hint="every unit has a weight for each input number, and one bias.",
)

# %% dense_parameters-axes points=3
# Inputs with any number of axes
cases = [((784,), 10), ((1,), 1), ((28, 28), 10), ((16, 3, 8, 9), 4), ((2, 3, 4, 5, 6), 3), ((1, 1), 5)]


checks.agrees(
    dense_parameters,
    parameters_of_a_real_layer,
    cases,
    "Inputs with one, two or more axes",
    hint="multiply all the axes that there are.",
)

# %% dense_parameters-errors points=2
# Layers that make no sense
kinds = {
    "an empty in_shape": [((), 5), ((), 0)],
    "an in_shape with a 0": [((0,), 5), ((3, 0, 4), 5), ((0, 3, 4), 5), ((3, 4, 0), 5)],
    "an in_shape with a negative number": [((3, -4, 4), 5), ((-2,), 5)],
    "an in_shape with two negative numbers": [((-3, -4), 5)],
    "units below 1": [((3, 4, 4), 0), ((3, 4, 4), -1)],
    "a negative number in in_shape and negative units": [((-3, 4), -5), ((-1, -1, -1), -1)],
}
checks.refuses(dense_parameters, kinds, "Layers that make no sense")

# %% conv_parameters-statement [markdown]
# A convolution layer has `c_out` filters. Each has a small grid of weights for *every* input channel, and one bias. Two filters of 3 × 2
# over three channels:
#
# ```
# filter 0   3 · (3 × 2) = 18 weights + 1 bias
# filter 1   3 · (3 × 2) = 18 weights + 1 bias      38 in all, 36 without bias
# ```
#
# The size of the picture does not matter: the same filter is used everywhere.
#
# **Take** ints `c_in` and `c_out`, `kernel_size` as an int or a pair (height, width), and `bias`, True or False. **Return** the number of parameters as a plain
# int.
#
# **Raise `ValueError`** when a number is below 1.


# %% conv_parameters
def conv_parameters(c_in: int, c_out: int, kernel_size: int | tuple[int, int], bias: bool = True) -> int:
    """Return the weights and biases of a convolution layer of ``c_out`` filters over ``c_in`` channels."""
    ### BEGIN SOLUTION
    height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    if min(c_in, c_out, height, width) < 1:
        raise ValueError("channels and kernel sizes are at least 1")
    each = c_in * height * width + (1 if bias else 0)
    return c_out * each
    ### END SOLUTION


# %% conv_parameters-public points=2
# Two layers that you can count by hand
checks.equal(conv_parameters(3, 2, (3, 2)), 38, "The case above", case="conv_parameters(3, 2, (3, 2))")
checks.equal(
    conv_parameters(1, 6, 5),
    156,
    "Six filters on a gray picture",
    case="conv_parameters(1, 6, 5)",
    hint="each of the six filters has 25 weights and one bias.",
)


# %% conv_parameters-helpers
def parameters_of_a_real_layer(c_in, c_out, kernel_size):
    layer = torch.nn.Conv2d(c_in, c_out, kernel_size, device="meta")
    return sum(p.numel() for p in layer.parameters())


# %% conv_parameters-values points=4
# Many layers
cases = [(3, 64, 3), (64, 128, 3), (3, 96, 11), (6, 16, 5), (512, 10, 1), (1, 1, 1), (2, 3, 7), (5, 4, 2)]

checks.agrees(
    conv_parameters,
    parameters_of_a_real_layer,
    cases,
    "Parameters of a convolution layer",
    hint="a filter is as deep as the input; each filter has one bias.",
)

# %% conv_parameters-pairs points=2
# Kernels that are not square
cases = [(3, 8, (1, 7)), (4, 5, (7, 1)), (2, 9, (3, 5)), (1, 2, (4, 3)), (6, 6, (2, 2))]

checks.agrees(conv_parameters, parameters_of_a_real_layer, cases, "Kernels that are not square")

# %% conv_parameters-bias points=2
# Layers without bias
cases = [(3, 64, 7, False), (2, 5, (3, 1), False), (4, 1, 1, False), (3, 64, 7, True), (2, 5, (3, 1), True)]


def parameters_of_a_real_layer(c_in, c_out, kernel_size, bias):
    layer = torch.nn.Conv2d(c_in, c_out, kernel_size, bias=bias, device="meta")
    return sum(p.numel() for p in layer.parameters())


checks.agrees(conv_parameters, parameters_of_a_real_layer, cases, "Layers with and without bias")

# %% conv_parameters-errors points=2
# Layers that make no sense
kinds = {
    "a c_in below 1": [(0, 4, 3), (-1, 4, 3), (0, 4, 3, False)],
    "a c_out below 1": [(4, 0, 3), (4, -4, 3)],
    "a kernel_size below 1": [(4, 4, 0), (4, 4, -3)],
    "a pair for kernel_size with one number 0": [(4, 4, (3, 0)), (4, 4, (0, 3))],
    "a pair for kernel_size with one number negative": [(4, 4, (-3, 3)), (4, 4, (3, -3))],
    "a pair for kernel_size with both numbers negative": [(4, 4, (-3, -3))],
    "two arguments that are negative at once": [(-4, -4, 3), (4, -4, (-3, 3))],
}
checks.refuses(conv_parameters, kinds, "Layers that make no sense")

# %% conv_parameters-look-text [markdown]
# Look at both counts as the picture grows: 64 dense units on it, beside 64 filters of 3 × 3.

# %% conv_parameters-look
sizes = [8, 16, 32, 64, 128, 256, 512]
figure, axis = plt.subplots(figsize=(6, 3))
axis.plot(sizes, [dense_parameters((3, size, size), 64) for size in sizes], marker="o", label="64 dense units")
axis.plot(sizes, [conv_parameters(3, 64, 3) for _ in sizes], marker="s", label="64 filters of 3 × 3")
axis.set_xscale("log", base=2)
axis.set_yscale("log")
axis.set_xlabel("height and width of the picture")
axis.set_ylabel("parameters")
_ = axis.legend()

# %% DigitsDataset-statement [markdown]
# A `Dataset` answers two questions: how many examples are there, and what is example number i? With these two answers torch's `DataLoader` can shuffle, cut
# into batches and stack. Write one for handwritten digits as scikit-learn keeps them: numbers from **0 (paper) to 16 (ink)**.
#
# ```
# images[0]          labels[0]        dataset[0]
# 0   0  16          7                (tensor([[[0.0, 0.0,  1.0],
# 0   4   8                                     [0.0, 0.25, 0.5]]]), 7)
# ```
#
# - `DigitsDataset(images, labels, transform=None)`: `images` is a numpy array (N, H, W) of any dtype, with values from 0 to 16; `labels` a numpy array (N,) of ints. **Raise
#   `ValueError`** when there are not as many labels as images.
# - `len(dataset)` is N.
# - `dataset[i]` is a tuple of two. First the image: a float32 tensor (1, H, W) on the CPU, float32 whatever torch's default dtype is. Each value is divided by 16,
#   whatever the largest in the image or in the whole set is. Second the label: a plain Python int.
#   A negative i counts from the end, as in a list. **Raise `IndexError`** when there is no such example: a `for` loop over the dataset ends by it.
# - `transform`, when given, is called with the image tensor each time that an example is asked for, and its result is put in the place of the
#   image, of whatever kind it is. It may be random, so do not call it earlier and keep the result. It may also work in place; even then what the dataset
#   holds must not change.
# - The arrays that the caller gave stay as they are. Several datasets can be used side by side.


# %% DigitsDataset
class DigitsDataset(torch.utils.data.Dataset):
    """Hold images (N, H, W) with values from 0 to 16, and labels (N,), as examples for a DataLoader."""

    def __init__(self, images: np.ndarray, labels: np.ndarray, transform=None) -> None:
        """Take the arrays, and ``transform``, a function from image tensor to image tensor, or None."""
        ### BEGIN SOLUTION
        if len(images) != len(labels):
            raise ValueError(f"{len(images)} images, but {len(labels)} labels")
        self.images, self.labels, self.transform = images, labels, transform
        ### END SOLUTION

    def __len__(self) -> int:
        """Return the number of examples."""
        ### BEGIN SOLUTION
        return len(self.images)
        ### END SOLUTION

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        """Return the image (1, H, W), float32 from 0 to 1, and the label of example ``index``."""
        ### BEGIN SOLUTION
        image = torch.tensor(self.images[index] / 16, dtype=torch.float32)[None]
        if self.transform is not None:
            image = self.transform(image)
        return image, int(self.labels[index])
        ### END SOLUTION


# %% DigitsDataset-public points=2
# Two small images, and a DataLoader
images = np.array([[[0, 0, 16], [0, 4, 8]], [[16, 12, 0], [2, 0, 0]]])
dataset = DigitsDataset(images, np.array([7, 4]))
checks.equal(
    isinstance(dataset, torch.utils.data.Dataset), True, "It is a Dataset", case="DigitsDataset(images, labels)"
)
checks.equal(len(dataset), 2, "Two examples", case="len(dataset)")
image, label = dataset[0]
checks.close(image, torch.tensor([[[0.0, 0.0, 1.0], [0.0, 0.25, 0.5]]]), "The first image", case="dataset[0][0]")
checks.equal(label, 7, "The first label", case="dataset[0][1]")
batch, _ = next(iter(torch.utils.data.DataLoader(dataset, batch_size=2)))
checks.shape(batch, (2, 1, 2, 3), "A batch", case="next(iter(DataLoader(dataset, batch_size=2)))")

# %% DigitsDataset-images points=3
# Every image: one channel, float32, values from 0 to 1
import functools

rng = np.random.default_rng(91033)
for kind in (np.float64, np.uint8, np.float32, np.int64):
    images = rng.integers(0, 17, (5, 6, 9)).astype(kind)
    images[2] = np.minimum(images[2], 9)  # a faint digit
    dataset = DigitsDataset(images.copy(), np.arange(5))
    for i in (0, 2, 4):
        expected = torch.from_numpy(images[i].astype("float32")) / 16
        checks.close(
            dataset[i][0],
            expected.reshape(1, 6, 9),
            "An image of the dataset",
            hint="divide by 16, make it float32, add the axis of the channel.",
        )
for lowest, highest in [(0, 9), (3, 12), (0, 1), (1, 1), (0, 0)]:
    images = rng.integers(lowest, highest + 1, (3, 5, 4)).astype(np.float64)
    images[1, 0, :2] = lowest, highest
    dataset = DigitsDataset(images.copy(), np.arange(3))
    for i in range(3):
        checks.close(
            dataset[i][0],
            torch.from_numpy(images[i].astype("float32")).reshape(1, 5, 4) / 16,
            "An image of a set in which no value is 16",
            hint="divide by 16, the largest value there can be, not by the largest that is there.",
        )
set_default_dtype = checks.place(functools.partial(torch.set_default_dtype))
images = rng.integers(0, 17, (2, 3, 4)).astype(np.float64)
expected = torch.from_numpy(images[1].astype("float32")).reshape(1, 3, 4) / 16
set_default_dtype(torch.float64)
try:
    received = DigitsDataset(images.copy(), np.arange(2))[1][0]
finally:
    set_default_dtype(torch.float32)
checks.close(received, expected, "While torch's default dtype is float64", hint="name the dtype: dtype=torch.float32.")

# %% DigitsDataset-labels points=2
# Every label: a plain int
rng = np.random.default_rng(2764)
for kind in (np.int64, np.uint8, np.int32):
    labels = rng.permutation(10).astype(kind)
    expected = labels.tolist()
    dataset = DigitsDataset(np.full((10, 4, 3), 8.0), labels)
    examples = [dataset[i] for i in range(10)]
    pairs = all(isinstance(example, tuple) and len(example) == 2 for example in examples)
    checks.equal(pairs, True, "An example is a tuple of two", hint="return image, label.")
    received = [example[1] for example in examples]
    checks.equal(received, expected, "The labels", hint="int(...) makes a plain int of a number of numpy.")
    checks.equal(labels.tolist(), expected, "The array of labels that the caller gave, afterwards")
for count in (9, 11, 1):
    checks.raises(
        ValueError,
        DigitsDataset,
        np.zeros((10, 4, 3)),
        np.zeros(count, dtype=int),
        what="Labels that are too many or too few",
    )

# %% DigitsDataset-index points=3
# Counting from the end, and the end of a loop
import itertools

labels = np.array([5, 3, 8, 1, 9, 2, 6])
images = np.arange(1, 8)[:, None, None] * np.ones((7, 2, 3)) * 2
dataset = DigitsDataset(images.copy(), labels.copy())
other = DigitsDataset(np.full((2, 3, 2), 4.0), np.array([0, 7]), torch.zeros_like)
checks.equal((len(dataset), len(other)), (7, 2), "The number of examples of two datasets")
checks.close(dataset[1][0], torch.full((1, 2, 3), 0.25), "An image, after a second dataset was made")
checks.close(other[1][0], torch.zeros(1, 3, 2), "An image of the second dataset, with its transform")
checks.equal((dataset[1][1], other[1][1]), (3, 7), "A label of each of two datasets", hint="self. keeps them apart.")
checks.equal([int(dataset[i][1]) for i in (-1, -3, -7)], [6, 9, 5], "Labels counted from the end")
for i in (-1, -6):
    checks.close(dataset[i][0], torch.full((1, 2, 3), (8 + i) / 8), "An image counted from the end")
for i in (7, 8, 70, -8, -70):
    checks.raises(IndexError, lambda i: dataset[i], i, what="An index that does not exist")
seen = [int(label) for _, label in itertools.islice(dataset, 20)]
checks.equal(
    seen, [5, 3, 8, 1, 9, 2, 6], "A for loop over the dataset", hint="IndexError at the end is what stops the loop."
)

# %% DigitsDataset-transform points=3
# The transform: called each time, with the image alone
rng = np.random.default_rng(31806)
images, labels = rng.integers(0, 17, (4, 5, 3)).astype("float64"), np.array([3, 1, 4, 1])
seen = []


def noted(image):
    seen.append(image.clone())
    return image * 0 + len(seen)


dataset = DigitsDataset(images.copy(), labels.copy(), noted)
checks.equal(len(seen), 0, "Calls of the transform before an example is asked for")
for call, i in enumerate([2, 0, 2, 3, -1, -4], 1):
    image, label = dataset[i]
    checks.equal(len(seen), call, "Calls of the transform", hint="call it once each time that an example is asked for.")
    expected = torch.from_numpy(images[i].astype("float32")).reshape(1, 5, 3) / 16
    checks.close(seen[-1], expected, "What the transform is given", hint="the finished image tensor (1, H, W).")
    checks.close(image, torch.full((1, 5, 3), float(call)), "What the transform returned is the image")
    checks.equal(int(label), int(labels[i]), "The label beside a transformed image")
wide = DigitsDataset(images.copy(), labels.copy(), transform=torch.nn.functional.relu)
checks.shape(wide[1][0], (1, 5, 3), "An image through a function of torch")
dataset = DigitsDataset(images.copy(), labels.copy(), transform=lambda image: (image.flatten() * 16).long())
checks.close(dataset[1][0], torch.from_numpy(images[1].reshape(15)).long(), "An image that a transform made ints of")
dataset = DigitsDataset(images.copy(), labels.copy(), transform=lambda image: "a digit")
checks.equal(dataset[2][0], "a digit", "What a transform returns, though it is no tensor")

# %% DigitsDataset-loader points=2
# A DataLoader: shuffled batches, the last one smaller
from torch.utils.data import DataLoader

rng = np.random.default_rng(67221)
images, labels = rng.integers(0, 17, (11, 3, 4)).astype("uint8"), np.arange(11)
dataset = DigitsDataset(images.copy(), labels.copy())
loader = DataLoader(dataset, batch_size=4, shuffle=True, generator=torch.Generator().manual_seed(5))
batches = list(loader)
checks.equal(len(batches), 3, "Batches of 4 from 11 examples")
for (pictures, digits), size in zip(batches, (4, 4, 3), strict=True):
    checks.shape(pictures, (size, 1, 3, 4), "The images of a batch")
    checks.shape(digits, (size,), "The labels of a batch", hint="a label is a plain int, not an array.")
pictures, digits = (torch.cat(part) for part in zip(*batches, strict=True))
checks.close(digits.sort().values, torch.arange(11), "The labels of all batches")
expected = torch.from_numpy(images.astype("float32"))[:, None] / 16
checks.close(pictures[digits.argsort()], expected, "The images of all batches")

# %% DigitsDataset-unchanged points=3
# What the caller gave and what the dataset holds stay as they were
from torchvision.transforms import Normalize

rng = np.random.default_rng(12594)
for kind in (np.float64, np.float32):
    images, labels = rng.integers(0, 17, (3, 4, 5)).astype(kind), np.array([2, 0, 1])
    before = images.copy()
    dataset = DigitsDataset(images, labels, checks.place(Normalize((0.25,), (0.5,), inplace=True)))
    first = dataset[1][0].clone()
    checks.close(
        dataset[1][0],
        first,
        "An image after a transform that works in place, asked for again",
        hint="the transform wrote into what the dataset holds: give it a copy, x.clone().",
    )
    checks.close(
        images,
        before,
        "The array that the caller gave",
        hint="/= works in place; torch.from_numpy shares its memory with the array.",
    )
    checks.equal(labels.tolist(), [2, 0, 1], "The array of labels that the caller gave")

# %% DigitsDataset-look-text [markdown]
# Look at a batch of the real digits: a loader that shuffles gives others each time.

# %% DigitsDataset-look
from sklearn.datasets import load_digits

digits = load_digits()
loader = torch.utils.data.DataLoader(DigitsDataset(digits.images, digits.target), batch_size=10, shuffle=True)
pictures, names = next(iter(loader))
figure, axes = plt.subplots(1, 10, figsize=(9, 1.2))
for axis, picture, name in zip(axes, pictures, names, strict=True):
    axis.imshow(picture[0].numpy(), cmap="gray_r")
    axis.set_title(int(name))
    axis.axis("off")

# %% one_batch_accuracy-statement [markdown]
# A classifier gives one number for each class, a *logit*; the largest is its answer. Which share of the answers is right?
#
# ```
# logits                      largest at    y
#  2.0   −1.0    0.5          0             0      right
# −3.0   −0.5   −2.0          1             2      wrong
#  0.1    0.2    4.0          2             2      right          accuracy 2/3
#  1.0    0.0    0.9          0             0      right          accuracy 3/4
# ```
#
# **Take** `logits` of shape (N, K), floats of any sign and size, perhaps straight from a network, and `y` of shape (N,), the right classes as ints.
# **Return** a plain float from 0 to 1, not rounded. (The checks have no ties.) Leave `logits` and `y` as they are, and torch's grad mode, too: gradients are recorded
# afterwards if they were before.
#
# **Raise `ValueError`** when the batch is empty, when `logits` does not have two axes or `y` not one, or when their lengths differ.


# %% one_batch_accuracy
def one_batch_accuracy(logits: torch.Tensor, y: torch.Tensor) -> float:
    """Return the share of rows of ``logits`` (N, K) whose largest value is at the class in ``y`` (N,)."""
    ### BEGIN SOLUTION
    if logits.ndim != 2 or y.ndim != 1 or len(logits) != len(y) or len(y) == 0:
        raise ValueError(f"logits {tuple(logits.shape)} and classes {tuple(y.shape)} do not go together")
    right = logits.argmax(dim=1) == y
    return right.float().mean().item()
    ### END SOLUTION


# %% one_batch_accuracy-public points=2
# The four rows above
logits = torch.tensor([[2.0, -1.0, 0.5], [-3.0, -0.5, -2.0], [0.1, 0.2, 4.0], [1.0, 0.0, 0.9]])
checks.equal(
    one_batch_accuracy(logits, torch.tensor([0, 2, 2, 0])),
    0.75,
    "The case above",
    case="one_batch_accuracy(logits, torch.tensor([0, 2, 2, 0]))",
    hint="argmax along the classes, compare with y, take the mean, make it a plain float.",
)

# %% one_batch_accuracy-values points=4
# Batches of many sizes
g = torch.Generator().manual_seed(33907)
for n, k, wrong in [(8, 10, 3), (16, 3, 10), (4, 4, 1), (10, 2, 4), (1, 5, 0), (5, 5, 5), (64, 10, 16)]:
    logits = torch.randn(n, k, generator=g)
    y = logits.argsort(dim=1)[:, -1]
    y[:wrong] = (y[:wrong] + 1 + torch.randint(0, k - 1, (wrong,), generator=g)) % k
    order = torch.randperm(n, generator=g)
    received = one_batch_accuracy(logits[order].to(checks.device()), y[order].to(checks.device()))
    checks.equal(
        type(received).__name__, "float", "The kind of number", hint=".item() makes a plain number of a tensor."
    )
    checks.close(
        torch.tensor(received),
        torch.tensor((n - wrong) / n),
        "The accuracy of a batch",
        hint="the share of right rows, between 0 and 1; classes are along axis 1.",
    )

# %% one_batch_accuracy-logits points=2
# Logits that are all negative, or huge
g = torch.Generator().manual_seed(8559)
for scale, shift in [(1.0, -50.0), (1e4, 0.0), (1e-3, 0.2), (1e3, -1e5)]:
    logits = torch.randn(40, 6, generator=g, dtype=torch.float64) * scale + shift
    y = logits.argsort(dim=1)[:, -1]
    y[:10] = (y[:10] + 2) % 6
    received = one_batch_accuracy(logits.to(checks.device()), y.to(checks.device()))
    checks.close(
        torch.tensor(float(received)),
        torch.tensor(0.75),
        "Logits of any size",
        hint="a logit is no probability: only which one of a row is largest counts.",
    )

# %% one_batch_accuracy-network points=2
# Logits straight from a network
g = torch.Generator().manual_seed(19430)
logits = torch.randn(12, 4, generator=g).to(checks.device()).requires_grad_()
y = logits.detach().argsort(dim=1)[:, -1]
y[:3] = (y[:3] + 1) % 4
received = one_batch_accuracy(logits * 2, y)
checks.close(
    torch.tensor(float(received)),
    torch.tensor(0.75),
    "Logits that carry a graph",
    hint=".numpy() needs .detach() first.",
)
logits, y = logits.detach(), y.clone()
received = checks.unchanged(one_batch_accuracy, logits, y, what="Logits and classes are left as they were")
checks.close(torch.tensor(float(received)), torch.tensor(0.75), "The accuracy of that batch")
checks.grad_mode_kept(one_batch_accuracy, logits, y, what="Torch records gradients afterwards, if it did before")

# %% one_batch_accuracy-errors points=2
# Batches that make no sense
logits = torch.rand(4, 3)
kinds = {
    "an empty batch": [(torch.rand(0, 3), torch.zeros(0, dtype=torch.int64))],
    "a y of another length than logits": [
        (logits, torch.tensor([0, 1, 2])),
        (logits, torch.tensor([0, 1, 2, 0, 1])),
    ],
    "a y of length 1 beside more rows of logits": [(logits, torch.tensor([0]))],
    "one row of logits beside a longer y": [(torch.rand(1, 3), torch.tensor([0, 1, 2, 0]))],
    "logits or a y of length 0 beside a longer one": [
        (logits, torch.zeros(0, dtype=torch.int64)),
        (torch.rand(0, 3), torch.tensor([0])),
    ],
    "a y with two axes": [(logits, torch.tensor([[0], [1], [2], [0]])), (logits, torch.tensor([[0, 1, 2, 0]]))],
    "a y without axes": [(logits, torch.tensor(1))],
    "logits with one axis": [(torch.rand(4), torch.tensor([0, 1, 2, 0]))],
    "logits with three axes": [(torch.rand(1, 4, 3), torch.tensor([0]))],
}
checks.refuses(one_batch_accuracy, kinds, "Batches that make no sense")
