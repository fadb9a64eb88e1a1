"""You select the positive numbers, which loses the places of the others and with them the shape."""


def relu(x):
    return x[x > 0]
