"""Known mistakes of `zero_init_residual`."""

mistake(
    "always_bn2",
    "You took bn2 as the last norm of every block; a bottleneck has bn3.",
    old='last = block.bn3 if hasattr(block, "bn3") else block.bn2',
    new="last = block.bn2",
)

mistake(
    "convolution_instead",
    "You set the weights of the last convolution to 0, not the norm after it.",
    old="last.weight.zero_()",
    new='(block.conv3 if hasattr(block, "bn3") else block.conv2).weight.zero_()',
)

mistake(
    "counts_norms",
    "You counted the tensors that you set, not the blocks.",
    old="return len(blocks)",
    new="return 2 * len(blocks)",
)

mistake(
    "every_norm",
    "You set every norm of a block to 0, so its convolutions get no signal at all.",
    old="""
            last = block.bn3 if hasattr(block, "bn3") else block.bn2
            last.weight.zero_()
            last.bias.zero_()
""",
    new="""
            for part in block.modules():
                if isinstance(part, torch.nn.BatchNorm2d):
                    part.weight.zero_()
                    part.bias.zero_()
""",
)

mistake(
    "first_level_only",
    "You looked at the children of the network only, not at blocks deeper inside.",
    old="net.modules()",
    new="net.children()",
)

mistake(
    "freezes",
    "You froze the zeros, so the blocks can never wake up.",
    old='            last = block.bn3 if hasattr(block, "bn3") else block.bn2',
    new="""
            last = block.bn3 if hasattr(block, "bn3") else block.bn2
            last.requires_grad_(False)
""",
)

mistake(
    "keeps_the_bias",
    "You set γ to 0 and left β, so a block still adds a constant.",
    old="""
            last.bias.zero_()

""",
    new="",
)

mistake(
    "new_parameters",
    "You put new parameters in place of the old ones, which an optimizer still holds.",
    old="""
            last.weight.zero_()
            last.bias.zero_()
""",
    new="""
            last.weight = torch.nn.Parameter(torch.zeros_like(last.weight))
            last.bias = torch.nn.Parameter(torch.zeros_like(last.bias))
""",
)

mistake(
    "on_a_copy",
    "You worked on a copy of the network.",
    old='    """Set γ and β of the last norm of each block of ``net`` to 0 in place; return the number of blocks."""',
    new='''
    """Set γ and β of the last norm of each block of ``net`` to 0 in place; return the number of blocks."""
    import copy

    net = copy.deepcopy(net)
''',
)

mistake(
    "ones",
    "You set γ to 1, its usual start.",
    old="last.weight.zero_()",
    new="last.weight.fill_(1)",
)

mistake(
    "resets_statistics",
    "You reset the running statistics too.",
    old='            last = block.bn3 if hasattr(block, "bn3") else block.bn2',
    new="""
            last = block.bn3 if hasattr(block, "bn3") else block.bn2
            last.reset_running_stats()
""",
)

mistake(
    "skips_itself",
    "You left out the network itself, which may be a block.",
    old="net.modules()",
    new="list(net.modules())[1:]",
)

mistake(
    "unfreezes",
    "You switched gradients on for parameters that were frozen.",
    old='            last = block.bn3 if hasattr(block, "bn3") else block.bn2',
    new="""
            last = block.bn3 if hasattr(block, "bn3") else block.bn2
            last.requires_grad_(True)
""",
)

mistake(
    "class_names",
    "You look for classes by name; a block is what has conv2 and bn2.",
    old='[module for module in net.modules() if hasattr(module, "conv2") and hasattr(module, "bn2")]',
    new='[module for module in net.modules() if type(module).__name__ in ("BasicBlock", "Bottleneck", "PreActBlock")]',
)

mistake(
    "bn2_alone",
    "You take a module with bn2 for a block; it needs conv2 too.",
    old='if hasattr(module, "conv2") and hasattr(module, "bn2")]',
    new='if hasattr(module, "bn2")]',
)

mistake(
    "conv3_decides",
    "You look for conv3 to find the last norm; bn3 decides.",
    old='block.bn3 if hasattr(block, "bn3") else',
    new='block.bn3 if hasattr(block, "conv3") else',
)

mistake(
    "training_mode",
    "You put the network into training mode.",
    old="    return len(blocks)",
    new="""
    net.train()
    return len(blocks)
""",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the chapter's loop: it knows only the chapter's own blocks, and leaves β as it is.",
    chapter="Residual",
    answer="""
def zero_init_residual(net):
    blocks = 0
    for block in net.modules():
        if isinstance(block, Residual):
            nn.init.zeros_(block.change[-1].weight)
            blocks += 1
    return blocks
""",
)
