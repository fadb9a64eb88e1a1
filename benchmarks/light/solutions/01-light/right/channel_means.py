"""Right answers, written differently, for `channel_means`."""

right(
    "flatten",
    "Flattens each channel first.",
    old="""
    rows_and_columns = (2, 3)
    return x.mean(dim=rows_and_columns)
""",
    new="    return x.flatten(2).mean(2)",
)

right(
    "loop",
    "Takes each picture and each channel by itself.",
    answer="""
def channel_means(x):
    import torch

    return torch.stack([torch.stack([channel.mean() for channel in picture]) for picture in x])
""",
)

right(
    "sum",
    "Adds up and divides by the number of cells.",
    old="""
    rows_and_columns = (2, 3)
    return x.mean(dim=rows_and_columns)
""",
    new="""
    height, width = x.shape[2:]
    return x.sum((2, 3)) / (height * width)
""",
)
