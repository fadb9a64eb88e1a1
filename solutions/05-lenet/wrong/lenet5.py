"""Known mistakes of `lenet5`."""

mistake(
    "biases_drawn",
    "You set the weights but left torch's random biases.",
    old=[
        "AvgPool2d(2, 2)),",
        """
        if parameter.ndim == 1:
            nn.init.zeros_(parameter)
        else:
""",
    ],
    new=[
        "AvgPool2d(2)),",
        "        if parameter.ndim > 1:",
    ],
)

mistake(
    "default_start",
    "You kept torch's own start in place of Xavier's.",
    old=[
        """
    net = nn.Sequential(
        *(nn.Conv2d(in_shape[0], 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2, 2)),
""",
        """
    for parameter in net.parameters():
        if parameter.ndim == 1:
            nn.init.zeros_(parameter)
        else:
            nn.init.xavier_uniform_(parameter)
    return net

""",
    ],
    new=[
        """
    return nn.Sequential(
        *(nn.Conv2d(in_shape[0], 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2)),
""",
        "",
    ],
)

mistake(
    "detaches",
    "You detached the maps before the dense layers, so the convolutions get no gradient.",
    answer="""
import torch


class LeNet(torch.nn.Module):
    def __init__(self, in_shape, num_classes):
        super().__init__()
        nn = torch.nn
        rows, columns = ((side // 2 - 4) // 2 for side in in_shape[1:])
        if min(rows, columns) < 1:
            raise ValueError("too small")
        self.conv1, self.conv2 = nn.Conv2d(in_shape[0], 6, 5, padding=2), nn.Conv2d(6, 16, 5)
        self.dense1, self.dense2 = nn.Linear(16 * rows * columns, 120), nn.Linear(120, 84)
        self.dense3 = nn.Linear(84, num_classes)
        for layer in self.children():
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, x):
        F = torch.nn.functional
        x = F.avg_pool2d(torch.sigmoid(self.conv1(x)), 2)
        x = F.avg_pool2d(torch.sigmoid(self.conv2(x)), 2).detach().flatten(1)
        return self.dense3(torch.sigmoid(self.dense2(torch.sigmoid(self.dense1(x)))))


def lenet5(in_shape=(1, 28, 28), num_classes=10):
    return LeNet(in_shape, num_classes)
""",
)

mistake(
    "made_in_another_order",
    "You made the dense layers before the convolutions, so the parameters come in another order than the layers work.",
    answer="""
import torch


class LeNet(torch.nn.Module):
    def __init__(self, in_shape, num_classes):
        super().__init__()
        nn = torch.nn
        rows, columns = ((side // 2 - 4) // 2 for side in in_shape[1:])
        if min(rows, columns) < 1:
            raise ValueError("too small")
        self.dense1, self.dense2 = nn.Linear(16 * rows * columns, 120), nn.Linear(120, 84)
        self.dense3 = nn.Linear(84, num_classes)
        self.conv1, self.conv2 = nn.Conv2d(in_shape[0], 6, 5, padding=2), nn.Conv2d(6, 16, 5)
        for layer in self.children():
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, x):
        F = torch.nn.functional
        x = F.avg_pool2d(torch.sigmoid(self.conv1(x)), 2)
        x = F.avg_pool2d(torch.sigmoid(self.conv2(x)), 2).flatten(1)
        return self.dense3(torch.sigmoid(self.dense2(torch.sigmoid(self.dense1(x)))))


def lenet5(in_shape=(1, 28, 28), num_classes=10):
    return LeNet(in_shape, num_classes)
""",
)

mistake(
    "max_pooling",
    "You pooled with the maximum; LeNet-5 takes the mean.",
    old="""
        *(nn.Conv2d(in_shape[0], 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2, 2)),
        *(nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten()),
""",
    new="""
        *(nn.Conv2d(in_shape[0], 6, 5, padding=2), nn.Sigmoid(), nn.MaxPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.MaxPool2d(2), nn.Flatten()),
""",
)

mistake(
    "no_padding",
    "You left out the padding of the first layer, so the maps are 24 × 24 and the first dense layer is too small.",
    old="""
    rows, columns = ((side // 2 - 4) // 2 for side in in_shape[1:])
    if min(rows, columns) < 1:
        raise ValueError("the picture is too small: nothing is left of it to flatten")
    net = nn.Sequential(
        *(nn.Conv2d(in_shape[0], 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2, 2)),
        *(nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten()),
        *(nn.Linear(16 * rows * columns, 120), nn.Sigmoid(), nn.Linear(120, 84), nn.Sigmoid()),
        nn.Linear(84, num_classes),
""",
    new="""
    rows, columns = (((side - 4) // 2 - 4) // 2 for side in in_shape[1:])
    if min(rows, columns) < 1:
        raise ValueError("the picture is too small: nothing is left of it to flatten")
    net = nn.Sequential(
        *(nn.Conv2d(in_shape[0], 6, 5), nn.Sigmoid(), nn.AvgPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten()),
        *(nn.Linear(16 * rows * columns, 120), nn.Sigmoid(), nn.Linear(120, 84), nn.Sigmoid()),
        nn.Linear(84, num_classes),
""",
)

mistake(
    "no_sigmoid_between_dense",
    "You forgot the sigmoids between the dense layers, so the three of them are one.",
    old="""
        *(nn.Conv2d(in_shape[0], 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2, 2)),
        *(nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten()),
        *(nn.Linear(16 * rows * columns, 120), nn.Sigmoid(), nn.Linear(120, 84), nn.Sigmoid()),
        nn.Linear(84, num_classes),
""",
    new="""
        *(nn.Conv2d(in_shape[0], 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten()),
        *(nn.Linear(16 * rows * columns, 120), nn.Linear(120, 84)),
        nn.Linear(84, num_classes),
""",
)

mistake(
    "padding_twice",
    "You padded the second convolution as well, so 784 numbers reach the dense layers in place of 400.",
    old="""
    rows, columns = ((side // 2 - 4) // 2 for side in in_shape[1:])
    if min(rows, columns) < 1:
        raise ValueError("the picture is too small: nothing is left of it to flatten")
    net = nn.Sequential(
        *(nn.Conv2d(in_shape[0], 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2, 2)),
        *(nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten()),
        *(nn.Linear(16 * rows * columns, 120), nn.Sigmoid(), nn.Linear(120, 84), nn.Sigmoid()),
        nn.Linear(84, num_classes),
""",
    new="""
    rows, columns = (side // 2 // 2 for side in in_shape[1:])
    if min(rows, columns) < 1:
        raise ValueError("the picture is too small: nothing is left of it to flatten")
    net = nn.Sequential(
        *(nn.Conv2d(in_shape[0], 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2)),
        *(nn.Conv2d(6, 16, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten()),
        *(nn.Linear(16 * rows * columns, 120), nn.Sigmoid(), nn.Linear(120, 84), nn.Sigmoid()),
        nn.Linear(84, num_classes),
""",
)

mistake(
    "ready_made",
    "You took a finished network; this task is to write it.",
    answer="""
import torch

from convlab.networks import lenet


def lenet5(in_shape=(1, 28, 28), num_classes=10):
    net = lenet.network()
    for parameter in net.parameters():
        if parameter.ndim == 1:
            torch.nn.init.zeros_(parameter)
    return net
""",
)

mistake(
    "relu",
    "You used ReLU where this form of LeNet-5 has sigmoids.",
    old="""
        *(nn.Conv2d(in_shape[0], 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2, 2)),
        *(nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten()),
        *(nn.Linear(16 * rows * columns, 120), nn.Sigmoid(), nn.Linear(120, 84), nn.Sigmoid()),
        nn.Linear(84, num_classes),
""",
    new="""
        *(nn.Conv2d(in_shape[0], 6, 5, padding=2), nn.ReLU(), nn.AvgPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.ReLU(), nn.AvgPool2d(2), nn.Flatten()),
        *(nn.Linear(16 * rows * columns, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU()),
        nn.Linear(84, num_classes),
""",
)

mistake(
    "sigmoid_at_the_end",
    "You put a sigmoid after the last layer too, where nothing belongs.",
    old="""
        *(nn.Conv2d(in_shape[0], 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2, 2)),
        *(nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten()),
        *(nn.Linear(16 * rows * columns, 120), nn.Sigmoid(), nn.Linear(120, 84), nn.Sigmoid()),
        nn.Linear(84, num_classes),
""",
    new="""
        *(nn.Conv2d(in_shape[0], 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten()),
        *(nn.Linear(16 * rows * columns, 120), nn.Sigmoid(), nn.Linear(120, 84), nn.Sigmoid()),
        *(nn.Linear(84, num_classes), nn.Sigmoid()),
""",
)

mistake(
    "softmax_at_the_end",
    "You ended with a softmax, but cross-entropy expects the raw outputs.",
    old="""
        *(nn.Conv2d(in_shape[0], 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2, 2)),
        *(nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten()),
        *(nn.Linear(16 * rows * columns, 120), nn.Sigmoid(), nn.Linear(120, 84), nn.Sigmoid()),
        nn.Linear(84, num_classes),
""",
    new="""
        *(nn.Conv2d(in_shape[0], 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten()),
        *(nn.Linear(16 * rows * columns, 120), nn.Sigmoid(), nn.Linear(120, 84), nn.Sigmoid()),
        *(nn.Linear(84, num_classes), nn.Softmax(1)),
""",
)

mistake(
    "xavier_normal",
    "You drew the weights from a normal distribution; this start is uniform.",
    old=[
        "AvgPool2d(2, 2)),",
        "nn.init.xavier_uniform_(parameter)",
    ],
    new=[
        "AvgPool2d(2)),",
        "nn.init.xavier_normal_(parameter)",
    ],
)

mistake(
    "fixed_seed",
    "You seeded torch in the function, so that every network begins with the same weights.",
    old="    nn = torch.nn\n",
    new="    nn = torch.nn\n    torch.manual_seed(0)\n",
)

mistake(
    "draws_with_numpy",
    "You drew with numpy, whose generator torch.manual_seed does not set.",
    old="            nn.init.xavier_uniform_(parameter)",
    new="""
            out, into = parameter.shape[:2]
            limit = (6 / ((out + into) * parameter[0, 0].numel())) ** 0.5
            with torch.no_grad():
                parameter.copy_(torch.as_tensor(np.random.uniform(-limit, limit, tuple(parameter.shape))))
""",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the chapter's network, which fits pictures of 28 × 28 and ten classes only.",
    chapter="lenet xavier",
    answer="""
def lenet5(in_shape=(1, 28, 28), num_classes=10):
    return lenet().apply(xavier)
""",
)

mistake(
    "height_for_width",
    "You worked out the rows and took them for the columns too, so only square pictures fit.",
    old="    if min(rows, columns) < 1:",
    new="    columns = rows\n    if min(rows, columns) < 1:",
)

mistake(
    "ten_classes_always",
    "You left ten outputs, however many classes were asked for.",
    old="nn.Linear(84, num_classes)",
    new="nn.Linear(84, 10)",
)

mistake(
    "gray_only",
    "You left the first convolution at one channel.",
    old="nn.Conv2d(in_shape[0], 6, 5, padding=2)",
    new="nn.Conv2d(1, 6, 5, padding=2)",
)

mistake(
    "rounds_up",
    "You rounded odd sizes up where pooling rounds down.",
    old="((side // 2 - 4) // 2 for",
    new="((-(-side // 2) - 4) // 2 for",
)

mistake(
    "takes_what_is_too_small",
    "You did not refuse a picture of which nothing is left.",
    old="    if min(rows, columns) < 1:",
    new="    if min(rows, columns) < 0:",
)

# Mutants that do the same

equivalent(
    "net = nn.Sequential(*(nn.Conv2d(in_shape[0], 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2, 2)), "
    "*(nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten()), *(nn.Linear(16 * rows * columns, 120), "
    "nn.Sigmoid(), nn.Linear(120, 84), nn.Sigmoid()), nn.Linear(84, num_classes)) -> net = "
    "nn.Sequential(*(nn.Conv2d(in_shape[0], 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2)), *(nn.Conv2d(6, 16, "
    "5), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten()), *(nn.Linear(16 * rows * columns, 120), nn.Sigmoid(), "
    "nn.Linear(120, 84), nn.Sigmoid()), nn.Linear(84, num_classes))",
    "Without a stride the windows follow one another, which is a stride of 2.",
)
