"""Known mistakes of `load_matching`."""

mistake(
    "all_or_nothing",
    "You loaded nothing as soon as one entry did not fit.",
    old="for name in loaded:",
    new="for name in loaded if len(loaded) == len(both) else []:",
)

mistake(
    "changes_the_dict",
    "You took the entries that fit out of the dict that was given.",
    old="            own[name].copy_(given[name])",
    new="""
            own[name].copy_(given[name])
            state_dict.pop(name, None)
""",
)

mistake(
    "drops_module_from_each",
    "You dropped module. from single names, although not all begin so.",
    old="and all(name",
    new="and any(name",
)

mistake(
    "keeps_module",
    "You did not drop the module. that DataParallel puts before each name.",
    old='given and all(name.startswith("module.") for name in given)',
    new="not given",
)

mistake(
    "mismatched_is_missing",
    "You put names with another shape under missing too.",
    old='"missing": sorted(own.keys() - given.keys()),',
    new='"missing": sorted(own.keys() - set(loaded)),',
)

mistake(
    "mismatched_is_unexpected",
    "You put names with another shape under unexpected too.",
    old='"unexpected": sorted(given.keys() - own.keys()),',
    new='"unexpected": sorted(given.keys() - set(loaded)),',
)

mistake(
    "not_sorted",
    "You gave the names in the order of the network; they should be sorted.",
    old='"missing": sorted(own.keys() - given.keys()),',
    new='"missing": [name for name in own if name not in given][::-1],',
)

mistake(
    "parameters_only",
    "You loaded parameters only; running means are buffers.",
    old="own = net.state_dict()",
    new="own = dict(net.named_parameters())",
)

mistake(
    "same_number_of_values",
    "You compared numbers of values, not shapes.",
    old=[
        "shape == given[name].shape",
        "own[name].copy_(given[name])",
    ],
    new=[
        "numel() == given[name].numel()",
        "own[name].copy_(given[name].reshape(own[name].shape))",
    ],
)

mistake(
    "stretches",
    "You let copy_ stretch smaller tensors; only the same shape fits.",
    answer="""
import torch


def load_matching(net, state_dict):
    given = dict(state_dict)
    if given and all(name.startswith("module.") for name in given):
        given = {name[7:]: value for name, value in given.items()}
    own, loaded, mismatched = net.state_dict(), [], []
    for name in sorted(own.keys() & given.keys()):
        try:
            with torch.no_grad():
                own[name].copy_(given[name])
            loaded.append(name)
        except RuntimeError:
            mismatched.append(name)
    missing, unexpected = sorted(own.keys() - given.keys()), sorted(given.keys() - own.keys())
    return {"loaded": loaded, "mismatched": mismatched, "missing": missing, "unexpected": unexpected}
""",
)

mistake(
    "thaws",
    "You made new parameters, which are trainable whatever the old ones were.",
    old="            own[name].copy_(given[name])",
    new="""
            own[name].copy_(given[name])
    net.requires_grad_(True)
""",
)

mistake(
    "strips_letters",
    'You took `lstrip("module.")`, which takes off all of these letters; removeprefix takes off the word.',
    old='name.removeprefix("module.")',
    new='name.lstrip("module.")',
)

mistake(
    "removes_everywhere",
    "You removed module. wherever it stands; only the beginning is dropped.",
    old='name.removeprefix("module.")',
    new='name.replace("module.", "")',
)

mistake(
    "without_the_dot",
    "You dropped the first seven letters of names that begin with module, but not with module and a dot.",
    old='all(name.startswith("module.") for name in given):\n        given = {name.removeprefix("module.")',
    new='all(name.startswith("module") for name in given):\n        given = {name[7:]',
)

mistake(
    "renames_in_the_dict",
    "You dropped module. in the dict that was given; it stays as it is.",
    old="    own = net.state_dict()",
    new="""
    if len(given) and set(given) != set(state_dict):
        state_dict.clear()
        state_dict.update(given)
    own = net.state_dict()
""",
)

mistake(
    "spoils_its_argument",
    "You emptied the dict that was given.",
    old="    given = dict(state_dict)",
    new="""
    given = dict(state_dict)
    state_dict.clear()
""",
)

mistake(
    "unexpected_not_sorted",
    "You gave unexpected names in the order of the dict; they should be sorted.",
    old='"unexpected": sorted(given.keys() - own.keys()),',
    new='"unexpected": [name for name in given if name not in own],',
)

mistake(
    "new_parameters",
    "You put new parameters into the network; values are copied into those that it has.",
    old="            own[name].copy_(given[name])",
    new="""
            own[name].copy_(given[name])
    for part in net.modules():
        for name, value in list(part.named_parameters(recurse=False)):
            setattr(part, name, torch.nn.Parameter(value.detach().clone(), value.requires_grad))
""",
)

mistake(
    "hands_on_the_tensors",
    "You put the tensors of the dict into the network, so training it changes the dict; copy their values.",
    old="            own[name].copy_(given[name])",
    new="            target = dict([*net.named_parameters(), *net.named_buffers()])[name]\n"
    "            target.data = given[name].to(target)",
)

mistake(
    "drops_module_again",
    "You dropped module. as long as all names begin with it; it is dropped once.",
    old='given = {name.removeprefix("module."): value for name, value in given.items()}',
    new='while given and all(name.startswith("module.") for name in given):\n'
    '            given = {name.removeprefix("module."): value for name, value in given.items()}',
)

mistake(
    "counts_left_out",
    "You left out the numbers without axes, which count the batches; they are buffers, too.",
    old="            own[name].copy_(given[name])",
    new="            if given[name].ndim:\n                own[name].copy_(given[name])",
)

mistake(
    "evaluation_mode",
    "You put the network into evaluation mode; only values are copied.",
    old="    own = net.state_dict()\n",
    new="    own = net.state_dict()\n    net.eval()\n",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the chapter's lines, which know the name of the head and let strict=False do the rest.",
    answer="""
def load_matching(net, state_dict):
    bodies = {name: value for name, value in state_dict.items() if not name.startswith(("fc", "1.", "head"))}
    report = net.load_state_dict(bodies, strict=False)
    mismatched = sorted(state_dict.keys() - bodies.keys())
    return {
        "loaded": sorted(bodies),
        "mismatched": mismatched,
        "missing": sorted(report.missing_keys),
        "unexpected": sorted(report.unexpected_keys),
    }
""",
)

equivalent("given = dict(state_dict) -> given = state_dict", "The dict is read, and nowhere changed.")

equivalent(
    "if given and all((name.startswith('module.') for name in given)): -> "
    "if all((name.startswith('module.') for name in given)):",
    "An empty dict without that beginning is an empty dict.",
)

equivalent("dropped_with", "The tensors of a state dict are detached, so nothing is recorded for the parameters.")
