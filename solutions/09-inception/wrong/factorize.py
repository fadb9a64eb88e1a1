"""Known mistakes of `factorize`."""

mistake(
    "absolute_tolerance",
    "You allowed an error of 10⁻⁴ whatever the size of the kernel; it is relative.",
    old="if (column @ row - k).abs().max() > 1e-4 * k.abs().max():",
    new="if (column @ row - k).abs().max() > 1e-4:",
)

mistake(
    "any_axes",
    "You do not test the axes.",
    old="""
    if k.ndim != 2:
        raise ValueError("a kernel has two axes")
""",
    new="    k = k.reshape(k.shape[-2] if k.ndim > 1 else 1, k.shape[-1])",
)

mistake(
    "exact",
    "You asked for exact equality, which floats rarely have.",
    old="if (column @ row - k).abs().max() > 1e-4 * k.abs().max():",
    new="if not torch.equal(column @ row, k):",
)

mistake(
    "first_row_and_column",
    "You took the first column and the first row, which may be zeros.",
    old="""
    u, s, vh = torch.linalg.svd(k, full_matrices=False)
    column, row = u[:, :1] * s[0], vh[:1]
""",
    new="""
    if not k.abs().max():
        return k[:, :1].clone(), k[:1].clone()
    column, row = k[:, :1].clone(), k[:1] / k[0, 0]
""",
)

mistake(
    "flat",
    "You returned vectors; they are a column (kH, 1) and a row (1, kW).",
    old="return column, row",
    new="return column[:, 0], row[0]",
)

mistake(
    "float32",
    "You computed in float32 and returned that.",
    old="u, s, vh = torch.linalg.svd(k, full_matrices=False)",
    new="u, s, vh = torch.linalg.svd(k.float(), full_matrices=False)",
)

mistake(
    "in_place",
    "You scaled the kernel in place on the way.",
    old=[
        '        raise ValueError("a kernel has two axes")',
        "return column, row",
    ],
    new=[
        """
        raise ValueError("a kernel has two axes")
    largest = k.abs().max().clamp(min=1e-30)
    k /= largest
""",
        "return column * largest, row",
    ],
)

mistake(
    "last_vector",
    "You took the smallest singular value.",
    old="column, row = u[:, :1] * s[0], vh[:1]",
    new="column, row = u[:, -1:] * s[-1], vh[s.numel() - 1 : s.numel()]",
)

mistake(
    "loses_the_scale",
    "You forgot the singular value.",
    old="""
    u, s, vh = torch.linalg.svd(k, full_matrices=False)
    column, row = u[:, :1] * s[0], vh[:1]
""",
    new="""
    u, _, vh = torch.linalg.svd(k, full_matrices=False)
    column, row = u[:, :1], vh[:1]
""",
)

mistake(
    "never_refuses",
    "You return the nearest pair also where it is not equal to the kernel.",
    old="""
    if (column @ row - k).abs().max() > 1e-4 * k.abs().max():
        raise ValueError("the kernel is no column times a row")

""",
    new="",
)

mistake(
    "refuses_zeros",
    "You refuse a kernel of zeros, which is zeros times zeros.",
    old="if k.ndim != 2:",
    new="if k.ndim != 2 or not k.any():",
)

mistake(
    "scale_twice",
    "You multiplied both factors by the singular value.",
    old="column, row = u[:, :1] * s[0], vh[:1]",
    new="column, row = u[:, :1] * s[0], vh[:1] * s[0]",
)

mistake(
    "square_only",
    "You refuse kernels that are not square.",
    old="if k.ndim != 2:",
    new="if k.ndim != 2 or k.shape[0] != k.shape[1]:",
)

mistake(
    "swapped",
    "You returned the row first.",
    old="return column, row",
    new="return row, column",
)

mistake(
    "threshold_of_a_hundredth",
    "You allow an error of 10⁻²; it is 10⁻⁴ of the largest magnitude.",
    old="> 1e-4 * k.abs().max():",
    new="> 1e-2 * k.abs().max():",
)

mistake(
    "threshold_of_a_thousandth",
    "You allow an error of 10⁻³; it is 10⁻⁴ of the largest magnitude.",
    old="> 1e-4 * k.abs().max():",
    new="> 1e-3 * k.abs().max():",
)

mistake(
    "one_half_of_single",
    "You allow an error of 10⁻⁶ only, less than rounding needs.",
    old="> 1e-4 * k.abs().max():",
    new="> 1e-6 * k.abs().max():",
)

mistake(
    "mean_error",
    "You compare the mean error; a single element may miss by more.",
    old="(column @ row - k).abs().max() >",
    new="(column @ row - k).abs().mean() >",
)

mistake(
    "signed_error",
    "You compare errors with their signs; an element may be too small, too.",
    old="(column @ row - k).abs().max() >",
    new="(column @ row - k).max() >",
)

mistake(
    "spoils_its_argument",
    "You set k to 0, and returned zeros.",
    old="    u, s, vh",
    new="""
    if bool(torch.linalg.matrix_rank(k) > 1):
        raise ValueError("no pair")
    k.zero_()
    u, s, vh
""",
)

mistake(
    "error_of_the_whole",
    "You compared the error of the whole kernel with its norm; a single element of many may miss by too much.",
    old="(column @ row - k).abs().max() > 1e-4 * k.abs().max()",
    new="(column @ row - k).norm() > 1e-4 * k.norm()",
)

mistake(
    "second_singular_value",
    "You compared the first two singular values; the limit is on each element, beside the largest magnitude.",
    old="(column @ row - k).abs().max() > 1e-4 * k.abs().max()",
    new="len(s) > 1 and s[1] > 1e-4 * s[0]",
)

mistake(
    "element_beside_itself",
    "You compared each error with its own element; the limit is relative to the largest magnitude.",
    old="(column @ row - k).abs().max() > 1e-4 * k.abs().max()",
    new="not torch.allclose(column @ row, k, rtol=1e-4)",
)

mistake(
    "pasted_from_the_chapter",
    "You pasted the chapter's share of energy: it says that there is a pair, and your pair comes from a first row and column that may be zeros.",
    answer="""
import torch


def share_of_best_pair(kernel):
    energy = torch.linalg.svdvals(kernel).square()
    return (energy[0] / energy.sum()).item()


def factorize(k):
    if share_of_best_pair(k) < 0.9999:
        raise ValueError("the kernel is no column times a row")
    return k[:, :1].clone(), k[:1] / k[0, 0]
""",
)

equivalent(
    "u, s, vh = torch.linalg.svd(k, full_matrices=False) -> u, s, vh = torch.linalg.svd(k)",
    "The first column and row are the same; the others are not used.",
)

equivalent(
    "u, s, vh = torch.linalg.svd(k, full_matrices=False) -> u, s, vh = torch.linalg.svd(k, full_matrices=True)",
    "The first column and row are the same; the others are not used.",
)
