"""Networks as their declarations: words, how both spellings write them, and the shapes they make.

The rules of shapes are PyTorch's, written down here once more: what the library infers while compiling is compared."""


class Refused(Exception):
    """What these words cannot be declared for."""


class Word:
    """A word: Conv<3, 16, Stride<2>> has the arguments 3 and 16 and an option; a block has words within."""

    def __init__(self, name, *arguments, words=(), **options):
        self.name, self.arguments, self.options, self.words = name, arguments, options, list(words)

    def given(self):
        options = [f"{name}<{value}>" if value is not None else name for name, value in self.options.items()]
        return [str(a) for a in self.arguments] + options

    def type(self):
        parts = self.given() + [w.type() for w in self.words]
        return f"{self.name}<{', '.join(parts)}>" if parts or self.name in BLOCKS else self.name

    def value(self):
        """As an expression; None where only the type can be written."""
        if self.name in BLOCKS:
            return BLOCKS[self.name](self)
        if self.name not in VALUES:
            return self.type() + "{}"
        parts = self.given()
        return f"{VALUES[self.name]}<{', '.join(parts)}>" if parts else VALUES[self.name]

    def out(self, shape):
        return SHAPES.get(self.name, lambda word, shape: shape)(self, shape)


def out_of(words, shape):
    for word in words:
        shape = word.out(shape)
    return shape


def network_type(words):
    return f"Network<{', '.join(w.type() for w in words)}>"


def chained(words):
    values = [w.value() for w in words]
    return " >> ".join(values) if values and None not in values else None


# Blocks as expressions.


def residual(word):
    if word.words and word.words[0].name == "Shortcut":
        shortcut, body = chained(word.words[0].words), chained(word.words[1:])
    else:
        shortcut, body = "id", chained(word.words)
    if shortcut is None or body is None or body == "id" or (shortcut == "id" and word.words[0].name == "Shortcut"):
        return None
    return f"(({shortcut}) + ({body}))"


def concatenation(word):
    branches = [chained(w.words if w.name == "Sequential" else [w]) for w in word.words]
    # Branches of one word, or of none, are not written as a Sequential.
    if None in branches or any(w.name == "Sequential" and len(w.words) < 2 for w in word.words):
        return None
    return "(" + " | ".join(f"({b})" for b in branches) + ")"


def within(name):
    def value(word):
        body = chained(word.words)
        arguments = f"<{word.arguments[0]}>" if word.arguments else ""
        return body and f"{name}{arguments}({body})"

    return value


def scale(word):
    body = chained(word.words)
    return body and f"(id * ({body}))"


BLOCKS = {
    "Residual": residual, "Concat": concatenation, "Scale": scale, "Repeat": within("repeat"),
    "Sequential": within("sequential"), "Shortcut": lambda word: None,
}  # fmt: skip
VALUES = {
    "Image": "image", "Features": "features", "Conv": "conv", "ConvTranspose": "conv_transpose", "Dense": "dense",
    "MaxPool": "max_pool", "AvgPool": "avg_pool", "GlobalAvgPool": "global_avg_pool", "Upsample": "upsample",
    "Flatten": "flatten", "Dropout": "dropout", "BN": "bn", "BatchNorm": "batch_norm", "LayerNorm": "layer_norm",
    "LayerNormWith": "layer_norm_with", "LayerScale": "layer_scale", "Identity": "id", "BinaryStep": "binary_step",
    "Logistic": "logistic", "ArcTan": "arc_tan", "ReLU": "relu", "ReLU6": "relu6", "PReLU": "prelu",
    "PReLUPerChannel": "prelu_per_channel", "ELU": "elu", "ELUWith": "elu_with", "SoftPlus": "softplus",
    "LeakyReLU": "leaky_relu", "LeakyReLUWith": "leaky_relu_with", "GELU": "gelu", "SiLU": "silu",
}  # fmt: skip


# Shapes: (channels, height, width) of an image, (features,) otherwise.


def image(shape):
    if len(shape) != 3:
        raise Refused("an image is wanted")
    return shape


def positive(*shape):
    if min(shape) < 1:
        raise Refused("nothing would be left")
    return shape


def strided(word, shape):
    """Filters, stride and extent of a convolution's window."""
    channels, kernel, filters = image(shape)[0], *word.arguments
    stride, dilation, groups = (word.options.get(name, 1) for name in ("Stride", "Dilation", "Groups"))
    if channels % groups or filters % groups:
        raise Refused("groups do not divide")
    return filters, stride, dilation * (kernel - 1) + 1


def convolution(word, shape):
    filters, stride, extent = strided(word, shape)
    padding = word.options.get("Padding", (extent - 1) // 2 if stride == 1 else extent // 2)
    left = [size + 2 * padding - extent for size in shape[1:]]
    if min(left) < 0:
        raise Refused("the kernel is larger than its padded input")
    return positive(filters, *(n // stride + 1 for n in left))


def transposed_convolution(word, shape):
    filters, stride, extent = strided(word, shape)
    padding = word.options.get("Padding", max(0, (extent - stride) // 2))
    return positive(filters, *((size - 1) * stride - 2 * padding + extent for size in shape[1:]))


def pool(word, shape):
    channels, height, width = image(shape)
    (kernel,) = word.arguments
    stride, padding = word.options.get("Stride", kernel), word.options.get("Padding", 0)
    if 2 * padding > kernel:
        raise Refused("more than half of a window is padding")
    left = [size + 2 * padding - kernel for size in (height, width)]
    if min(left) < 0:
        raise Refused("the window is larger than its padded input")
    return positive(channels, *(n // stride + 1 for n in left))


def same_outs(words, shape):
    outs = [w.out(shape) for w in words]
    if any(out[1:] != outs[0][1:] or len(out) != len(outs[0]) for out in outs):
        raise Refused("branches differ")
    return outs


def added(word, shape):
    shortcut, body = shape, word.words
    if body and body[0].name == "Shortcut":
        shortcut, body = out_of(body[0].words, shape), body[1:]
    if out_of(body, shape) != shortcut:
        raise Refused("the body's shape is not the shortcut's")
    return shortcut


def joined(word, shape):
    outs = same_outs(word.words, shape)
    if len(outs) < 2:
        raise Refused("one branch")
    return (sum(out[0] for out in outs), *outs[0][1:])


def scaled(word, shape):
    factor = out_of(word.words, shape)
    if factor != shape and not (len(shape) == 3 and factor in ((shape[0],), (shape[0], 1, 1))):
        raise Refused("factors of another shape")
    if not word.words:
        raise Refused("no factors")
    return shape


def repeated(word, shape):
    if not word.words:
        raise Refused("nothing to repeat")
    for _ in range(word.arguments[0]):
        shape = out_of(word.words, shape)
    return shape


def upsampled(word, shape):
    channels, height, width = image(shape)
    return channels, height * word.arguments[0], width * word.arguments[0]


def dense(word, shape):
    if len(shape) != 1:
        raise Refused("Flatten first")
    return (word.arguments[0],)


def for_images(result):
    return lambda word, shape: result(image(shape))


SHAPES = {
    "Conv": convolution, "ConvTranspose": transposed_convolution, "MaxPool": pool, "AvgPool": pool, "Dense": dense,
    "GlobalAvgPool": for_images(lambda shape: (shape[0],)), "Upsample": upsampled,
    "Flatten": for_images(lambda shape: (shape[0] * shape[1] * shape[2],)),
    "Residual": added, "Concat": joined, "Scale": scaled, "Repeat": repeated,
    "Sequential": lambda word, shape: out_of(word.words, shape),
    "Image": lambda word, shape: word.arguments, "Features": lambda word, shape: word.arguments,
    "laws::Turned": for_images(lambda shape: (shape[0], shape[2], shape[1])),
}  # fmt: skip
