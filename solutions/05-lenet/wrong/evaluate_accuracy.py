"""Known mistakes of `evaluate_accuracy`."""

mistake(
    "divides_by_batches",
    "You divided by len(batches) times the size of the last batch.",
    old=[
        """
        for part, mode in modes:
            part.training = mode
""",
        "return right / total",
    ],
    new=[
        """
        for module, mode in modes:
            module.training = mode
""",
        "return right / (len(batches) * len(y))",
    ],
)

mistake(
    "forgets_evaluation_mode",
    "You forgot net.eval(), so dropout and batch normalisation work as in training.",
    old=[
        """
        net.eval()

""",
        """
        for part, mode in modes:
            part.training = mode
""",
    ],
    new=[
        "",
        """
        for module, mode in modes:
            module.training = mode
""",
    ],
)

mistake(
    "hides_errors",
    "You caught every error, so a network that fails looks like one without pictures.",
    old="""
    finally:
        for part, mode in modes:
            part.training = mode
""",
    new="""
    except Exception:
        pass
    finally:
        for module, mode in modes:
            module.training = mode
""",
)

mistake(
    "last_batch_only",
    "You started the count anew for each batch, so only the last one counts.",
    old="""
                right += (named == y.to(device)).sum().item()
                total += len(y)
    finally:
        for part, mode in modes:
            part.training = mode
""",
    new="""
                right = (named == y.to(device)).sum().item()
                total = len(y)
    finally:
        for module, mode in modes:
            module.training = mode
""",
)

mistake(
    "leaves_evaluation_mode",
    "You left the network in evaluation mode.",
    old=[
        """
    modes = [(module, module.training) for module in net.modules()]

""",
        """
    finally:
        for part, mode in modes:
            part.training = mode
""",
    ],
    new=[
        "",
        """
    except ZeroDivisionError:
        raise
""",
    ],
)

mistake(
    "mean_of_batches",
    "You took the mean over batches, in which a small batch counts as much as a large one.",
    old="""
                right += (named == y.to(device)).sum().item()
                total += len(y)
    finally:
        for part, mode in modes:
            part.training = mode
""",
    new="""
                right += (named == y.to(device)).float().mean().item()
                total += 1
    finally:
        for module, mode in modes:
            module.training = mode
""",
)

mistake(
    "not_after_an_error",
    "You put the modes back only when all went well.",
    old="""
    finally:
        for part, mode in modes:
            part.training = mode
""",
    new="""
    except ZeroDivisionError:
        raise
    else:
        for module, mode in modes:
            module.training = mode
""",
)

mistake(
    "nothing_is_zero",
    "You returned 0 when there was no picture to look at.",
    old="""
        for part, mode in modes:
            part.training = mode
    if not total:
        raise ValueError("there is no picture")
""",
    new="""
        for module, mode in modes:
            module.training = mode
    if not total:
        return 0.0
""",
)

mistake(
    "one_mode_for_all",
    "You put back the mode of the whole network only; its parts may differ.",
    old="""
        for part, mode in modes:
            part.training = mode
""",
    new="        net.train(modes[0][1])",
)

mistake(
    "percent",
    "You returned percent; the statement asks for a number from 0 to 1.",
    old=[
        """
        for part, mode in modes:
            part.training = mode
""",
        "return right / total",
    ],
    new=[
        """
        for module, mode in modes:
            module.training = mode
""",
        "return 100 * right / total",
    ],
)

mistake(
    "records_gradients",
    "You let torch record gradients that nobody needs, which costs memory and time.",
    old=[
        "with torch.no_grad():",
        """
        for part, mode in modes:
            part.training = mode
""",
    ],
    new=[
        "with torch.enable_grad():",
        """
        for module, mode in modes:
            module.training = mode
""",
    ],
)

mistake(
    "tensor",
    "You returned a tensor; the statement asks for a plain number.",
    old=[
        """
        for part, mode in modes:
            part.training = mode
""",
        "return right / total",
    ],
    new=[
        """
        for module, mode in modes:
            module.training = mode
""",
        "return torch.tensor(right / total)",
    ],
)

mistake(
    "trains_all_afterwards",
    "You called net.train() at the end, also for parts that were in evaluation mode before.",
    old=[
        """
    modes = [(module, module.training) for module in net.modules()]

""",
        """
        for part, mode in modes:
            part.training = mode
""",
    ],
    new=[
        "",
        "        net.train()",
    ],
)

mistake(
    "leaves_gradients_off",
    "You switched gradients off with torch.set_grad_enabled(False) and never on again.",
    old="        with torch.no_grad():\n",
    new="        torch.set_grad_enabled(False)\n        if True:\n",
)

mistake(
    "switches_gradients_on",
    "You switched gradients on at the end, also where the caller had them off.",
    old="    return right / total",
    new="    torch.set_grad_enabled(True)\n    return right / total",
)

mistake(
    "freezes_the_network",
    "You froze the parameters of the network, and left them frozen.",
    old="        net.eval()\n",
    new="        net.eval().requires_grad_(False)\n",
)

mistake(
    "trains_the_frozen",
    "You made all parameters want a gradient at the end, also those that were frozen before.",
    old="        for part, mode in modes:\n            part.training = mode\n",
    new="        for part, mode in modes:\n            part.training = mode\n        net.requires_grad_(True)\n",
)

mistake(
    "spoils_its_argument",
    "You set pictures and labels to 0 in place.",
    old="                named = ",
    new="                x.zero_(), y.zero_()\n                named = ",
)

mistake(
    "pictures_not_moved",
    "You left the pictures where they were.",
    old="net(x.to(device))",
    new="net(x)",
)

mistake(
    "labels_not_moved",
    "You left the labels where they were.",
    old="== y.to(device)",
    new="== y",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the chapter's loop, which leaves the network in evaluation mode and the batches where they are.",
    chapter="accuracy",
    answer="""
def evaluate_accuracy(net, batches, device):
    return accuracy(net, batches)
""",
)

# Mutants that do the same

equivalent(
    "in_place",
    "A sum of plain numbers: there is no object that could be changed in place.",
)
