"""Known mistakes of `BatchNorm2d`."""

mistake(
    "affine_over_width",
    "You multiply by weight as it is, and torch matches its one axis with the columns in place of the channels.",
    answer="""
import torch


class BatchNorm2d(torch.nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.weight = torch.nn.Parameter(torch.ones(num_features))
        self.bias = torch.nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))
        self.register_buffer("num_batches_tracked", torch.tensor(0))

    def forward(self, x):
        if x.ndim != 4 or x.shape[1] != self.num_features:
            raise ValueError("x does not fit")
        n = x.shape[0] * x.shape[2] * x.shape[3]
        if self.training:
            if n == 1:
                raise ValueError("one number has no variance")
            mean = x.mean(dim=(0, 2, 3))
            var = x.var(dim=(0, 2, 3), unbiased=False)
            with torch.no_grad():
                new_var = var * n / (n - 1)
                self.running_mean.copy_((1 - self.momentum) * self.running_mean + self.momentum * mean)
                self.running_var.copy_((1 - self.momentum) * self.running_var + self.momentum * new_var)
                self.num_batches_tracked += 1
        else:
            mean, var = self.running_mean, self.running_var
        shape = (1, -1, 1, 1)
        unit = (x - mean.view(shape)) / torch.sqrt(var.view(shape) + self.eps)
        return self.weight * unit + self.bias
""",
)

mistake(
    "batch_statistics_in_eval",
    "You use the batch’s own statistics after eval(), too.",
    answer="""
import torch


class BatchNorm2d(torch.nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.weight = torch.nn.Parameter(torch.ones(num_features))
        self.bias = torch.nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))
        self.register_buffer("num_batches_tracked", torch.tensor(0))

    def forward(self, x):
        if x.ndim != 4 or x.shape[1] != self.num_features:
            raise ValueError("x does not fit")
        n = x.shape[0] * x.shape[2] * x.shape[3]
        if self.training:
            if n == 1:
                raise ValueError("one number has no variance")
            mean = x.mean(dim=(0, 2, 3))
            var = x.var(dim=(0, 2, 3), unbiased=False)
            with torch.no_grad():
                new_var = var * n / (n - 1)
                self.running_mean.copy_((1 - self.momentum) * self.running_mean + self.momentum * mean)
                self.running_var.copy_((1 - self.momentum) * self.running_var + self.momentum * new_var)
                self.num_batches_tracked += 1
        else:
            mean, var = x.mean(dim=(0, 2, 3)), x.var(dim=(0, 2, 3), unbiased=False)
        shape = (1, -1, 1, 1)
        unit = (x - mean.view(shape)) / torch.sqrt(var.view(shape) + self.eps)
        return self.weight.view(shape) * unit + self.bias.view(shape)
""",
)

mistake(
    "constant_statistics",
    "You compute mean and variance without gradients, but in training they depend on x.",
    answer="""
import torch


class BatchNorm2d(torch.nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.weight = torch.nn.Parameter(torch.ones(num_features))
        self.bias = torch.nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))
        self.register_buffer("num_batches_tracked", torch.tensor(0))

    def forward(self, x):
        if x.ndim != 4 or x.shape[1] != self.num_features:
            raise ValueError("x does not fit")
        n = x.shape[0] * x.shape[2] * x.shape[3]
        if self.training:
            if n == 1:
                raise ValueError("one number has no variance")
            mean = x.detach().mean(dim=(0, 2, 3))
            var = x.detach().var(dim=(0, 2, 3), unbiased=False)
            with torch.no_grad():
                new_var = var * n / (n - 1)
                self.running_mean.copy_((1 - self.momentum) * self.running_mean + self.momentum * mean)
                self.running_var.copy_((1 - self.momentum) * self.running_var + self.momentum * new_var)
                self.num_batches_tracked += 1
        else:
            mean, var = self.running_mean, self.running_var
        shape = (1, -1, 1, 1)
        unit = (x - mean.view(shape)) / torch.sqrt(var.view(shape) + self.eps)
        return self.weight.view(shape) * unit + self.bias.view(shape)
""",
)

mistake(
    "divides_by_variance",
    "You divide by the variance in place of its root.",
    answer="""
import torch


class BatchNorm2d(torch.nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.weight = torch.nn.Parameter(torch.ones(num_features))
        self.bias = torch.nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))
        self.register_buffer("num_batches_tracked", torch.tensor(0))

    def forward(self, x):
        if x.ndim != 4 or x.shape[1] != self.num_features:
            raise ValueError("x does not fit")
        n = x.shape[0] * x.shape[2] * x.shape[3]
        if self.training:
            if n == 1:
                raise ValueError("one number has no variance")
            mean = x.mean(dim=(0, 2, 3))
            var = x.var(dim=(0, 2, 3), unbiased=False)
            with torch.no_grad():
                new_var = var * n / (n - 1)
                self.running_mean.copy_((1 - self.momentum) * self.running_mean + self.momentum * mean)
                self.running_var.copy_((1 - self.momentum) * self.running_var + self.momentum * new_var)
                self.num_batches_tracked += 1
        else:
            mean, var = self.running_mean, self.running_var
        shape = (1, -1, 1, 1)
        unit = (x - mean.view(shape)) / (var.view(shape) + self.eps)
        return self.weight.view(shape) * unit + self.bias.view(shape)
""",
)

mistake(
    "each_picture",
    "You take mean and variance of each picture on its own; that is instance normalisation.",
    answer="""
import torch


class BatchNorm2d(torch.nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.weight = torch.nn.Parameter(torch.ones(num_features))
        self.bias = torch.nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))
        self.register_buffer("num_batches_tracked", torch.tensor(0))

    def forward(self, x):
        if x.ndim != 4 or x.shape[1] != self.num_features:
            raise ValueError("x does not fit")
        n = x.shape[0] * x.shape[2] * x.shape[3]
        if self.training:
            if n == 1:
                raise ValueError("one number has no variance")
            mean = x.mean(dim=(2, 3))
            var = x.var(dim=(2, 3), unbiased=False)
            with torch.no_grad():
                new_var = var.mean(0) * n / (n - 1)
                self.running_mean.copy_((1 - self.momentum) * self.running_mean + self.momentum * mean.mean(0))
                self.running_var.copy_((1 - self.momentum) * self.running_var + self.momentum * new_var)
                self.num_batches_tracked += 1
        else:
            mean, var = self.running_mean, self.running_var
        shape = (1, -1, 1, 1)
        unit = (x - mean[..., None, None]) / torch.sqrt(var[..., None, None] + self.eps)
        return self.weight.view(shape) * unit + self.bias.view(shape)
""",
)

mistake(
    "epsilon_outside",
    "You add eps to the standard deviation; it stands below the root, beside the variance.",
    answer="""
import torch


class BatchNorm2d(torch.nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.weight = torch.nn.Parameter(torch.ones(num_features))
        self.bias = torch.nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))
        self.register_buffer("num_batches_tracked", torch.tensor(0))

    def forward(self, x):
        if x.ndim != 4 or x.shape[1] != self.num_features:
            raise ValueError("x does not fit")
        n = x.shape[0] * x.shape[2] * x.shape[3]
        if self.training:
            if n == 1:
                raise ValueError("one number has no variance")
            mean = x.mean(dim=(0, 2, 3))
            var = x.var(dim=(0, 2, 3), unbiased=False)
            with torch.no_grad():
                new_var = var * n / (n - 1)
                self.running_mean.copy_((1 - self.momentum) * self.running_mean + self.momentum * mean)
                self.running_var.copy_((1 - self.momentum) * self.running_var + self.momentum * new_var)
                self.num_batches_tracked += 1
        else:
            mean, var = self.running_mean, self.running_var
        shape = (1, -1, 1, 1)
        unit = (x - mean.view(shape)) / (torch.sqrt(var.view(shape)) + self.eps)
        return self.weight.view(shape) * unit + self.bias.view(shape)
""",
)

mistake(
    "fixed_momentum",
    "You always use a momentum of 0.1 and ignore the argument.",
    answer="""
import torch


class BatchNorm2d(torch.nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.num_features = num_features
        self.eps = eps
        self.momentum = 0.1
        self.weight = torch.nn.Parameter(torch.ones(num_features))
        self.bias = torch.nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))
        self.register_buffer("num_batches_tracked", torch.tensor(0))

    def forward(self, x):
        if x.ndim != 4 or x.shape[1] != self.num_features:
            raise ValueError("x does not fit")
        n = x.shape[0] * x.shape[2] * x.shape[3]
        if self.training:
            if n == 1:
                raise ValueError("one number has no variance")
            mean = x.mean(dim=(0, 2, 3))
            var = x.var(dim=(0, 2, 3), unbiased=False)
            with torch.no_grad():
                new_var = var * n / (n - 1)
                self.running_mean.copy_((1 - self.momentum) * self.running_mean + self.momentum * mean)
                self.running_var.copy_((1 - self.momentum) * self.running_var + self.momentum * new_var)
                self.num_batches_tracked += 1
        else:
            mean, var = self.running_mean, self.running_var
        shape = (1, -1, 1, 1)
        unit = (x - mean.view(shape)) / torch.sqrt(var.view(shape) + self.eps)
        return self.weight.view(shape) * unit + self.bias.view(shape)
""",
)

mistake(
    "flattened_channels",
    "You reshape to (C, −1) without moving the channels first, which mixes numbers of different channels.",
    answer="""
import torch


class BatchNorm2d(torch.nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.weight = torch.nn.Parameter(torch.ones(num_features))
        self.bias = torch.nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))
        self.register_buffer("num_batches_tracked", torch.tensor(0))

    def forward(self, x):
        if x.ndim != 4 or x.shape[1] != self.num_features:
            raise ValueError("x does not fit")
        n = x.shape[0] * x.shape[2] * x.shape[3]
        if self.training:
            if n == 1:
                raise ValueError("one number has no variance")
            rows = x.reshape(self.num_features, -1)
            mean, var = rows.mean(1), rows.var(1, unbiased=False)
            with torch.no_grad():
                new_var = var * n / (n - 1)
                self.running_mean.copy_((1 - self.momentum) * self.running_mean + self.momentum * mean)
                self.running_var.copy_((1 - self.momentum) * self.running_var + self.momentum * new_var)
                self.num_batches_tracked += 1
        else:
            mean, var = self.running_mean, self.running_var
        shape = (1, -1, 1, 1)
        unit = (x - mean.view(shape)) / torch.sqrt(var.view(shape) + self.eps)
        return self.weight.view(shape) * unit + self.bias.view(shape)
""",
)

mistake(
    "ignores_epsilon",
    "You always use an eps of 1e-5 and ignore the argument.",
    answer="""
import torch


class BatchNorm2d(torch.nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.num_features = num_features
        self.eps = 1e-5
        self.momentum = momentum
        self.weight = torch.nn.Parameter(torch.ones(num_features))
        self.bias = torch.nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))
        self.register_buffer("num_batches_tracked", torch.tensor(0))

    def forward(self, x):
        if x.ndim != 4 or x.shape[1] != self.num_features:
            raise ValueError("x does not fit")
        n = x.shape[0] * x.shape[2] * x.shape[3]
        if self.training:
            if n == 1:
                raise ValueError("one number has no variance")
            mean = x.mean(dim=(0, 2, 3))
            var = x.var(dim=(0, 2, 3), unbiased=False)
            with torch.no_grad():
                new_var = var * n / (n - 1)
                self.running_mean.copy_((1 - self.momentum) * self.running_mean + self.momentum * mean)
                self.running_var.copy_((1 - self.momentum) * self.running_var + self.momentum * new_var)
                self.num_batches_tracked += 1
        else:
            mean, var = self.running_mean, self.running_var
        shape = (1, -1, 1, 1)
        unit = (x - mean.view(shape)) / torch.sqrt(var.view(shape) + self.eps)
        return self.weight.view(shape) * unit + self.bias.view(shape)
""",
)

mistake(
    "inherits",
    "You only gave torch’s own layer another name; this task is to write it.",
    answer="""
import torch


class BatchNorm2d(torch.nn.BatchNorm2d):
    pass
""",
)

mistake(
    "last_batch_only",
    "You store the last batch’s statistics in place of a running mean.",
    answer="""
import torch


class BatchNorm2d(torch.nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.weight = torch.nn.Parameter(torch.ones(num_features))
        self.bias = torch.nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))
        self.register_buffer("num_batches_tracked", torch.tensor(0))

    def forward(self, x):
        if x.ndim != 4 or x.shape[1] != self.num_features:
            raise ValueError("x does not fit")
        n = x.shape[0] * x.shape[2] * x.shape[3]
        if self.training:
            if n == 1:
                raise ValueError("one number has no variance")
            mean = x.mean(dim=(0, 2, 3))
            var = x.var(dim=(0, 2, 3), unbiased=False)
            with torch.no_grad():
                new_var = var * n / (n - 1)
                self.running_mean.copy_(mean)
                self.running_var.copy_(new_var)
                self.num_batches_tracked += 1
        else:
            mean, var = self.running_mean, self.running_var
        shape = (1, -1, 1, 1)
        unit = (x - mean.view(shape)) / torch.sqrt(var.view(shape) + self.eps)
        return self.weight.view(shape) * unit + self.bias.view(shape)
""",
)

mistake(
    "momentum_reversed",
    "You give the old value the weight momentum; it is the weight of the new batch.",
    answer="""
import torch


class BatchNorm2d(torch.nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.weight = torch.nn.Parameter(torch.ones(num_features))
        self.bias = torch.nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))
        self.register_buffer("num_batches_tracked", torch.tensor(0))

    def forward(self, x):
        if x.ndim != 4 or x.shape[1] != self.num_features:
            raise ValueError("x does not fit")
        n = x.shape[0] * x.shape[2] * x.shape[3]
        if self.training:
            if n == 1:
                raise ValueError("one number has no variance")
            mean = x.mean(dim=(0, 2, 3))
            var = x.var(dim=(0, 2, 3), unbiased=False)
            with torch.no_grad():
                new_var = var * n / (n - 1)
                self.running_mean.copy_(self.momentum * self.running_mean + (1 - self.momentum) * mean)
                self.running_var.copy_(self.momentum * self.running_var + (1 - self.momentum) * new_var)
                self.num_batches_tracked += 1
        else:
            mean, var = self.running_mean, self.running_var
        shape = (1, -1, 1, 1)
        unit = (x - mean.view(shape)) / torch.sqrt(var.view(shape) + self.eps)
        return self.weight.view(shape) * unit + self.bias.view(shape)
""",
)

mistake(
    "never_counts",
    "You never count the batches in num_batches_tracked.",
    answer="""
import torch


class BatchNorm2d(torch.nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.weight = torch.nn.Parameter(torch.ones(num_features))
        self.bias = torch.nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))
        self.register_buffer("num_batches_tracked", torch.tensor(0))

    def forward(self, x):
        if x.ndim != 4 or x.shape[1] != self.num_features:
            raise ValueError("x does not fit")
        n = x.shape[0] * x.shape[2] * x.shape[3]
        if self.training:
            if n == 1:
                raise ValueError("one number has no variance")
            mean = x.mean(dim=(0, 2, 3))
            var = x.var(dim=(0, 2, 3), unbiased=False)
            with torch.no_grad():
                new_var = var * n / (n - 1)
                self.running_mean.copy_((1 - self.momentum) * self.running_mean + self.momentum * mean)
                self.running_var.copy_((1 - self.momentum) * self.running_var + self.momentum * new_var)
        else:
            mean, var = self.running_mean, self.running_var
        shape = (1, -1, 1, 1)
        unit = (x - mean.view(shape)) / torch.sqrt(var.view(shape) + self.eps)
        return self.weight.view(shape) * unit + self.bias.view(shape)
""",
)

mistake(
    "never_refuses",
    "You never look at the shape of x, so nonsense gives a result or an error of another kind.",
    answer="""
import torch


class BatchNorm2d(torch.nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.weight = torch.nn.Parameter(torch.ones(num_features))
        self.bias = torch.nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))
        self.register_buffer("num_batches_tracked", torch.tensor(0))

    def forward(self, x):
        n = x.shape[0] * x.shape[2] * x.shape[3]
        if self.training:
            mean = x.mean(dim=(0, 2, 3))
            var = x.var(dim=(0, 2, 3), unbiased=False)
            with torch.no_grad():
                new_var = var * n / max(n - 1, 1)
                self.running_mean.copy_((1 - self.momentum) * self.running_mean + self.momentum * mean)
                self.running_var.copy_((1 - self.momentum) * self.running_var + self.momentum * new_var)
                self.num_batches_tracked += 1
        else:
            mean, var = self.running_mean, self.running_var
        shape = (1, -1, 1, 1)
        unit = (x - mean.view(shape)) / torch.sqrt(var.view(shape) + self.eps)
        return self.weight.view(shape) * unit + self.bias.view(shape)
""",
)

mistake(
    "no_affine",
    "You never use weight and bias.",
    answer="""
import torch


class BatchNorm2d(torch.nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.weight = torch.nn.Parameter(torch.ones(num_features))
        self.bias = torch.nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))
        self.register_buffer("num_batches_tracked", torch.tensor(0))

    def forward(self, x):
        if x.ndim != 4 or x.shape[1] != self.num_features:
            raise ValueError("x does not fit")
        n = x.shape[0] * x.shape[2] * x.shape[3]
        if self.training:
            if n == 1:
                raise ValueError("one number has no variance")
            mean = x.mean(dim=(0, 2, 3))
            var = x.var(dim=(0, 2, 3), unbiased=False)
            with torch.no_grad():
                new_var = var * n / (n - 1)
                self.running_mean.copy_((1 - self.momentum) * self.running_mean + self.momentum * mean)
                self.running_var.copy_((1 - self.momentum) * self.running_var + self.momentum * new_var)
                self.num_batches_tracked += 1
        else:
            mean, var = self.running_mean, self.running_var
        shape = (1, -1, 1, 1)
        unit = (x - mean.view(shape)) / torch.sqrt(var.view(shape) + self.eps)
        return unit + 0 * self.weight.view(shape) + 0 * self.bias.view(shape)
""",
)

mistake(
    "other_names",
    "You call the parameters gamma and beta, so torch’s layer cannot load the state.",
    answer="""
import torch


class BatchNorm2d(torch.nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.gamma = torch.nn.Parameter(torch.ones(num_features))
        self.beta = torch.nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))
        self.register_buffer("num_batches_tracked", torch.tensor(0))

    def forward(self, x):
        if x.ndim != 4 or x.shape[1] != self.num_features:
            raise ValueError("x does not fit")
        n = x.shape[0] * x.shape[2] * x.shape[3]
        if self.training:
            if n == 1:
                raise ValueError("one number has no variance")
            mean = x.mean(dim=(0, 2, 3))
            var = x.var(dim=(0, 2, 3), unbiased=False)
            with torch.no_grad():
                new_var = var * n / (n - 1)
                self.running_mean.copy_((1 - self.momentum) * self.running_mean + self.momentum * mean)
                self.running_var.copy_((1 - self.momentum) * self.running_var + self.momentum * new_var)
                self.num_batches_tracked += 1
        else:
            mean, var = self.running_mean, self.running_var
        shape = (1, -1, 1, 1)
        unit = (x - mean.view(shape)) / torch.sqrt(var.view(shape) + self.eps)
        return self.gamma.view(shape) * unit + self.beta.view(shape)
""",
)

mistake(
    "over_the_batch_only",
    "You take mean and variance over the batch axis alone, for each pixel on its own.",
    answer="""
import torch


class BatchNorm2d(torch.nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.weight = torch.nn.Parameter(torch.ones(num_features))
        self.bias = torch.nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))
        self.register_buffer("num_batches_tracked", torch.tensor(0))

    def forward(self, x):
        if x.ndim != 4 or x.shape[1] != self.num_features:
            raise ValueError("x does not fit")
        n = x.shape[0] * x.shape[2] * x.shape[3]
        if self.training:
            if n == 1:
                raise ValueError("one number has no variance")
            mean = x.mean(dim=0)
            var = x.var(dim=0, unbiased=False)
            with torch.no_grad():
                new_var = var.mean((1, 2)) * n / (n - 1)
                self.running_mean.copy_((1 - self.momentum) * self.running_mean + self.momentum * mean.mean((1, 2)))
                self.running_var.copy_((1 - self.momentum) * self.running_var + self.momentum * new_var)
                self.num_batches_tracked += 1
        else:
            mean, var = self.running_mean, self.running_var
        shape = (1, -1, 1, 1)
        if mean.ndim == 1:
            mean, var = mean.view(shape), var.view(shape)
        unit = (x - mean) / torch.sqrt(var + self.eps)
        return self.weight.view(shape) * unit + self.bias.view(shape)
""",
)

mistake(
    "over_the_channels",
    "You take mean and variance over the channels, too, so all channels share one pair.",
    answer="""
import torch


class BatchNorm2d(torch.nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.weight = torch.nn.Parameter(torch.ones(num_features))
        self.bias = torch.nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))
        self.register_buffer("num_batches_tracked", torch.tensor(0))

    def forward(self, x):
        if x.ndim != 4 or x.shape[1] != self.num_features:
            raise ValueError("x does not fit")
        n = x.shape[0] * x.shape[2] * x.shape[3]
        if self.training:
            if n == 1:
                raise ValueError("one number has no variance")
            mean = x.mean().expand(self.num_features)
            var = x.var(unbiased=False).expand(self.num_features)
            with torch.no_grad():
                new_var = var * n / (n - 1)
                self.running_mean.copy_((1 - self.momentum) * self.running_mean + self.momentum * mean)
                self.running_var.copy_((1 - self.momentum) * self.running_var + self.momentum * new_var)
                self.num_batches_tracked += 1
        else:
            mean, var = self.running_mean, self.running_var
        shape = (1, -1, 1, 1)
        unit = (x - mean.view(shape)) / torch.sqrt(var.view(shape) + self.eps)
        return self.weight.view(shape) * unit + self.bias.view(shape)
""",
)

mistake(
    "plain_attributes",
    "You keep the running statistics as plain attributes; without register_buffer they are neither saved nor moved.",
    answer="""
import torch


class BatchNorm2d(torch.nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.weight = torch.nn.Parameter(torch.ones(num_features))
        self.bias = torch.nn.Parameter(torch.zeros(num_features))
        self.running_mean = torch.zeros(num_features)
        self.running_var = torch.ones(num_features)
        self.register_buffer("num_batches_tracked", torch.tensor(0))

    def forward(self, x):
        if x.ndim != 4 or x.shape[1] != self.num_features:
            raise ValueError("x does not fit")
        n = x.shape[0] * x.shape[2] * x.shape[3]
        if self.training:
            if n == 1:
                raise ValueError("one number has no variance")
            mean = x.mean(dim=(0, 2, 3))
            var = x.var(dim=(0, 2, 3), unbiased=False)
            with torch.no_grad():
                new_var = var * n / (n - 1)
                self.running_mean = (1 - self.momentum) * self.running_mean + self.momentum * mean
                self.running_var = (1 - self.momentum) * self.running_var + self.momentum * new_var
                self.num_batches_tracked += 1
        else:
            mean, var = self.running_mean, self.running_var
        shape = (1, -1, 1, 1)
        unit = (x - mean.view(shape)) / torch.sqrt(var.view(shape) + self.eps)
        return self.weight.view(shape) * unit + self.bias.view(shape)
""",
)

mistake(
    "ready_made",
    "You called torch’s own batch normalisation; this task is to write it.",
    answer="""
import torch


class BatchNorm2d(torch.nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.weight = torch.nn.Parameter(torch.ones(num_features))
        self.bias = torch.nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))
        self.register_buffer("num_batches_tracked", torch.tensor(0))

    def forward(self, x):
        if x.ndim != 4 or x.shape[1] != self.num_features:
            raise ValueError("x does not fit")
        n = x.shape[0] * x.shape[2] * x.shape[3]
        if self.training:
            if n == 1:
                raise ValueError("one number has no variance")
            self.num_batches_tracked += 1
        return torch.nn.functional.batch_norm(
            x, self.running_mean, self.running_var, self.weight, self.bias, self.training, self.momentum, self.eps
        )
""",
)

mistake(
    "statistics_as_parameters",
    "You made the running statistics parameters, so an optimizer would train them.",
    answer="""
import torch


class BatchNorm2d(torch.nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.weight = torch.nn.Parameter(torch.ones(num_features))
        self.bias = torch.nn.Parameter(torch.zeros(num_features))
        self.running_mean = torch.nn.Parameter(torch.zeros(num_features))
        self.running_var = torch.nn.Parameter(torch.ones(num_features))
        self.register_buffer("num_batches_tracked", torch.tensor(0))

    def forward(self, x):
        if x.ndim != 4 or x.shape[1] != self.num_features:
            raise ValueError("x does not fit")
        n = x.shape[0] * x.shape[2] * x.shape[3]
        if self.training:
            if n == 1:
                raise ValueError("one number has no variance")
            mean = x.mean(dim=(0, 2, 3))
            var = x.var(dim=(0, 2, 3), unbiased=False)
            with torch.no_grad():
                new_var = var * n / (n - 1)
                self.running_mean.copy_((1 - self.momentum) * self.running_mean + self.momentum * mean)
                self.running_var.copy_((1 - self.momentum) * self.running_var + self.momentum * new_var)
                self.num_batches_tracked += 1
        else:
            mean, var = self.running_mean, self.running_var
        shape = (1, -1, 1, 1)
        unit = (x - mean.view(shape)) / torch.sqrt(var.view(shape) + self.eps)
        return self.weight.view(shape) * unit + self.bias.view(shape)
""",
)

mistake(
    "stores_biased_variance",
    "You store the variance that divides by n; what is stored divides by n − 1.",
    answer="""
import torch


class BatchNorm2d(torch.nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.weight = torch.nn.Parameter(torch.ones(num_features))
        self.bias = torch.nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))
        self.register_buffer("num_batches_tracked", torch.tensor(0))

    def forward(self, x):
        if x.ndim != 4 or x.shape[1] != self.num_features:
            raise ValueError("x does not fit")
        n = x.shape[0] * x.shape[2] * x.shape[3]
        if self.training:
            if n == 1:
                raise ValueError("one number has no variance")
            mean = x.mean(dim=(0, 2, 3))
            var = x.var(dim=(0, 2, 3), unbiased=False)
            with torch.no_grad():
                new_var = var
                self.running_mean.copy_((1 - self.momentum) * self.running_mean + self.momentum * mean)
                self.running_var.copy_((1 - self.momentum) * self.running_var + self.momentum * new_var)
                self.num_batches_tracked += 1
        else:
            mean, var = self.running_mean, self.running_var
        shape = (1, -1, 1, 1)
        unit = (x - mean.view(shape)) / torch.sqrt(var.view(shape) + self.eps)
        return self.weight.view(shape) * unit + self.bias.view(shape)
""",
)

mistake(
    "unbiased_in_training",
    "You normalise with the variance that divides by n − 1; in training it divides by n.",
    answer="""
import torch


class BatchNorm2d(torch.nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.weight = torch.nn.Parameter(torch.ones(num_features))
        self.bias = torch.nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))
        self.register_buffer("num_batches_tracked", torch.tensor(0))

    def forward(self, x):
        if x.ndim != 4 or x.shape[1] != self.num_features:
            raise ValueError("x does not fit")
        n = x.shape[0] * x.shape[2] * x.shape[3]
        if self.training:
            if n == 1:
                raise ValueError("one number has no variance")
            mean = x.mean(dim=(0, 2, 3))
            var = x.var(dim=(0, 2, 3), unbiased=True)
            with torch.no_grad():
                new_var = var
                self.running_mean.copy_((1 - self.momentum) * self.running_mean + self.momentum * mean)
                self.running_var.copy_((1 - self.momentum) * self.running_var + self.momentum * new_var)
                self.num_batches_tracked += 1
        else:
            mean, var = self.running_mean, self.running_var
        shape = (1, -1, 1, 1)
        unit = (x - mean.view(shape)) / torch.sqrt(var.view(shape) + self.eps)
        return self.weight.view(shape) * unit + self.bias.view(shape)
""",
)

mistake(
    "updates_in_eval",
    "You move the running statistics after eval(), too.",
    answer="""
import torch


class BatchNorm2d(torch.nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.weight = torch.nn.Parameter(torch.ones(num_features))
        self.bias = torch.nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))
        self.register_buffer("num_batches_tracked", torch.tensor(0))

    def forward(self, x):
        if x.ndim != 4 or x.shape[1] != self.num_features:
            raise ValueError("x does not fit")
        n = x.shape[0] * x.shape[2] * x.shape[3]
        if self.training:
            if n == 1:
                raise ValueError("one number has no variance")
            mean = x.mean(dim=(0, 2, 3))
            var = x.var(dim=(0, 2, 3), unbiased=False)
            with torch.no_grad():
                new_var = var * n / (n - 1)
                self.running_mean.copy_((1 - self.momentum) * self.running_mean + self.momentum * mean)
                self.running_var.copy_((1 - self.momentum) * self.running_var + self.momentum * new_var)
                self.num_batches_tracked += 1
        else:
            mean, var = self.running_mean.clone(), self.running_var.clone()
            with torch.no_grad():
                self.running_mean.copy_(0.9 * mean + 0.1 * x.mean(dim=(0, 2, 3)))
                self.running_var.copy_(0.9 * var + 0.1 * x.var(dim=(0, 2, 3), unbiased=False))
        shape = (1, -1, 1, 1)
        unit = (x - mean.view(shape)) / torch.sqrt(var.view(shape) + self.eps)
        return self.weight.view(shape) * unit + self.bias.view(shape)
""",
)

mistake(
    "variance_starts_at_zero",
    "You start running_var at 0; it starts at 1.",
    answer="""
import torch


class BatchNorm2d(torch.nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.weight = torch.nn.Parameter(torch.ones(num_features))
        self.bias = torch.nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.zeros(num_features))
        self.register_buffer("num_batches_tracked", torch.tensor(0))

    def forward(self, x):
        if x.ndim != 4 or x.shape[1] != self.num_features:
            raise ValueError("x does not fit")
        n = x.shape[0] * x.shape[2] * x.shape[3]
        if self.training:
            if n == 1:
                raise ValueError("one number has no variance")
            mean = x.mean(dim=(0, 2, 3))
            var = x.var(dim=(0, 2, 3), unbiased=False)
            with torch.no_grad():
                new_var = var * n / (n - 1)
                self.running_mean.copy_((1 - self.momentum) * self.running_mean + self.momentum * mean)
                self.running_var.copy_((1 - self.momentum) * self.running_var + self.momentum * new_var)
                self.num_batches_tracked += 1
        else:
            mean, var = self.running_mean, self.running_var
        shape = (1, -1, 1, 1)
        unit = (x - mean.view(shape)) / torch.sqrt(var.view(shape) + self.eps)
        return self.weight.view(shape) * unit + self.bias.view(shape)
""",
)

mistake(
    "statistics_keep_the_graph",
    "You move the running statistics without torch.no_grad(), so that they drag the graph of every batch along.",
    old="with torch.no_grad():",
    new="if True:",
)

mistake(
    "mean_keeps_the_graph",
    "You move the running mean without torch.no_grad(), so that it drags the graph of every batch along.",
    old="            with torch.no_grad():\n                self.running_mean.lerp_(mean, self.momentum)\n",
    new="            self.running_mean = torch.lerp(self.running_mean, mean, self.momentum)\n"
    "            with torch.no_grad():\n",
)

mistake(
    "refuses_in_training_only",
    "You test the channels in training only; after eval() a picture with one channel is stretched over all of them.",
    old="if x.ndim != 4 or x.shape[1] != len(self.weight):",
    new="if x.ndim != 4 or (self.training and x.shape[1] != len(self.weight)):",
)

mistake(
    "counts_in_evaluation",
    "You count batches after eval(), too.",
    old="                self.num_batches_tracked += 1\n",
    new="        self.num_batches_tracked += 1\n",
)

mistake(
    "another_eps",
    "Your eps is 0.001 when none is given.",
    old="eps: float = 1e-5",
    new="eps: float = 1e-3",
)

mistake(
    "centres_in_place",
    "You subtract the mean in place, so that the caller’s picture is changed.",
    old="return (x - mean[:, None, None]) * scale[:, None, None]",
    new="x.data -= mean.detach()[:, None, None]\n        return x * scale[:, None, None]",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the layer of the chapter, which is for dense layers and has names of its own.",
    answer="""
import torch
from torch import nn


class BatchNorm2d(nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps = eps
        self.momentum = momentum
        self.gamma = nn.Parameter(torch.ones(num_features))
        self.beta = nn.Parameter(torch.zeros(num_features))
        self.register_buffer("mean", torch.zeros(num_features))
        self.register_buffer("var", torch.ones(num_features))

    def forward(self, x):
        mean, var = self.mean, self.var
        if self.training:
            mean, var = x.mean(0), x.var(0, correction=0)
            with torch.no_grad():  # bookkeeping, no part of the gradient
                self.mean += self.momentum * (mean - self.mean)
                self.var += self.momentum * (x.var(0) - self.var)
        return self.gamma * (x - mean) / (var + self.eps).sqrt() + self.beta
""",
)

equivalent(
    "n = x.numel() // x.shape[1] -> n = x.numel() / x.shape[1]",
    "The division has no rest.",
)

equivalent(
    "n = x.numel() // x.shape[1] -> n = -(-x.numel() // x.shape[1])",
    "The division has no rest.",
)

equivalent(
    "self.num_batches_tracked += 1 -> self.num_batches_tracked = self.num_batches_tracked + 1",
    "A new tensor under the name of a buffer is that buffer; nothing asks for the same memory.",
)

equivalent(
    "scale = self.weight / (var + self.eps).sqrt() -> scale = self.weight / (var + self.eps).sqrt_()",
    "The sum is a new tensor that nothing else uses.",
)
