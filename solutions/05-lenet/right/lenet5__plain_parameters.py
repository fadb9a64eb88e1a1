"""A module of bare parameters, with the functions of torch.nn.functional."""

import torch


class LeNet(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.numbers = torch.nn.ParameterList()
        for shape in [(6, 1, 5, 5), (16, 6, 5, 5), (120, 400), (84, 120), (10, 84)]:
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
            n, c, h, width = x.shape
            x = x.reshape(n, c, h // 2, 2, width // 2, 2).mean((3, 5))
        x = x.reshape(len(x), -1)
        for weight, bias in ((w[4], w[5]), (w[6], w[7])):
            x = torch.sigmoid(x @ weight.T + bias)
        return x @ w[8].T + w[9]


def lenet5():
    return LeNet()
