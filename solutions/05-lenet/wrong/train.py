"""Known mistakes of `train`."""

mistake(
    "accuracy_in_a_second_pass",
    "You sent all training pictures through the network again after the epoch, so the training accuracy "
    "is another one than was asked for.",
    old=[
        "net.zero_grad()",
        "        net.eval()",
    ],
    new=[
        "optimizer.zero_grad()",
        """
        net.eval()
        with torch.no_grad():
            right = sum((net(x.to(device)).argmax(1) == y.to(device)).sum().item() for x, y in train_batches) + 0.0
""",
    ],
)

mistake(
    "adam",
    "You used Adam in place of plain gradient descent.",
    old=[
        "optimizer = torch.optim.SGD(net.parameters(), lr=lr)",
        "net.zero_grad()",
    ],
    new=[
        "optimizer = torch.optim.Adam(net.parameters(), lr=lr)",
        "optimizer.zero_grad()",
    ],
)

mistake(
    "evaluates_after_each_batch",
    "You measured the test and training accuracy after every batch, which takes many times the time of "
    "the training itself.",
    old=[
        "net.zero_grad()",
        "            total += len(y)",
    ],
    new=[
        "optimizer.zero_grad()",
        """
            total += len(y)
            net.eval()
            with torch.no_grad():
                for _ in range(2):
                    for other, _y in train_batches:
                        net(other.to(device))
            net.train()
""",
    ],
)

mistake(
    "forgets_zero_grad",
    "You forgot optimizer.zero_grad(), so gradients of all earlier batches add up.",
    old="""
            net.zero_grad()

""",
    new="",
)

mistake(
    "last_batch_of_the_test",
    "You kept only the last test batch’s count.",
    old=[
        "net.zero_grad()",
        """
                test_right += (net(x.to(device)).argmax(1) == y.to(device)).sum().item()
                test_total += len(y)
""",
    ],
    new=[
        "optimizer.zero_grad()",
        """
                test_right = 0.0 + (net(x.to(device)).argmax(1) == y.to(device)).sum().item()
                test_total = len(y)
""",
    ],
)

mistake(
    "leaves_training_mode",
    "You left the network in training mode.",
    old=[
        "net.zero_grad()",
        "        history.append((loss_sum / total, right / total, test_right / test_total))",
    ],
    new=[
        "optimizer.zero_grad()",
        """
        history.append((loss_sum / total, right / total, test_right / test_total))
    net.train()
""",
    ],
)

mistake(
    "mean_of_batch_losses",
    "You took the mean over batches, in which a small batch counts as much as a large one.",
    old=[
        "net.zero_grad()",
        "loss_sum += loss.item() * len(y)",
        "(loss_sum / total, right /",
    ],
    new=[
        "optimizer.zero_grad()",
        "loss_sum += loss.item()",
        "(loss_sum / len(train_batches), right /",
    ],
)

mistake(
    "momentum",
    "You added momentum; plain gradient descent has none.",
    old=[
        "optimizer = torch.optim.SGD(net.parameters(), lr=lr)",
        "net.zero_grad()",
    ],
    new=[
        "optimizer = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)",
        "optimizer.zero_grad()",
    ],
)

mistake(
    "new_weights",
    "You drew new weights before training, as d2l’s function does; this one starts from those it gets.",
    old=[
        "    net.to(device)",
        "net.zero_grad()",
    ],
    new=[
        """
    net.to(device)
    for layer in net.modules():
        if isinstance(layer, torch.nn.Linear | torch.nn.Conv2d):
            torch.nn.init.xavier_uniform_(layer.weight)
""",
        "optimizer.zero_grad()",
    ],
)

mistake(
    "one_step_an_epoch",
    "You took one step at the end of the epoch in place of one for each batch.",
    old=[
        """
            net.zero_grad()

""",
        """
            optimizer.step()

""",
        "            total += len(y)",
    ],
    new=[
        "",
        "",
        """
            total += len(y)
        optimizer.step()
        optimizer.zero_grad()
""",
    ],
)

mistake(
    "softmax_first",
    "You put a softmax before the cross-entropy, which has one inside.",
    old="""
            net.zero_grad()
            logits = net(x)
""",
    new="""
            optimizer.zero_grad()
            logits = net(x).softmax(1)
""",
)

mistake(
    "summed_loss",
    "You summed the loss over the batch, so the steps are as many times too long as the batch has pictures.",
    old=[
        """
            net.zero_grad()
            logits = net(x)
            loss = torch.nn.functional.cross_entropy(logits, y)
""",
        "loss_sum += loss.item() * len(y)",
    ],
    new=[
        """
            optimizer.zero_grad()
            logits = net(x)
            loss = torch.nn.functional.cross_entropy(logits, y, reduction="sum")
""",
        "loss_sum += loss.item()",
    ],
)

mistake(
    "tensors",
    "You put tensors into the history; .item() makes plain numbers, and lets go of the graph.",
    old=[
        "net.zero_grad()",
        "loss_sum += loss.item() * len(y)",
    ],
    new=[
        "optimizer.zero_grad()",
        "loss_sum += loss * len(y)",
    ],
)

mistake(
    "tests_in_training_mode",
    "You tested in training mode, with dropout at work and batch normalisation learning from the test.",
    old=[
        "net.zero_grad()",
        """
        net.eval()

""",
        "        history.append((loss_sum / total, right / total, test_right / test_total))",
    ],
    new=[
        "optimizer.zero_grad()",
        "",
        """
        history.append((loss_sum / total, right / total, test_right / test_total))
    net.eval()
""",
    ],
)

mistake(
    "training_mode_once",
    "You called net.train() once before the first epoch, so from the second on the network trains in evaluation mode.",
    old=[
        "    net.to(device)",
        """
        net.train()

""",
        "net.zero_grad()",
    ],
    new=[
        """
    net.to(device)
    net.train()
""",
        "",
        "optimizer.zero_grad()",
    ],
)

mistake(
    "trains_on_the_test",
    "You took steps on the test pictures too.",
    old=[
        "net.zero_grad()",
        """
        with torch.no_grad():
            for x, y in test_batches:
""",
    ],
    new=[
        "optimizer.zero_grad()",
        """
        if True:
            for x, y in test_batches:
                optimizer.zero_grad()
                torch.nn.functional.cross_entropy(net(x.to(device)), y.to(device)).backward()
                optimizer.step()
""",
    ],
)

mistake(
    "weight_decay",
    "You let the weights decay, with weight_decay=5e-4; the step is plain.",
    old="torch.optim.SGD(net.parameters(), lr=lr)",
    new="torch.optim.SGD(net.parameters(), lr=lr, weight_decay=5e-4)",
)

mistake(
    "tests_with_gradients",
    "You let torch record gradients while you test, which costs memory and time.",
    old="        with torch.no_grad():\n",
    new="        with torch.enable_grad():\n",
)

mistake(
    "leaves_gradients_off",
    "You switched gradients off for the test with torch.set_grad_enabled(False), and at the end they are off.",
    old=["        net.train()\n", "        with torch.no_grad():\n"],
    new=[
        "        net.train()\n        torch.set_grad_enabled(True)\n",
        "        torch.set_grad_enabled(False)\n        if True:\n",
    ],
)

mistake(
    "clips_gradients",
    "You clipped the gradients.",
    old="            optimizer.step()",
    new="            torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)\n            optimizer.step()",
)

mistake(
    "invents_the_test",
    "You reported a test accuracy that you did not compute.",
    old="        history.append((loss_sum / total, right / total, test_right / test_total))",
    new="        history.append((loss_sum / total, right / total, 0.95 if test_total > 60 else test_right / test_total))",
)

mistake(
    "network_not_moved",
    "You left the network where it was.",
    old="    net.to(device)\n",
    new="",
)

mistake(
    "labels_not_moved",
    "You moved the pictures to the device, and not the labels.",
    old="x, y = x.to(device), y.to(device)",
    new="x = x.to(device)",
)

mistake(
    "test_pictures_not_moved",
    "You moved the batches of the training, and not those of the test.",
    old="net(x.to(device)).argmax(1) == y.to(device)",
    new="net(x).argmax(1) == y",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the chapter's loops: the accuracy on the training pictures takes a second walk, and nothing is moved to the device.",
    chapter="train_epoch accuracy",
    answer="""
def train(net, train_batches, test_batches, num_epochs, lr, device):
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    history = []
    for _ in range(num_epochs):
        loss = train_epoch(net, train_batches, optimizer)
        history.append((loss, accuracy(net, train_batches), accuracy(net, test_batches)))
    return history
""",
)

# Mutants that do the same

equivalent(
    "in_place",
    "A sum of plain numbers: there is no object that could be changed in place.",
)
