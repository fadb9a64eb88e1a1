"""The stack grows layer by layer until it sees far enough."""


def stack_vs_single(c, k):
    if c <= 0 or k not in range(3, k + 1, 2):
        raise ValueError("c is at least 1, k odd and at least 3")
    layers = parameters = work = outputs = 0
    sees = 1
    while sees < k:
        layers, sees = layers + 1, sees + 2
        parameters += (3 * 3 * c + 1) * c
        work += 3 * 3 * c * c
        outputs += c
    return (layers, parameters, work, outputs), (1, (k * k * c + 1) * c, (k * c) ** 2, c)
