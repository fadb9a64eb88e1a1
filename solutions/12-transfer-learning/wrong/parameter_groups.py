"""Known mistakes of `parameter_groups`."""

mistake(
    "copies",
    "You handed on copies, so a step does not move the network.",
    old="    body, head = ([p for p in free if (id(p) in own) == wanted] for wanted in (False, True))",
    new="""
    body, head = ([p for p in free if (id(p) in own) == wanted] for wanted in (False, True))
    body, head = ([p.detach().clone().requires_grad_() for p in part] for part in (body, head))
""",
)

mistake(
    "head_first",
    "You put the head first; the body comes first.",
    old='body, "lr": lr_body}, {"params": head, "lr": lr_head',
    new='head, "lr": lr_head}, {"params": body, "lr": lr_body',
)

mistake(
    "last_child_is_the_head",
    "You took the last child of the network for its head, with all layers in it.",
    old="modules() if isinstance(part, torch.nn.Linear | torch.nn.Conv2d",
    new="children() if list(part.parameters()",
)

mistake(
    "leaves_out_the_empty_group",
    "You left out the group of a body that is frozen whole.",
    old='    return [{"params": body, "lr": lr_body}, {"params": head, "lr": lr_head}]',
    new="""
    groups = [{"params": body, "lr": lr_body}, {"params": head, "lr": lr_head}]
    return [group for group in groups if group["params"]]
""",
)

mistake(
    "no_head_is_all_body",
    "You gave an empty head where there is none; that is an error.",
    old='raise ValueError("the network has no dense layer and no convolution")',
    new='return [{"params": list(net.parameters()), "lr": lr_body}, {"params": [], "lr": lr_head}]',
)

mistake(
    "rates_swapped",
    "You gave the body the rate of the head, and the head that of the body.",
    old='lr_body}, {"params": head, "lr": lr_head',
    new='lr_head}, {"params": head, "lr": lr_body',
)

mistake(
    "shared_twice",
    "You listed a shared parameter in both groups.",
    old="""
    own = {id(parameter) for parameter in heads[-1].parameters()}
    free = [parameter for parameter in net.parameters() if parameter.requires_grad]
    body, head = ([p for p in free if (id(p) in own) == wanted] for wanted in (False, True))
""",
    new="""
    head = [p for p in heads[-1].parameters() if p.requires_grad]
    inside = {id(p) for p in heads[-1].modules()}
    body = [
        p for part in net.modules() if id(part) not in inside for p in part.parameters(recurse=False) if p.requires_grad
    ]
""",
)

mistake(
    "weights_only",
    "You left the biases out.",
    old="requires_grad]",
    new="requires_grad and parameter.ndim > 1]",
)

mistake(
    "with_frozen",
    "You listed frozen parameters too.",
    old="[parameter for parameter in net.parameters() if parameter.requires_grad]",
    new="list(net.parameters())",
)

mistake(
    "exact_class",
    "You compared types with ==; layers of a derived class are dense layers and convolutions too.",
    old="isinstance(part, torch.nn.Linear | torch.nn.Conv2d)]",
    new="type(part) in (torch.nn.Linear, torch.nn.Conv2d)]",
)

mistake(
    "thaws",
    "You made the parameters trainable; they are sorted, and nothing in the network changes.",
    old="    return [{",
    new="""
    net.requires_grad_(True)
    return [{
""",
)

mistake(
    "head_frozen_too_is_an_error",
    "You raise an error where the head is frozen; its list is empty then.",
    old="    return [{",
    new="""
    if not head:
        raise ValueError("nothing to train in the head")
    return [{
""",
)

mistake(
    "head_thawed",
    "You listed the parameters of a frozen head; frozen parameters are in neither list.",
    old="free if (id(p) in own) == wanted]",
    new="(net.parameters() if wanted else free) if (id(p) in own) == wanted]",
)

mistake(
    "tuples",
    'You gave tuples of parameters; "params" is a list.',
    old='{"params": body, "lr": lr_body}, {"params": head, "lr": lr_head}',
    new='{"params": tuple(body), "lr": lr_body}, {"params": tuple(head), "lr": lr_head}',
)

mistake(
    "tuple_of_groups",
    "You returned a tuple of the two groups; a list is asked for.",
    old='return [{"params": body, "lr": lr_body}, {"params": head, "lr": lr_head}]',
    new='return {"params": body, "lr": lr_body}, {"params": head, "lr": lr_head}',
)

mistake(
    "shared_in_the_body_twice",
    "You listed a parameter that two layers of the body share twice.",
    old="free = [parameter for parameter in net.parameters() if parameter.requires_grad]",
    new="free = [p for part in net.modules() for p in part.parameters(recurse=False) if p.requires_grad]",
)

mistake(
    "any_convolution",
    "You took convolutions of every kind for a head; it is a torch.nn.Conv2d.",
    old="isinstance(part, torch.nn.Linear | torch.nn.Conv2d)",
    new="isinstance(part, torch.nn.Linear | torch.nn.modules.conv._ConvNd)",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the chapter's groups, which know where the head is and take frozen parameters along.",
    answer="""
def parameter_groups(net, lr_body, lr_head):
    body, head = net[:-1], net[-1]
    return [
        {"params": list(body.parameters()), "lr": lr_body},
        {"params": list(head.parameters()), "lr": lr_head},
    ]
""",
)
