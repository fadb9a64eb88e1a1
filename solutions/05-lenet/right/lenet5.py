"""Right answers, written differently, for `lenet5`."""

right(
    "lazy",
    "Lazy layers find their input sizes when a first picture goes through.",
    answer="""
import torch


def lenet5(in_shape=(1, 28, 28), num_classes=10):
    nn = torch.nn
    if min(in_shape[1:]) < 12:
        raise ValueError("too small")
    net = nn.Sequential(
        nn.LazyConv2d(6, 5, padding="same"),
        nn.Sigmoid(),
        nn.AvgPool2d(2, 2),
        nn.LazyConv2d(16, 5),
        nn.Sigmoid(),
        nn.AvgPool2d(2, 2),
        nn.Flatten(),
        nn.LazyLinear(120),
        nn.Sigmoid(),
        nn.LazyLinear(84),
        nn.Sigmoid(),
        nn.LazyLinear(num_classes),
    )
    with torch.no_grad():
        net(torch.zeros(1, *in_shape))

    def start(layer):
        if isinstance(layer, nn.Linear | nn.Conv2d):
            nn.init.xavier_uniform_(layer.weight)
            layer.bias.data.zero_()

    return net.apply(start)
""",
)

right(
    "plain_parameters",
    "A module of bare parameters, with the functions of torch.nn.functional.",
    answer="""
import torch


class LeNet(torch.nn.Module):
    def __init__(self, in_shape, num_classes):
        super().__init__()
        self.numbers = torch.nn.ParameterList()
        channels, height, width = in_shape
        flat = 16 * (height // 4 - 2) * (width // 4 - 2)
        if height < 12 or width < 12:
            raise ValueError("too small")
        for shape in [(6, channels, 5, 5), (16, 6, 5, 5), (120, flat), (84, 120), (num_classes, 84)]:
            pixels = 25 if len(shape) == 4 else 1
            limit = (6 / (pixels * (shape[0] + shape[1]))) ** 0.5
            self.numbers.append(torch.empty(shape).uniform_(-limit, limit))
            self.numbers.append(torch.zeros(shape[0]))

    def forward(self, x):
        w = list(self.numbers)
        for weight, bias in ((w[0], w[1]), (w[2], w[3])):
            if weight is w[0]:
                x = torch.nn.functional.pad(x, (2, 2, 2, 2))
            x = torch.sigmoid(torch.nn.functional.conv2d(x, weight, bias))
            x = x[:, :, : x.shape[2] // 2 * 2, : x.shape[3] // 2 * 2]
            n, c, h, width = x.shape
            x = x.reshape(n, c, h // 2, 2, width // 2, 2).mean((3, 5))
        x = x.reshape(len(x), -1)
        for weight, bias in ((w[4], w[5]), (w[6], w[7])):
            x = torch.sigmoid(x @ weight.T + bias)
        return x @ w[8].T + w[9]


def lenet5(in_shape=(1, 28, 28), num_classes=10):
    return LeNet(in_shape, num_classes)
""",
)
