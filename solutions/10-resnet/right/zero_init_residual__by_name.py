"""Goes by the names of the parameters in the state dict."""


def zero_init_residual(net):
    state = dict(net.named_parameters())
    stems = [
        name for name, module in net.named_modules() if {"conv2", "bn2"} <= {n for n, _ in module.named_children()}
    ]
    for stem in stems:
        front = f"{stem}." if stem else ""
        norm = front + ("bn3" if f"{front}bn3.weight" in state else "bn2")
        for kind in ("weight", "bias"):
            state[f"{norm}.{kind}"].data.fill_(0.0)
    return len(stems)
