"""One function goes through the batches, with or without an optimiser."""

import torch


def train(net, train_batches, test_batches, num_epochs, lr, device):
    device = torch.device(device)
    net = net.to(device)
    step = torch.optim.SGD(net.parameters(), lr)
    loss_of = torch.nn.CrossEntropyLoss()

    def epoch(batches, learn):
        net.train(learn)
        sums = torch.zeros(3, dtype=torch.float64)
        with torch.set_grad_enabled(learn):
            for x, y in batches:
                x, y = x.to(device), y.to(device)
                out = net(x)
                loss = loss_of(out, y)
                if learn:
                    net.zero_grad()
                    loss.backward()
                    step.step()
                sums += torch.tensor([loss.item() * len(y), (out.argmax(1) == y).sum().item(), len(y)])
        loss, right, total = sums.tolist()
        return loss / total, right / total

    return [(*epoch(train_batches, True), epoch(test_batches, False)[1]) for _ in range(num_epochs)]
