"""Group named_parameters, which counts shared ones once, by the name before the last dot."""


def parameter_table(net):
    modules = dict(net.named_modules())
    counts = {}
    for name, parameter in net.named_parameters():
        owner = name.rpartition(".")[0]
        n = parameter.numel()
        old = counts.get(owner, (0, 0))
        counts[owner] = (old[0] + n, old[1] + (n if parameter.requires_grad else 0))
    rows = [(name, type(modules[name]).__name__, *counts[name]) for name in modules if name in counts]
    everything = list(net.parameters())
    total = sum(parameter.numel() for parameter in everything)
    trainable = sum(parameter.numel() for parameter in everything if parameter.requires_grad)
    return rows + [("total", "", total, trainable)]
