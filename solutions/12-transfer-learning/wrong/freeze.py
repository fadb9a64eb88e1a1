"""Known mistakes of `freeze`."""

mistake(
    "accepts_any_name",
    "You accept names that lead nowhere, and freeze nothing.",
    old='raise ValueError(f"no module {until!r} with parameters")',
    new="return [name for name, parameter in net.named_parameters() if not parameter.requires_grad]",
)

mistake(
    "freezes_before_it_refuses",
    "You had frozen everything before you found that there is no such module.",
    answer="""
def freeze(net, until):
    seen = done = False
    for name, parameter in net.named_parameters():
        inside = bool(until) and name.startswith(until + ".")
        done = done or (seen and not inside)
        seen = seen or inside
        if not done:
            parameter.requires_grad_(False)
    if not seen:
        raise ValueError(until)
    return [name for name, parameter in net.named_parameters() if not parameter.requires_grad]
""",
)

mistake(
    "freezes_the_later_part",
    "You froze what comes after the module, not what comes before.",
    old="if place <= last[-1]:",
    new="if place > last[-1]:",
)

mistake(
    "names_of_this_call",
    "You named only what you froze yourself; all that is frozen is asked for.",
    old="[name for name, parameter in net.named_parameters() if not parameter.requires_grad",
    new="names[: last[-1] + 1",
)

mistake(
    "names_that_begin_alike",
    'You froze up to module "10" where "1" was meant: names that begin alike are other modules.',
    old="""
    last = [place for place, name in enumerate(names) if name.startswith(until + ".")]
    if not last:
""",
    new="""
    last = [place for place, name in enumerate(names) if name.startswith(until)]
    if not last or until not in dict(net.named_modules()):
""",
)

mistake(
    "not_included",
    "You stopped before the module; it is frozen too.",
    old="if place <= last[-1]:",
    new="if place < last[0]:",
)

mistake(
    "only_the_module",
    "You froze the module alone; everything before it is frozen too.",
    old="if place <= last[-1]:",
    new="if place in last:",
)

mistake(
    "thaws_the_rest",
    "You made everything after it trainable; what was frozen there stays frozen.",
    old="""
        if place <= last[-1]:
            parameter.requires_grad_(False)
""",
    new="        parameter.requires_grad_(place > last[-1])",
)

mistake(
    "freezes_before_the_name",
    "You thaw the network when you refuse a name; nothing may change then.",
    old='        raise ValueError(f"no module {until!r} with parameters")',
    new="""
        net.requires_grad_(True)
        raise ValueError(f"no module {until!r} with parameters")
""",
)

mistake(
    "also_evaluation_mode",
    "You put the network into evaluation mode as well; freezing changes requires_grad and nothing else.",
    old="    for place, parameter in enumerate(net.parameters()):",
    new="""
    net.eval()
    for place, parameter in enumerate(net.parameters()):
""",
)

mistake(
    "modules_without_children_only",
    "You went through the modules that hold no others; those that do may have parameters of their own.",
    answer="""
def freeze(net, until):
    names = [name for name, _ in net.named_parameters()]
    last = [place for place, name in enumerate(names) if name.startswith(until + ".")]
    if not last:
        raise ValueError(f"no module {until!r} with parameters")
    early = set(names[: last[-1] + 1])
    for name, module in net.named_modules():
        if not list(module.children()):
            for own, parameter in module.named_parameters():
                if f"{name}.{own}" in early:
                    parameter.requires_grad = False
    return [name for name, parameter in net.named_parameters() if not parameter.requires_grad]
""",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the chapter's recipe: everything is frozen and one layer thawed, whatever stands before it or after it.",
    answer="""
def freeze(net, until):
    net.requires_grad_(True)
    net.get_submodule(until).requires_grad_(False)
    return [name for name, p in net.named_parameters() if not p.requires_grad]
""",
)
