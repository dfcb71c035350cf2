"""Networks drawn at random: every number from a seed."""

import random

from declarations import Refused, Word, out_of

ACTIVATIONS = [
    Word("Identity"), Word("BinaryStep"), Word("Logistic"), Word("Tanh"), Word("ArcTan"), Word("ReLU"), Word("ReLU"),
    Word("ReLU"), Word("PReLU"), Word("PReLUPerChannel"), Word("ELU"), Word("ELUWith", 0.5), Word("SoftPlus"),
    Word("LeakyReLU"), Word("LeakyReLUWith", 0.2), Word("ReLU6"), Word("GELU"), Word("SiLU"), Word("LayerScale"),
    Word("laws::Mish"), Word("laws::Wave"), Word("laws::Piecewise"), Word("laws::Squareplus"),
    Word("laws::LearnedSwish"),
]  # fmt: skip
CHANNELS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 15, 16, 16, 17, 18, 19, 20, 23, 24, 29, 31, 32, 33, 37, 40, 48]
SIZES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 16, 17, 20]
LARGEST = 9000  # values of one sample between two words
MOST_WEIGHTS = 40000  # of one layer


def sized(shape):
    values = 1
    for n in shape:
        values *= n
    if values > LARGEST:
        raise Refused("too large")
    return shape


class Drawing:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.layers_left = 14
        self.drops = self.chance(0.3)
        self.has_loops = self.chance(0.5)  # layers that ONNX does not know
        self.normalises_batches = self.chance(0.75)
        self.wide = self.chance(0.2)  # Winograd's convolutions

    def chance(self, probability):
        return self.random.random() < probability

    def pick(self, *values):
        return self.random.choice(values)

    def channels(self):
        return self.random.choice([16, 17, 18, 20, 24, 31, 32, 33, 48] if self.wide else CHANNELS)

    def until_valid(self, draw, attempts=40):
        for _ in range(attempts):
            try:
                return draw()
            except Refused:
                pass
        raise Refused("nothing found")

    # Layers. `channels` and `keeps` ask for an output: of so many channels, of the input's size.

    def options(self, **drawn):
        given = [(name, value) for name, value in drawn.items() if value is not None]
        self.random.shuffle(given)
        return dict(given)

    def bias(self):
        return self.pick(None, None, None, "true", "false")

    def groups(self, inputs, outputs):
        if self.chance(0.2) and outputs in (None, inputs):  # depthwise
            return inputs
        common = [n for n in range(2, inputs) if inputs % n == 0 and (outputs is None or outputs % n == 0)]
        return self.random.choice(common) if common and self.chance(0.2) else 1

    def convolution(self, shape, channels=None, keeps=False):
        def draw():
            kernel = self.pick(1, 3, 3, 3, 3, 5, 7) if keeps or self.wide else self.pick(1, 1, 2, 3, 3, 3, 4, 5, 7)
            stride = 1 if keeps else self.pick(1, 1, 1, 2) if self.wide else self.pick(1, 1, 1, 1, 2, 2, 3, 4)
            dilation = 1 if self.wide else self.pick(1, 1, 1, 1, 2, 3)
            groups = self.groups(shape[0], channels)
            depthwise = 1 < groups == shape[0]
            filters = channels or (groups if depthwise else groups * max(1, self.channels() // groups))
            padding = self.random.randrange(kernel + 1) if not keeps and self.chance(0.25) else None
            if filters * shape[0] // groups * kernel * kernel > MOST_WEIGHTS:
                raise Refused("too many weights")
            word = Word("Conv", kernel, filters, **self.options(
                Padding=padding, Groups=groups if groups > 1 else None, Stride=stride if stride > 1 else None,
                Dilation=dilation if dilation > 1 else None, Bias=self.bias()))  # fmt: skip
            out = sized(word.out(shape))
            if keeps and out[1:] != shape[1:]:
                raise Refused("another size")
            return word

        return self.until_valid(draw)

    def transposed_convolution(self, shape):
        def draw():
            kernel, filters, stride = self.pick(1, 2, 2, 3, 3, 4, 5), self.channels(), self.pick(1, 1, 2, 2, 3)
            groups = self.groups(shape[0], filters)
            if filters * shape[0] * kernel * kernel > MOST_WEIGHTS:
                raise Refused("too many weights")
            word = Word("ConvTranspose", kernel, filters, **self.options(
                Padding=self.random.randrange(3) if self.chance(0.3) else None, Stride=stride if stride > 1 else None,
                Dilation=self.pick(None, None, None, 2), Groups=groups if groups > 1 else None,
                Bias=self.bias()))  # fmt: skip
            sized(word.out(shape))
            return word

        return self.until_valid(draw)

    def pool(self, shape, keeps=False):
        def draw():
            kernel = self.pick(3, 5) if keeps else self.pick(1, 2, 2, 2, 3, 3, 4, 5)
            stride = 1 if keeps else self.pick(None, None, 1, 2, 3)
            padding = kernel // 2 if keeps else self.pick(None, None, 0, 1, kernel // 2)
            word = Word(self.pick("MaxPool", "MaxPool", "AvgPool"), kernel,
                        **self.options(Padding=padding, Stride=stride))  # fmt: skip
            word.out(shape)
            return word

        return self.until_valid(draw)

    def upsampling(self, shape):
        word = Word("Upsample", self.pick(1, 2, 2, 3, 4), **self.pick({}, {"Bilinear": None}))
        sized(word.out(shape))
        return word

    def dense(self, features=None):
        return Word("Dense", features or self.channels(), **self.options(Bias=self.bias()))

    def activation(self):
        return self.random.choice(ACTIVATIONS)

    def normalisation(self):
        layer = [Word("LayerNorm"), Word("LayerNormWith", self.pick(3, 4))]
        return self.pick(*(4 * [Word("BN")] + [Word("BatchNorm", 3, 30)] + layer if self.normalises_batches else layer))

    def pointwise(self, shape):
        """A word that leaves the shape as it is, and has no window."""
        kind = self.random.random()
        if kind < 0.3:
            return self.normalisation()
        if kind < 0.4 and self.drops:
            return Word("Dropout", self.pick(0.1, 0.25, 0.5))
        if kind < 0.5 and self.has_loops:
            square = len(shape) == 3 and shape[1] == shape[2]
            return Word(self.pick("laws::Paired", "laws::Turned") if square else "laws::Paired")
        return self.activation()

    def several_pointwise(self, shape, most=3):
        return [self.pointwise(shape) for _ in range(self.pick(*range(most + 1), 0, 1))]

    # Words one after another.

    def keeping(self, shape, depth, count):
        """So many steps that end in the shape they begin with."""
        words = []
        for _ in range(count):
            kind = self.random.random()
            if kind < 0.5 or self.layers_left <= 0:
                words.append(self.pointwise(shape))
                continue
            self.layers_left -= 1
            if kind > 0.9 and depth > 0:
                words.append(self.keeping_block(shape, depth - 1))
            elif len(shape) == 1:
                words.append(self.dense(shape[0]))
            elif kind < 0.6:
                words.append(self.pool(shape, keeps=True))
            elif kind < 0.75:
                words.append(self.convolution(shape, shape[0], keeps=True))
            else:
                first = self.convolution(shape, self.channels(), keeps=True)
                between = self.several_pointwise(first.out(shape), 2)
                words += [first, *between, self.convolution(first.out(shape), shape[0], keeps=True)]
        return words

    def chain(self, shape, count, depth):
        words = []
        for _ in range(count):
            if self.layers_left <= 0:
                break
            self.layers_left -= 1
            word = self.step(shape, depth)
            shape = sized(word.out(shape))
            words += [word, *self.several_pointwise(shape)]
        return words

    def step(self, shape, depth):
        kind = self.random.random()
        if kind > 0.7:
            return self.until_valid(lambda: self.block(shape, depth - 1)) if depth > 0 else self.pointwise(shape)
        if len(shape) == 1:
            return self.dense()
        if kind < 0.44:
            return self.convolution(shape)
        if kind < 0.52:
            return self.transposed_convolution(shape)
        if kind < 0.64:
            return self.pool(shape)
        return self.upsampling(shape)

    # Blocks.

    def block(self, shape, depth):
        draw = self.pick(self.keeping_block, self.keeping_block, self.projected, self.concatenation, self.shrinking,
                         self.sequence)  # fmt: skip
        word = draw(shape, depth)
        sized(word.out(shape))
        return word

    def keeping_block(self, shape, depth):
        kind = self.pick("Residual", "Residual", "Scale", "Repeat")
        if kind == "Repeat":
            words = self.keeping(shape, depth, self.pick(1, 2))
            return Word("Repeat", self.pick(1, 2, 2, 3), words=words)
        if kind == "Residual":
            return Word("Residual", words=self.keeping(shape, depth, self.pick(0, 1, 2, 3)))
        if len(shape) == 3 and self.chance(0.5):
            squeezed = self.dense(self.pick(2, 3, 5, shape[0]))
            return Word("Scale", words=[Word("GlobalAvgPool"), squeezed, self.activation(), self.dense(shape[0]),
                                        self.activation()])  # fmt: skip
        return Word("Scale", words=self.keeping(shape, depth, self.pick(1, 2, 3)))

    def projected(self, shape, depth):
        """A residual block with a shortcut of its own."""
        body = self.chain(shape, 1, depth)
        out = out_of(body, shape)

        def shortcut():
            if len(out) == 1:
                words = [Word("Flatten")] if len(shape) == 3 else []
                return [*words, self.dense(out[0])]
            words = self.pick(lambda: [self.pool(shape)],
                              lambda: [self.convolution(shape, out[0])],
                              lambda: [self.convolution(shape, out[0]), self.normalisation()])()  # fmt: skip
            if out_of(words, shape) != out:
                raise Refused("another shape")
            return words

        return Word("Residual", words=[Word("Shortcut", words=self.until_valid(shortcut)), *body])

    @staticmethod
    def branch(words):
        return words[0] if len(words) == 1 else Word("Sequential", words=words)

    def concatenation(self, shape, depth):
        def branch():
            if self.chance(0.3):
                return self.branch(self.keeping(shape, depth, self.pick(0, 1, 2)))
            channels = self.random.randrange(1, 24)
            first = self.dense(channels) if len(shape) == 1 else self.convolution(shape, channels, keeps=True)
            return self.branch([first, *self.several_pointwise(first.out(shape), 1)])

        branches = [branch() for _ in range(self.pick(2, 2, 3, 4))]
        self.layers_left -= len(branches)
        return self.narrow(Word("Concat", words=branches), shape)

    def shrinking(self, shape, depth):
        """Branches that all take the same steps, of a convolution or a pool."""
        if len(shape) != 3:
            raise Refused("an image is wanted")
        branches = [self.pool(shape)]
        out = branches[0].out(shape)

        def like_the_first():
            word = self.convolution(shape, self.random.randrange(1, 24)) if self.chance(0.7) else self.pool(shape)
            if word.out(shape)[1:] != out[1:]:
                raise Refused("another size")
            return word

        branches += [self.until_valid(like_the_first) for _ in range(self.pick(1, 1, 2))]
        self.layers_left -= len(branches)
        return self.narrow(Word("Concat", words=branches), shape)

    @staticmethod
    def narrow(word, shape):
        if word.out(shape)[0] > 100:
            raise Refused("many channels")
        return word

    def sequence(self, shape, depth):
        return Word("Sequential", words=self.chain(shape, self.pick(0, 1), depth))

    # The whole.

    def network(self):
        if self.chance(0.12):
            words = [Word("Features", self.pick(1, 2, 3, 5, 7, 8, 16, 17, 20, 33, 40))]
        else:
            channels = self.channels() if self.wide else self.pick(1, 1, 2, 3, 3, 3, 5, 8, 16, 17, 20, 33)
            words = [Word("Image", channels, self.random.choice(SIZES), self.random.choice(SIZES))]
        shape = sized(words[0].out(None))
        if self.chance(0.12):
            words += [self.pointwise(shape) for _ in range(self.pick(1, 2))]
        words += self.chain(shape, self.pick(1, 2, 2, 3, 3, 4, 5), 2)
        shape = out_of(words, None)
        if len(shape) == 3 and self.chance(0.55):
            words.append(Word("GlobalAvgPool" if shape[0] * shape[1] * shape[2] > 1500 else
                              self.pick("GlobalAvgPool", "Flatten")))  # fmt: skip
            shape = words[-1].out(shape)
            if self.chance(0.8):
                words += self.several_pointwise(shape, 1) + [self.dense()]
                words += self.several_pointwise(words[-1].out(shape), 2)
        if len(words) < 2:
            raise Refused("nothing but an input")
        return words


def drawn(seed):
    """The network of a seed, as its words."""
    for attempt in range(1000):
        try:
            return Drawing(f"{seed} {attempt}").network()
        except Refused:
            pass
    raise RuntimeError(f"no network for seed {seed}")
