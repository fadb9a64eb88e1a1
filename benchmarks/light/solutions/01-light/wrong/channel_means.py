"""Known mistakes of `channel_means`."""

mistake(
    "detour_by_numpy",
    "You returned an array of numpy instead of a tensor.",
    old="""
    rows_and_columns = (2, 3)
    return x.mean(dim=rows_and_columns)
""",
    new="    return x.numpy().mean((2, 3))",
)

mistake(
    "divides_in_place",
    "You divided the picture in place: the caller finds it changed.",
    old="""
    rows_and_columns = (2, 3)
    return x.mean(dim=rows_and_columns)
""",
    new="""
    x /= x.shape[2] * x.shape[3]
    return x.sum((2, 3))
""",
)

mistake(
    "keeps_the_axes",
    "You kept the axes of the rows and columns, with length 1.",
    old="""
    rows_and_columns = (2, 3)
    return x.mean(dim=rows_and_columns)
""",
    new="    return x.mean((2, 3), keepdim=True)",
)

mistake(
    "over_channels",
    "You took the mean over the channels instead of the rows.",
    old="""
    rows_and_columns = (2, 3)
    return x.mean(dim=rows_and_columns)
""",
    new="    return x.mean((1, 3))",
)

mistake(
    "over_the_batch",
    "You took the mean over the batch too: each picture has means of its own.",
    old="""
    rows_and_columns = (2, 3)
    return x.mean(dim=rows_and_columns)
""",
    new="    return x.mean((0, 2, 3))[None]",
)

mistake(
    "square",
    "You divided by the height squared: that is right for square pictures only.",
    old="""
    rows_and_columns = (2, 3)
    return x.mean(dim=rows_and_columns)
""",
    new="    return x.sum((2, 3)) / x.shape[2] ** 2",
)
