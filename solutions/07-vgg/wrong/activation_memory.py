"""Known mistakes of `activation_memory`."""

mistake(
    "bits",
    "You counted bits.",
    old="return numbers * dtype.itemsize",
    new="return numbers * dtype.itemsize * 8",
)

mistake(
    "by_kind",
    "You decided by the kind of a layer whether it makes something new; an in-place ReLU then counts.",
    answer="""
import torch


def activation_memory(net, in_shape, dtype=torch.float32):
    nn = torch.nn
    like = next(net.parameters(), torch.empty(0))
    numbers = []

    def add(module, args, output):
        if not isinstance(module, (nn.Flatten, nn.Identity, nn.Dropout)):
            numbers.append(output.numel())

    modes = {module: module.training for module in net.modules()}
    hooks = [module.register_forward_hook(add) for module in net.modules() if not list(module.children())]
    net.eval()
    with torch.no_grad():
        net(torch.zeros(1, *in_shape, dtype=like.dtype, device=like.device))
    for hook in hooks:
        hook.remove()
    for module, mode in modes.items():
        module.training = mode
    return sum(numbers) * dtype.itemsize
""",
)

mistake(
    "containers_too",
    "You hooked containers as well; without views that counts nothing twice, but a container's hook must not stay.",
    old="""
        for hook in hooks:
            hook.remove()
""",
    new="        hooks.clear()",
)

mistake(
    "converts_the_network",
    "You converted the network to dtype, and it stays so.",
    old="    picture = torch.zeros(1, *in_shape, dtype=like.dtype, device=like.device)",
    new="""
    net.to(dtype)
    picture = torch.zeros(1, *in_shape, dtype=dtype if list(net.parameters()) else like.dtype, device=like.device)
""",
)

mistake(
    "counts_the_picture",
    "You counted the picture, too.",
    old=": picture}, 0",
    new=": picture}, picture.numel()",
)

mistake(
    "counts_views",
    "You counted every output, also those that lie in memory which is there already.",
    old="""
        address = output.untyped_storage().data_ptr()
        if address not in held:
            held[address] = output
            numbers += output.numel()
""",
    new="""
        held[len(held)] = output
        numbers += output.numel()
""",
)

mistake(
    "dtype_of_the_network",
    "You took the bytes of the network's dtype in place of the one that was asked for.",
    old="return numbers * dtype.itemsize",
    new="return numbers * like.element_size()",
)

mistake(
    "each_layer_once",
    "You kept one number for each layer, so a layer that runs twice counts once.",
    old="""
            numbers += output.numel()

""",
    new="""
            numbers += output.numel() if module not in seen else 0
            seen.add(module)

    seen: set[torch.nn.Module] = set()
""",
)

mistake(
    "float32_picture",
    "You made the picture in float32, which a network in float64 refuses.",
    old="""
    like = next(net.parameters(), torch.empty(0))
    picture = torch.zeros(1, *in_shape, dtype=like.dtype, device=like.device)
""",
    new="    picture = torch.zeros(1, *in_shape)",
)

mistake(
    "frees",
    "You remembered addresses but not tensors, so memory that is given out again seems to be shared.",
    old="held[address] = output",
    new="held[address] = None",
)

mistake(
    "ignores_dtype",
    "You counted four bytes a number whatever the dtype.",
    old="return numbers * dtype.itemsize",
    new="return numbers * 4",
)

mistake(
    "needs_parameters",
    "You asked the first parameter for its dtype, but not every network has one.",
    old="like = next(net.parameters(), torch.empty(0))",
    new="like = next(net.parameters())",
)

mistake(
    "numbers_only",
    "You returned how many numbers there are, not how many bytes.",
    old="return numbers * dtype.itemsize",
    new="return numbers",
)

mistake(
    "one_by_one",
    "You called the leaves one after the other, which is right only where the network is a chain.",
    answer="""
import torch


def activation_memory(net, in_shape, dtype=torch.float32):
    like = next(net.parameters(), torch.empty(0))
    x = torch.zeros(1, *in_shape, dtype=like.dtype, device=like.device)
    held, numbers = {x.untyped_storage().data_ptr(): x}, 0
    modes = [(module, module.training) for module in net.modules()]
    net.eval()
    with torch.no_grad():
        for module in net.modules():
            if not list(module.children()):
                x = module(x)
                if x.untyped_storage().data_ptr() not in held:
                    held[x.untyped_storage().data_ptr()] = x
                    numbers += x.numel()
    for module, mode in modes:
        module.training = mode
    return numbers * dtype.itemsize
""",
)

mistake(
    "one_mode",
    "You put the whole network into training mode at the end, also parts that were in evaluation mode.",
    old="""
        for part, mode in modes.items():
            part.training = mode
""",
    new="        net.train(modes[net])",
)

mistake(
    "picture_is_new",
    "You did not hold the picture, so a layer that gives it back seems to make something new.",
    old="{picture.untyped_storage().data_ptr(): picture}",
    new="{}",
)

mistake(
    "ready_made",
    "You took the course's table; this task is to count yourself.",
    answer="""
import torch


def activation_memory(net, in_shape, dtype=torch.float32):
    from convlab.trace import trace

    like = next(net.parameters(), torch.empty(0))
    return trace(net, in_shape).memory // like.element_size() * dtype.itemsize
""",
)

mistake(
    "stays_in_eval",
    "You left the network in evaluation mode.",
    old=[
        """
    modes = {module: module.training for module in net.modules()}

""",
        """
        for part, mode in modes.items():
            part.training = mode

""",
    ],
    new=[
        "",
        "",
    ],
)

mistake(
    "training_mode",
    "You ran the network in training mode, where dropout makes new tensors and batch normalisation learns.",
    old="net.eval()",
    new="net.train()",
)

mistake(
    "records_gradients",
    "You let torch record gradients that nobody needs.",
    old="        with torch.no_grad():\n",
    new="        with torch.enable_grad():\n",
)

mistake(
    "leaves_gradients_off",
    "You switched gradients off with torch.set_grad_enabled(False) and never on again.",
    old="        with torch.no_grad():\n",
    new="        torch.set_grad_enabled(False)\n        if True:\n",
)

mistake(
    "freezes_the_network",
    "You froze the parameters of the network, and left them frozen.",
    old="        net.eval()\n",
    new="        net.eval().requires_grad_(False)\n",
)

mistake(
    "removes_all_hooks",
    "You removed all hooks, also those that were there before.",
    old="        for hook in hooks:\n            hook.remove()\n",
    new="        for module in net.modules():\n            module._forward_hooks.clear()\n",
)

mistake(
    "not_after_an_error",
    "You cleaned up only where the network ran to its end.",
    old=["    try:\n", "    finally:\n"],
    new=["    if True:\n", "    if True:\n"],
)

mistake(
    "picture_on_the_cpu",
    "You made the picture on the CPU wherever the network is.",
    old="like.dtype, device=like.device",
    new="like.dtype",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the count of the chapter: what autograd keeps for the way back, not the outputs of the leaves, "
    "and in training mode.",
    answer="""
import torch


def activation_memory(net, in_shape, dtype=torch.float32):
    x = torch.zeros(1, *in_shape)
    own = {p.untyped_storage()._cdata for p in net.parameters()}
    held = {}

    def pack(tensor):
        held[tensor.untyped_storage()._cdata] = tensor
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        net(x)
    return sum(t.numel() * dtype.itemsize for key, t in held.items() if key not in own)
""",
)

# Mutants that do the same

equivalent(
    "like = next(net.parameters(), torch.empty(0)) -> like = next(net.parameters(), torch.empty(1))",
    "Only its dtype and device are read.",
)

equivalent(
    "picture = torch.zeros(1, *in_shape, dtype=like.dtype, device=like.device) -> picture = "
    "torch.ones(1, *in_shape, dtype=like.dtype, device=like.device)",
    "The statement does not say what the picture shows; the bytes do not depend on it.",
)

equivalent(
    "in_place",
    "A sum of plain numbers: there is no object that could be changed in place.",
)
