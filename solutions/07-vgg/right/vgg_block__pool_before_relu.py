"""The pooling comes before the last ReLU: the maximum of what is clipped is the clipped maximum."""

from torch import nn


def vgg_block(num_convs, c_in, c_out):
    for number in (num_convs, c_in, c_out):
        if number <= 0:
            raise ValueError("all three numbers are at least 1")
    net = nn.Sequential()
    for i in range(num_convs):
        if i:
            net.append(nn.ReLU())
        net.append(nn.ZeroPad2d(1))
        net.append(nn.Conv2d(c_in, c_out, 3))
        c_in = c_out
    net.append(nn.MaxPool2d(kernel_size=2))
    net.append(nn.ReLU())
    return net
