"""Right answers, written differently, for `fine_tune`."""

right(
    "step_by_hand",
    "SGD with momentum written out.",
    answer="""
import torch


def fine_tune(net, batches, way, epochs, lr, device):
    shares = {"head": 0.0, "gentle": 0.1, "all": 1.0}
    if way not in shares:
        raise ValueError(way)
    net = net.to(device)
    head = None
    for module in net.modules():
        if isinstance(module, (torch.nn.Linear, torch.nn.Conv2d)):
            head = module
    rates = {}
    for parameter in net.parameters():
        mine = any(parameter is p for p in head.parameters())
        parameter.requires_grad = mine or way != "head"
        parameter.grad = None
        if parameter.requires_grad:
            rates[parameter] = lr * (1.0 if mine else shares[way])
    net.train()
    if way == "head":
        for module in net.modules():
            module.training = module is head
    speed, result = {}, []
    for _ in range(epochs):
        losses, count = [], 0
        for x, y in batches:
            x, y = x.to(device), y.to(device)
            loss = torch.nn.functional.cross_entropy(net(x), y)
            slopes = torch.autograd.grad(loss, list(rates), allow_unused=True)
            with torch.no_grad():
                for parameter, slope in zip(rates, slopes, strict=True):
                    if slope is not None:
                        speed[parameter] = speed[parameter] * 0.9 + slope if parameter in speed else slope.clone()
                        parameter -= rates[parameter] * speed[parameter]
            losses.append(loss.item() * len(x))
            count += len(x)
        result.append(sum(losses) / count)
    net.eval()
    return result
""",
)

right(
    "two_groups",
    "Two groups, and one optimizer over those that train.",
    answer="""
import torch


def fine_tune(net, batches, way, epochs, lr, device):
    if way not in {"head", "gentle", "all"}:
        raise ValueError("head, gentle or all")
    net.to(device)
    head = [m for m in net.modules() if isinstance(m, torch.nn.Linear | torch.nn.Conv2d)][-1]
    net.requires_grad_(way != "head")
    head.requires_grad_(True)
    head_set = set(head.parameters())
    body = [p for p in net.parameters() if p not in head_set]
    groups = [{"params": sorted(head_set, key=id)}]
    if way != "head" and body:
        groups.append({"params": body, "lr": lr * 0.1 if way == "gentle" else lr})
    optimizer = torch.optim.SGD(groups, lr=lr, momentum=0.9)
    history = []
    for _ in range(epochs):
        if way == "head":
            net.eval()
            head.train()
        else:
            net.train()
        sums = torch.zeros(2, dtype=torch.float64)
        for x, y in batches:
            optimizer.zero_grad()
            loss = torch.nn.functional.cross_entropy(net(x.to(device)), y.to(device), reduction="sum")
            (loss / len(y)).backward()
            optimizer.step()
            sums += torch.tensor([loss.item(), len(y)])
        history.append((sums[0] / sums[1]).item())
    net.eval()
    return history
""",
)

right(
    "modes_in_each_epoch",
    "Sets the modes anew in each epoch, and gives the optimizer only what is trained.",
    answer="""
def fine_tune(net, batches, way, epochs, lr, device):
    if way not in {"head", "gentle", "all"}:
        raise ValueError(way)
    net = net.to(device)
    head = None
    for module in net.modules():
        if isinstance(module, (torch.nn.Linear, torch.nn.Conv2d)):
            head = module
    last = list(head.parameters())
    body = [p for p in net.parameters() if all(p is not own for own in last)]
    for p in body:
        p.requires_grad = way != "head"
    for p in last:
        p.requires_grad = True
    groups = [dict(params=last, lr=lr)]
    if way != "head" and body:
        groups.append(dict(params=body, lr=lr if way == "all" else 0.1 * lr))
    optimizer = torch.optim.SGD(groups, lr=lr, momentum=0.9)
    history = []
    for _ in range(epochs):
        net.train(mode=way != "head")
        head.train()
        total, seen = 0.0, 0
        for x, y in batches:
            x, y = x.to(device), y.to(device)
            net.zero_grad(set_to_none=True)
            cost = torch.nn.CrossEntropyLoss(reduction="sum")(net(x), y)
            (cost / x.size(0)).backward()
            optimizer.step()
            total, seen = total + float(cost), seen + x.size(0)
        history.append(total / seen)
    net.train(False)
    return history
""",
)
