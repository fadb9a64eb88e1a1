"""You called the method relu of the tensor; this task is to write it."""


def relu(x):
    return x.relu()
