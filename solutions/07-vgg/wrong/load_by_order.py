"""Known mistakes of `load_by_order`."""

mistake(
    "broadcasts",
    "You let copy_ decide what fits, and it stretches tensors of one element over many.",
    old="""
        if given.shape != target.shape:
            raise ValueError(f"{source} does not fit into {place}")
""",
    new="""
        try:
            given.expand_as(target)
        except RuntimeError:
            raise ValueError(f"{source} does not fit into {place}") from None
""",
)

mistake(
    "by_name",
    "You left the matching to load_state_dict, which goes by name, but the names differ.",
    answer="""
import torch


def load_by_order(net: torch.nn.Module, state_dict: dict[str, torch.Tensor]) -> dict[str, str]:
    own = net.state_dict()
    if [value.shape for value in own.values()] != [value.shape for value in state_dict.values()]:
        raise ValueError("these tensors do not fit")
    net.load_state_dict(state_dict, strict=False)
    return dict(zip(state_dict, own, strict=True))
""",
)

mistake(
    "clears_in_place",
    "You multiplied the given tensors in place.",
    old="            target.copy_(given)",
    new="""
            target.copy_(given)
            given.zero_()
""",
)

mistake(
    "copies_while_it_tests",
    "You copied each tensor as soon as it fitted, so a refusal leaves a network that is half changed.",
    old=[
        """
    pairs = list(zip(state_dict.items(), own.items(), strict=True))
    for (source, given), (place, target) in pairs:
""",
        """
    with torch.no_grad():
        for (_, given), (_, target) in pairs:
            target.copy_(given)
    return {source: place for (source, _), (place, _) in pairs}
""",
    ],
    new=[
        "    for (source, given), (place, target) in zip(state_dict.items(), own.items(), strict=True):",
        """
        with torch.no_grad():
            target.copy_(given)
    return dict(zip(state_dict, own, strict=True))
""",
    ],
)

mistake(
    "counts_elements",
    "You compared how many numbers two tensors have, not their shapes.",
    old=[
        "if given.shape != target.shape:",
        "target.copy_(given)",
    ],
    new=[
        "if given.numel() != target.numel():",
        "target.copy_(given.reshape(target.shape))",
    ],
)

mistake(
    "empties_the_dict",
    "You took the tensors out of state_dict, which is to stay as it was.",
    old="            target.copy_(given)",
    new="""
            target.copy_(given)
    state_dict.clear()
""",
)

mistake(
    "new_parameters",
    "You put new parameters in place of the old ones, and an optimizer holds the old ones still.",
    answer="""
import torch


def load_by_order(net: torch.nn.Module, state_dict: dict[str, torch.Tensor]) -> dict[str, str]:
    own = net.state_dict()
    if len(own) != len(state_dict):
        raise ValueError("another number of tensors")
    for given, target in zip(state_dict.values(), own.values(), strict=True):
        if given.shape != target.shape:
            raise ValueError("another shape")
    values = {
        place: given.to(target.dtype).to(target.device).clone()
        for (place, target), given in zip(own.items(), state_dict.values(), strict=True)
    }
    net.load_state_dict(values, assign=True)
    return dict(zip(state_dict, own, strict=True))
""",
)

mistake(
    "other_error",
    "You raise RuntimeError where the statement asks for ValueError.",
    old=[
        'raise ValueError(f"{len',
        'raise ValueError(f"{source} does not fit into {place}")',
    ],
    new=[
        'raise RuntimeError(f"{len',
        'raise RuntimeError(f"{source} does not fit into {place}")',
    ],
)

mistake(
    "parameters_only",
    "You went through parameters(), so running statistics are not copied.",
    answer="""
import torch


def load_by_order(net: torch.nn.Module, state_dict: dict[str, torch.Tensor]) -> dict[str, str]:
    own = dict(net.named_parameters())
    skip = ("running_mean", "running_var", "num_batches_tracked", "mean", "variance", "seen")
    given = {name: value for name, value in state_dict.items() if not name.endswith(skip)}
    if len(own) != len(given):
        raise ValueError("another number of tensors")
    for (source, value), (place, target) in zip(given.items(), own.items(), strict=True):
        if value.shape != target.shape:
            raise ValueError(f"{source} does not fit into {place}")
    with torch.no_grad():
        for value, target in zip(given.values(), own.values(), strict=True):
            target.copy_(value)
    return dict(zip(state_dict, net.state_dict(), strict=True))
""",
)

mistake(
    "returns_nothing",
    "You return nothing.",
    old="return {source: place for (source, _), (place, _) in pairs}",
    new="pairs.clear()",
)

mistake(
    "reversed",
    "You returned the names the wrong way round.",
    old="return {source: place for (source, _), (place, _) in pairs}",
    new="return {place: source for (source, _), (place, _) in pairs}",
)

mistake(
    "sorts",
    "You sorted the names, but the order is that in which both list their tensors.",
    old="state_dict.items(), own.items(",
    new="sorted(state_dict.items()), sorted(own.items()",
)

mistake(
    "takes_their_dtype",
    "You gave the network the dtype of the tensors, but it keeps its own.",
    answer="""
import torch


def load_by_order(net: torch.nn.Module, state_dict: dict[str, torch.Tensor]) -> dict[str, str]:
    own = net.state_dict()
    if len(own) != len(state_dict):
        raise ValueError("another number of tensors")
    for given, target in zip(state_dict.values(), own.values(), strict=True):
        if given.shape != target.shape:
            raise ValueError("another shape")
    tensors = {**dict(net.named_parameters()), **dict(net.named_buffers())}
    for (place, target), given in zip(own.items(), state_dict.values(), strict=True):
        tensors[place].data = given.to(target.device).clone()
    return dict(zip(state_dict, own, strict=True))
""",
)

mistake(
    "trusts_load_state_dict",
    "You trusted load_state_dict to test first, but it copies what fits before it complains.",
    answer="""
import torch


def load_by_order(net: torch.nn.Module, state_dict: dict[str, torch.Tensor]) -> dict[str, str]:
    own = net.state_dict()
    if len(own) != len(state_dict):
        raise ValueError("another number of tensors")
    try:
        net.load_state_dict(dict(zip(own, state_dict.values(), strict=True)))
    except RuntimeError as error:
        raise ValueError(str(error)) from None
    return dict(zip(state_dict, own, strict=True))
""",
)

mistake(
    "zip_stops",
    "You let zip stop at the shorter of the two, so missing tensors go unnoticed.",
    old="""
    if len(own) != len(state_dict):
        raise ValueError(f"{len(state_dict)} tensors for {len(own)} places")
    pairs = list(zip(state_dict.items(), own.items(), strict=True))
""",
    new="    pairs = list(zip(state_dict.items(), own.items(), strict=False))",
)

mistake(
    "freezes_the_network",
    "You froze the network.",
    old="    with torch.no_grad():\n",
    new="    net.requires_grad_(False)\n    with torch.no_grad():\n",
)

mistake(
    "unfreezes_the_network",
    "You made all parameters want a gradient, also the frozen ones.",
    old="    with torch.no_grad():\n",
    new="    net.requires_grad_(True)\n    with torch.no_grad():\n",
)

mistake(
    "evaluation_mode",
    "You left the network in evaluation mode.",
    old="    with torch.no_grad():\n",
    new="    net.eval()\n    with torch.no_grad():\n",
)

mistake(
    "leaves_gradients_off",
    "You switched gradients off with torch.set_grad_enabled(False) and never on again.",
    old="    with torch.no_grad():\n",
    new="    torch.set_grad_enabled(False)\n    if True:\n",
)

mistake(
    "shares_memory",
    "You let the network's tensors share the memory of the given ones.",
    old="            target.copy_(given)\n",
    new="            target.data.set_(given) if given.dtype == target.dtype else target.copy_(given)\n",
)

mistake(
    "spoils_its_argument",
    "You set the given tensors to 0 in place.",
    old="    own = net.state_dict()\n",
    new="    own = net.state_dict()\n    for value in state_dict.values():\n        value.zero_()\n",
)

# Mutants that do the same

equivalent(
    "raise ValueError(f'{len(state_dict)} tensors for {len(own)} places') -> pass",
    "zip(strict=True) raises ValueError before anything is copied.",
)

equivalent(
    "pairs = list(zip(state_dict.items(), own.items(), strict=True)) -> pairs = "
    "list(zip(state_dict.items(), own.items()))",
    "The numbers of entries have been compared before.",
)

equivalent(
    "pairs = list(zip(state_dict.items(), own.items(), strict=True)) -> pairs = "
    "list(zip(state_dict.items(), own.items(), strict=False))",
    "The numbers of entries have been compared before.",
)

equivalent(
    "for (source, given), (place, target) in pairs: -> for (place, target), (source, given) in pairs:",
    "Only the text of the error changes.",
)

equivalent(
    "with torch.no_grad(): -> if True:",
    "The tensors of a state dict want no gradient: nothing is recorded.",
)
