"""Known mistakes of `train_epoch`."""

mistake(
    "adds_means",
    "You added the means of the micro-batches; the mean of the large batch is smaller, by the number of them.",
    old="(part / size).backward()",
    new="(part / len(x)).backward()",
)

mistake(
    "divides_by_accumulate",
    "You divided by `accumulate`; micro-batches differ in size, and the last group may have fewer of them.",
    old="(part / size).backward()",
    new="(part / len(x) / accumulate).backward()",
)

mistake(
    "drops_the_last_group",
    "You made no step for the last group when it was not full.",
    old="while group := list(islice(batches, accumulate)):",
    new="while len(group := list(islice(batches, accumulate))) == accumulate:",
)

mistake(
    "forgets_training_mode",
    "You did not put the net in training mode.",
    old="""
    net.train()

""",
    new="",
)

mistake(
    "joins_micro_batches",
    "You joined the micro-batches to one large batch, which needs the memory that accumulation is there to save.",
    old="for x, y in group:",
    new="for x, y in [tuple(map(torch.cat, zip(*group, strict=True)))]:",
)

mistake(
    "mean_of_means",
    "You averaged the losses of the micro-batches; a small one then counts as much as a large one.",
    old="""
            total += part.item()
        optimizer.step()
        examples += size
""",
    new="""
            total += part.item() / len(x)
        optimizer.step()
        examples += len(group)
""",
)

mistake(
    "needs_a_length",
    "You asked batches for its length, or walked through it before the training; a generator has none and "
    "can be walked through once.",
    old="    net.train()",
    new="""
    net.train()
    if len(list(batches)) == 0:
        raise ValueError("no batches")
""",
)

mistake(
    "never_zeroes",
    "You never set the gradients to zero; they add up over the whole epoch.",
    old="""
        optimizer.zero_grad()

""",
    new="",
)

mistake(
    "returns_a_tensor",
    "You returned a tensor, which keeps the graph of every micro-batch alive; .item() makes a float.",
    old="total += part.item()",
    new="total += part",
)

mistake(
    "returns_the_last_loss",
    "You returned the loss of the last micro-batch; the mean is over all examples of the epoch.",
    old=[
        "total, examples, batches = 0.0, 0, iter(batches)",
        """
            total += part.item()
        optimizer.step()
        examples += size
    return total / examples
""",
    ],
    new=[
        "last, batches = 0.0, iter(batches)",
        """
            last = part.item() / len(x)
        optimizer.step()
    return last
""",
    ],
)

mistake(
    "returns_the_sum",
    "You returned the sum of the losses and not their mean.",
    old="return total / examples",
    new="return total",
)

mistake(
    "steps_each_micro_batch",
    "You made a step after each micro-batch; the gradients of a group belong together.",
    old="        optimizer.step()",
    new="            optimizer.step()",
)

mistake(
    "weighs_all_micro_batches_alike",
    "You gave each micro-batch of a group the same weight; one with more examples counts for more.",
    old="(part / size).backward()",
    new="(part / len(x) / len(group)).backward()",
)

mistake(
    "zeroes_each_micro_batch",
    "You set the gradients to zero before each micro-batch, so that only the last one of a group counts.",
    old="        for x, y in group:",
    new="""
        for x, y in group:
            optimizer.zero_grad()
""",
)

mistake(
    "zeroes_only_after_the_step",
    "You set the gradients to zero after each step only; gradients from before the epoch get into the first one.",
    old=[
        """
        optimizer.zero_grad()

""",
        "        optimizer.step()",
    ],
    new=[
        "",
        """
        optimizer.step()
        optimizer.zero_grad()
""",
    ],
)

mistake(
    "x_stays_where_it_is",
    "You do not move x to the device.",
    old="net(x.to(device))",
    new="net(x)",
)

mistake(
    "y_stays_where_it_is",
    "You do not move y to the device.",
    old="y.to(device)",
    new="y",
)

mistake(
    "frozen_parameters",
    "You divide the gradient of every parameter, and a frozen parameter has none.",
    old=["(part / size).backward()", "optimizer.step()"],
    new=["part.backward()", "for p in net.parameters():\n            p.grad /= size\n        optimizer.step()"],
)

mistake(
    "loses_the_first_batch",
    "You took the first batch out of the generator to look at it, and it was never trained on.",
    old="    net.train()",
    new="    net.train()\n    if not hasattr(batches, '__len__'):\n        next(iter(batches))",
)

mistake(
    "thaws_everything",
    "You make every parameter want gradients; a frozen one is to stay frozen.",
    old="    net.train()",
    new="    net.train().requires_grad_(True)",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the loop of the chapter: it steps after every batch, and does not move x and y to the device.",
    answer="""
import torch


def train_epoch(net, batches, optimizer, loss, device, accumulate=1):
    losses = []
    for images, answers in batches:
        optimizer.zero_grad()
        value = loss(net(images), answers)
        value.backward()
        optimizer.step()
        losses.append(value.item())
    return sum(losses) / len(losses)
""",
)

equivalent(
    "total, examples, batches = (0.0, 0, iter(batches)) -> examples, total, batches = (0.0, 0, iter(batches))",
    "Counts and losses are added to either kind of zero, and their ratio is a float.",
)

equivalent(
    "total, examples, batches = (0.0, 0, iter(batches)) -> total, examples, batches = (0, 0.0, iter(batches))",
    "Counts and losses are added to either kind of zero, and their ratio is a float.",
)

equivalent(
    "size = sum((len(x) for x, _ in group)) -> size = sum((len(x) for _, x in group))",
    "x and y of a batch hold the same examples.",
)

equivalent(
    "total += part.item() -> total = total + part.item()",
    "Floats are not changed in place.",
)

equivalent(
    "examples += size -> examples = examples + size",
    "Whole numbers are not changed in place.",
)
