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

mistake(
    "trains_the_rest",
    "You put the trainable layers into training mode; everything else keeps its mode.",
    old="            if not any(parameter.requires_grad for parameter in deciding):",
    new="""
            module.train()
            if not any(parameter.requires_grad for parameter in deciding):
""",
)

mistake(
    "bias_decides",
    "You looked at the bias only; all parameters of the layer decide.",
    old="deciding = list(module.parameters())",
    new="deciding = list(module.parameters())[1:]",
)

mistake(
    "one_list_for_all_calls",
    "You collect the names in one list for all calls.",
    answer="""
import torch


def frozen_bn_eval(net, names=[]):
    for name, module in net.named_modules():
        if isinstance(module, torch.nn.modules.batchnorm._BatchNorm):
            deciding = list(module.parameters()) or list(net.parameters())
            if not any(parameter.requires_grad for parameter in deciding):
                module.eval()
                names.append(name)
    return names
""",
)

mistake(
    "freezes",
    "You froze the layers that are in evaluation mode; requires_grad stays as it is.",
    old="                names.append(name)",
    new="""
                names.append(name)
            if not module.training:
                module.requires_grad_(False)
""",
)

mistake(
    "instance_norm_too",
    "You took instance normalisation for batch normalisation; it is of another class.",
    old="torch.nn.modules.batchnorm._BatchNorm)",
    new="torch.nn.modules.batchnorm._NormBase)",
)

mistake(
    "momentum_of_zero",
    "You set the momentum of frozen layers to 0; only the mode changes.",
    old="module.eval()",
    new="module.momentum = 0.0\n                module.eval()",
)

mistake(
    "stops_tracking",
    "You switched the tracking of statistics off in frozen layers; only the mode changes.",
    old="module.eval()",
    new="module.track_running_stats = False\n                module.eval()",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the chapter's cure: the whole body goes into evaluation mode, frozen or not, and nothing is named.",
    answer="""
def frozen_bn_eval(net):
    net.train()
    net[:-1].eval()
    return [name for name, part in net.named_modules() if "BatchNorm" in type(part).__name__ and not part.training]
""",
)

equivalent(
    "deciding = list(module.parameters()) or list(net.parameters()) -> "
    "deciding = list(module.parameters()) or net.parameters()",
    "The parameters are walked through once.",
)
