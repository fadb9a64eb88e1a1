"""Known mistakes of `frozen_bn_eval`."""

mistake(
    "all_of_them",
    "You put every batch normalisation into evaluation mode; those that train stay in training mode.",
    old="not any(parameter.requires_grad for parameter in deciding)",
    new="deciding is not None",
)

mistake(
    "children_only",
    "You looked at the children of the network only, and not inside of them.",
    old="for name, module in net.named_modules():",
    new="for name, module in net.named_children():",
)

mistake(
    "everything_frozen",
    "You put every frozen module into evaluation mode, dropout and convolutions too.",
    old="isinstance(module, torch.nn.modules.batchnorm._BatchNorm)",
    new="name",
)

mistake(
    "one_parameter_is_enough",
    "You call a layer frozen if one of its two parameters is; both must be.",
    old="not any(parameter",
    new="not all(parameter",
)

mistake(
    "only_what_changes",
    "You name only the layers that you changed; those in evaluation mode already are asked for too.",
    old="if not any(parameter",
    new="if module.training and not any(parameter",
)

mistake(
    "two_dimensions_only",
    "You looked at BatchNorm2d only.",
    old="modules.batchnorm._BatchNorm",
    new="BatchNorm2d",
)

mistake(
    "whole_network",
    "You put the whole network into evaluation mode.",
    old="module.eval()",
    new="net.eval()",
)

mistake(
    "without_parameters_always",
    "You call a layer without parameters frozen, whatever the network is.",
    old=") or list(net.parameters())",
    new=")",
)

mistake(
    "without_parameters_never",
    "You never count a layer without parameters as frozen.",
    old="if not any(parameter",
    new="if list(module.parameters()) and not any(parameter",
)
