"""One training step of LeNet-300-100 in PyTorch, in the ways in which people take it.

Started by `espalier bench train` as `python3 lenet_step.py PROBLEM.safetensors cpu|cuda`. Says what it can do, then answers orders
from standard input, one line of JSON for each:

  open MEMBERS WAY   makes that many networks ready; answers their number, the losses of the problem's batch before and after one
                     update (those of the last network), and how many steps a sample takes
  sample NUMBER      trains that many steps; answers the seconds of one
  close NUMBER       forgets them

Everything is as fast as this program knows how to make it: examples stay on the device, the optimiser is fused where it can be.
"""

import json
import struct
import sys
import time

BATCH = 128
EXAMPLES = 60_000
RATE = 0.05
LEARNING_RATE = 1e-3
MOMENTUM = 0.9
SAMPLE_SECONDS = 0.1
LEAST_STEPS = 10
STEPS_OF_AN_EPOCH = 469


def say(**answer):
    print(json.dumps(answer), flush=True)


try:
    import torch
    from torch.nn import functional
except ImportError as missing:
    say(problem=f"{sys.executable} has no torch ({missing})")
    sys.exit()


def problem(path):
    """The tensors of a safetensors file, all float32, by name."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = bytearray(file.read())
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            flat = torch.frombuffer(data, dtype=torch.float32, count=(end - begin) // 4, offset=begin)
            tensors[name] = flat.reshape(entry["shape"])
    return tensors


class Examples:
    """Examples on the device, and an order for each network in which it sees them."""

    def __init__(self, pixels, labels, members, shuffled):
        self.pixels = pixels
        self.labels = labels
        count = len(labels)
        orders = [torch.randperm(count) if shuffled else torch.arange(count) for _ in range(members)]
        self.orders = torch.stack(orders).to(pixels.device)
        self.position = 0

    def next(self):
        """(members, batch) indices."""
        if self.position + BATCH > self.orders.shape[1]:
            self.position = 0
        chosen = self.orders[:, self.position : self.position + BATCH]
        self.position += BATCH
        return chosen


class Networks:
    """What the ways have in common: weights (outputs, inputs) and biases, members of them."""

    def __init__(self, weights, examples, members, rate, momentum):
        self.examples = examples
        self.members = members
        self.rate = rate
        self.momentum = momentum
        self.initial = []
        for weight in weights:
            self.initial += [weight, torch.zeros(weight.shape[0], device=weight.device)]

    @staticmethod
    def logits(parameters, x):
        for layer in range(0, len(parameters), 2):
            x = functional.linear(x, parameters[layer], parameters[layer + 1])
            if layer + 2 < len(parameters):
                x = functional.relu(x)
        return x


class Sequential(Networks):
    """One network after the other, with autograd and the optimiser of the library."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.networks = [[p.clone().requires_grad_() for p in self.initial] for _ in range(self.members)]
        fused = {"fused": True} if self.initial[0].is_cuda else {}
        self.optimizers = [
            torch.optim.SGD(network, lr=self.rate, momentum=self.momentum, **fused) for network in self.networks
        ]

    def state(self):
        buffers = [entry for optimizer in self.optimizers for entry in optimizer.state.values()]
        velocities = [entry["momentum_buffer"] for entry in buffers if entry.get("momentum_buffer") is not None]
        return [p for network in self.networks for p in network], velocities

    def step(self, chosen):
        for network, optimizer, indices in zip(self.networks, self.optimizers, chosen):
            optimizer.zero_grad(set_to_none=True)
            x = self.examples.pixels.index_select(0, indices)
            y = self.examples.labels.index_select(0, indices)
            loss = functional.cross_entropy(self.logits(network, x), y)
            loss.backward()
            optimizer.step()
        return loss.detach()


class Stacked(Networks):
    """All networks at once: torch.func maps the gradient over them, the update is one call for each list of tensors."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.parameters = [p.expand(self.members, *p.shape).clone() for p in self.initial]
        self.velocities = [torch.zeros_like(p) for p in self.parameters]
        self.gradients = torch.func.vmap(torch.func.grad_and_value(self.loss))

    @staticmethod
    def loss(parameters, x, y):
        return functional.cross_entropy(Networks.logits(parameters, x), y)

    def state(self):
        return self.parameters, self.velocities

    def step(self, chosen):
        x = self.examples.pixels[chosen]
        y = self.examples.labels[chosen]
        gradients, losses = self.gradients(self.parameters, x, y)
        torch._foreach_mul_(self.velocities, self.momentum)
        torch._foreach_add_(self.velocities, gradients)
        torch._foreach_add_(self.parameters, self.velocities, alpha=-self.rate)
        return losses[-1]


class Graph:
    """A whole step of others as one CUDA graph; only the indices are copied in from outside."""

    WARM_UP = 3

    def __init__(self, networks):
        self.networks = networks
        self.examples = networks.examples
        self.chosen = self.examples.next().clone()
        self.examples.position = 0
        aside = torch.cuda.Stream()
        aside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(aside):
            for _ in range(self.WARM_UP):
                networks.step(self.chosen)
        torch.cuda.current_stream().wait_stream(aside)
        self.graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self.graph):
            self.loss = networks.step(self.chosen)
        self.restart()

    def restart(self):
        """As if the warm-up had not been: capturing computes nothing, warming up does."""
        parameters, velocities = self.networks.state()
        with torch.no_grad():
            for i, parameter in enumerate(parameters):
                parameter.copy_(self.networks.initial[i % len(self.networks.initial)])
            for velocity in velocities:
                velocity.zero_()

    def step(self, chosen):
        self.chosen.copy_(chosen)
        self.graph.replay()
        return self.loss


WAYS = {
    "eager": lambda networks: Sequential(*networks),
    "graph": lambda networks: Graph(Sequential(*networks)),
    "vmap": lambda networks: Stacked(*networks),
    "vmap graph": lambda networks: Graph(Stacked(*networks)),
}


class Contestant:
    def __init__(self, device, given, way, members):
        self.cuda = device.type == "cuda"
        self.tf32 = way.endswith(" tf32")
        make = WAYS[way.removesuffix(" tf32")]
        weights = [given[f"layers.{layer}.weight"].to(device) for layer in range(3)]
        self.choose_precision()
        batch = Examples(given["inputs"].to(device), given["labels"].long().to(device), members, False)
        asked = make((weights, batch, members, RATE, 0.0))
        self.losses = [asked.step(batch.next()).item() for _ in range(2)]
        del asked
        pixels = torch.rand(EXAMPLES, weights[0].shape[1], device=device)
        labels = torch.randint(0, weights[-1].shape[0], (EXAMPLES,), device=device)
        self.examples = Examples(pixels, labels, members, True)
        self.trainer = make((weights, self.examples, members, LEARNING_RATE, MOMENTUM))
        self.seconds(LEAST_STEPS)
        one = self.seconds(LEAST_STEPS)
        self.steps = int(max(LEAST_STEPS, min(STEPS_OF_AN_EPOCH, SAMPLE_SECONDS / one)))

    def choose_precision(self):
        torch.backends.cuda.matmul.allow_tf32 = self.tf32

    def seconds(self, steps):
        self.choose_precision()
        self.wait()
        start = time.perf_counter()
        for _ in range(steps):
            self.trainer.step(self.examples.next())
        self.wait()
        return (time.perf_counter() - start) / steps

    def wait(self):
        if self.cuda:
            torch.cuda.synchronize()


def main():
    path, kind = sys.argv[1:]
    if kind == "cuda" and not torch.cuda.is_available():
        say(problem=f"torch {torch.__version__} finds no CUDA device")
        return
    device = torch.device(kind)
    torch.manual_seed(1)
    torch.set_num_threads(1)
    given = problem(path)
    graphs = kind == "cuda"
    names = [name for name in WAYS if graphs or "graph" not in name]
    ways = [{"name": name, "precision": "FP32"} for name in names]
    if graphs:
        ways += [{"name": name + " tf32", "precision": "TF32"} for name in names]
    where = torch.cuda.get_device_name() if graphs else "one thread of a processor"
    say(torch=torch.__version__, device=where, ways=ways)
    contestants = {}
    for line in sys.stdin:
        order, *rest = line.split()
        try:
            if order == "open":
                number = len(contestants)
                contestants[number] = Contestant(device, given, " ".join(rest[1:]), int(rest[0]))
                opened = contestants[number]
                say(number=number, losses=opened.losses, steps=opened.steps)
            elif order == "sample":
                contestant = contestants[int(rest[0])]
                say(seconds=contestant.seconds(contestant.steps))
            else:
                contestants[int(rest[0])] = None
                say(closed=rest[0])
        except Exception as failure:  # whatever it is, the other side has to hear of it
            say(problem=f"{type(failure).__name__}: {failure}"[:500])


main()
