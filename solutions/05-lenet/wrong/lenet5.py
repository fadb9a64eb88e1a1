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
        *(nn.Conv2d(1, 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2, 2)),
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
        *(nn.Conv2d(1, 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2)),
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
    def __init__(self):
        super().__init__()
        nn = torch.nn
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 5, padding=2), nn.Conv2d(6, 16, 5)
        self.dense1, self.dense2, self.dense3 = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)
        for layer in self.children():
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, x):
        F = torch.nn.functional
        x = F.avg_pool2d(torch.sigmoid(self.conv1(x)), 2)
        x = F.avg_pool2d(torch.sigmoid(self.conv2(x)), 2).detach().flatten(1)
        return self.dense3(torch.sigmoid(self.dense2(torch.sigmoid(self.dense1(x)))))


def lenet5():
    return LeNet()
""",
)

mistake(
    "made_in_another_order",
    "You made the dense layers before the convolutions, so the parameters come in another order than the layers work.",
    answer="""
import torch


class LeNet(torch.nn.Module):
    def __init__(self):
        super().__init__()
        nn = torch.nn
        self.dense1, self.dense2, self.dense3 = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 5, padding=2), nn.Conv2d(6, 16, 5)
        for layer in self.children():
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, x):
        F = torch.nn.functional
        x = F.avg_pool2d(torch.sigmoid(self.conv1(x)), 2)
        x = F.avg_pool2d(torch.sigmoid(self.conv2(x)), 2).flatten(1)
        return self.dense3(torch.sigmoid(self.dense2(torch.sigmoid(self.dense1(x)))))


def lenet5():
    return LeNet()
""",
)

mistake(
    "max_pooling",
    "You pooled with the maximum; LeNet-5 takes the mean.",
    old="""
        *(nn.Conv2d(1, 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2, 2)),
        *(nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten()),
""",
    new="""
        *(nn.Conv2d(1, 6, 5, padding=2), nn.Sigmoid(), nn.MaxPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.MaxPool2d(2), nn.Flatten()),
""",
)

mistake(
    "no_padding",
    "You left out the padding of the first layer, so the maps are 24 × 24 and the first dense layer is too small.",
    old="""
        *(nn.Conv2d(1, 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2, 2)),
        *(nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten()),
        *(nn.Linear(400, 120), nn.Sigmoid(), nn.Linear(120, 84), nn.Sigmoid(), nn.Linear(84, 10)),
""",
    new="""
        *(nn.Conv2d(1, 6, 5), nn.Sigmoid(), nn.AvgPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten()),
        *(nn.Linear(256, 120), nn.Sigmoid(), nn.Linear(120, 84), nn.Sigmoid(), nn.Linear(84, 10)),
""",
)

mistake(
    "no_sigmoid_between_dense",
    "You forgot the sigmoids between the dense layers, so the three of them are one.",
    old="""
        *(nn.Conv2d(1, 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2, 2)),
        *(nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten()),
        *(nn.Linear(400, 120), nn.Sigmoid(), nn.Linear(120, 84), nn.Sigmoid(), nn.Linear(84, 10)),
""",
    new="""
        *(nn.Conv2d(1, 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten()),
        *(nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)),
""",
)

mistake(
    "padding_twice",
    "You padded the second convolution as well, so 784 numbers reach the dense layers in place of 400.",
    old="""
        *(nn.Conv2d(1, 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2, 2)),
        *(nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten()),
        *(nn.Linear(400, 120), nn.Sigmoid(), nn.Linear(120, 84), nn.Sigmoid(), nn.Linear(84, 10)),
""",
    new="""
        *(nn.Conv2d(1, 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2)),
        *(nn.Conv2d(6, 16, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten()),
        *(nn.Linear(784, 120), nn.Sigmoid(), nn.Linear(120, 84), nn.Sigmoid(), nn.Linear(84, 10)),
""",
)

mistake(
    "ready_made",
    "You took a finished network; this task is to write it.",
    answer="""
import torch

from convlab.networks import lenet


def lenet5():
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
        *(nn.Conv2d(1, 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2, 2)),
        *(nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten()),
        *(nn.Linear(400, 120), nn.Sigmoid(), nn.Linear(120, 84), nn.Sigmoid(), nn.Linear(84, 10)),
""",
    new="""
        *(nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.AvgPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.ReLU(), nn.AvgPool2d(2), nn.Flatten()),
        *(nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10)),
""",
)

mistake(
    "sigmoid_at_the_end",
    "You put a sigmoid after the last layer too, where nothing belongs.",
    old="""
        *(nn.Conv2d(1, 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2, 2)),
        *(nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten()),
        *(nn.Linear(400, 120), nn.Sigmoid(), nn.Linear(120, 84), nn.Sigmoid(), nn.Linear(84, 10)),
""",
    new="""
        *(nn.Conv2d(1, 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten()),
        *(nn.Linear(400, 120), nn.Sigmoid(), nn.Linear(120, 84), nn.Sigmoid(), nn.Linear(84, 10), nn.Sigmoid()),
""",
)

mistake(
    "softmax_at_the_end",
    "You ended with a softmax, but cross-entropy expects the raw outputs.",
    old="""
        *(nn.Conv2d(1, 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2, 2)),
        *(nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten()),
        *(nn.Linear(400, 120), nn.Sigmoid(), nn.Linear(120, 84), nn.Sigmoid(), nn.Linear(84, 10)),
""",
    new="""
        *(nn.Conv2d(1, 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten()),
        *(nn.Linear(400, 120), nn.Sigmoid(), nn.Linear(120, 84), nn.Sigmoid(), nn.Linear(84, 10), nn.Softmax(1)),
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

# Mutants that do the same

equivalent(
    "net = nn.Sequential(*(nn.Conv2d(1, 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2, 2)), "
    "*(nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten()), *(nn.Linear(400, 120), "
    "nn.Sigmoid(), nn.Linear(120, 84), nn.Sigmoid(), nn.Linear(84, 10))) -> net = "
    "nn.Sequential(*(nn.Conv2d(1, 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2)), *(nn.Conv2d(6, 16, "
    "5), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten()), *(nn.Linear(400, 120), nn.Sigmoid(), "
    "nn.Linear(120, 84), nn.Sigmoid(), nn.Linear(84, 10)))",
    "Without a stride the windows follow one another, which is a stride of 2.",
)
